/** A qualified name as it stands in a document, taken apart once however often it stands there. */
export class XmlName {
  readonly raw: string;
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares, empty for `xmlns`; undefined where it declares none. */
  readonly declares: string | undefined;
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
    this.declares = raw === 'xmlns' ? '' : this.prefix === 'xmlns' ? this.local : undefined;
  }
}

/** A power of two. */
const PLACES = 256;

/**
 * The names that a document has shown. A name has one place, which another name with the same place takes from it: so
 * the memory is bounded, and names made to meet in one place cost as much as names that are new.
 */
export class NameTable {
  readonly #names = new Array<XmlName | undefined>(PLACES);

  /** The name that is the text between two offsets, whose code units gave the hash. */
  find(text: string, start: number, end: number, hash: number): XmlName | undefined {
    const name = this.#names[placeOf(hash)];
    return name !== undefined && name.raw.length === end - start && text.startsWith(name.raw, start) ? name : undefined;
  }

  put(name: XmlName, hash: number): void {
    this.#names[placeOf(hash)] = name;
  }
}

/** Takes one more code unit into a hash. */
export function hashNext(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (PLACES - 1);
}
