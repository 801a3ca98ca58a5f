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

/** Reads one document. Throws DocumentError `malformed` or `limit` with line, column, offset and element path. */
export function readXml(text: string, handler: XmlHandler, limits: Partial<XmlLimits> = {}): void {
  new Reader(text, handler, { ...XML_LIMITS, ...limits }).read();
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
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
/** The longest reference that can be one: leading zeros are allowed, but nobody writes a hundred. */
const MAX_REFERENCE_LENGTH = 100;
/** Above this many attributes, repeated names are looked for with a set rather than pair by pair. */
const PAIRWISE_ATTRIBUTES = 8;

const LF = 0xa;
const CR = 0xd;
const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const BRACKET = 0x5d;

/** The characters below 128 that end a plain run of text: markup, references, `]`, CR, and what XML cannot hold. */
const ENDS_RUN = new Uint8Array(128);
for (let code = 0; code < 0x20; code++) ENDS_RUN[code] = code === 0x9 || code === LF ? 0 : 1;
for (const code of [LESS, AMPERSAND, BRACKET]) ENDS_RUN[code] = 1;

/** XML 1.0, productions [23] to [32]; a 1.x version is read as 1.0 (fifth edition, 2.8). */
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

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
  /** Names of the open elements as written, and what the handler wants of each. */
  readonly #open: string[] = [];
  readonly #interests: Interest[] = [];
  /** Depth of the outermost element whose inside nobody wants; 0 where there is none. */
  #skipped = 0;
  /** Whether text of the current element is reported. */
  #wantsText = false;
  #runStart = 0;

  /** Attributes of the current tag, in arrays that all tags use. */
  readonly #names: string[] = [];
  readonly #values: string[] = [];
  #declarations = 0;
  readonly #attributes: { local: string; prefix: string; namespace: string; value: string }[] = [];

  /** Namespaces in scope by prefix, and what to put back when an element ends: its depth, the prefix, the former name. */
  readonly #bindings = new Map<string, string>([['xml', XML_NAMESPACE]]);
  readonly #restore: { readonly depth: number; readonly prefix: string; readonly former: string | undefined }[] = [];

  constructor(text: string, handler: XmlHandler, limits: XmlLimits) {
    this.#text = text;
    this.#handler = handler;
    this.#limits = limits;
  }

  read(): void {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#readDeclaration();
    this.#readMisc('the root element');
    this.#readStartTag();
    while (this.#open.length > 0) {
      this.#readText();
      if (this.#at >= text.length) this.#fail(`The document ends inside the element ${this.#open.at(-1)}`);
      this.#readMarkup();
    }
    this.#readMisc('the end of the document');
  }

  attributeAt(index: number): XmlAttribute {
    const attribute = index < this.attributeCount ? this.#attributes[index] : undefined;
    if (attribute === undefined) throw new RangeError(`There is no attribute ${index}`);
    return { ...attribute };
  }

  attribute(local: string, namespace = ''): string | undefined {
    for (let index = 0; index < this.attributeCount; index++) {
      const attribute = this.#attributes[index];
      if (attribute?.local === local && attribute.namespace === namespace) return attribute.value;
    }
    return undefined;
  }

  namespaceOf(prefix: string): string | undefined {
    return this.#bindings.get(prefix);
  }

  #fail(message: string, offset = this.#at): never {
    const path = this.#open.join('/');
    throw new DocumentError('malformed', message, { ...placeAt(this.#text, offset), ...(path === '' ? {} : { path }) });
  }

  #beyond(what: string, limit: number): never {
    const path = this.#open.join('/');
    throw new DocumentError('limit', `The document has ${what}: the limit is ${limit}`, {
      ...placeAt(this.#text, this.#at),
      ...(path === '' ? {} : { path }),
    });
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
      if (text.charCodeAt(this.#at) !== LESS) this.#fail(`Text stands outside the root element: expected ${expected}`);
      const next = text.charCodeAt(this.#at + 1);
      if (next === QUESTION) this.#readInstruction();
      else if (next === EXCLAMATION) this.#readComment();
      else if (this.#elements > 0) this.#fail('A second element stands beside the root element');
      else return;
    }
  }

  #readMarkup(): void {
    const next = this.#text.charCodeAt(this.#at + 1);
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
      this.#at = endOfPlainRun(text, this.#at);
      const code = text.charCodeAt(this.#at);
      if (code === LESS || Number.isNaN(code)) break;
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
    if (this.#text.charCodeAt(this.#at) !== LF && this.#wantsText) this.#handler.text('\n');
  }

  /** One or two code units of a character that is not plain; refuses what XML cannot hold. */
  #charLength(code: number): number {
    if (code >= 0xd800 && code <= 0xdfff) {
      const next = this.#text.charCodeAt(this.#at + 1);
      if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) return 2;
      this.#fail('A surrogate stands alone');
    }
    if (!isXmlChar(code)) this.#fail(`The character ${codePoint(code)} cannot stand in XML`);
    return 1;
  }

  /** A character or entity reference at `&`, as the text it stands for. */
  #readReference(): string {
    const start = this.#at;
    const window = this.#text.slice(start + 1, start + MAX_REFERENCE_LENGTH);
    const name = window.slice(0, Math.max(window.indexOf(';'), 0));
    this.#at = start + name.length + 2;
    const entity = ENTITIES.get(name);
    if (entity !== undefined) return entity;
    const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
    if (digits === null) {
      if (name === '') this.#fail('"&" does not begin a reference: it is written "&amp;"', start);
      this.#fail('A reference names an entity that is not defined', start);
    }
    const code = digits[1] === undefined ? Number.parseInt(digits[2] ?? '', 10) : Number.parseInt(digits[1], 16);
    if (!isXmlChar(code)) this.#fail('A character reference names a character that cannot stand in XML', start);
    return String.fromCodePoint(code);
  }

  /** Checks characters up to an end that has been found, handing text on where it is wanted. */
  #readUntil(end: number, asText: boolean): void {
    const text = this.#text;
    const wantsText = this.#wantsText;
    this.#wantsText = wantsText && asText;
    this.#runStart = this.#at;
    for (;;) {
      this.#at = Math.min(endOfPlainRun(text, this.#at), end);
      if (this.#at === end) break;
      const code = text.charCodeAt(this.#at);
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
    const target = this.#readName('a processing instruction');
    if (target.includes(':')) this.#fail('The target of a processing instruction has a colon', start);
    if (target.toLowerCase() === 'xml') this.#fail('An XML declaration stands elsewhere than at the very start', start);
    const end = this.#text.indexOf('?>', this.#at);
    if (end === -1) this.#fail('A processing instruction does not end', start);
    if (end !== this.#at && !isXmlSpace(this.#text.charCodeAt(this.#at))) {
      this.#fail('White space is missing behind the target of a processing instruction');
    }
    this.#readUntil(end, false);
    this.#at = end + 2;
  }

  #skipSpace(): boolean {
    const start = this.#at;
    while (isXmlSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at > start;
  }

  /** A QName: one colon at most, with a name on either side of it. */
  #readName(of: string): string {
    const text = this.#text;
    const start = this.#at;
    let expectsStart = true;
    let colons = 0;
    for (;;) {
      const code = text.charCodeAt(this.#at);
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
    return text.slice(start, this.#at);
  }

  #readEndTag(): void {
    const start = this.#at;
    const name = this.#open.at(-1) ?? '';
    this.#at += 2;
    if (!this.#text.startsWith(name, this.#at)) this.#failEndTag(name, start);
    this.#at += name.length;
    if (this.#text.charCodeAt(this.#at) !== GREATER) {
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== GREATER) this.#failEndTag(name, start);
    }
    this.#at++;
    this.#close();
  }

  #failEndTag(expected: string, start: number): never {
    this.#fail(`The end tag is malformed or of another element: expected </${expected}>`, start);
  }

  #readStartTag(): void {
    const text = this.#text;
    const offset = this.#at;
    this.#at++;
    const name = this.#readName('an element');
    this.#names.length = 0;
    this.#values.length = 0;
    this.#declarations = 0;
    while (this.#skipSpace()) {
      const code = text.charCodeAt(this.#at);
      if (code === GREATER || code === SLASH) break;
      this.#readAttribute();
    }
    const empty = text.charCodeAt(this.#at) === SLASH;
    if (empty) this.#at++;
    if (text.charCodeAt(this.#at) !== GREATER) this.#fail(`The start tag of ${name} is malformed`);
    this.#at++;
    this.#enter(name, offset);
    if (empty) this.#close();
  }

  #readAttribute(): void {
    const text = this.#text;
    const start = this.#at;
    const name = this.#readName('an attribute');
    this.#skipSpace();
    if (text.charCodeAt(this.#at) !== EQUALS) this.#fail(`The attribute ${name} has no value`);
    this.#at++;
    this.#skipSpace();
    const quote = text.charCodeAt(this.#at);
    if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail(`The value of the attribute ${name} is not quoted`);
    this.#at++;
    const value = this.#readAttributeValue(quote, name);
    if (this.#names.length >= this.#limits.maxAttributes) {
      this.#beyond('an element with more attributes', this.#limits.maxAttributes);
    }
    if (this.#names.length < PAIRWISE_ATTRIBUTES && this.#names.includes(name)) {
      this.#fail(`The attribute ${name} stands twice in one tag`, start);
    }
    if (name === 'xmlns' || name.startsWith('xmlns:')) this.#declarations++;
    this.#names.push(name);
    this.#values.push(value);
  }

  /** References are resolved, and white space that stands as itself becomes spaces (XML 1.0, 3.3.3). */
  #readAttributeValue(quote: number, name: string): string {
    const text = this.#text;
    const start = this.#at;
    let value = '';
    let runStart = start;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === quote) break;
      if (code < 128 ? ENDS_RUN[code] === 0 && code >= 0x20 : code < 0xd800) this.#at++;
      else if (code === AMPERSAND) {
        value += text.slice(runStart, this.#at) + this.#readReference();
        runStart = this.#at;
      } else if (isXmlSpace(code)) {
        value += `${text.slice(runStart, this.#at)} `;
        this.#at += code === CR && text.charCodeAt(this.#at + 1) === LF ? 2 : 1;
        runStart = this.#at;
      } else if (code === BRACKET) this.#at++;
      else if (Number.isNaN(code)) this.#fail(`The value of the attribute ${name} does not end`, start);
      else if (code === LESS) this.#fail(`"<" stands in the value of the attribute ${name}`);
      else this.#at += this.#charLength(code);
    }
    if (this.#at - start > this.#limits.maxTextLength)
      this.#beyond('a longer attribute value', this.#limits.maxTextLength);
    value += text.slice(runStart, this.#at);
    this.#at++;
    return value;
  }

  #enter(name: string, offset: number): void {
    this.#elements++;
    this.#open.push(name);
    const depth = this.#open.length;
    if (depth > this.#limits.maxDepth) this.#beyond('a deeper element', this.#limits.maxDepth);
    if (this.#elements > this.#limits.maxElements) this.#beyond('more elements', this.#limits.maxElements);
    if (this.#names.length > PAIRWISE_ATTRIBUTES && new Set(this.#names).size < this.#names.length) {
      this.#fail(`An attribute stands twice in the tag of ${name}`, offset);
    }
    if (this.#declarations > 0) this.#declare(depth, offset);
    this.#resolve(name, offset);
    this.#resolveAttributes(offset);
    if (this.#skipped > 0) return;
    this.offset = offset;
    const interest = this.#handler.open(this);
    this.#interests.push(interest);
    if (interest === Interest.nothing) this.#skipped = depth;
    this.#wantsText = interest === Interest.content;
  }

  #close(): void {
    const depth = this.#open.length;
    this.#open.pop();
    for (let last = this.#restore.at(-1); last !== undefined && last.depth === depth; last = this.#restore.at(-1)) {
      if (last.former === undefined) this.#bindings.delete(last.prefix);
      else this.#bindings.set(last.prefix, last.former);
      this.#restore.pop();
    }
    if (this.#skipped > 0 && depth > this.#skipped) return;
    const interest = this.#interests.pop();
    if (interest === Interest.nothing) this.#skipped = 0;
    else this.#handler.close();
    this.#wantsText = this.#interests.at(-1) === Interest.content;
  }

  /** Namespaces in XML 1.0, 2.2 and 3: reserved prefixes and names, and no undeclaring of a prefix. */
  #declare(depth: number, offset: number): void {
    for (const [index, name] of this.#names.entries()) {
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
      const prefix = name === 'xmlns' ? '' : name.slice('xmlns:'.length);
      const namespace = this.#values[index] ?? '';
      if (prefix === 'xmlns') this.#fail('The prefix xmlns is declared', offset);
      if ((prefix === 'xml') !== (namespace === XML_NAMESPACE)) {
        this.#fail('The prefix xml and its namespace belong to each other only', offset);
      }
      if (namespace === XMLNS_NAMESPACE) this.#fail('The namespace of xmlns is bound to a prefix', offset);
      if (prefix !== '' && namespace === '') this.#fail(`The prefix ${prefix} is undeclared`, offset);
      this.#restore.push({ depth, prefix, former: this.#bindings.get(prefix) });
      this.#bindings.set(prefix, namespace);
    }
  }

  #resolve(name: string, offset: number): void {
    const colon = name.indexOf(':');
    if (colon === -1) {
      this.prefix = '';
      this.local = name;
      this.namespace = this.#bindings.get('') ?? '';
      return;
    }
    this.prefix = name.slice(0, colon);
    this.local = name.slice(colon + 1);
    this.namespace = this.#namespaceOfPrefix(this.prefix, offset);
  }

  #namespaceOfPrefix(prefix: string, offset: number): string {
    return this.#bindings.get(prefix) ?? this.#fail(`The prefix ${prefix} is not declared`, offset);
  }

  #resolveAttributes(offset: number): void {
    this.attributeCount = 0;
    if (this.#names.length === this.#declarations) return;
    let prefixed = 0;
    for (const [index, name] of this.#names.entries()) {
      const colon = name.indexOf(':');
      const prefix = colon === -1 ? '' : name.slice(0, colon);
      if (prefix === 'xmlns' || name === 'xmlns') continue;
      const namespace = prefix === '' ? '' : this.#namespaceOfPrefix(prefix, offset);
      if (prefix !== '') prefixed++;
      const value = this.#values[index] ?? '';
      this.#attributes[this.attributeCount++] = { local: name.slice(colon + 1), prefix, namespace, value };
    }
    if (prefixed > 1) this.#refuseRepeated(offset);
  }

  /** Two prefixes of one namespace make one attribute twice (Namespaces in XML 1.0, 6.3). */
  #refuseRepeated(offset: number): void {
    const seen = new Set<string>();
    for (let index = 0; index < this.attributeCount; index++) {
      const { local = '', namespace = '' } = this.#attributes[index] ?? {};
      const name = `${local} ${namespace}`;
      if (seen.has(name)) this.#fail(`The attribute ${local} stands twice in one tag, by two prefixes`, offset);
      seen.add(name);
    }
  }
}

/** The hottest loop: over characters that are nothing but text. */
function endOfPlainRun(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 128 ? ENDS_RUN[code] === 0 : code < 0xd800) at++;
    else return at;
  }
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
