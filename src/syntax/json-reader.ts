import { DocumentError, type DocumentFailure } from '../model/errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Place } from '../model/place.ts';
import { keepsItsValue } from './number-text.ts';

/** Most arrays and objects inside each other. */
export const JSON_DEPTH = 64;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259, section 7 wants control characters escaped
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** JSON that is refused. Its message quotes nothing of the text; `field` names members of it. */
export class JsonError extends DocumentError {
  /** What was wrong, without where. */
  readonly summary: string;
  /** Where in the value, such as `directors.1.share`; empty for the value itself. */
  readonly field: string;

  constructor(failure: DocumentFailure, summary: string, place: Place, field: string) {
    super(failure, summary, place);
    this.summary = summary;
    this.field = field;
  }
}

/**
 * Reads JSON (RFC 8259) for which every reader agrees on the value (RFC 7493): refused are repeated member names,
 * whatever their escapes, lone surrogates and numbers that a double does not hold exactly, besides everything that is
 * not JSON. Arrays and objects are ordinary ones, with `__proto__` a member like any other. Throws JsonError.
 */
export function readJson(text: string, maxDepth: number = JSON_DEPTH): JsonValue {
  return new JsonReader(text, maxDepth).document();
}

class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #path: (string | number)[] = [];
  #offset = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): JsonValue {
    if (this.#text.startsWith('\uFEFF')) throw this.#refusal('JSON does not start with a byte order mark');
    const value = this.#value();
    if (this.#offset < this.#text.length) throw this.#refusal('Something follows the JSON value');
    return value;
  }

  /** One value with the white space around it. */
  #value(): JsonValue {
    this.#skipWhiteSpace();
    const value = this.#bareValue();
    this.#skipWhiteSpace();
    return value;
  }

  #bareValue(): JsonValue {
    switch (this.#text[this.#offset]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#literalOrNumber();
    }
  }

  #object(): JsonObject {
    const members = new Map<string, JsonValue>();
    this.#items('}', () => {
      this.#skipWhiteSpace();
      const start = this.#offset;
      const name = this.#string();
      if (members.has(name)) throw this.#refusal('A member name occurs twice in one object', start);
      this.#skipWhiteSpace();
      if (!this.#take(':')) throw this.#refusal('Expected a colon behind a member name');
      this.#path.push(name);
      members.set(name, this.#value());
      this.#path.pop();
    });
    // fromEntries defines members, so that `__proto__` is one like any other.
    return Object.fromEntries(members);
  }

  #array(): JsonValue[] {
    const items: JsonValue[] = [];
    this.#items(']', () => {
      this.#path.push(items.length);
      items.push(this.#value());
      this.#path.pop();
    });
    return items;
  }

  /** What stands between the brackets of an array or object, item by item. */
  #items(closing: string, item: () => void): void {
    // Paths hold one entry for each array and object that is open, so their length is the depth.
    if (this.#path.length >= this.#maxDepth) {
      throw this.#refusal(`More than ${this.#maxDepth} levels of nesting`, this.#offset, 'limit');
    }
    this.#offset += 1;
    this.#skipWhiteSpace();
    if (this.#take(closing)) return;
    do item();
    while (this.#take(','));
    if (!this.#take(closing)) throw this.#refusal(`Expected a comma or ${closing}`);
  }

  #string(): string {
    const start = this.#offset;
    if (!this.#take('"')) throw this.#refusal('Expected a member name in double quotes');
    let text = this.#match(PLAIN_TEXT);
    while (this.#take('\\')) text += this.#escape() + this.#match(PLAIN_TEXT);
    if (!this.#take('"')) throw this.#refusal('A text is not closed, or holds an unescaped control character');
    if (!text.isWellFormed()) throw this.#refusal('A text holds half of a surrogate pair', start);
    return text;
  }

  #escape(): string {
    const letter = this.#text[this.#offset] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#offset + 1, this.#offset + 5);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw this.#refusal('Expected four hexadecimal digits behind \\u');
      this.#offset += 5;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined) throw this.#refusal('A backslash stands before a character that is no escape');
    this.#offset += 1;
    return character;
  }

  #literalOrNumber(): JsonValue {
    for (const [word, value] of LITERALS) {
      if (!this.#text.startsWith(word, this.#offset)) continue;
      this.#offset += word.length;
      return value;
    }
    const start = this.#offset;
    const digits = this.#match(NUMBER);
    if (digits === '') throw this.#refusal('Expected a JSON value');
    if (!keepsItsValue(digits)) throw this.#refusal('A number has more digits than JSON numbers carry safely', start);
    // Zero has no sign in the canonical form (RFC 8785) that is signed.
    return Number(digits) === 0 ? 0 : Number(digits);
  }

  #skipWhiteSpace(): void {
    this.#match(WHITE_SPACE);
  }

  #take(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#offset += found.length;
    return found;
  }

  #refusal(summary: string, offset = this.#offset, failure: DocumentFailure = 'malformed'): JsonError {
    return new JsonError(failure, summary, placeIn(this.#text, offset), this.#path.join('.'));
  }
}

function placeIn(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
