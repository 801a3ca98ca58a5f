/**
 * Whether a JSON number's text and the double that JavaScript reads from it are the same number: `0.1` and `1e3` are,
 * `9007199254740993`, `0.1234567890123456789` and `1e400` are not. The nearest double to a number is never ten times
 * as large, so the digits alone decide.
 */
export function keepsItsValue(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && significantDigits(text) === significantDigits(String(value));
}

/** A number's digits without sign, separator, exponent, and zeros at either end. */
function significantDigits(text: string): string {
  const digits = text.replace(/e.*$/i, '').replace(/[-.]/g, '');
  let start = 0;
  let end = digits.length;
  while (digits[start] === '0') start += 1;
  // By hand: `/0+$/` would try every zero of a long number anew.
  while (end > start && digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}
