/**
 * A strict, namespace-aware reader for XML 1.0 (fifth edition) and Namespaces in XML 1.0 (third edition), as one pass
 * of events over the bytes of a document in UTF-8. It is long because it is one scanner: splitting it would hide the
 * order in which the document is read. What it must be: it refuses everything that is not namespace-well-formed, bytes
 * that are no UTF-8, and every DOCTYPE (entity bombs and external entities have no other way in), and it copies nothing
 * that its handler does not want. It reads bytes, not a text, because decoding all of a document takes as long as
 * reading it, and most of what is wanted is answered as it stands. Cost is linear in the bytes; no step looks back.
 */
import { DocumentError } from '../model/errors.ts';
import type { Place } from '../model/place.ts';
import type { Utf8 } from '../model/utf8.ts';
import { decodeText } from './charset.ts';
import { encodeCharacter, standsAt, utf8Text, utf16Length } from './utf8.ts';
import { isNamePart, isNameStart, isXmlChar, isXmlSpace } from './xml-chars.ts';
import { hashNext, NameTable, XmlName } from './xml-name.ts';

/** What a handler wants to hear of an element's inside. */
export const Interest = {
  /** Nothing: the inside is checked, but neither reported nor closed with `close()`. */
  nothing: 0,
  /** Child elements; text is checked and passed over. */
  elements: 1,
  /** Child elements and text. */
  content: 2,
} as const;
export type Interest = (typeof Interest)[keyof typeof Interest];

/** An attribute; namespace declarations are none. */
export interface XmlAttribute {
  readonly local: string;
  readonly prefix: string;
  readonly namespace: string;
  /** Normalised as XML 1.0, 3.3.3 says for CDATA attributes. */
  readonly value: string;
}

/** A start tag. One object is used for all of them: it is valid only during `open()`. */
export interface XmlTag {
  readonly local: string;
  readonly prefix: string;
  /** Empty: no namespace. */
  readonly namespace: string;
  /** Of the tag's `<` in the bytes. */
  readonly offset: number;
  readonly attributeCount: number;
  attributeAt(index: number): XmlAttribute;
  /** The value of an attribute, undefined where it is absent. */
  attribute(local: string, namespace?: string): string | undefined;
  /** The same as bytes, which stay as they are. */
  attributeUtf8(local: string, namespace?: string): Utf8 | undefined;
  /** For QNames in values, such as `xsi:type`. */
  namespaceOf(prefix: string): string | undefined;
  /** Gives what is inside the element, and its end, to another handler; what `open()` returns is of that one's interest. */
  handInside(handler: XmlHandler): void;
}

export interface XmlHandler {
  open(tag: XmlTag): Interest;
  /**
   * A piece of the current element's text, in UTF-8: references, CDATA sections and comments end one piece. The
   * document's own bytes stay as they are; others are valid only during the call.
   */
  text(bytes: Uint8Array, start: number, end: number): void;
  close(): void;
}

/** Lengths in UTF-16 code units. */
export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Of one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Also of a namespace's. */
  readonly maxNameLength: number;
  /** Of one attribute value, and of the text between two tags. */
  readonly maxTextLength: number;
}

export const XML_LIMITS: XmlLimits = {
  maxDepth: 100,
  maxElements: 200_000,
  maxAttributes: 100,
  maxNameLength: 1_000,
  maxTextLength: 8 * 1024 * 1024,
};

/**
 * Reads one document in UTF-8. Throws DocumentError `malformed`, `undecodable` or `limit` with line, column, offset and
 * element path, and whatever the handler throws.
 */
export function readXml(bytes: Uint8Array, handler: XmlHandler, limits: Partial<XmlLimits> = {}): void {
  new XmlReader(limits).read(bytes, handler);
}

const encoder = new TextEncoder();

/** The same of a text, with its characters counted rather than its bytes. A surrogate that stands alone is refused. */
export function readXmlText(text: string, handler: XmlHandler, limits: Partial<XmlLimits> = {}): void {
  if (!text.isWellFormed()) throw new DocumentError('malformed', 'A surrogate stands alone');
  readXml(encoder.encode(text), handler, limits);
}

/**
 * Line and column of an offset in bytes, counted only when somebody asks, in UTF-16 code units and without a byte order
 * mark, as whoever decodes the document sees it. Lines end as XML 1.0, 2.11 says.
 */
