import type { RowCharset } from './row-charset.ts';

/** Whether the bytes from `start` to before `end` are an expected text. */
export type CellMatcher = (bytes: Uint8Array, start: number, end: number) => boolean;

/** Compares a text with cells by their bytes; only non-ASCII texts of multi-byte charsets are compared decoded. */
export function cellMatcher(expected: string, charset: RowCharset): CellMatcher {
  if (charset.kind === 'multiByte' && !isAscii(expected)) {
    // lenient: a cell that cuts a character in two is another text, and refused where it is asked for
    const decoder = new TextDecoder(charset.name, { ignoreBOM: true });
    return (bytes, start, end) => decoder.decode(bytes.subarray(start, end)) === expected;
  }
  const wanted = encodeAs(expected, charset);
  if (wanted === undefined) return () => false;
  return (bytes, start, end) => {
    if (end - start !== wanted.length) return false;
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
    return true;
  };
}

/** The bytes of a text in a charset; undefined where the charset cannot write it, or is multi-byte and the text not ASCII. */
export function encodeAs(text: string, charset: RowCharset): Uint8Array | undefined {
  if (isAscii(text)) return new TextEncoder().encode(text);
  if (charset.kind === 'utf-8') return text.isWellFormed() ? new TextEncoder().encode(text) : undefined;
  if (charset.kind !== 'singleByte') return undefined;
  const table = byteTable(charset.name);
  const bytes = [...text].map((character) => table.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Characters to bytes: no single-byte charset of the Encoding Standard has a character twice. */
function byteTable(name: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(name, { ignoreBOM: true });
  const entries = Array.from({ length: 256 }, (_, byte): [string, number] => [
    decoder.decode(Uint8Array.of(byte)),
    byte,
  ]);
  return new Map(entries.filter(([character]) => character !== '\u{fffd}'));
}
