const encoder = new TextEncoder();

/** Takes as long for a wrong secret as for the right one, so that it cannot be guessed character by character. */
export function equalInConstantTime(given: string, expected: string): boolean {
  const a = encoder.encode(given);
  const b = encoder.encode(expected);
  let difference = a.length ^ b.length;
  for (let index = 0; index < b.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