export function placeAt(bytes: Uint8Array, offset: number): Place {
  const first = markLength(bytes);
  let line = 1;
  let start = first;
  for (let at = first; at < offset; at++) {
    const byte = bytes[at];
    if (byte !== LF && !(byte === CR && bytes[at + 1] !== LF)) continue;
    line++;
    start = at + 1;
  }
  return { line, column: utf16Length(bytes, start, offset) + 1, offset: utf16Length(bytes, first, offset) };
}

function markLength(bytes: Uint8Array): number {
  return standsAt(BYTE_ORDER_MARK, bytes, 0) ? BYTE_ORDER_MARK.length : 0;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';
const BYTE_ORDER_MARK = encoder.encode('\ufeff');
const CDATA_START = encoder.encode('<![CDATA[');
const COMMENT_START = encoder.encode('<!--');
const DECLARATION_START = encoder.encode('<?xml');
const LINE_FEED = encoder.encode('\n');
const NOTHING = new Uint8Array();
/** The predefined entities (XML 1.0, 4.6), by what stands behind `&`. */
const ENTITIES: readonly (readonly [name: Uint8Array, code: number])[] = [
  [encoder.encode('amp;'), 0x26],
  [encoder.encode('lt;'), 0x3c],
  [encoder.encode('gt;'), 0x3e],
  [encoder.encode('quot;'), 0x22],
  [encoder.encode('apos;'), 0x27],
];
/** The longest reference that can be one: leading zeros are allowed, but nobody writes a hundred. */
const MAX_REFERENCE_LENGTH = 100;
/** Above this many attributes, repeated names are looked for with a set rather than pair by pair. */
const PAIRWISE_ATTRIBUTES = 8;

/** What `byteAt()` gives behind the document. */
const END = -1;
const TAB = 0x9;
const LF = 0xa;
const CR = 0xd;
const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const HASH = 0x23;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const BRACKET = 0x5d;
const LOWER_X = 0x78;

/** The bytes that end a plain run of text: markup, references, `]`, CR, what XML cannot hold, and what is not ASCII. */
const ENDS_TEXT = new Uint8Array(0x100).fill(1, 0, 0x20).fill(1, 0x80);
for (const byte of [TAB, LF]) ENDS_TEXT[byte] = 0;
for (const byte of [LESS, AMPERSAND, BRACKET]) ENDS_TEXT[byte] = 1;
/** Those that end a plain run of an attribute's value. */
const ENDS_VALUE = ENDS_TEXT.slice();
for (const byte of [TAB, LF, QUOTE, APOSTROPHE]) ENDS_VALUE[byte] = 1;

/** The bytes of which qualified names are made; of those beyond ASCII not all, which is seen when a name is new. */
const IN_NAME = new Uint8Array(0x100).fill(1, 0x80);
for (let code = 0; code < 0x80; code++) IN_NAME[code] = isNamePart(code) || code === COLON ? 1 : 0;

/** XML 1.0, productions [23] to [32]; a 1.x version is read as 1.0 (fifth edition, 2.8). */
const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>$/;

/** What a declaration hid, until the element at this depth ends. */
interface FormerBinding {
  readonly depth: number;
  readonly prefix: string;
  readonly namespace: string | undefined;
  readonly scope: number;
}

const NOT_UTF8 = 'The bytes are not UTF-8';

const NOBODY: XmlHandler = { open: () => Interest.nothing, text: () => {}, close: () => {} };

/**
 * Reads documents of one kind, one at a time: it remembers their names, as most answers of a service are alike, and
 * nothing else. It belongs to one set of limits.
 */
export class XmlReader implements XmlTag {
  local = '';
  prefix = '';
  namespace = '';
  offset = 0;
  attributeCount = 0;

  readonly #limits: XmlLimits;
  #bytes: Uint8Array = NOTHING;
  #handler: XmlHandler = NOBODY;
  /** Who hears of what is outside the elements whose inside was handed on, and the depths of these. */
  readonly #outerHandlers: XmlHandler[] = [];
  readonly #handedDepths: number[] = [];
  #handedDepth = 0;
  #at = 0;
  #elements = 0;
  /** How many elements are open, the elements, and what the handler wants of each that it has heard of. */
  #depth = 0;
  readonly #open: XmlName[] = [];
  readonly #interests: Interest[] = [];
  /** Depth of the outermost element whose inside nobody wants; 0 where there is none. */
  #skipped = 0;
  /** Whether text of the current element is reported. */
  #wantsText = false;
  #runStart = 0;
  /** The bytes of a character that was written as a reference. */
  readonly #referenced = new Uint8Array(4);

  readonly #known = new NameTable();
  #lastName: XmlName = this.#known.start;
  /** Attributes of the current tag, in arrays that all tags use; namespace declarations until they are declared. */
  readonly #names: XmlName[] = [];
  readonly #valueStarts: number[] = [];
  readonly #valueEnds: number[] = [];
  /** Present where a value is not its bytes, as it has references or line breaks. */
  readonly #normalised: (string | undefined)[] = [];
  #declarations = 0;

  /** Namespaces in scope by prefix, and what to put back when an element ends. */
  readonly #bindings = new Map<string, string>([['xml', XML_NAMESPACE]]);
  readonly #restore: FormerBinding[] = [];
  /** Stands for the namespaces in scope: the same number, the same namespaces. */
  #scope = 0;

  constructor(limits: Partial<XmlLimits> = {}) {
    this.#limits = { ...XML_LIMITS, ...limits };
  }

  /** As `readXml()`. A handler must not have the same reader read another document. */
  read(bytes: Uint8Array, handler: XmlHandler): void {
    this.#bytes = bytes;
    this.#handler = handler;
    try {
      this.#readDocument();
    } catch (error) {
      decodeText(bytes, 'utf-8'); // bytes that are no text are told before anything else that is wrong
      throw error;
    } finally {
      this.#forget();
    }
  }

  /** Nothing of a document outlives its reading, but names. */
  #forget(): void {
    this.#bytes = NOTHING;
    this.#handler = NOBODY;
    this.#outerHandlers.length = 0;
    this.#handedDepths.length = 0;
    this.#handedDepth = 0;
    this.#at = 0;
    this.#elements = 0;
    this.#depth = 0;
    this.#skipped = 0;
    this.#wantsText = false;
    this.#lastName = this.#known.start;
    this.#normalised.fill(undefined);
    if (this.#restore.length > 0) this.#restoreBindings(0);
  }

  #readDocument(): void {
    const bytes = this.#bytes;
    this.#at = markLength(bytes);
    this.#readDeclaration();
    this.#readMisc('the root element');
    this.#readStartTag();
    while (this.#depth > 0) {
      if (byteAt(bytes, this.#at) !== LESS) this.#readText();
      if (this.#at >= bytes.length)
        this.#fail(`The document ends inside the element ${this.#open[this.#depth - 1]?.raw}`);
      this.#readMarkup();
    }
    this.#readMisc('the end of the document');
  }

  attributeAt(index: number): XmlAttribute {
    const name = index < this.attributeCount ? this.#names[index] : undefined;
    if (name === undefined) throw new RangeError(`There is no attribute ${index}`);
    const namespace = attributeNamespace(name);
    return { local: name.local, prefix: name.prefix, namespace, value: this.#valueAt(index) };
  }

  attribute(local: string, namespace = ''): string | undefined {
    const index = this.#indexOf(local, namespace);
    return index < 0 ? undefined : this.#valueAt(index);
  }

  attributeUtf8(local: string, namespace = ''): Utf8 | undefined {
    const index = this.#indexOf(local, namespace);
    if (index < 0) return undefined;
    const normalised = this.#normalised[index];
    if (normalised === undefined) {
      return { bytes: this.#bytes, start: this.#valueStarts[index]!, end: this.#valueEnds[index]! };
    }
    const bytes = encoder.encode(normalised);
    return { bytes, start: 0, end: bytes.length };
  }

  namespaceOf(prefix: string): string | undefined {
    return this.#bindings.get(prefix);
  }

  handInside(handler: XmlHandler): void {
    this.#outerHandlers.push(this.#handler);
    this.#handedDepths.push(this.#handedDepth);
    this.#handler = handler;
    this.#handedDepth = this.#depth;
  }

  /** Behind the end of an element whose inside was handed on. */
  #takeBack(): void {
    this.#handler = this.#outerHandlers.pop() ?? NOBODY;
    this.#handedDepth = this.#handedDepths.pop() ?? 0;
  }

  #indexOf(local: string, namespace: string): number {
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.#names[index]!;
      if (name.local === local && attributeNamespace(name) === namespace) return index;
    }
    return -1;
  }

  #valueAt(index: number): string {
    return this.#normalised[index] ?? utf8Text(this.#bytes, this.#valueStarts[index]!, this.#valueEnds[index]!);
  }

  #fail(message: string, offset = this.#at): never {
    throw new DocumentError('malformed', message, this.#placeOf(offset));
  }

  #beyond(what: string, limit: number): never {
    throw new DocumentError('limit', `The document has ${what}: the limit is ${limit}`, this.#placeOf(this.#at));
  }

  /** Limits count UTF-16 code units, of which there are never more than bytes. */
  #checkLength(start: number, end: number, limit: number, what: string): void {
    if (end - start > limit && utf16Length(this.#bytes, start, end) > limit) this.#beyond(what, limit);
  }

  #placeOf(offset: number): Place {
    const path = this.#open
      .slice(0, this.#depth)
      .map(({ raw }) => raw)
      .join('/');
    return { ...placeAt(this.#bytes, offset), ...(path === '' ? {} : { path }) };
  }

  #readDeclaration(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    if (!standsAt(DECLARATION_START, bytes, start)) return;
    if (!isXmlSpace(byteAt(bytes, start + DECLARATION_START.length))) return;
    const end = this.#indexOfPair(QUESTION, GREATER, start);
    if (end === -1 || !DECLARATION.test(utf8Text(bytes, start, end + 2))) {
      this.#fail('The XML declaration is malformed');
    }
    this.#at = end + 2;
  }

  /** White space, comments and processing instructions outside the root element; stops at a start tag or the end. */
  #readMisc(expected: string): void {
    const bytes = this.#bytes;
    for (;;) {
      this.#skipSpace();
      if (this.#at >= bytes.length) {
        if (this.#elements === 0) this.#fail(`The document ends before ${expected}`);
        return;
      }
      if (byteAt(bytes, this.#at) !== LESS) this.#fail(`Text stands outside the root element: expected ${expected}`);
      const next = byteAt(bytes, this.#at + 1);
      if (next === QUESTION) this.#readInstruction();
      else if (next === EXCLAMATION) this.#readComment();
      else if (this.#elements > 0) this.#fail('A second element stands beside the root element');
      else return;
    }
  }

  #readMarkup(): void {
    const next = byteAt(this.#bytes, this.#at + 1);
    if (next === SLASH) this.#readEndTag();
    else if (next === EXCLAMATION) {
      if (standsAt(CDATA_START, this.#bytes, this.#at)) this.#readCdata();
      else this.#readComment();
    } else if (next === QUESTION) this.#readInstruction();
    else this.#readStartTag();
  }

  /** Text up to the next `<`. Every run between references is handed on as one piece. */
  #readText(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#runStart = start;
    for (;;) {
      this.#at = endOfRun(bytes, this.#at, bytes.length, ENDS_TEXT);
      const byte = byteAt(bytes, this.#at);
      if (byte === LESS || byte === END) break;
      if (byte === AMPERSAND) this.#readReferenceInText();
      else if (byte === CR) this.#readLineEnd();
      else if (byte === BRACKET) {
        if (byteAt(bytes, this.#at + 1) === BRACKET && byteAt(bytes, this.#at + 2) === GREATER)
          this.#fail('"]]>" stands in text, where XML does not allow it');
        this.#at++;
      } else this.#skipCharacter();
    }
    this.#checkLength(start, this.#at, this.#limits.maxTextLength, 'a longer text');
    this.#endRun();
  }

  #endRun(): void {
    if (this.#wantsText && this.#at > this.#runStart) this.#handler.text(this.#bytes, this.#runStart, this.#at);
  }

  #readReferenceInText(): void {
    this.#endRun();
    const code = this.#readReference();
    if (this.#wantsText) this.#handler.text(this.#referenced, 0, encodeCharacter(code, this.#referenced));
    this.#runStart = this.#at;
  }

  /** CR and CR LF are LF (XML 1.0, 2.11). */
  #readLineEnd(): void {
    this.#endRun();
    this.#at++;
    this.#runStart = this.#at;
    if (byteAt(this.#bytes, this.#at) !== LF && this.#wantsText) this.#handler.text(LINE_FEED, 0, LINE_FEED.length);
  }

  /** One character that is not plain; refuses what XML cannot hold. */
  #skipCharacter(): void {
    const code = this.#readCharacter();
    if (!isXmlChar(code))
      this.#fail(`The character ${codePoint(code)} cannot stand in XML`, this.#at - (code < 0x80 ? 1 : 3));
  }

  /** A character as RFC 3629, 4 has it: the shortest form, and no surrogates. */
  #readCharacter(): number {
    const bytes = this.#bytes;
    const first = byteAt(bytes, this.#at);
    if (first < 0x80) {
      this.#at++;
      return first;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    let code = first & (0x3f >> more);
    for (let index = 1; index <= more; index++) {
      const next = byteAt(bytes, this.#at + index);
      if ((next & 0xc0) !== 0x80) this.#fail(NOT_UTF8);
      code = (code << 6) | (next & 0x3f);
    }
    const least = more === 3 ? 0x10000 : more === 2 ? 0x800 : 0x80;
    const isLead = first >= 0xc0 && first < 0xf8;
    if (!isLead || code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) this.#fail(NOT_UTF8);
    this.#at += more + 1;
    return code;
  }

  /** A character or entity reference at `&`: the character that it stands for. */
  #readReference(): number {
    const behind = this.#at + 1;
    if (byteAt(this.#bytes, behind) === HASH) return this.#readCharacterReference();
    for (const [name, code] of ENTITIES) {
      if (!standsAt(name, this.#bytes, behind)) continue;
      this.#at = behind + name.length;
      return code;
    }
    return this.#failReference(this.#at);
  }

  #readCharacterReference(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const radix = byteAt(bytes, start + 2) === LOWER_X ? 16 : 10;
    const first = start + (radix === 16 ? 3 : 2);
    const longest = start + MAX_REFERENCE_LENGTH;
    let end = first;
    let code = 0;
    while (byteAt(bytes, end) !== SEMICOLON) {
      const digit = digitOf(byteAt(bytes, end), radix);
      if (digit < 0 || ++end === longest) this.#failReference(start);
      code = code * radix + digit;
    }
    if (end === first) this.#failReference(start);
    this.#at = end + 1;
    if (!isXmlChar(code)) this.#fail('A character reference names a character that cannot stand in XML', start);
    return code;
  }

  #failReference(start: number): never {
    const end = this.#bytes.subarray(start, start + MAX_REFERENCE_LENGTH).indexOf(SEMICOLON);
    if (end <= 1) this.#fail('"&" does not begin a reference: it is written "&amp;"', start);
    this.#fail('A reference names an entity that is not defined', start);
  }

  /** Checks characters up to an end that has been found, handing text on where it is wanted. */
  #readUntil(end: number, asText: boolean): void {
    const bytes = this.#bytes;
    const wantsText = this.#wantsText;
    this.#wantsText = wantsText && asText;
    this.#runStart = this.#at;
    for (;;) {
      this.#at = endOfRun(bytes, this.#at, end, ENDS_TEXT);
      if (this.#at === end) break;
      const byte = byteAt(bytes, this.#at);
      if (byte === CR) this.#readLineEnd();
      else if (byte === LESS || byte === AMPERSAND || byte === BRACKET) this.#at++;
      else this.#skipCharacter();
    }
    this.#endRun();
    this.#wantsText = wantsText;
  }

  /** Of the first of two bytes that stand together. */
  #indexOfPair(first: number, second: number, from: number): number {
    const bytes = this.#bytes;
    let at = bytes.indexOf(first, from);
    while (at !== -1 && byteAt(bytes, at + 1) !== second) at = bytes.indexOf(first, at + 1);
    return at;
  }

  #readCdata(): void {
    this.#at += CDATA_START.length;
    let end = this.#indexOfPair(BRACKET, BRACKET, this.#at);
    while (end !== -1 && byteAt(this.#bytes, end + 2) !== GREATER) end = this.#indexOfPair(BRACKET, BRACKET, end + 1);
    if (end === -1) this.#fail('A CDATA section does not end');
    this.#checkLength(this.#at, end, this.#limits.maxTextLength, 'a longer text');
    this.#readUntil(end, true);
    this.#at = end + 3;
  }

  #readComment(): void {
    const start = this.#at;
    if (!standsAt(COMMENT_START, this.#bytes, start)) {
      if (/^<!doctype/i.test(String.fromCharCode(...this.#bytes.subarray(start, start + 9)))) {
        this.#fail('The document has a DOCTYPE, which is refused whatever it holds', start);
      }
      this.#fail('"<!" begins neither a comment nor, inside an element, a CDATA section', start);
    }
    this.#at += COMMENT_START.length;
    const end = this.#indexOfPair(HYPHEN, HYPHEN, this.#at);
    if (end === -1) this.#fail('A comment does not end', start);
    if (byteAt(this.#bytes, end + 2) !== GREATER) this.#fail('"--" stands inside a comment', end);
    this.#readUntil(end, false);
    this.#at = end + 3;
  }

  #readInstruction(): void {
    const start = this.#at;
    this.#at += 2;
    const target = this.#readName('a processing instruction').raw;
    if (target.includes(':')) this.#fail('The target of a processing instruction has a colon', start);
    if (target.toLowerCase() === 'xml') this.#fail('An XML declaration stands elsewhere than at the very start', start);
    const end = this.#indexOfPair(QUESTION, GREATER, this.#at);
    if (end === -1) this.#fail('A processing instruction does not end', start);
    if (end !== this.#at && !isXmlSpace(byteAt(this.#bytes, this.#at))) {
      this.#fail('White space is missing behind the target of a processing instruction');
    }
    this.#readUntil(end, false);
    this.#at = end + 2;
  }

  #skipSpace(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    while (isXmlSpace(byteAt(bytes, at))) at++;
    const skipped = at > this.#at;
    this.#at = at;
    return skipped;
  }

  /** A QName. What comes next is nearly always what came next the last time. */
  #readName(of: string): XmlName {
    const bytes = this.#bytes;
    const guess = this.#lastName.next;
    if (guess !== undefined && standsAt(guess.utf8, bytes, this.#at)) {
      const end = this.#at + guess.utf8.length;
      if (!isInName(byteAt(bytes, end))) {
        this.#at = end;
        this.#lastName = guess;
        return guess;
      }
    }
    const name = this.#lookUpName(of);
    this.#lastName.next = name;
    this.#lastName = name;
    return name;
  }

  #lookUpName(of: string): XmlName {
    const bytes = this.#bytes;
    const start = this.#at;
    let end = start;
    let hash = 0;
    for (let byte = byteAt(bytes, end); isInName(byte); byte = byteAt(bytes, ++end)) hash = hashNext(hash, byte);
    const known = this.#known.find(bytes, start, end, hash);
    if (known === undefined) return this.#readNewName(of, end, hash);
    this.#at = end;
    return known;
  }

  /** One colon at most, with a name on either side of it. Remembered where it is all that looks like a name. */
  #readNewName(of: string, end: number, hash: number): XmlName {
    const bytes = this.#bytes;
    const start = this.#at;
    let expectsStart = true;
    let colons = 0;
    while (this.#at < bytes.length) {
      const at = this.#at;
      const code = this.#readCharacter();
      if (expectsStart ? isNameStart(code) : isNamePart(code)) expectsStart = false;
      else if (code === COLON && !expectsStart && colons === 0) {
        colons++;
        expectsStart = true;
      } else {
        this.#at = at;
        break;
      }
    }
    if (expectsStart) this.#fail(`The name of ${of} is malformed`);
    this.#checkLength(start, this.#at, this.#limits.maxNameLength, 'a longer name');
    const name = new XmlName(utf8Text(bytes, start, this.#at), bytes.slice(start, this.#at));
    if (this.#at === end) this.#known.put(name, hash);
    return name;
  }

  #readEndTag(): void {
    const start = this.#at;
    const name = this.#open[this.#depth - 1]!;
    if (standsAt(name.endTag, this.#bytes, start)) this.#at = start + name.endTag.length;
    else this.#readSpacedEndTag(name, start);
    this.#close();
  }

  #readSpacedEndTag({ raw, utf8 }: XmlName, start: number): void {
    if (!standsAt(utf8, this.#bytes, start + 2)) this.#failEndTag(raw, start);
    this.#at = start + 2 + utf8.length;
    this.#skipSpace();
    if (byteAt(this.#bytes, this.#at) !== GREATER) this.#failEndTag(raw, start);
    this.#at++;
  }

  #failEndTag(expected: string, start: number): never {
    this.#fail(`The end tag is malformed or of another element: expected </${expected}>`, start);
  }

  /** What comes next is nearly always what came next the last time. */
  #readStartTag(): void {
    const offset = this.#at;
    this.attributeCount = 0;
    this.#declarations = 0;
    const guess = this.#lastName.next;
    if (guess === undefined || !standsAt(guess.startTag, this.#bytes, offset)) {
      this.#readOtherStartTag(offset);
      return;
    }
    this.#at = offset + guess.startTag.length;
    this.#lastName = guess;
    this.#enter(guess, offset);
  }

  #readOtherStartTag(offset: number): void {
    const bytes = this.#bytes;
    this.#at = offset + 1;
    const name = this.#readName('an element');
    while (this.#skipSpace()) {
      const byte = byteAt(bytes, this.#at);
      if (byte === GREATER || byte === SLASH) break;
      this.#readAttribute();
    }
    const empty = byteAt(bytes, this.#at) === SLASH;
    if (empty) this.#at++;
    if (byteAt(bytes, this.#at) !== GREATER) this.#fail(`The start tag of ${name.raw} is malformed`);
    this.#at++;
    this.#enter(name, offset);
    if (empty) this.#close();
  }

  #readAttribute(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    const name = this.#readName('an attribute');
    this.#skipSpace();
    if (byteAt(bytes, this.#at) !== EQUALS) this.#fail(`The attribute ${name.raw} has no value`);
    this.#at++;
    this.#skipSpace();
    const quote = byteAt(bytes, this.#at);
    if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail(`The value of the attribute ${name.raw} is not quoted`);
    this.#at++;
    const count = this.attributeCount;
    this.#valueStarts[count] = this.#at;
    this.#normalised[count] = this.#readAttributeValue(quote, name.raw);
    this.#valueEnds[count] = this.#at - 1;
    if (count >= this.#limits.maxAttributes) {
      this.#beyond('an element with more attributes', this.#limits.maxAttributes);
    }
    if (count < PAIRWISE_ATTRIBUTES && this.#stands(name)) {
      this.#fail(`The attribute ${name.raw} stands twice in one tag`, start);
    }
    if (name.declares !== undefined) this.#declarations++;
    this.#names[count] = name;
    this.attributeCount = count + 1;
  }

  /** Whether the tag has the attribute already. Beyond the names that are remembered, one name may be two objects. */
  #stands({ raw }: XmlName): boolean {
    for (let index = 0; index < this.attributeCount; index++) if (this.#names[index]!.raw === raw) return true;
    return false;
  }

  /**
   * A value up to its quote, undefined where it is the bytes that stand there; else references are resolved, and white
   * space that stands as itself becomes spaces (XML 1.0, 3.3.3).
   */
  #readAttributeValue(quote: number, name: string): string | undefined {
    const bytes = this.#bytes;
    const start = this.#at;
    let value = '';
    let runStart = start;
    for (;;) {
      this.#at = endOfRun(bytes, this.#at, bytes.length, ENDS_VALUE);
      const byte = byteAt(bytes, this.#at);
      if (byte === quote) break;
      if (byte === AMPERSAND) {
        value += utf8Text(bytes, runStart, this.#at) + String.fromCodePoint(this.#readReference());
        runStart = this.#at;
      } else if (isXmlSpace(byte)) {
        value += `${utf8Text(bytes, runStart, this.#at)} `;
        this.#at += byte === CR && byteAt(bytes, this.#at + 1) === LF ? 2 : 1;
        runStart = this.#at;
      } else if (byte === BRACKET || byte === QUOTE || byte === APOSTROPHE) this.#at++;
      else if (byte === END) this.#fail(`The value of the attribute ${name} does not end`, start);
      else if (byte === LESS) this.#fail(`"<" stands in the value of the attribute ${name}`);
      else this.#skipCharacter();
    }
    const end = this.#at;
    this.#checkLength(start, end, this.#limits.maxTextLength, 'a longer attribute value');
    this.#at++;
    return runStart === start ? undefined : value + utf8Text(bytes, runStart, end);
  }

  #enter(name: XmlName, offset: number): void {
    this.#elements++;
    this.#open[this.#depth++] = name;
    const depth = this.#depth;
    if (depth > this.#limits.maxDepth) this.#beyond('a deeper element', this.#limits.maxDepth);
    if (this.#elements > this.#limits.maxElements) this.#beyond('more elements', this.#limits.maxElements);
    if (this.attributeCount > PAIRWISE_ATTRIBUTES) this.#refuseTwice(name, offset);
    if (this.#declarations > 0) this.#declare(depth, offset);
    if (name.scope !== this.#scope) this.#resolve(name, offset);
    if (this.attributeCount > 0) this.#resolveAttributes(offset);
    if (this.#skipped > 0) return;
    this.local = name.local;
    this.prefix = name.prefix;
    this.namespace = name.namespace;
    this.offset = offset;
    const interest = this.#handler.open(this);
    this.#interests[depth - 1] = interest;
    if (interest === Interest.nothing) this.#skipped = depth;
    this.#wantsText = interest === Interest.content;
  }

  #refuseTwice(name: XmlName, offset: number): void {
    const raws = this.#names.slice(0, this.attributeCount).map(({ raw }) => raw);
    if (new Set(raws).size < raws.length) this.#fail(`An attribute stands twice in the tag of ${name.raw}`, offset);
  }

  #close(): void {
    const depth = this.#depth--;
    if (this.#restore.length > 0) this.#restoreBindings(depth);
    if (this.#skipped > 0 && depth > this.#skipped) return;
    if (this.#interests[depth - 1] === Interest.nothing) this.#skipped = 0;
    else this.#handler.close();
    if (depth === this.#handedDepth) this.#takeBack();
    this.#wantsText = depth > 1 && this.#interests[depth - 2] === Interest.content;
  }

  /**
   * Takes the declarations out of the tag's attributes. Namespaces in XML 1.0, 2.2 and 3: reserved prefixes and names,
   * and no undeclaring of a prefix.
   */
  #declare(depth: number, offset: number): void {
    let kept = 0;
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.#names[index]!;
      const prefix = name.declares;
      if (prefix === undefined) {
        this.#names[kept] = name;
        this.#normalised[kept] = this.#normalised[index];
        this.#valueStarts[kept] = this.#valueStarts[index]!;
        this.#valueEnds[kept++] = this.#valueEnds[index]!;
        continue;
      }
      const value = this.#valueAt(index);
      if (prefix === 'xmlns') this.#fail('The prefix xmlns is declared', offset);
      if ((prefix === 'xml') !== (value === XML_NAMESPACE)) {
        this.#fail('The prefix xml and its namespace belong to each other only', offset);
      }
      if (value === XMLNS_NAMESPACE) this.#fail('The namespace of xmlns is bound to a prefix', offset);
      if (prefix !== '' && value === '') this.#fail(`The prefix ${prefix} is undeclared`, offset);
      if (value.length > this.#limits.maxNameLength) {
        this.#beyond('a longer name of a namespace', this.#limits.maxNameLength);
      }
      this.#restore.push({ depth, prefix, namespace: this.#bindings.get(prefix), scope: this.#scope });
      this.#bindings.set(prefix, this.#known.namespace(value));
    }
    this.attributeCount = kept;
    this.#scope = this.#known.newScope();
  }

  /** Puts back what the declarations of the elements from the depth on have hidden. */
  #restoreBindings(depth: number): void {
    for (let last = this.#restore.at(-1); last !== undefined && last.depth >= depth; last = this.#restore.at(-1)) {
      if (last.namespace === undefined) this.#bindings.delete(last.prefix);
      else this.#bindings.set(last.prefix, last.namespace);
      this.#scope = last.scope;
      this.#restore.pop();
    }
  }

  #resolve(name: XmlName, offset: number): void {
    const namespace = this.#bindings.get(name.prefix) ?? (name.prefix === '' ? '' : undefined);
    if (namespace === undefined) this.#fail(`The prefix ${name.prefix} is not declared`, offset);
    name.namespace = namespace;
    name.scope = this.#scope;
  }

  #resolveAttributes(offset: number): void {
    let prefixed = 0;
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.#names[index]!;
      if (name.prefix === '') continue;
      if (name.scope !== this.#scope) this.#resolve(name, offset);
      prefixed++;
    }
    if (prefixed > 1) this.#refuseRepeated(offset);
  }

  /** Two prefixes of one namespace make one attribute twice (Namespaces in XML 1.0, 6.3). */
  #refuseRepeated(offset: number): void {
    const seen = new Set<string>();
    for (const name of this.#names.slice(0, this.attributeCount)) {
      const expanded = `${name.local} ${attributeNamespace(name)}`;
      if (seen.has(expanded))
        this.#fail(`The attribute ${name.local} stands twice in one tag, by two prefixes`, offset);
      seen.add(expanded);
    }
  }
}

/** A default namespace is none of attributes (Namespaces in XML 1.0, 6.2). */
function attributeNamespace(name: XmlName): string {
  return name.prefix === '' ? '' : name.namespace;
}

/** The byte at an offset. Reading behind an array gives undefined, after which the engine keeps all bytes as objects. */
function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? bytes[at]! : END;
}

/**
 * The hottest loop: over characters that are nothing but text. Beyond ASCII those are taken here that need no more than
 * a look at their bytes: two of them, or three from U+1000 to U+CFFF, which has Khmer, Thai, Lao and Chinese.
 */
function endOfRun(bytes: Uint8Array, from: number, end: number, ends: Uint8Array): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at]!;
    if (ends[byte] === 0) at++;
    else if (byte < 0xc2 || byte > 0xec || byte === 0xe0) break;
    else if (at + 2 >= end || (bytes[at + 1]! & 0xc0) !== 0x80) break;
    else if (byte < 0xe0) at += 2;
    else if ((bytes[at + 2]! & 0xc0) !== 0x80) break;
    else at += 3;
  }
  return at;
}

function isInName(byte: number): boolean {
  return byte !== END && IN_NAME[byte] === 1;
}

/** -1 for what is no digit. */
function digitOf(code: number, radix: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return radix === 16 && letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
