/** How many bytes a position takes: one, or what UTF-8 writes one code point with. */
export type UnitSize = 'oneByte' | 'utf-8';

/** Where the unit of this index (from 0) starts, in bytes; the end for the index behind the last; undefined beyond that. */
export function offsetOfUnit(index: number, bytes: Uint8Array, size: UnitSize): number | undefined {
  if (size === 'oneByte') return index <= bytes.length ? index : undefined;
  let at = 0;
  for (let unit = 0; unit < index; unit++) {
    if (at >= bytes.length) return undefined;
    at += sequenceLength(bytes[at]!);
  }
  return at <= bytes.length ? at : undefined;
}

/** How many units there are. */
export function countUnits(bytes: Uint8Array, size: UnitSize): number {
  if (size === 'oneByte') return bytes.length;
  let count = 0;
  for (let at = 0; at < bytes.length; at++) if ((bytes[at]! & 0xc0) !== 0x80) count++;
  return count;
}

/** RFC 3629, 3: the first byte tells. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
