/** Exact decimal arithmetic, as far as reading and comparing need it: a sign, digits, and how many of them are the fraction. */
export interface ExactNumber {
  readonly negative: boolean;
  /** Without separators; leading zeros may stand. */
  readonly digits: string;
  readonly scale: number;
}

/** `-` where it counts, no leading zeros, the fraction as long as it was. */
export function plainText({ negative, digits, scale }: ExactNumber): string {
  const padded = digits.padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '');
  const fraction = scale === 0 ? '' : `.${padded.slice(-scale)}`;
  return `${negative && /[1-9]/.test(digits) ? '-' : ''}${whole}${fraction}`;
}

/** Reads a plain decimal: `-12.50`. Undefined for anything else. */
export function readPlain(text: string): ExactNumber | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  return { negative: sign === '-', digits: whole + fraction, scale: fraction.length };
}

/** The order of two plain decimals, compared as numbers without ever being floating-point ones. */
export function comparePlain(a: string, b: string): number {
  if (isShortInteger(a) && isShortInteger(b)) return Number(a) - Number(b);
  const [x, y] = [readPlain(a), readPlain(b)];
  if (x === undefined || y === undefined) return Number.NaN;
  const scale = Math.max(x.scale, y.scale);
  const difference = scaled(x, scale) - scaled(y, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A plain decimal that a number holds exactly. */
function isShortInteger(plain: string): boolean {
  return plain.length <= SAFE_DIGITS && !plain.includes('.');
}

const SAFE_DIGITS = 15;

function scaled({ negative, digits, scale }: ExactNumber, to: number): bigint {
  const value = BigInt(digits + '0'.repeat(to - scale));
  return negative ? -value : value;
}

/** What a legacy number looks like beyond its digits. */
export interface NumberNotation {
  /** undefined: nothing separates a fraction, as there is none, or its length is known. */
  readonly decimalSeparator: string | undefined;
  readonly groupSeparator?: string;
  readonly overpunch?: true;
}

/** The last character of a zoned decimal carries the sign: positive and negative digits 0 to 9. */
const OVERPUNCH_POSITIVE = '{ABCDEFGHI';
const OVERPUNCH_NEGATIVE = '}JKLMNOPQR';

/**
 * A legacy number, undefined where it is none: an optional sign, digits, groups of three where a group separator is
 * declared and used, a fraction. XML Schema's `.5`, `5.` and `+5` are taken, exponents are not.
 */
export function readNotation(text: string, notation: NumberNotation): ExactNumber | undefined {
  const { sign, rest } = notation.overpunch === true ? readOverpunch(text) : readSign(text);
  const { decimalSeparator = '' } = notation;
  const separator = decimalSeparator === '' ? -1 : rest.indexOf(decimalSeparator);
  const whole = separator === -1 ? rest : rest.slice(0, separator);
  const fraction = separator === -1 ? '' : rest.slice(separator + decimalSeparator.length);
  const digits = ungrouped(whole, notation.groupSeparator);
  if (digits === undefined || !/^[0-9]*$/.test(fraction) || digits + fraction === '') return undefined;
  return { negative: sign === '-', digits: digits + fraction, scale: fraction.length };
}

/** The same the other way; groups are written where a group separator is declared. */
export function writeNotation(number: ExactNumber, notation: NumberNotation): string {
  const { decimalSeparator = '', groupSeparator, overpunch } = notation;
  const [whole = '', fraction] = plainText({ ...number, negative: false }).split('.');
  const grouped = groupSeparator === undefined ? whole : whole.replace(/\B(?=(\d{3})+$)/g, groupSeparator);
  const text = fraction === undefined ? grouped : `${grouped}${decimalSeparator}${fraction}`;
  if (overpunch !== true) return `${plainText(number).startsWith('-') ? '-' : ''}${text}`;
  const zone = number.negative ? OVERPUNCH_NEGATIVE : OVERPUNCH_POSITIVE;
  return text.slice(0, -1) + (zone[Number(text.at(-1))] ?? '');
}

function readSign(text: string): { sign: string; rest: string } {
  const sign = text.startsWith('-') || text.startsWith('+') ? text.slice(0, 1) : '';
  return { sign, rest: text.slice(sign.length) };
}

/** A plain last digit is positive: unsigned zoned decimals look like that. */
function readOverpunch(text: string): { sign: string; rest: string } {
  const last = text.at(-1) ?? '';
  const positive = OVERPUNCH_POSITIVE.indexOf(last);
  const negative = OVERPUNCH_NEGATIVE.indexOf(last);
  if (last === '' || (positive === -1 && negative === -1)) return { sign: '', rest: text };
  return { sign: negative === -1 ? '' : '-', rest: text.slice(0, -1) + String(Math.max(positive, negative)) };
}

/** Groups are of three, or there are none: a separator elsewhere is more likely another notation than a slip. */
function ungrouped(whole: string, separator: string | undefined): string | undefined {
  if (/^[0-9]*$/.test(whole)) return whole;
  if (separator === undefined) return undefined;
  const [first = '', ...groups] = whole.split(separator);
  const regular = /^[0-9]{1,3}$/.test(first) && groups.every((group) => /^[0-9]{3}$/.test(group));
  return regular ? first + groups.join('') : undefined;
}
