/**
 * A strict, namespace-aware reader for XML 1.0 (fifth edition) and Namespaces in XML 1.0 (third edition), as one pass
 * of events over a decoded text. It is long because it is one scanner: splitting it would hide the order in which the
 * document is read. What it must be: it refuses everything that is not namespace-well-formed, and every DOCTYPE
 * (entity bombs and external entities have no other way in), and it copies nothing that its handler does not want.
 * Cost is linear in the text; no step looks back.
 */
import { DocumentError } from '../model/errors.ts';
import type { Place } from '../model/place.ts';
import { isNamePart, isNameStart, isXmlChar, isXmlSpace } from './xml-chars.ts';
import { copyOf, hashNext, NameTable, XmlName } from './xml-name.ts';

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
  /** Of the tag's `<` in the text. */
  readonly offset: number;
  readonly attributeCount: number;
  attributeAt(index: number): XmlAttribute;
  /** The value of an attribute, undefined where it is absent. */
  attribute(local: string, namespace?: string): string | undefined;
  /** For QNames in values, such as `xsi:type`. */
  namespaceOf(prefix: string): string | undefined;
}

export interface XmlHandler {
  open(tag: XmlTag): Interest;
  /** A piece of the current element's text: references, CDATA sections and comments end one piece. */
  text(text: string): void;
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
 * Reads one document. Throws DocumentError `malformed` or `limit` with line, column, offset and element path. `names`
 * remembers names from document to document; it belongs to one set of limits.
 */
export function readXml(
  text: string,
  handler: XmlHandler,
  limits: Partial<XmlLimits> = {},
  names: NameTable = new NameTable(),
): void {
  new Reader(text, handler, { ...XML_LIMITS, ...limits }, names).read();
}

/** Line and column of an offset, counted only when somebody asks. Lines end as XML 1.0, 2.11 says. */
export function placeAt(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let index = 0; index < offset; index++) {
    const code = text.charCodeAt(index);
    if (code !== LF && !(code === CR && text.charCodeAt(index + 1) !== LF)) continue;
    line++;
    start = index + 1;
  }
  return { line, column: offset - start + 1, offset };
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';
/** The predefined entities (XML 1.0, 4.6), by what stands behind `&`. */
const ENTITIES = [
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
] as const;
/** The longest reference that can be one: leading zeros are allowed, but nobody writes a hundred. */
const MAX_REFERENCE_LENGTH = 100;
/** Above this many attributes, repeated names are looked for with a set rather than pair by pair. */
const PAIRWISE_ATTRIBUTES = 8;

/** What `codeAt()` gives behind the text. */
const END = -1;
const TAB = 0x9;
const LF = 0xa;
const CR = 0xd;
const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const HASH = 0x23;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const BRACKET = 0x5d;
const LOWER_X = 0x78;

/**
 * The code units that end a plain run of text: markup, references, `]`, CR, surrogates, and what XML cannot hold. One
 * table for all of them, as a branch for those beyond ASCII makes a text of mixed scripts half as fast.
 */
const ENDS_TEXT = new Uint8Array(0x10000).fill(1, 0, 0x20).fill(1, 0xd800, 0xe000).fill(1, 0xfffe);
for (const code of [TAB, LF]) ENDS_TEXT[code] = 0;
for (const code of [LESS, AMPERSAND, BRACKET]) ENDS_TEXT[code] = 1;
/** Those that end a plain run of an attribute's value. */
const ENDS_VALUE = ENDS_TEXT.slice();
for (const code of [TAB, LF, QUOTE, APOSTROPHE]) ENDS_VALUE[code] = 1;

/** The characters below 128 of which qualified names are made. */
const IN_NAME = new Uint8Array(128);
for (let code = 0; code < 128; code++) IN_NAME[code] = isNamePart(code) || code === COLON ? 1 : 0;

/** XML 1.0, productions [23] to [32]; a 1.x version is read as 1.0 (fifth edition, 2.8). */
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

/** What a declaration hid, until the element at this depth ends. */
interface FormerBinding {
  readonly depth: number;
  readonly prefix: string;
  readonly namespace: string | undefined;
  readonly scope: number;
}

class Reader implements XmlTag {
  local = '';
  prefix = '';
  namespace = '';
  offset = 0;
  attributeCount = 0;

