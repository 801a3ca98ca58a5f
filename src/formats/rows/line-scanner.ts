import { checkRowLength, type RowLimits } from './row-limits.ts';
import type { RowWindow } from './row-window.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Finds physical lines, which end with CR, LF, CRLF or the document. */
export class LineScanner {
  readonly #window: RowWindow;
  readonly #limits: RowLimits;
  #inLine = false;
  #scanned = 0;
  /** Length of the line found, without its line end, bytes from the window's `start`. */
  length = 0;

  constructor(window: RowWindow, limits: RowLimits) {
    this.#window = window;
    this.#limits = limits;
  }

  /** Moves to the next line; false where more bytes are needed, or the document has ended. Throws DocumentError `limit`. */
  scan(): boolean {
    const window = this.#window;
    if (!this.#inLine && !window.begin()) return false;
    this.#inLine = true;
    const { bytes, start, end } = window;
    let at = start + this.#scanned;
    while (bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at++;
    this.length = at - start;
    checkRowLength(this.length, window, this.#limits);
    if (at === end && !window.ended) {
      this.#scanned = this.length;
      return false;
    }
    window.finishAtLineEnd(at, 0);
    this.#inLine = false;
    this.#scanned = 0;
    return true;
  }
}
