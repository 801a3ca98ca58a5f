import { SaxesParser } from 'saxes';
import type { NameTable } from '../../src/syntax/xml-name.ts';
import { Interest, readXml, type XmlHandler } from '../../src/syntax/xml-reader.ts';

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

/** By this project's reader, with names of documents before where they are given. Throws what it throws. */
export function speanEvents(text: string, names?: NameTable): XmlEvents {
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
    text: (piece) => addText(open.at(-1) ?? [], piece),
    close: () => open.pop(),
  };
  readXml(text, handler, {}, names);
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
