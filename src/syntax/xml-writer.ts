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

/**
 * Writes a document, without XML declaration. Values are escaped by construction and survive reading exactly, line
 * ends included. Throws DocumentError `malformed` for a character that XML 1.0 cannot hold, naming element or
 * attribute and the code point; TypeError for a name that is no QName, or an attribute that is there twice.
 */
export function writeXml({ name, attributes = [], content = '', cdata = false }: XmlNode): string {
  checkName(name);
  let tag = `<${name}`;
  for (let index = 0; index < attributes.length; index++) {
    const [attribute, value] = attributes[index]!;
    if (index > 0 && attributes.findIndex(([other]) => other === attribute) < index) {
      throw new TypeError(`The element ${name} has the attribute ${attribute} twice`);
    }
    tag += attributeText(attribute, value);
  }
  const inside = typeof content === 'string' ? elementText(name, content, cdata) : elementsText(content);
  return inside === '' ? `${tag}/>` : `${tag}>${inside}</${name}>`;
}

function elementsText(elements: readonly XmlNode[]): string {
  let text = '';
  for (const element of elements) text += writeXml(element);
  return text;
}

function attributeText(name: string, value: string): string {
  checkName(name);
  checkCharacters(value, `The attribute ${name}`);
  return ` ${name}="${value.replace(/[&<"\t\n\r]/g, escaped)}"`;
}

function elementText(name: string, text: string, cdata: boolean): string {
  checkCharacters(text, `The element ${name}`);
  // a CR would be read as LF, and a section cannot escape it
  if (!cdata || text === '' || text.includes('\r')) return text.replace(/[&<>\r]/g, escaped);
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escaped(character: string): string {
  return ESCAPES[character] ?? character;
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
