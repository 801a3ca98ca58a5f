/** A qualified name as it stands in a document, taken apart once however often it stands there. */
export class XmlName {
  readonly raw: string;
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares, empty for `xmlns`; undefined where it declares none. */
  readonly declares: string | undefined;
  /** The tags of this name that hold nothing else, as nearly all do: compared whole, they need no further look. */
  readonly startTag: string;
  readonly endTag: string;
  /** The namespace that the prefix, or the lack of one, stands for in the scope of declarations of this number. */
  namespace = '';
  scope = -1;
  /** The name that came next in the document when this one was last read: most documents repeat themselves. */
  next: XmlName | undefined = undefined;

  constructor(raw: string) {
    const colon = raw.indexOf(':');
    this.raw = raw;
    this.prefix = colon === -1 ? '' : raw.slice(0, colon);
    this.local = raw.slice(colon + 1);
    this.startTag = `<${raw}>`;
    this.endTag = `</${raw}>`;
    this.declares = raw === 'xmlns' ? '' : this.prefix === 'xmlns' ? this.local : undefined;
  }
}

/** A power of two. */
const PLACES = 256;
/** In code units; the objects that hold a name count as much as NAME_COST of them. */
const MAX_REMEMBERED = 131_072;
const NAME_COST = 32;
const MAX_NAMESPACES = 64;

/**
 * The names and namespaces that documents have shown: one document's, or, where it is kept, those of all answers of one
 * operation, which are mostly the same. A name has one place, which another name with the same place takes from it: so
 * names made to meet in one place cost as much as names that are new. What is remembered is forgotten when it is much.
 */
export class NameTable {
  /** Stands before the first name of every document. */
  readonly start = new XmlName('');
  readonly #names = new Array<XmlName | undefined>(PLACES).fill(undefined);
  #remembered = 0;
  readonly #namespaces = new Map<string, string>();
  #scopes = 0;

  /** The name that is the text between two offsets, whose code units gave the hash. */
  find(text: string, start: number, end: number, hash: number): XmlName | undefined {
    const name = this.#names[placeOf(hash)];
    return name !== undefined && name.raw.length === end - start && text.startsWith(name.raw, start) ? name : undefined;
  }

  put(name: XmlName, hash: number): void {
    this.#remembered += name.raw.length + NAME_COST;
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
    const own = copyOf(text);
    this.#namespaces.set(own, own);
    return own;
  }

  /** The number of a scope that no other has. */
  newScope(): number {
    return ++this.#scopes;
  }
}

/** A slice of a document would keep the whole of it in memory. */
export function copyOf(slice: string): string {
  return slice.split('').join('');
}

/** Takes one more code unit into a hash. */
export function hashNext(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (PLACES - 1);
}
