import type { DecimalField } from '../../model/field.ts';
import type { JsonValue } from '../../model/json.ts';
import type { Utf8 } from '../../model/utf8.ts';
import {
  comparePlain,
  type ExactNumber,
  type NumberNotation,
  plainText,
  readNotation,
  readPlain,
  writeNotation,
} from './exact-number.ts';
import { type CompileType, refuse } from './value-type.ts';

const EXPECTED = 'a decimal number';
const PUBLIC_EXPECTED = 'a decimal number in a string, such as "1234.50"';

/** Exact decimals, publicly a string whose fraction is as long as it was; trailing zeros stay. */
export const compileDecimal: CompileType<DecimalField> = (field, report) => {
  const { as = 'string', decimalSeparator = '.', groupSeparator, overpunch, impliedDecimals } = field;
  reportMistakes(field, report);
  const notation: NumberNotation = {
    decimalSeparator: impliedDecimals === undefined ? decimalSeparator : undefined,
    ...(groupSeparator === undefined ? {} : { groupSeparator }),
    ...(overpunch === undefined ? {} : { overpunch }),
  };
  const isConstrained = [field.min, field.max, field.totalDigits, field.fractionDigits].some(
    (bound) => bound !== undefined,
  );
  const publish = (plain: string): JsonValue => {
    if (isConstrained) checkConstraints(plain, field);
    return as === 'string' ? plain : exactNumber(plain);
  };
  // most decimals stand in the legacy text as they are answered
  const mayBePlain = notation.decimalSeparator === '.' && overpunch === undefined;
  return {
    collapses: true,
    decodeUtf8:
      mayBePlain && !isConstrained && as === 'string' ? (text) => (isPlainUtf8(text) ? text : undefined) : undefined,
    decode: (text) => {
      if (mayBePlain && isPlain(text) && !isNegativeZero(text)) return publish(text);
      const number = readNotation(text, notation);
      if (number === undefined) refuse(EXPECTED);
      return publish(plainText(impliedDecimals === undefined ? number : { ...number, scale: impliedDecimals }));
    },
    encode: (value) => {
      const number = readPlain(String(value)) ?? refuse(EXPECTED);
      return writeNotation(impliedDecimals === undefined ? number : implied(number, impliedDecimals), notation);
    },
    check: (value) => {
      if (as === 'number' && typeof value === 'number') return publish(String(value));
      return as === 'string' && typeof value === 'string' && isPlain(value) ? publish(value) : refuse(PUBLIC_EXPECTED);
    },
    parse: (text) => {
      if (!isPlain(text)) refuse(EXPECTED);
      return publish(text);
    },
    compare: (a, b) => comparePlain(String(a), String(b)),
  };
};

function isPlain(text: string): boolean {
  return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(text);
}

const POINT = 0x2e;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;

/** The same of most texts in UTF-8: those that begin with a digit. */
function isPlainUtf8({ bytes, start, end }: Utf8): boolean {
  if (end - start > 1 && bytes[start] === DIGIT_ZERO && bytes[start + 1] !== POINT) return false;
  let point = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= DIGIT_ZERO && byte <= DIGIT_NINE) continue;
    if (byte !== POINT || point >= 0) return false;
    point = at;
  }
  return end > start && point !== start && point !== end - 1;
}

/** `-0.00` is answered as `0.00`. */
function isNegativeZero(plain: string): boolean {
  return plain.startsWith('-') && !/[1-9]/.test(plain);
}

function checkConstraints(plain: string, field: DecimalField): void {
  const { min, max, totalDigits, fractionDigits } = field;
  if (min !== undefined && comparePlain(plain, min) < 0) refuse(`${EXPECTED} of at least ${min}`);
  if (max !== undefined && comparePlain(plain, max) > 0) refuse(`${EXPECTED} of at most ${max}`);
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
  if (fractionDigits !== undefined && fraction.length > fractionDigits) {
    refuse(`${EXPECTED} with at most ${fractionDigits} digits behind the separator`);
  }
  const digits = (whole === '0' ? '' : whole).length + fraction.length;
  if (totalDigits !== undefined && digits > totalDigits) refuse(`${EXPECTED} of at most ${totalDigits} digits`);
}

/** A JSON number only where reading it back gives the very same decimal. */
function exactNumber(plain: string): number {
  const number = Number(plain);
  const back = readPlain(String(number));
  if (back === undefined || plainText(back) !== plain) refuse(`${EXPECTED} that a JSON number holds exactly`);
  return number;
}

/** The digits with exactly so many of them behind the unwritten separator; more would be lost. */
function implied(number: ExactNumber, scale: number): ExactNumber {
  const missing = scale - number.scale;
  if (missing < 0) refuse(`${EXPECTED} with at most ${scale} digits behind the separator`);
  return { ...number, digits: number.digits + '0'.repeat(missing), scale: 0 };
}

function reportMistakes(field: DecimalField, report: (place: string, message: string) => void): void {
  const { decimalSeparator, groupSeparator, impliedDecimals, min, max } = field;
  // the separator that nobody declared counts too: `1.234` would be read as a little more than one
  if (impliedDecimals === undefined && (decimalSeparator ?? '.') === groupSeparator) {
    report('groupSeparator', 'The group separator is the decimal separator');
  }
  if (decimalSeparator !== undefined && impliedDecimals !== undefined) {
    report('impliedDecimals', 'A number with implied decimals has no decimal separator');
  }
  if (decimalSeparator === '') report('decimalSeparator', 'The decimal separator is empty');
  for (const [name, value] of Object.entries({ min, max })) {
    if (value !== undefined && !isPlain(value)) report(name, `${name} is no decimal number`);
  }
  if (min !== undefined && max !== undefined && comparePlain(min, max) > 0) report('min', 'min is more than max');
}
