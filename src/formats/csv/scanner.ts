import { checkRowLength, type RowLimits } from '../rows/row-limits.ts';
import type { RowWindow } from '../rows/row-window.ts';
import { surplusBytes } from '../rows/surplus-bytes.ts';
import type { Dialect } from './dialect.ts';

/** What a row breaks of RFC 4180, 2; the reader still finds where the row ends. */
export const FLAWS = {
  quoteInside: 'A quote stands inside an unquoted cell',
  textBehindQuote: 'Text stands behind the closing quote of a cell',
  quoteOpen: 'A quote is not closed before the document ends',
  nul: 'A NUL byte stands in a cell',
} as const;

export type Flaw = keyof typeof FLAWS;

/** Where the scan stands. */
const ROW = 0; // before a row, or between rows
const CELL = 1; // before a cell's first byte
const PLAIN = 2; // inside an unquoted cell
const QUOTED = 3; // inside a quoted cell
const ESCAPED = 4; // behind an escape that is not the quote
const CLOSED = 5; // behind a quote that closes the cell, or is the first of two
const COMMENT = 6; // inside a comment line

/** What a byte means; ordinary is 0. */
const SEPARATOR = 1;
const LINE_END = 2;
const QUOTE = 3;
const NUL = 4;
const ESCAPE = 5;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Finds rows and the bounds of their cells in the bytes of a window, whose charset is one in which bytes under 0x80
 * are ASCII. Nothing is decoded or copied. The scan can stop at any byte and goes on where it stopped.
 * It is long because it scans in two ways, which have to stand side by side: plain cells in one go, all others by states.
 *
 * Strict: a quote may stand only around a cell, and doubled (or behind the escape) inside. A row that breaks this is
 * read to its line end and carries its first flaw. The escape means something before a quote or another escape; before
 * any other character it is data, as PostgreSQL's COPY reads it.
 */
export class CsvScanner {
  /**
   * Cells of the row found; their bounds are offsets from the window's `start`, without quotes, in UTF-16 units of the
   * text where the charset is UTF-8, and in bytes where it is not.
   */
  cells = 0;
  starts = new Int32Array(32);
  ends = new Int32Array(32);
  /**
   * What to add to a cell's start, and with the next index to its end, for the offset in bytes: what stands between
   * cells is ASCII, so that the next cell starts as much further as this one ends.
   */
  shifts = new Int32Array(33);
  /** Not 0: the cell has escaped quotes in it. */
  escaped = new Uint8Array(32);
  /** Length of the row found, without its line end. */
  length = 0;
  /** Line breaks inside quoted cells of the row found. */
  innerLines = 0;
  flaw: Flaw | undefined;
  /** Index of the cell with the flaw. */
  flawCell = 0;
  readonly #window: RowWindow;
  readonly #limits: RowLimits;
  readonly #dialect: Dialect;
  readonly #comment: Uint8Array | undefined;
  readonly #footer: Uint8Array | undefined;
  readonly #plainKinds: Uint8Array;
  readonly #quotedKinds: Uint8Array;
  /** The highest byte that may be special: most text lies above, and one comparison passes it. */
  readonly #highest: number;
  readonly #isUtf8: boolean;
  #state = ROW;
  #scanned = 0;
  #cellStart = 0;
  #hasEscape = false;
  /** The window is at the row already; the bytes of a prefix are awaited. */
  #begun = false;
  #finished = false;

  constructor(
    window: RowWindow,
    dialect: Dialect,
    prefixes: { readonly comment: Uint8Array | undefined; readonly footer: Uint8Array | undefined },
    isUtf8: boolean,
    limits: RowLimits,
  ) {
    this.#window = window;
    this.#limits = limits;
    this.#dialect = dialect;
    this.#comment = prefixes.comment;
    this.#footer = prefixes.footer;
    this.#plainKinds = kinds([dialect.separator, SEPARATOR], [dialect.quote, QUOTE]);
    this.#quotedKinds = kinds([dialect.escape, ESCAPE], [dialect.quote, QUOTE]);
    this.#isUtf8 = isUtf8;
    this.#highest = Math.max(CARRIAGE_RETURN, dialect.separator, dialect.quote ?? 0, dialect.escape ?? 0);
  }

  /** Bytes of the row found beyond the units of its text. */
  get shift(): number {
    return this.shifts[this.cells]!;
  }