  readonly #text: string;
  readonly #handler: XmlHandler;
  readonly #limits: XmlLimits;
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

  readonly #known: NameTable;
  #lastName: XmlName;
  /** Attributes of the current tag, in arrays that all tags use; namespace declarations until they are declared. */
  readonly #names: XmlName[] = [];
  readonly #values: string[] = [];
  #declarations = 0;

  /** Namespaces in scope by prefix, and what to put back when an element ends. */
  readonly #bindings = new Map<string, string>([['xml', XML_NAMESPACE]]);
  readonly #restore: FormerBinding[] = [];
  /** Stands for the namespaces in scope: the same number, the same namespaces. */
  #scope = 0;

  constructor(text: string, handler: XmlHandler, limits: XmlLimits, names: NameTable) {
    this.#text = text;
    this.#handler = handler;
    this.#limits = limits;
    this.#known = names;
    this.#lastName = names.start;
  }

  read(): void {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#readDeclaration();
    this.#readMisc('the root element');
    this.#readStartTag();
    while (this.#depth > 0) {
      this.#readText();
      if (this.#at >= text.length)
        this.#fail(`The document ends inside the element ${this.#open[this.#depth - 1]?.raw}`);
      this.#readMarkup();
    }
    this.#readMisc('the end of the document');
  }

  attributeAt(index: number): XmlAttribute {
    const name = index < this.attributeCount ? this.#names[index] : undefined;
    const value = this.#values[index];
    if (name === undefined || value === undefined) throw new RangeError(`There is no attribute ${index}`);
    return { local: name.local, prefix: name.prefix, namespace: attributeNamespace(name), value };
  }

  attribute(local: string, namespace = ''): string | undefined {
    for (let index = 0; index < this.attributeCount; index++) {
      const name = this.#names[index]!;
      if (name.local === local && attributeNamespace(name) === namespace) return this.#values[index];
    }
    return undefined;
  }

  namespaceOf(prefix: string): string | undefined {
    return this.#bindings.get(prefix);
  }

  #fail(message: string, offset = this.#at): never {
    throw new DocumentError('malformed', message, this.#placeOf(offset));
  }

  #beyond(what: string, limit: number): never {
    throw new DocumentError('limit', `The document has ${what}: the limit is ${limit}`, this.#placeOf(this.#at));
  }

  #placeOf(offset: number): Place {
    const path = this.#open
      .slice(0, this.#depth)
      .map(({ raw }) => raw)
      .join('/');
    return { ...placeAt(this.#text, offset), ...(path === '' ? {} : { path }) };
  }

  #readDeclaration(): void {
    if (!this.#text.startsWith('<?xml', this.#at) || !isXmlSpace(this.#text.charCodeAt(this.#at + 5))) return;
    DECLARATION.lastIndex = this.#at;
    if (!DECLARATION.test(this.#text)) this.#fail('The XML declaration is malformed');
    this.#at = DECLARATION.lastIndex;
  }

  /** White space, comments and processing instructions outside the root element; stops at a start tag or the end. */
  #readMisc(expected: string): void {
    const text = this.#text;
    for (;;) {
      this.#skipSpace();
      if (this.#at >= text.length) {
        if (this.#elements === 0) this.#fail(`The document ends before ${expected}`);
        return;
      }
      if (codeAt(text, this.#at) !== LESS) this.#fail(`Text stands outside the root element: expected ${expected}`);
      const next = codeAt(text, this.#at + 1);
      if (next === QUESTION) this.#readInstruction();
      else if (next === EXCLAMATION) this.#readComment();
      else if (this.#elements > 0) this.#fail('A second element stands beside the root element');
      else return;
    }
  }

  #readMarkup(): void {
    const next = codeAt(this.#text, this.#at + 1);
    if (next === SLASH) this.#readEndTag();
    else if (next === EXCLAMATION) {
      if (this.#text.startsWith('<![CDATA[', this.#at)) this.#readCdata();
      else this.#readComment();
    } else if (next === QUESTION) this.#readInstruction();
    else this.#readStartTag();
  }

  /** Text up to the next `<`. Every run between references is handed on as one slice. */
  #readText(): void {
    const text = this.#text;
    const start = this.#at;
    this.#runStart = start;
    for (;;) {
      this.#at = endOfRun(text, this.#at, text.length, ENDS_TEXT);
      const code = codeAt(text, this.#at);
      if (code === LESS || code === END) break;
      if (code === AMPERSAND) {
        this.#endRun();
        const referenced = this.#readReference();
        if (this.#wantsText) this.#handler.text(referenced);
        this.#runStart = this.#at;
      } else if (code === CR) this.#readLineEnd();
      else if (code === BRACKET) {
        if (text.startsWith(']]>', this.#at)) this.#fail('"]]>" stands in text, where XML does not allow it');
        this.#at++;
      } else this.#at += this.#charLength(code);
    }
    if (this.#at - start > this.#limits.maxTextLength) this.#beyond('a longer text', this.#limits.maxTextLength);
    this.#endRun();
  }

  #endRun(): void {
    if (this.#wantsText && this.#at > this.#runStart) this.#handler.text(this.#text.slice(this.#runStart, this.#at));
  }

  /** CR and CR LF are LF (XML 1.0, 2.11). */
  #readLineEnd(): void {
    this.#endRun();
    this.#at++;
    this.#runStart = this.#at;
    if (codeAt(this.#text, this.#at) !== LF && this.#wantsText) this.#handler.text('\n');
  }

  /** One or two code units of a character that is not plain; refuses what XML cannot hold. */
  #charLength(code: number): number {
    if (code >= 0xd800 && code <= 0xdfff) {
      const next = codeAt(this.#text, this.#at + 1);
      if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) return 2;
      this.#fail('A surrogate stands alone');
    }
    if (!isXmlChar(code)) this.#fail(`The character ${codePoint(code)} cannot stand in XML`);
    return 1;
  }

  /** A character or entity reference at `&`, as the text it stands for. */
  #readReference(): string {
    const behind = this.#at + 1;
    if (codeAt(this.#text, behind) === HASH) return this.#readCharacterReference();
    for (const [name, character] of ENTITIES) {
      if (!this.#text.startsWith(name, behind)) continue;
      this.#at = behind + name.length;
      return character;
    }
    return this.#failReference(this.#at);
  }

  #readCharacterReference(): string {
    const text = this.#text;
    const start = this.#at;
    const radix = codeAt(text, start + 2) === LOWER_X ? 16 : 10;
    const first = start + (radix === 16 ? 3 : 2);
    const longest = start + MAX_REFERENCE_LENGTH;
    let end = first;
    let code = 0;
    while (codeAt(text, end) !== SEMICOLON) {
      const digit = digitOf(codeAt(text, end), radix);
      if (digit < 0 || ++end === longest) this.#failReference(start);
      code = code * radix + digit;
    }
    if (end === first) this.#failReference(start);
    this.#at = end + 1;
    if (!isXmlChar(code)) this.#fail('A character reference names a character that cannot stand in XML', start);
    return code < 0x10000 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }

  #failReference(start: number): never {
    const end = this.#text.slice(start, start + MAX_REFERENCE_LENGTH).indexOf(';');
    if (end <= 1) this.#fail('"&" does not begin a reference: it is written "&amp;"', start);
    this.#fail('A reference names an entity that is not defined', start);
  }

  /** Checks characters up to an end that has been found, handing text on where it is wanted. */
  #readUntil(end: number, asText: boolean): void {
    const text = this.#text;
    const wantsText = this.#wantsText;
    this.#wantsText = wantsText && asText;
    this.#runStart = this.#at;
    for (;;) {
      this.#at = endOfRun(text, this.#at, end, ENDS_TEXT);
      if (this.#at === end) break;
      const code = codeAt(text, this.#at);
      if (code === CR) this.#readLineEnd();
      else this.#at += code === LESS || code === AMPERSAND || code === BRACKET ? 1 : this.#charLength(code);
    }
    this.#endRun();
    this.#wantsText = wantsText;
  }

  #readCdata(): void {
    this.#at += '<![CDATA['.length;
    const end = this.#text.indexOf(']]>', this.#at);
    if (end === -1) this.#fail('A CDATA section does not end');
    if (end - this.#at > this.#limits.maxTextLength) this.#beyond('a longer text', this.#limits.maxTextLength);
    this.#readUntil(end, true);
    this.#at = end + 3;
  }

  #readComment(): void {
    const start = this.#at;
    if (!this.#text.startsWith('<!--', start)) {
      if (/^<!doctype/i.test(this.#text.slice(start, start + 9))) {
        this.#fail('The document has a DOCTYPE, which is refused whatever it holds', start);
      }
      this.#fail('"<!" begins neither a comment nor, inside an element, a CDATA section', start);
    }
    this.#at += 4;
    const end = this.#text.indexOf('--', this.#at);
    if (end === -1) this.#fail('A comment does not end', start);
    if (this.#text.charCodeAt(end + 2) !== GREATER) this.#fail('"--" stands inside a comment', end);
    this.#readUntil(end, false);
    this.#at = end + 3;
  }

  #readInstruction(): void {
    const start = this.#at;
    this.#at += 2;
    const target = this.#readName('a processing instruction').raw;
    if (target.includes(':')) this.#fail('The target of a processing instruction has a colon', start);
    if (target.toLowerCase() === 'xml') this.#fail('An XML declaration stands elsewhere than at the very start', start);
    const end = this.#text.indexOf('?>', this.#at);
    if (end === -1) this.#fail('A processing instruction does not end', start);
    if (end !== this.#at && !isXmlSpace(codeAt(this.#text, this.#at))) {
      this.#fail('White space is missing behind the target of a processing instruction');
    }
    this.#readUntil(end, false);
    this.#at = end + 2;
  }

  #skipSpace(): boolean {
    const text = this.#text;
    let at = this.#at;
    while (isXmlSpace(codeAt(text, at))) at++;
    const skipped = at > this.#at;
    this.#at = at;
    return skipped;
  }

  /** A QName. What comes next is nearly always what came next the last time. */
  #readName(of: string): XmlName {
    const text = this.#text;
    const guess = this.#lastName.next;
    if (guess !== undefined && text.startsWith(guess.raw, this.#at)) {
      const end = this.#at + guess.raw.length;
      if (!isInName(codeAt(text, end))) {
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
    const text = this.#text;
    const start = this.#at;
    let end = start;
    let hash = 0;
    for (let code = codeAt(text, end); isInName(code); code = codeAt(text, ++end)) hash = hashNext(hash, code);
    const known = this.#known.find(text, start, end, hash);
    if (known === undefined) return this.#readNewName(of, end, hash);
    this.#at = end;
    return known;
  }

  /** One colon at most, with a name on either side of it. Remembered where it is all that looks like a name. */
  #readNewName(of: string, end: number, hash: number): XmlName {
    const text = this.#text;
    const start = this.#at;
    let expectsStart = true;
    let colons = 0;
    for (;;) {
      const code = codeAt(text, this.#at);
      const high = code >= 0xd800 && code <= 0xdbff;
      const point = high ? (text.codePointAt(this.#at) ?? 0) : code;
      if (expectsStart ? isNameStart(point) : isNamePart(point)) {
        this.#at += high ? 2 : 1;
        expectsStart = false;
      } else if (code === COLON && !expectsStart && colons === 0) {
        this.#at++;
        colons++;
        expectsStart = true;
      } else break;
    }
    if (expectsStart) this.#fail(`The name of ${of} is malformed`);
    if (this.#at - start > this.#limits.maxNameLength) this.#beyond('a longer name', this.#limits.maxNameLength);
    const name = new XmlName(copyOf(text.slice(start, this.#at)));
    if (this.#at === end) this.#known.put(name, hash);
    return name;
  }

  #readEndTag(): void {
    const start = this.#at;
    const { raw, endTag } = this.#open[this.#depth - 1]!;
    if (this.#text.startsWith(endTag, start)) this.#at = start + endTag.length;
    else this.#readSpacedEndTag(raw, start);
    this.#close();
  }

  #readSpacedEndTag(raw: string, start: number): void {
    const text = this.#text;
    if (!text.startsWith(raw, start + 2)) this.#failEndTag(raw, start);
    this.#at = start + 2 + raw.length;
    this.#skipSpace();
    if (codeAt(text, this.#at) !== GREATER) this.#failEndTag(raw, start);
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
    if (guess === undefined || !this.#text.startsWith(guess.startTag, offset)) {
      this.#readOtherStartTag(offset);
      return;
    }
    this.#at = offset + guess.startTag.length;
    this.#lastName = guess;
    this.#enter(guess, offset);
  }

  #readOtherStartTag(offset: number): void {
    const text = this.#text;
    this.#at = offset + 1;
    const name = this.#readName('an element');
    while (this.#skipSpace()) {
      const code = codeAt(text, this.#at);
      if (code === GREATER || code === SLASH) break;
      this.#readAttribute();
    }
    const empty = codeAt(text, this.#at) === SLASH;
    if (empty) this.#at++;
    if (codeAt(text, this.#at) !== GREATER) this.#fail(`The start tag of ${name.raw} is malformed`);
    this.#at++;
    this.#enter(name, offset);
    if (empty) this.#close();
  }

  #readAttribute(): void {
    const text = this.#text;
    const start = this.#at;
    const name = this.#readName('an attribute');
    this.#skipSpace();
    if (codeAt(text, this.#at) !== EQUALS) this.#fail(`The attribute ${name.raw} has no value`);
    this.#at++;
    this.#skipSpace();
    const quote = codeAt(text, this.#at);
    if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail(`The value of the attribute ${name.raw} is not quoted`);
    this.#at++;
    const value = this.#readAttributeValue(quote, name.raw);
    const count = this.attributeCount;
    if (count >= this.#limits.maxAttributes) {
      this.#beyond('an element with more attributes', this.#limits.maxAttributes);
    }
    if (count < PAIRWISE_ATTRIBUTES && this.#stands(name)) {
      this.#fail(`The attribute ${name.raw} stands twice in one tag`, start);
    }
    if (name.declares !== undefined) this.#declarations++;
    this.#names[count] = name;
    this.#values[count] = value;
    this.attributeCount = count + 1;
  }

  /** Whether the tag has the attribute already. Beyond the names that are remembered, one name may be two objects. */
  #stands({ raw }: XmlName): boolean {
    for (let index = 0; index < this.attributeCount; index++) if (this.#names[index]!.raw === raw) return true;
    return false;
  }

  /** References are resolved, and white space that stands as itself becomes spaces (XML 1.0, 3.3.3). */
  #readAttributeValue(quote: number, name: string): string {
    const text = this.#text;
    const start = this.#at;
    let value = '';
    let runStart = start;
    for (;;) {
      this.#at = endOfRun(text, this.#at, text.length, ENDS_VALUE);
      const code = codeAt(text, this.#at);
      if (code === quote) break;
      if (code === AMPERSAND) {
        value += text.slice(runStart, this.#at) + this.#readReference();
        runStart = this.#at;
      } else if (isXmlSpace(code)) {
        value += `${text.slice(runStart, this.#at)} `;
        this.#at += code === CR && codeAt(text, this.#at + 1) === LF ? 2 : 1;
        runStart = this.#at;
      } else if (code === BRACKET || code === QUOTE || code === APOSTROPHE) this.#at++;
      else if (code === END) this.#fail(`The value of the attribute ${name} does not end`, start);
      else if (code === LESS) this.#fail(`"<" stands in the value of the attribute ${name}`);
      else this.#at += this.#charLength(code);
    }
    if (this.#at - start > this.#limits.maxTextLength)
      this.#beyond('a longer attribute value', this.#limits.maxTextLength);
    const rest = text.slice(runStart, this.#at);
    this.#at++;
    return runStart === start ? rest : value + rest;
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
      const value = this.#values[index]!;
      if (prefix === undefined) {
        this.#names[kept] = name;
        this.#values[kept++] = value;
        continue;
      }
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

  /** Puts back what the declarations of the element that ends at the depth have hidden. */
  #restoreBindings(depth: number): void {
    for (let last = this.#restore.at(-1); last !== undefined && last.depth === depth; last = this.#restore.at(-1)) {
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

/** The code unit at an offset. Reading behind a string gives NaN, after which the engine keeps all codes as doubles. */
function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : END;
}

/** The hottest loop: over characters that are nothing but text. */
function endOfRun(text: string, from: number, end: number, ends: Uint8Array): number {
  let at = from;
  while (at < end && ends[text.charCodeAt(at)] === 0) at++;
  return at;
}

function isInName(code: number): boolean {
  return code >= 128 || (code !== END && IN_NAME[code] === 1);
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
