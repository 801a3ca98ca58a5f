/** How many bytes a stretch of UTF-8 has beyond the UTF-16 units of its text. */
export function surplusBytes(bytes: Uint8Array, start: number, end: number): number {
  let surplus = 0;
  for (let at = start; at < end; at++) surplus += SURPLUS[bytes[at]!]!;
  return surplus;
}

/** A character has one unit, of four bytes two; counted at its first byte, so that the others are beyond. */
const SURPLUS = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0xf0) return -1;
  return byte < 0x80 || byte >= 0xc0 ? 0 : 1;
});