  /** An empty line: what it means depends on how many columns there are. */
  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Moves to the next row; false where more bytes are needed, or none will come. Throws DocumentError `limit`. */
  scan(): boolean {
    while (this.#state === ROW || this.#state === COMMENT) if (!this.#enterRow()) return false;
    return (this.#scanned === 0 && this.#passPlainCells()) || this.#scanCells();
  }

  /** Leaves the states ROW and COMMENT; false where that takes more bytes. */
  #enterRow(): boolean {
    const window = this.#window;
    if (this.#state === COMMENT) return this.#passComment();
    if (this.#finished) return this.#discard();
    if (!this.#begun && !window.begin()) return false;
    this.#begun = true;
    const footer = this.#footer === undefined ? false : window.startsWith(this.#footer);
    const comment = this.#comment === undefined ? false : window.startsWith(this.#comment);
    if (footer === undefined || comment === undefined) return false;
    this.#begun = false;
    if (footer) return this.#discard();
    if (comment) this.#state = COMMENT;
    else this.#startCells();
    return true;
  }

  /** The footer has begun: whatever comes is no row. */
  #discard(): false {
    this.#finished = true;
    this.#window.finishUnseparated(this.#window.end);
    return false;
  }

  #passComment(): boolean {
    const { bytes, start, end, ended } = this.#window;
    let at = start + this.#scanned;
    while (bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) at++;
    this.#scanned = at - start;
    checkRowLength(this.#scanned, this.#window, this.#limits);
    if (at === end && !ended) return false;
    this.#window.finishAtLineEnd(at, 0);
    this.#scanned = 0;
    this.#state = ROW;
    return true;
  }

  #startCells(): void {
    this.#state = CELL;
    this.cells = 0;
    this.flaw = undefined;
    this.innerLines = 0;
    this.#hasEscape = false;
  }

  /**
   * Passes over the cells at the row's start that are bare, or quoted with nothing special inside, as most of most
   * documents are; true where these are the whole row. What is anything else is left to `#scanCells`, from the start of
   * its cell. This is where a large document's time goes: one comparison for most bytes.
   */
  #passPlainCells(): boolean {
    const { bytes, start, end } = this.#window;
    const { starts, ends, escaped, shifts } = this;
    const plainKinds = this.#plainKinds;
    const quotedKinds = this.#quotedKinds;
    const highest = this.#highest;
    let cell = 0;
    let shift = 0;
    let cellStart = start;
    for (;;) {
      let at = cellStart;
      let byte = bytes[at]!;
      let seen = 0;
      let textStart = at;
      let textEnd: number;
      if (plainKinds[byte] !== QUOTE) {
        while (byte > highest || plainKinds[byte] === 0) {
          seen |= byte;
          byte = bytes[++at]!;
        }
        textEnd = at;
      } else {
        textStart++;
        byte = bytes[++at]!;
        while (byte > highest || quotedKinds[byte] === 0) {
          seen |= byte;
          byte = bytes[++at]!;
        }
        if (quotedKinds[byte] !== QUOTE) break;
        textEnd = at;
        byte = bytes[++at]!;
      }
      const kind = plainKinds[byte]!;
      if ((kind !== SEPARATOR && kind !== LINE_END) || at >= end || cell === starts.length) break;
      starts[cell] = textStart - start - shift;
      if (seen >= 0x80 && this.#isUtf8) shift += surplusBytes(bytes, textStart, textEnd);
      ends[cell] = textEnd - start - shift;
      escaped[cell] = 0;
      shifts[++cell] = shift;
      if (kind === LINE_END) {
        this.cells = cell;
        return this.#finishRow(at);
      }
      cellStart = at + 1;
    }
    this.cells = cell;
    this.#scanned = cellStart - start;
    return false;
  }

  /** One loop over local variables for all states, for cells of any kind. */
  #scanCells(): boolean {
    const { bytes, start, end, ended } = this.#window;
    const plainKinds = this.#plainKinds;
    const quotedKinds = this.#quotedKinds;
    const highest = this.#highest;
    const doubled = this.#dialect.escape === this.#dialect.quote;
    let at = start + this.#scanned;
    let state = this.#state;
    let cellStart = start + this.#cellStart;
    for (;;) {
      if (state === CELL) {
        cellStart = at;
        state = PLAIN;
        if (at < end && plainKinds[bytes[at]!] === QUOTE) {
          state = QUOTED;
          at++;
        } else if (at === end && !ended) {
          state = CELL;
          break;
        }
      }
      if (state === PLAIN) {
        while (bytes[at]! > highest || plainKinds[bytes[at]!] === 0) at++;
        const kind = plainKinds[bytes[at]!]!;
        if (kind === SEPARATOR) {
          this.#addCell(cellStart - start, at - start);
          at++;
          state = CELL;
        } else if (kind === LINE_END) {
          if (at === end && !ended) break;
          this.#addCell(cellStart - start, at - start);
          return this.#finishRow(at);
        } else {
          this.#note(kind === NUL ? 'nul' : 'quoteInside');
          at++;
        }
      } else if (state === QUOTED) {
        while (bytes[at]! > highest || quotedKinds[bytes[at]!] === 0) at++;
        const kind = quotedKinds[bytes[at]!]!;
        if (at === end) {
          if (!ended) break;
          this.#note('quoteOpen');
          this.#addCell(cellStart + 1 - start, at - start);
          return this.#finishRow(at);
        }
        if (kind === QUOTE) state = CLOSED;
        else if (kind === ESCAPE) state = ESCAPED;
        else if (kind === NUL) this.#note('nul');
        else if (bytes[at] === CARRIAGE_RETURN || bytes[at - 1] !== CARRIAGE_RETURN) this.innerLines++;
        at++;
      } else if (state === ESCAPED) {
        if (at === end && !ended) break;
        const kind = at === end ? 0 : quotedKinds[bytes[at]!];
        state = QUOTED;
        if (kind === QUOTE || kind === ESCAPE) {
          this.#hasEscape = true;
          at++;
        }
      } else {
        if (at === end && !ended) break;
        const kind = at === end ? LINE_END : plainKinds[bytes[at]!]!;
        if (kind === QUOTE && doubled) {
          this.#hasEscape = true;
          at++;
          state = QUOTED;
        } else if (kind === SEPARATOR || kind === LINE_END) {
          this.#addCell(cellStart + 1 - start, at - 1 - start);
          if (kind === LINE_END) return this.#finishRow(at);
          at++;
          state = CELL;
        } else {
          this.#note('textBehindQuote');
          state = PLAIN;
        }
      }
    }
    this.#state = state;
    this.#scanned = at - start;
    this.#cellStart = cellStart - start;
    checkRowLength(this.#scanned, this.#window, this.#limits);
    return false;
  }

  #addCell(start: number, end: number): void {
    if (this.cells === this.starts.length) this.#widen();
    const { bytes, start: row } = this.#window;
    const shift = this.shifts[this.cells]!;
    const nextShift = this.#isUtf8 ? shift + surplusBytes(bytes, row + start, row + end) : shift;
    this.starts[this.cells] = start - shift;
    this.ends[this.cells] = end - nextShift;
    this.escaped[this.cells] = this.#hasEscape ? 1 : 0;
    this.#hasEscape = false;
    this.shifts[++this.cells] = nextShift;
  }

  #widen(): void {
    this.starts = widened(this.starts, new Int32Array(2 * this.cells));
    this.ends = widened(this.ends, new Int32Array(2 * this.cells));
    this.shifts = widened(this.shifts, new Int32Array(2 * this.cells + 1));
    this.escaped = widened(this.escaped, new Uint8Array(2 * this.cells));
  }

  #note(flaw: Flaw): void {
    if (this.flaw !== undefined) return;
    this.flaw = flaw;
    this.flawCell = this.cells;
  }

  #finishRow(at: number): true {
    this.length = at - this.#window.start;
    checkRowLength(this.length, this.#window, this.#limits);
    this.#window.finishAtLineEnd(at, this.innerLines);
    this.#state = ROW;
    this.#scanned = 0;
    return true;
  }
}

function widened<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function kinds(...special: readonly (readonly [code: number | undefined, kind: number])[]): Uint8Array {
  const table = new Uint8Array(256);
  table[0] = NUL;
  table[LINE_FEED] = LINE_END;
  table[CARRIAGE_RETURN] = LINE_END;
  for (const [code, kind] of special) if (code !== undefined) table[code] = kind;
  return table;
}
