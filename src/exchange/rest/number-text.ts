/**
 * Whether a JSON number's text and the double that JavaScript reads from it are the same number: `0.1` and `1e3` are,
 * `9007199254740993`, `0.1234567890123456789` and `1e400` are not.
 */
export function keepsItsValue(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const before = significant(text);
  const after = significant(String(value));
  return before.digits === after.digits && (before.digits === '' || before.exponent === after.exponent);
}

/** A number's digits without zeros at either end, and the power of ten of the last of them. The sign never differs. */
function significant(text: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '', power = '0'] = text.replace(/^-/, '').split(/e/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = withoutTrailingZeros(digits);
  return { digits: trimmed, exponent: Number(power) - fraction.length + digits.length - trimmed.length };
}

/** By hand: `/0+$/` would try every zero of a long number anew. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
