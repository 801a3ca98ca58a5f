import { DocumentError } from '../../../model/errors.ts';
import { decodeXml } from '../../../syntax/charset.ts';
import { utf8Text } from '../../../syntax/utf8.ts';
import { Interest, readXml, type XmlHandler, type XmlTag } from '../../../syntax/xml-reader.ts';
import { CommandError } from '../../shell.ts';

/** A name in a namespace; empty: no namespace. */
export interface QName {
  readonly namespace: string;
  readonly local: string;
}

/** An element of a WSDL or schema, with its place for everything that has to be told about it. */
export interface SourceElement extends QName {
  /** By name; those of a namespace as `{namespace}local`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The names in attributes whose values are QNames, resolved where they stand; undeclared prefixes are left out. */
  readonly names: ReadonlyMap<string, readonly QName[]>;
  readonly children: readonly SourceElement[];
  /** Its own text, comments left out. */
  readonly text: string;
  /** `registry.wsdl:12`. */
  readonly place: string;
}

/** A document as a tree, and the prefixes that it prefers. */
export interface SourceTree {
  readonly root: SourceElement;
  /** Namespace name → the first prefix that the document uses for it. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** Empty lines and spaces stood before the XML declaration, which XML forbids and some exports have. */
  readonly startedLate: boolean;
}

/** Attributes that hold one QName or, as `memberTypes`, several (WSDL 1.1, appendix A 4; XML Schema part 1). */
const QNAME_ATTRIBUTES: ReadonlySet<string> = new Set([
  'base',
  'binding',
  'element',
  'itemType',
  'memberTypes',
  'message',
  'ref',
  'substitutionGroup',
  'type',
  `{http://schemas.xmlsoap.org/wsdl/}arrayType`,
  '{http://www.w3.org/2001/XMLSchema-instance}type',
]);

/** Reads a document strictly. Throws CommandError with file, line and what is wrong. */
export function readSourceTree(bytes: Uint8Array, location: string): SourceTree {
  return sourceTreeOf(() => decodeXml(bytes), location);
}

/** Reads a document whose text somebody else decodes; a DocumentError of that is told as one of the document's. */
export function sourceTreeOf(decode: () => string, location: string): SourceTree {
  try {
    const text = decode();
    const skipped = /^[ \t\r\n]+(?=<\?xml[ \t\r\n])/.exec(text)?.[0] ?? '';
    const source = new TextEncoder().encode(text.slice(skipped.length));
    const builder = new TreeBuilder(source, location, 1 + (skipped.match(/\n/g)?.length ?? 0));
    readXml(source, builder);
    return { root: builder.root(), prefixes: builder.prefixes, startedLate: skipped !== '' };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const line = error.place.line === undefined ? '' : `:${error.place.line}`;
    throw new CommandError(`${location}${line} cannot be read: ${error.message}. Expected well-formed XML`);
  }
}

/** `{namespace}local`, or the local name alone where there is no namespace. */
export function clark({ namespace, local }: QName): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}

export function childrenNamed(parent: SourceElement, namespace: string, ...locals: string[]): SourceElement[] {
  return parent.children.filter((child) => child.namespace === namespace && locals.includes(child.local));
}

export function childNamed(parent: SourceElement, namespace: string, ...locals: string[]): SourceElement | undefined {
  return parent.children.find((child) => child.namespace === namespace && locals.includes(child.local));
}

/** All text inside an element, white space collapsed. */
export function wholeText(element: Pick<SourceElement, 'text' | 'children'>): string {
  return [element.text, ...element.children.map(wholeText)].join(' ').replace(/\s+/g, ' ').trim();
}

interface Open extends SourceElement {
  readonly children: SourceElement[];
  text: string;
}

const LINE_FEED = 0x0a;

class TreeBuilder implements XmlHandler {
  readonly prefixes = new Map<string, string>();
  readonly #source: Uint8Array;
  readonly #location: string;
  readonly #open: Open[] = [];
  #root: SourceElement | undefined;
  #line: number;
  #counted = 0;

  constructor(source: Uint8Array, location: string, line: number) {
    this.#source = source;
    this.#location = location;
    this.#line = line;
  }

  open(tag: XmlTag): Interest {
    // tags come in order, so lines are counted once; asking the reader for each would count from the start every time
    this.#line += countLines(this.#source, this.#counted, tag.offset);
    this.#counted = tag.offset;
    const { attributes, names } = this.#readAttributes(tag);
    const place = `${this.#location}:${this.#line}`;
    const element: Open = {
      local: tag.local,
      namespace: tag.namespace,
      attributes,
      names,
      children: [],
      text: '',
      place,
    };
    this.#prefer(tag.prefix, tag.namespace);
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
    return Interest.content;
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.text += utf8Text(bytes, start, end);
  }

  close(): void {
    this.#open.pop();
  }

  root(): SourceElement {
    if (this.#root === undefined) throw new DocumentError('malformed', 'The document is empty');
    return this.#root;
  }

  #readAttributes(tag: XmlTag): Pick<SourceElement, 'attributes' | 'names'> {
    const attributes = new Map<string, string>();
    const names = new Map<string, readonly QName[]>();
    for (let index = 0; index < tag.attributeCount; index++) {
      const attribute = tag.attributeAt(index);
      const key = clark(attribute);
      attributes.set(key, attribute.value);
      if (QNAME_ATTRIBUTES.has(key)) names.set(key, this.#resolveNames(attribute.value, tag));
    }
    return { attributes, names };
  }

  #resolveNames(value: string, tag: XmlTag): QName[] {
    return value
      .trim()
      .split(/\s+/)
      .flatMap((name) => {
        const colon = name.indexOf(':');
        const prefix = colon < 0 ? '' : name.slice(0, colon);
        const namespace = tag.namespaceOf(prefix) ?? (prefix === '' ? '' : undefined);
        if (namespace === undefined) return [];
        this.#prefer(prefix, namespace);
        return [{ namespace, local: name.slice(colon + 1) }];
      });
  }

  #prefer(prefix: string, namespace: string): void {
    if (prefix !== '' && !this.prefixes.has(namespace)) this.prefixes.set(namespace, prefix);
  }
}

function countLines(source: Uint8Array, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at++) if (source[at] === LINE_FEED) lines++;
  return lines;
}
