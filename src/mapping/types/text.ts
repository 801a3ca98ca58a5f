import type { TextField } from '../../model/field.ts';
import type { Utf8 } from '../../model/utf8.ts';
import { asText, type CompileType, refuse } from './value-type.ts';

/** Text stands as it is; only constraints are checked. */
export const compileText: CompileType<TextField> = (field, report) => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, digits, oneOf } = field;
  if (minLength > maxLength) report('minLength', 'minLength is more than maxLength');
  const pattern = compilePattern(field.pattern, (message) => report('pattern', message));
  const check = (text: string): string => {
    if (digits !== undefined && !(text.length === digits && /^[0-9]*$/.test(text))) refuse(`exactly ${digits} digits`);
    if (oneOf !== undefined && !oneOf.includes(text)) refuse(`one of ${oneOf.join(', ')}`);
    if (minLength > 0 || maxLength < text.length) {
      const length = codePoints(text);
      if (length < minLength) refuse(`at least ${minLength} characters`);
      if (length > maxLength) refuse(`at most ${maxLength} characters`);
    }
    if (pattern !== undefined && !pattern.test(text)) refuse(`text that matches ${field.pattern}`);
    return text;
  };
  return {
    collapses: false,
    decode: check,
    decodeUtf8: compileGlance(field),
    encode: String,
    check: (value) => check(asText(value, 'text')),
    parse: (text) => text,
    compare: (a, b) => (a === b ? 0 : String(a) < String(b) ? -1 : 1),
  };
};

/** Tells valid texts by their bytes, of which a text has at least as many as characters; none where it takes more than that. */
function compileGlance({
  digits,
  minLength,
  maxLength,
  oneOf,
  pattern,
}: TextField): ((text: Utf8) => Utf8 | undefined) | undefined {
  if (minLength !== undefined || oneOf !== undefined || pattern !== undefined) return undefined;
  if (digits !== undefined)
    return maxLength === undefined ? (text) => (isDigits(text, digits) ? text : undefined) : undefined;
  if (maxLength === undefined) return (text) => text;
  return (text) => (text.end - text.start <= maxLength ? text : undefined);
}

const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;

function isDigits({ bytes, start, end }: Utf8, count: number): boolean {
  if (end - start !== count) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < DIGIT_ZERO || byte > DIGIT_NINE) return false;
  }
  return true;
}

function compilePattern(pattern: string | undefined, report: (message: string) => void): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    report('The pattern is no regular expression (ECMA-262 with the u flag)');
    return undefined;
  }
}

/** JSON Schema counts code points, not UTF-16 code units. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
