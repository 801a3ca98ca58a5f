import type { IntegerField } from '../../model/field.ts';
import type { JsonValue } from '../../model/json.ts';
import { comparePlain, plainText, readNotation, readPlain, writeNotation } from './exact-number.ts';
import { type CompileType, refuse } from './value-type.ts';

const EXPECTED = 'a whole number';

/**
 * Whole numbers. Publicly a JSON number where that is exact, or a string without leading zeros and plus sign with
 * `as: 'string'`; a number beyond 2^53 - 1 is refused where it would be a JSON number.
 */
export const compileInteger: CompileType<IntegerField> = (field, report) => {
  const { as = 'number', groupSeparator, overpunch } = field;
  const min = bound(field.min, () => report('min', 'min is no whole number'));
  const max = bound(field.max, () => report('max', 'max is no whole number'));
  if (min !== undefined && max !== undefined && comparePlain(min, max) > 0) report('min', 'min is more than max');
  const notation = {
    decimalSeparator: undefined,
    ...(groupSeparator === undefined ? {} : { groupSeparator }),
    ...(overpunch === undefined ? {} : { overpunch }),
  };
  const publish = (plain: string): JsonValue => {
    if (min !== undefined && comparePlain(plain, min) < 0) refuse(`${EXPECTED} of at least ${min}`);
    if (max !== undefined && comparePlain(plain, max) > 0) refuse(`${EXPECTED} of at most ${max}`);
    if (as === 'string') return plain;
    const number = Number(plain);
    if (!Number.isSafeInteger(number)) refuse(`${EXPECTED} within ±(2^53 - 1): declare the field as: 'string'`);
    return number;
  };
  return {
    collapses: true,
    decode: (text) => {
      const number = readNotation(text, notation);
      return number === undefined ? refuse(EXPECTED) : publish(plainText(number));
    },
    encode: (value) => {
      const number = readPlain(String(value));
      return number === undefined ? refuse(EXPECTED) : writeNotation(number, notation);
    },
    check: (value) => {
      if (as === 'number') return Number.isSafeInteger(value) ? publish(String(value)) : refuse(EXPECTED);
      return typeof value === 'string' && isPlainInteger(value) ? publish(value) : refuse(`${EXPECTED} in a string`);
    },
    parse: (text) => {
      if (!isPlainInteger(text)) refuse(EXPECTED);
      return as === 'number' ? Number(publish(text)) : text;
    },
    compare: (a, b) => comparePlain(String(a), String(b)),
  };
};

function isPlainInteger(text: string): boolean {
  return /^(?:0|-?[1-9][0-9]*)$/.test(text);
}

function bound(value: number | string | undefined, report: () => void): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (!isPlainInteger(text)) report();
  return text;
}
