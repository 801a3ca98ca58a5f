import { XMLBuilder } from 'fast-xml-parser';
import { DocumentError } from '../model/errors.ts';
import { isQName, isXmlChar } from './xml-chars.ts';

/** An element to be written; its parts come out in the order given. */
export interface XmlNode {
  /** A QName; it comes from a definition, never from a value. */
  readonly name: string;
  readonly attributes?: readonly (readonly [name: string, value: string])[];
  /** Text, or child elements; absent for an empty element. */
  readonly content?: string | readonly XmlNode[];
  /** Write the text as a CDATA section. */
  readonly cdata?: boolean;
}

/** fast-xml-parser's ordered form: an object with one member for the tag, and `:@` for its attributes. */
type Ordered = Record<string, unknown>;

const ATTRIBUTE_PREFIX = '@';
const TEXT_NAME = '#text';
const CDATA_NAME = '#cdata';

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE_PREFIX,
  textNodeName: TEXT_NAME,
  cdataPropName: CDATA_NAME,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  format: false,
  processEntities: false, // values are escaped here, so that what a reader gets back is exact
});

/**
 * Writes a document, without XML declaration. Values are escaped by construction and survive reading exactly, line
 * ends included. Throws DocumentError `malformed` for a character that XML 1.0 cannot hold, naming element or
 * attribute and the code point; TypeError for a name that is no QName.
 */
export function writeXml(root: XmlNode): string {
  return String(builder.build([ordered(root)]));
}

function ordered(node: XmlNode): Ordered {
  checkName(node.name);
  const { attributes = [], content = [] } = node;
  const children = typeof content === 'string' ? textNodes(node, content) : content.map(ordered);
  if (attributes.length === 0) return { [node.name]: children };
  return { [node.name]: children, ':@': Object.fromEntries(attributes.map(([name, value]) => attribute(name, value))) };
}

function attribute(name: string, value: string): readonly [string, string] {
  checkName(name);
  checkCharacters(value, `The attribute ${name}`);
  return [ATTRIBUTE_PREFIX + name, value.replace(/[&<"\t\n\r]/g, (character) => ESCAPES[character] ?? character)];
}

function textNodes({ name, cdata }: XmlNode, text: string): Ordered[] {
  checkCharacters(text, `The element ${name}`);
  if (text === '') return [];
  if (!cdata) return [{ [TEXT_NAME]: text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character) }];
  // "]]>" is split over two sections; a CR would be read as LF, and a section cannot escape it.
  if (text.includes('\r')) return textNodes({ name }, text);
  return text.split(/(?<=\]\])(?=>)/).map((section) => ({ [CDATA_NAME]: [{ [TEXT_NAME]: section }] }));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Names come from definitions: a few, again and again. */
const checkedNames = new Set<string>();
const MAX_CHECKED_NAMES = 10_000;

function checkName(name: string): void {
  if (checkedNames.has(name)) return;
  if (!isQName(name)) throw new TypeError(`${JSON.stringify(name)} is not a name that XML can hold`);
  if (checkedNames.size < MAX_CHECKED_NAMES) checkedNames.add(name);
}

/** No character of these needs a second look. */
const PLAIN = /^[\t\n\r\x20-\x7e]*$/;

function checkCharacters(value: string, where: string): void {
  if (PLAIN.test(value)) return;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (isXmlChar(code)) continue;
    const shown = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new DocumentError('malformed', `${where} cannot hold the character ${shown}: XML 1.0 has no form for it`);
  }
}
