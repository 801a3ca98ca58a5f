import type { TextField } from '../../model/field.ts';
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
    encode: String,
    check: (value) => check(asText(value, 'text')),
    parse: (text) => text,
    compare: (a, b) => (a === b ? 0 : String(a) < String(b) ? -1 : 1),
  };
};

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
