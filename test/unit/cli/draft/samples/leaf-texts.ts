import { clark, type SourceElement, sourceTreeOf } from '../../../../../src/cli/draft/wsdl/source-element.ts';
import type { JsonValue } from '../../../../../src/model/json.ts';

/** Attributes that say how a message is written: namespaces of XML Schema's instances and of SOAP. */
const ABOUT_THE_MESSAGE = /^\{[^}]*(?:XMLSchema-instance|soap[/-]envel|soap\/encoding|soap-encoding)[^}]*\}/;

/** Every text and attribute value that an element and its inside say, white space and names of attachments left out. */
export function leafTexts(element: SourceElement): string[] {
  const attributes = [...element.attributes].filter(([name]) => !ABOUT_THE_MESSAGE.test(name));
  return [element.text, ...attributes.map(([, value]) => value)]
    .map((text) => text.trim())
    .concat(element.children.filter(({ local }) => local !== 'Include').flatMap(leafTexts))
    .filter((text) => text !== '' && !text.startsWith('cid:'));
}

/** Every value of an answer as text, white space around it taken off. */
export function answeredTexts(value: JsonValue | undefined): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(answeredTexts);
  if (typeof value === 'object') return Object.values(value).flatMap(answeredTexts);
  return [String(value).trim()];
}

/** What is in the first list more often than in the second. */
export function missingFrom(wanted: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of found) left.set(text, (left.get(text) ?? 0) + 1);
  return wanted.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

/** An element as plain data in which prefixes, the order of attributes and the space between elements do not count. */
export function canonical(element: SourceElement): unknown {
  const types = element.names.get('{http://www.w3.org/2001/XMLSchema-instance}type') ?? [];
  const attributes = [...element.attributes]
    .map(([name, value]) => [name, name.endsWith('}type') && types.length > 0 ? types.map(clark).join() : value])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const { children, text } = element;
  return [
    clark(element),
    attributes,
    children.length === 0 ? (text.trim() === '' ? '' : text) : children.map(canonical),
  ];
}

/** The element in a SOAP body, or the root of a plain document. */
export function contentOf(text: string): SourceElement {
  const { root } = sourceTreeOf(() => text, 'document');
  if (root.local !== 'Envelope' || !/soap/.test(root.namespace)) return root;
  const body = root.children.find(({ local }) => local === 'Body');
  return body?.children[0] as SourceElement;
}
