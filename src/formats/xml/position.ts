import { isNcName } from '../../syntax/xml-chars.ts';

/**
 * One element or attribute name of a position; without a namespace it was written without a prefix. With an empty one it
 * is in no namespace: a prefix that stands for that is the adapter's alone, as no document can declare it.
 */
export interface Step {
  readonly local: string;
  readonly prefix?: string;
  readonly namespace?: string;
}

/** A position in an XML document, read: `Directors/Director/@name`, `.`, `p:Remark/text()`. */
export interface XmlPosition {
  /** Element steps from the record's element; none is that element itself. */
  readonly steps: readonly Step[];
  readonly attribute?: Step;
  /** `text()`: only the element's own text, its child elements passed over. */
  readonly ownText: boolean;
}

/** Prefix → namespace name. */
export type Namespaces = Readonly<Record<string, string>>;

export const XSI_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';

/** Prefixes that a position may use without a declaration: bound by Namespaces in XML, 3, and by custom. */
const KNOWN_PREFIXES: Namespaces = { xml: 'http://www.w3.org/XML/1998/namespace', xsi: XSI_NAMESPACE };

/** Reads a position. Throws a TypeError that says what is wrong with it. */
export function parsePosition(position: string, namespaces: Namespaces): XmlPosition {
  if (position === '.') return { steps: [], ownText: false };
  const parts = position.split('/');
  const last = parts.at(-1) ?? '';
  const ownText = last === 'text()';
  const isAttribute = last.startsWith('@');
  try {
    const steps = (ownText || isAttribute ? parts.slice(0, -1) : parts).map((part) => parseStep(part, namespaces));
    return { steps, ownText, ...(isAttribute ? { attribute: parseStep(last.slice(1), namespaces) } : {}) };
  } catch (error) {
    throw new TypeError(`Position ${JSON.stringify(position)}: ${(error as TypeError).message}`);
  }
}

/** Reads a name with an optional prefix. Throws a TypeError for what is no name and for a prefix that is not declared. */
export function parseStep(name: string, namespaces: Namespaces): Step {
  const colon = name.indexOf(':');
  const local = name.slice(colon + 1);
  const prefix = colon < 0 ? undefined : name.slice(0, colon);
  if (!isNcName(local) || (prefix !== undefined && !isNcName(prefix))) {
    throw new TypeError(`${JSON.stringify(name)} is no XML name`);
  }
  if (prefix === undefined) return { local };
  const namespace = namespaceOf(prefix, namespaces);
  if (namespace === undefined) {
    throw new TypeError(`The endpoint's namespaces do not declare the prefix ${JSON.stringify(prefix)}`);
  }
  return namespace === '' ? { local, namespace } : { local, prefix, namespace };
}

function namespaceOf(prefix: string, namespaces: Namespaces): string | undefined {
  if (Object.hasOwn(namespaces, prefix)) return namespaces[prefix];
  return Object.hasOwn(KNOWN_PREFIXES, prefix) ? KNOWN_PREFIXES[prefix] : undefined;
}

/** Whether an attribute is `xsi:type`, whose value is a name with a prefix of its own (XML Schema part 1, 2.6.1). */
export function isXsiType({ local, namespace }: Step): boolean {
  return local === 'type' && namespace === XSI_NAMESPACE;
}

/** A name as it is written with its own prefix, or without one. */
export function qualified({ prefix, local }: Step): string {
  return prefix === undefined ? local : `${prefix}:${local}`;
}

/** Namespace declarations as attributes. */
export function declareNamespaces(
  byDefault: string | undefined,
  prefixes: Namespaces,
): [name: string, value: string][] {
  const declared = Object.entries(prefixes)
    .filter(([, namespace]) => namespace !== '')
    .map(([prefix, namespace]): [string, string] => [`xmlns:${prefix}`, namespace]);
  return byDefault === undefined ? declared : [['xmlns', byDefault], ...declared];
}
