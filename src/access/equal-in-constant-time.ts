/** Takes as long for a wrong secret as for the right one, so that it cannot be guessed character by character. */
export function equalInConstantTime(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index++) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index); // beyond the end is NaN, which counts as 0
  }
  return difference === 0;
}
