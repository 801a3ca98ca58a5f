import type { Piece } from './valid-bytes.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_CAPACITY_BYTES = 64 * 1024;

/**
 * The part of a document that is being read: from the first byte of the current row to the last byte that came.
 * Holds one row and one piece, whatever the document's size. Counts rows and lines.
 */
export class RowWindow {
  /** `bytes[end]` is always a line feed, so that a scan needs no other bound; offsets below are into this array. */
  bytes = new Uint8Array(FIRST_CAPACITY_BYTES);
  /** Bytes of the document that went before `bytes[0]`. */
  base = 0;
  /** The piece that came last, and where it starts, in bytes from the document's first. */
  piece: Piece | undefined;
  pieceStart = 0;
  /** The first byte of the current row. */
  start = 0;
  end = 0;
  /** No more bytes will come. */
  ended = false;
  /** Number of the current row, from 1: every row, line of a preamble, comment and empty line counts. */
  row = 0;
  /** Number of the physical line on which the current row starts, from 1. */
  line = 0;
  #next = 0;
  #nextLine = 1;
  #afterReturn = false;

  append(piece: Piece): void {
    const { bytes } = piece;
    if (this.end + bytes.length >= this.bytes.length) this.#makeRoom(bytes.length);
    this.piece = piece;
    this.pieceStart = this.base + this.end;
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
    this.bytes[this.end] = LINE_FEED;
  }

  #makeRoom(more: number): void {
    const drop = this.#next; // the current row's start until the row is finished, then the next one's
    const kept = this.end - drop;
    const needed = kept + more + 1;
    const target = needed > this.bytes.length ? new Uint8Array(2 * needed) : this.bytes;
    target.set(this.bytes.subarray(drop, this.end));
    this.bytes = target;
    this.base += drop;
    this.start = 0;
    this.#next = 0;
    this.end = kept;
  }

  /** Moves to the next row once a byte of it is there; false where more bytes are needed, or none will come. */
  begin(): boolean {
    if (this.#afterReturn && this.#next < this.end) {
      if (this.bytes[this.#next] === LINE_FEED) this.#next++;
      this.#afterReturn = false;
    }
    if (this.#next >= this.end) return false;
    this.start = this.#next;
    this.row++;
    this.line = this.#nextLine;
    return true;
  }

  /**
   * Says where the current row ends: at a line end (CR, LF or CRLF) or at the document's end; `innerLines` line
   * breaks were inside it.
   */
  finishAtLineEnd(end: number, innerLines: number): void {
    this.#afterReturn = end < this.end && this.bytes[end] === CARRIAGE_RETURN;
    this.#next = Math.min(end + 1, this.end);
    this.#nextLine = this.line + innerLines + 1;
  }

  /** Says where the current row ends: right before the next one. */
  finishUnseparated(end: number): void {
    this.#next = end;
  }

  /** Number of the row that the next byte belongs to. */
  get rowToCome(): number {
    return this.#next > this.start ? this.row + 1 : Math.max(this.row, 1);
  }

  /** Whether the rest of the document's bytes at `start` begins with the prefix; undefined: too few bytes came yet. */
  startsWith(prefix: Uint8Array): boolean | undefined {
    const there = Math.min(prefix.length, this.end - this.start);
    for (let i = 0; i < there; i++) if (this.bytes[this.start + i] !== prefix[i]) return false;
    return there === prefix.length ? true : this.ended ? false : undefined;
  }
}
