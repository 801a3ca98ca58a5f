import { DocumentError } from '../model/errors.ts';
import type { JsonValue } from '../model/json.ts';

/** Arrays and objects within one another: far more than an answer has, far less than a stack takes. */
export const DEFAULT_JSON_DEPTH = 64;

/**
 * The text of UTF-8 bytes. Throws DocumentError `undecodable` for bytes that are not UTF-8. A byte order mark stays in
 * the text, where no reader here takes it.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DocumentError('undecodable', 'The text is not UTF-8');
  }
}

/**
 * The value of a JSON text (RFC 8259), refused with DocumentError wherever two readers could understand it differently:
 * a member name that stands twice in one object, whatever its escapes (what one reader checks, another may not use), a
 * lone surrogate, a number beyond what a double holds, a byte order mark, anything before or after the value. Also
 * refused: more than `maxDepth` values within one another.
 *
 * Objects have no prototype, so `__proto__` and `constructor` are names like any other.
 */
export function readStrictJson(text: string, maxDepth = DEFAULT_JSON_DEPTH): JsonValue {
  const cursor = { text, at: 0, depthLeft: maxDepth };
  const value = readValue(cursor);
  if (cursor.at < text.length) throw malformed(cursor, 'JSON goes on after its value');
  return value;
}

interface Cursor {
  readonly text: string;
  at: number;
  depthLeft: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LITERALS: readonly (readonly [word: string, value: JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** With the white space on both sides. */
function readValue(cursor: Cursor): JsonValue {
  skipSpace(cursor);
  const value = readBareValue(cursor);
  skipSpace(cursor);
  return value;
}

function readBareValue(cursor: Cursor): JsonValue {
  const { text, at } = cursor;
  const first = text[at];
  if (first === '"') return readString(cursor);
  if (first === '{') return nested(cursor, readObject);
  if (first === '[') return nested(cursor, readArray);
  for (const [word, value] of LITERALS) {
    if (text.startsWith(word, at)) {
      cursor.at += word.length;
      return value;
    }
  }
  return readNumber(cursor);
}

function nested(cursor: Cursor, read: (cursor: Cursor) => JsonValue): JsonValue {
  if (cursor.depthLeft === 0) {
    throw new DocumentError('limit', 'JSON nests deeper than the limit', { offset: cursor.at });
  }
  cursor.depthLeft--;
  cursor.at++;
  const value = read(cursor);
  cursor.depthLeft++;
  return value;
}

function readObject(cursor: Cursor): JsonValue {
  const object: Record<string, JsonValue> = Object.create(null);
  skipSpace(cursor);
  if (took(cursor, '}')) return object;
  do {
    skipSpace(cursor);
    const start = cursor.at;
    if (cursor.text[start] !== '"') throw malformed(cursor, 'JSON has no member name where one is expected');
    const name = readString(cursor);
    if (name in object) {
      throw new DocumentError('malformed', `JSON has the member ${JSON.stringify(name)} twice`, { offset: start });
    }
    skipSpace(cursor);
    if (!took(cursor, ':')) throw malformed(cursor, 'JSON has no colon after a member name');
    object[name] = readValue(cursor);
  } while (took(cursor, ','));
  if (!took(cursor, '}')) throw malformed(cursor, 'JSON has an object without its end');
  return object;
}

function readArray(cursor: Cursor): JsonValue {
  const items: JsonValue[] = [];
  skipSpace(cursor);
  if (took(cursor, ']')) return items;
  do items.push(readValue(cursor));
  while (took(cursor, ','));
  if (!took(cursor, ']')) throw malformed(cursor, 'JSON has an array without its end');
  return items;
}

/** Scanned by hand: a regular expression's backtracking overflows on a string of megabytes. */
function readString(cursor: Cursor): string {
  const { text, at: start } = cursor;
  let end = start + 1;
  let escapes = false;
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
    // Written so that NaN, the end of the text, is refused too.
    if (!(code >= FIRST_PRINTABLE)) throw malformed({ at: end }, 'JSON has a string without its end');
    escapes ||= code === BACKSLASH;
    end += code === BACKSLASH ? 2 : 1;
  }
  cursor.at = end + 1;
  const value = escapes ? decodeEscapes(text.slice(start, end + 1), start) : text.slice(start + 1, end);
  if (!value.isWellFormed()) throw malformed({ at: start }, 'JSON has a string with a lone surrogate');
  return value;
}

function decodeEscapes(literal: string, start: number): string {
  try {
    return JSON.parse(literal);
  } catch {
    throw malformed({ at: start }, 'JSON has a string with an unknown escape');
  }
}

function readNumber(cursor: Cursor): number {
  const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  pattern.lastIndex = cursor.at;
  const [digits] = pattern.exec(cursor.text) ?? [];
  if (digits === undefined) throw malformed(cursor, 'JSON has no value where one is expected');
  const value = Number(digits);
  if (!Number.isFinite(value)) throw malformed(cursor, 'JSON has a number beyond what a double holds');
  cursor.at += digits.length;
  return value;
}

function skipSpace(cursor: Cursor): void {
  while (' \t\n\r'.includes(cursor.text[cursor.at] ?? '-')) cursor.at++;
}

function took(cursor: Cursor, sign: string): boolean {
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at++;
  return true;
}

function malformed({ at }: { readonly at: number }, message: string): DocumentError {
  return new DocumentError('malformed', message, { offset: at });
}
