import { standsAt } from './utf8.ts';

const START_TAG = Uint8Array.of(0x3c); // <
const END_TAG = Uint8Array.of(0x3c, 0x2f); // </
const GREATER = 0x3e;

/** A qualified name as it stands in a document, taken apart once however often it stands there. */
export class XmlName {
  readonly raw: string;
  readonly utf8: Uint8Array;
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares, empty for `xmlns`; undefined where it declares none. */
  readonly declares: string | undefined;
  /** The tags of this name that hold nothing else, as nearly all do: compared whole, they need no further look. */
  readonly startTag: Uint8Array;
  readonly endTag: Uint8Array;
  /** The namespace that the prefix, or the lack of one, stands for in the scope of declarations of this number. */
  namespace = '';
  scope = -1;
  /** The name that came next in the document when this one was last read: most documents repeat themselves. */
  next: XmlName | undefined = undefined;

  /** `utf8`: the same name in bytes of its own. */
  constructor(raw: string, utf8: Uint8Array) {
    const colon = raw.indexOf(':');
    this.raw = raw;
    this.utf8 = utf8;
    this.prefix = colon === -1 ? '' : raw.slice(0, colon);
    this.local = raw.slice(colon + 1);
    this.startTag = tagOf(START_TAG, utf8);
    this.endTag = tagOf(END_TAG, utf8);
    this.declares = raw === 'xmlns' ? '' : this.prefix === 'xmlns' ? this.local : undefined;
  }
}

/** A power of two. */
const PLACES = 256;
/** In bytes; the objects that hold a name count as much as NAME_COST of them. */
const MAX_REMEMBERED = 1024 * 1024;
const NAME_COST = 320;
const MAX_NAMESPACES = 64;

/**
 * The names and namespaces that documents have shown: one document's, or, where it is kept, those of all answers of one
 * operation, which are mostly the same. A name has one place, which another name with the same place takes from it: so
 * names made to meet in one place cost as much as names that are new. What is remembered is forgotten when it is much.
 */
export class NameTable {
  /** Stands before the first name of every document. */
  readonly start = new XmlName('', new Uint8Array());
  readonly #names = new Array<XmlName | undefined>(PLACES).fill(undefined);
  #remembered = 0;
  readonly #namespaces = new Map<string, string>();
  #scopes = 0;

  /** The name that stands between two offsets, whose bytes gave the hash. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): XmlName | undefined {
    const name = this.#names[placeOf(hash)];
    return name !== undefined && name.utf8.length === end - start && standsAt(name.utf8, bytes, start)
      ? name
      : undefined;
  }

  put(name: XmlName, hash: number): void {
    this.#remembered += name.utf8.length + NAME_COST;
    if (this.#remembered > MAX_REMEMBERED) this.#forget();
    this.#names[placeOf(hash)] = name;
  }

  /** A name that has lost its place is still the next of another. */
  #forget(): void {
    this.#names.fill(undefined);
    this.start.next = undefined;
    this.#remembered = 0;
  }

  /** The same text, as one string for all documents: then comparing it is comparing pointers. */
  namespace(text: string): string {
    const known = this.#namespaces.get(text);
    if (known !== undefined) return known;
    if (this.#namespaces.size >= MAX_NAMESPACES) this.#namespaces.clear();
    this.#namespaces.set(text, text);
    return text;
  }

  /** The number of a scope that no other has. */
  newScope(): number {
    return ++this.#scopes;
  }
}

function tagOf(opening: Uint8Array, name: Uint8Array): Uint8Array {
  const tag = new Uint8Array(opening.length + name.length + 1);
  tag.set(opening);
  tag.set(name, opening.length);
  tag[tag.length - 1] = GREATER;
  return tag;
}

/** Takes one more byte into a hash. */
export function hashNext(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (PLACES - 1);
}
