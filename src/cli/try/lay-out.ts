import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { utf8Text } from '../../syntax/utf8.ts';
import { Interest, readXmlText } from '../../syntax/xml-reader.ts';

/** Everything in its order and as it stands. */
const AS_IT_STANDS = {
  preserveOrder: true,
  ignoreAttributes: false,
  processEntities: false,
  commentPropName: '#comment',
  cdataPropName: '#cdata',
} as const;

const parser = new XMLParser({
  ...AS_IT_STANDS,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
});
const builder = new XMLBuilder({
  ...AS_IT_STANDS,
  format: true,
  indentBy: '  ',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

/**
 * A document for reading: XML that stands on one line, as old systems send it, with its elements on lines of their own.
 * Nothing is added but white space between elements; a document that this cannot be said of is left as it stands.
 */
export function layOut(document: string): string {
  if (!/^\s*</.test(document) || /[\r\n]/.test(document.trim())) return document;
  try {
    const laidOut = String(builder.build(parser.parse(document))).trim();
    return partsOf(laidOut) === partsOf(document) ? laidOut : document;
  } catch {
    return document; // not well-formed, which is to be seen as it is
  }
}

/** Tags, attributes and texts, without the texts that are nothing but white space. Throws DocumentError. */
function partsOf(document: string): string {
  const parts: unknown[] = [];
  let text = '';
  const endText = () => {
    if (text.trim() !== '') parts.push(text);
    text = '';
  };
  readXmlText(document, {
    open(tag) {
      endText();
      const attributes = Array.from({ length: tag.attributeCount }, (_, index) => ({ ...tag.attributeAt(index) }));
      parts.push([
        tag.namespace,
        tag.local,
        attributes.map(({ namespace, local, value }) => [namespace, local, value]),
      ]);
      return Interest.content;
    },
    text(bytes, start, end) {
      text += utf8Text(bytes, start, end);
    },
    close() {
      endText();
      parts.push('/');
    },
  });
  return JSON.stringify(parts);
}
