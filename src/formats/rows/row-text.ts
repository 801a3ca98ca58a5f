import type { RowCharset } from './row-charset.ts';
import type { RowWindow } from './row-window.ts';
import { surplusBytes } from './surplus-bytes.ts';

/** Most bytes decoded ahead of the rows that are asked for. */
const AHEAD_BYTES = 16 * 1024;

/**
 * The texts of cells. Decoding costs by the call more than by the byte, so while row after row is asked for, a block
 * of them is decoded at once and cells are cut out of its text. A text that is kept keeps its block: the block starts
 * with one row and doubles only with rows that are asked for one after the other, so that rows picked out of a large
 * document keep no more than about themselves. Where it would not grow any more, the text that the check of the
 * window's bytes has made is the block, and only rows that lie across two pieces are decoded once more.
 */
export class RowText {
  readonly #window: RowWindow;
  readonly #kind: RowCharset['kind'];
  readonly #decoder: TextDecoder;
  #text = '';
  /** Every byte of the block is one UTF-16 unit of its text. */
  #oneToOne = true;
  /** The block's first byte and its end; offsets from here on are from the document's first byte in the window's count. */
  #start = 0;
  #end = 0;
  #ahead = 0;
  #row = -1;
  /** Where the row starts in the text. */
  #rowUnit = 0;
  /** A byte and the unit of the text that belongs to it. */
  #byte = 0;
  #unit = 0;

  constructor(window: RowWindow, { kind, name }: RowCharset) {
    this.#window = window;
    this.#kind = kind;
    this.#decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  }

  /**
   * Takes the window's current row, which is so many bytes long and valid in the charset. `shift` says by how many
   * units its text is shorter, where that is known already.
   */
  take(length: number, shift?: number): void {
    const { base, start, row } = this.#window;
    const first = base + start;
    const isNext = row === this.#row + 1;
    this.#row = row;
    // a row whose line end came with a later piece is in the block still, but not the bytes from which to count
    const isThere = first >= this.#start && first + length <= this.#end && this.#byte >= base;
    if (!isThere) this.#load(start, length, isNext);
    if (this.#oneToOne) {
      this.#rowUnit = first - this.#start;
      return;
    }
    this.#rowUnit = this.#unitAt(start);
    if (shift === undefined) return;
    this.#byte += length;
    this.#unit += length - shift;
  }

  #load(start: number, length: number, isNext: boolean): void {
    const { base, bytes, end, piece, pieceStart } = this.#window;
    this.#ahead = isNext ? Math.min(Math.max(2 * this.#ahead, 2 * length), AHEAD_BYTES) : 0;
    const known = this.#ahead < AHEAD_BYTES ? undefined : piece?.text;
    if (known !== undefined && base + start >= pieceStart && this.#isCuttable(known, base + end - pieceStart)) {
      this.#begin(pieceStart, base + end, known);
      return;
    }
    const block = bytes.subarray(start, this.#blockEnd(start, length, known === undefined ? this.#ahead : 0));
    this.#begin(base + start, base + start + block.length, this.#decoder.decode(block));
  }

  /** Only of a charset that is not multi-byte do the bytes of many rows tell where in their text one starts. */
  #isCuttable(text: string, length: number): boolean {
    return this.#kind !== 'multiByte' || text.length === length;
  }

  #begin(start: number, end: number, text: string): void {
    this.#text = text;
    // no charset makes more UTF-16 units than bytes
    this.#oneToOne = text.length === end - start;
    this.#start = start;
    this.#end = end;
    this.#byte = start;
    this.#unit = 0;
  }

  /** Where a block ends that takes at least the row: between two characters. */
  #blockEnd(start: number, length: number, ahead: number): number {
    const { bytes, end } = this.#window;
    let at = start + Math.max(length, ahead);
    // only of UTF-8 does a byte tell whether a character starts with it
    if (this.#kind === 'multiByte') return start + length;
    if (this.#kind === 'singleByte') return Math.min(at, end);
    while (at < end && isContinuation(bytes[at])) at++;
    if (at < end) return at;
    at = end; // the last character may not be complete yet
    while (at > start + length && bytes[at - 1]! >= 0x80) at--;
    return at;
  }

  /** The text between two offsets into the row: in units of the text for UTF-8, in bytes for other charsets. */
  cut(start: number, end: number): string {
    if (!this.#oneToOne && this.#kind === 'multiByte') return this.slice(start, end)!;
    return this.#text.slice(this.#rowUnit + start, this.#rowUnit + end);
  }

  /** The text between two byte offsets into the row; undefined where they cut a character in two. */
  slice(start: number, end: number): string | undefined {
    const from = this.#rowUnit;
    if (this.#oneToOne) return this.#text.slice(from + start, from + end);
    const { start: row, bytes } = this.#window;
    if (this.#kind !== 'utf-8') {
      // the second byte of a character is often an ASCII letter too: only what goes before tells whether one starts here
      const isCut = this.#decodeAlone(bytes.subarray(row, row + start)) === undefined;
      return isCut ? undefined : this.#decodeAlone(bytes.subarray(row + start, row + end));
    }
    if (isContinuation(bytes[row + start]) || isContinuation(bytes[row + end])) return undefined;
    const unit = this.#unitAt(row + start);
    return this.#text.slice(unit, this.#unitAt(row + end));
  }

  /** Counts UTF-16 units from the last position asked for, which is near as cells are mostly asked for in their order. */
  #unitAt(index: number): number {
    const { base, bytes } = this.#window;
    const at = this.#byte - base;
    let unit = this.#unit;
    if (at < index) unit += index - at - surplusBytes(bytes, at, index);
    else unit -= at - index - surplusBytes(bytes, index, at);
    this.#byte = base + index;
    this.#unit = unit;
    return unit;
  }

  #decodeAlone(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
