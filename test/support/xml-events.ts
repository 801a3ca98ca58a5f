import { SaxesParser } from 'saxes';
import { utf8Text } from '../../src/syntax/utf8.ts';
import { Interest, type XmlHandler, XmlReader } from '../../src/syntax/xml-reader.ts';

/** A document as what any conforming reader reports of it: nested lists, text joined. */
export type XmlEvents = readonly (string | XmlElementEvents)[];
export interface XmlElementEvents {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly content: (string | XmlElementEvents)[];
}

function addText(content: (string | XmlElementEvents)[], text: string): void {
  if (text === '') return;
  const last = content.at(-1);
  if (typeof last === 'string') content[content.length - 1] = last + text;
  else content.push(text);
}

/** UTF-8 for the text; a surrogate that stands alone as the three bytes that no UTF-8 decoder takes. */
export function xmlBytes(text: string): Uint8Array {
  const whole = new TextEncoder().encode(text);
  if (text.isWellFormed()) return whole;
  const bytes = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    const alone = code >= 0xd800 && code <= 0xdfff;
    return alone
      ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
      : [...new TextEncoder().encode(character)];
  });
  return Uint8Array.from(bytes.flat());
}

/** By this project's reader, one that has read others before where it is given. Throws what it throws. */
export function speanEvents(document: string | Uint8Array, reader: XmlReader = new XmlReader()): XmlEvents {
  const root: (string | XmlElementEvents)[] = [];
  const open = [root];
  const handler: XmlHandler = {
    open(tag) {
      const attributes = Array.from({ length: tag.attributeCount }, (_, index) => {
        const { namespace, local, value } = tag.attributeAt(index);
        return `{${namespace}}${local}=${value}`;
      }).sort();
      const element = { name: `{${tag.namespace}}${tag.local}`, attributes, content: [] };
      open.at(-1)?.push(element);
      open.push(element.content);
      return Interest.content;
    },
    text: (bytes, start, end) => addText(open.at(-1) ?? [], utf8Text(bytes, start, end)),
    close: () => open.pop(),
  };
  reader.read(typeof document === 'string' ? xmlBytes(document) : document, handler);
  return root;
}

/** By saxes, with namespaces; a DOCTYPE is refused as ours refuses it. */
export function saxesEvents(text: string): XmlEvents {
  const root: (string | XmlElementEvents)[] = [];
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('DOCTYPE');
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes)
      .filter(({ uri }) => uri !== 'http://www.w3.org/2000/xmlns/')
      .map(({ uri, local, value }) => `{${uri}}${local}=${value}`)
      .sort();
    const element = { name: `{${tag.uri}}${tag.local}`, attributes, content: [] };
    open.at(-1)?.push(element);
    open.push(element.content);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', (piece) => open.length > 1 && addText(open.at(-1) ?? [], piece));
  parser.on('cdata', (piece) => addText(open.at(-1) ?? [], piece));
  parser.write(text).close();
  return root;
}
