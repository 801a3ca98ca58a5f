import { DocumentError } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import type { Cell, RecordPlan, RowTest, SlotPlan, SourceRecord } from '../../model/source.ts';
import { encodeAs } from '../rows/cell-matcher.ts';
import { LineScanner } from '../rows/line-scanner.ts';
import type { RowCharset } from '../rows/row-charset.ts';
import { type ByteTest, byteTests, RowFilter, type RowOutcome } from '../rows/row-filter.ts';
import { checkRowCount, type RowLimits } from '../rows/row-limits.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { RowText } from '../rows/row-text.ts';
import { RowWindow } from '../rows/row-window.ts';
import type { Dialect } from './dialect.ts';
import { findColumns, numberedColumns } from './header.ts';
import { CsvScanner, FLAWS } from './scanner.ts';
import { startsWithSeparatorLine } from './separator-line.ts';

/**
 * Reads the rows of a CSV document. In order: a `sep=` line, the preamble's lines, the header, the rows. An empty line
 * is no row where there is more than one column. A cell's `offset` is its row's number.
 */
export class CsvReader implements RowReader {
  readonly window = new RowWindow();
  readonly #dialect: Dialect;
  readonly #plan: RecordPlan;
  readonly #limits: RowLimits;
  readonly #lines: LineScanner;
  readonly #scanner: CsvScanner;
  readonly #text: RowText;
  readonly #unescape: (text: string) => string;
  readonly #filter: RowFilter;
  readonly #tests: readonly ByteTest[];
  #phase: 'separatorLine' | 'preamble' | 'header' | 'rows' = 'separatorLine';
  #linesToSkip: number;
  #rowsToHeader: number;
  #rows = 0;
  /** There was one before it was known how many cells a row has. */
  #emptyLineFirst = false;
  /** The last empty line that is a row, counted as rows are; 0: none. */
  #emptyRow = 0;
  /** How many cells a row has; 0 before that is known. */
  #width = 0;
  #header: readonly string[] | undefined;
  /** The column of each slot. */
  #columns: readonly number[] = [];

  constructor(dialect: Dialect, plan: RecordPlan, charset: RowCharset, tests: readonly RowTest[], limits: RowLimits) {
    this.#dialect = dialect;
    this.#plan = plan;
    this.#limits = limits;
    this.#lines = new LineScanner(this.window, limits);
    const prefixes = { comment: prefix(dialect.comment, charset), footer: prefix(dialect.footerStart, charset) };
    this.#scanner = new CsvScanner(this.window, dialect, prefixes, charset.kind === 'utf-8', limits);
    this.#text = new RowText(this.window, charset);
    this.#unescape = unescaper(dialect);
    this.#filter = new RowFilter(dialect, tests, (offset, slot) => this.place(offset, plan.slots[slot]));
    this.#tests = byteTests(tests, charset);
    this.#linesToSkip = dialect.preamble;
    this.#rowsToHeader = dialect.header;
  }

  get setAside(): number {
    return this.#filter.setAside;
  }

  place(offset: number, slot?: SlotPlan): Place {
    const index = slot === undefined ? -1 : this.#plan.slots.indexOf(slot);
    const column = this.#columns[index];
    return { row: offset, ...(column === undefined ? {} : { columnName: this.#columnName(column) }) };
  }

  next(): SourceRecord | undefined {
    if (this.#phase !== 'rows' && !this.#readHead()) return undefined;
    while (this.#scanner.scan()) {
      if (this.#scanner.isEmpty && this.#width !== 1) {
        if (this.#width === 0) this.#emptyLineFirst = true;
        continue;
      }
      checkRowCount(++this.#rows, this.window, this.#limits);
      if (this.#scanner.isEmpty) this.#emptyRow = this.#rows;
      const row = this.#filter.pass(this.#outcome());
      if (row !== undefined) return row;
    }
    if (this.window.ended && this.#emptyRow > 0 && this.#emptyRow > this.#rows - this.#dialect.footerRows) {
      throw this.#ambiguous('in the footer', 'a text that the footer starts with');
    }
    return undefined;
  }

  /** In a document of one column an empty line is a row of it, but at its ends it is as likely none. */
  #ambiguous(where: string, expected: string): DocumentError {
    const message = `An empty line ${where} of a document with one column may be a row: declare ${expected}`;
    return new DocumentError('malformed', message, this.#rowPlace());
  }

  /** Reads up to the first row; false where that takes more bytes. */
  #readHead(): boolean {
    if (this.#phase === 'separatorLine') {
      const there = startsWithSeparatorLine(this.window, this.#dialect.separator);
      if (there === undefined) return false;
      if (there) this.#linesToSkip++;
      this.#phase = 'preamble';
    }
    if (this.#phase === 'preamble') {
      for (; this.#linesToSkip > 0; this.#linesToSkip--) if (!this.#lines.scan()) return this.#endOfHead();
      this.#phase = 'header';
    }
    while (this.#rowsToHeader > 0) {
      if (!this.#scanner.scan()) return this.#endOfHead();
      if (this.#scanner.isEmpty) continue;
      if (--this.#rowsToHeader === 0) this.#readHeader();
    }
    this.#phase = 'rows';
    return true;
  }

  #endOfHead(): false {
    if (!this.window.ended || this.#dialect.header === 0) return false;
    throw new DocumentError('malformed', 'The document ends before its header', { row: this.window.row });
  }

  #readHeader(): void {
    if (this.#scanner.flaw !== undefined) throw this.#flaw();
    this.#takeText();
    const names = Array.from({ length: this.#scanner.cells }, (_, column) => this.#cellText(column));
    this.#width = names.length;
    this.#header = names;
    this.#columns = findColumns(this.#plan, names, { row: this.window.row });
  }

  #outcome(): RowOutcome {
    const { cells, flaw } = this.#scanner;
    if (flaw !== undefined) return this.#bad(this.#flaw());
    if (this.#width === 0) {
      this.#width = cells;
      this.#columns = numberedColumns(this.#plan, cells, { row: this.window.row });
      if (cells === 1 && this.#emptyLineFirst) throw this.#ambiguous('before the first row', 'a preamble');
    }
    if (cells !== this.#width) {
      const message = `A row has ${cells} cell(s): expected ${this.#width}`;
      return this.#bad(new DocumentError('malformed', message, this.#rowPlace()));
    }
    for (const test of this.#tests) if (!this.#matches(test)) return undefined;
    this.#takeText();
    return this.#record();
  }

  /**
   * A bad row of several lines refuses the document in any case: behind an open quote good rows are swallowed, which
   * would be counted as the one that is set aside, or dropped as a footer.
   */
  #bad(refusal: DocumentError): DocumentError {
    if (this.#scanner.innerLines > 0) throw refusal;
    return refusal;
  }

  #record(): SourceRecord {
    const offset = this.window.row;
    const columns = this.#columns;
    const slots = new Array<Cell>(columns.length);
    for (let slot = 0; slot < columns.length; slot++) slots[slot] = { text: this.#cellText(columns[slot]!), offset };
    return { slots, offset };
  }

  #matches({ slot, matches, text }: ByteTest): boolean {
    const column = this.#columns[slot]!;
    const { starts, ends, escaped, shifts } = this.#scanner;
    const { bytes, start } = this.window;
    if (escaped[column] === 0) {
      return matches(bytes, start + starts[column]! + shifts[column]!, start + ends[column]! + shifts[column + 1]!);
    }
    this.#takeText();
    return this.#cellText(column) === text;
  }

  #takeText(): void {
    this.#text.take(this.#scanner.length, this.#scanner.shift);
  }

  #cellText(column: number): string {
    const { starts, ends, escaped } = this.#scanner;
    const text = this.#text.cut(starts[column]!, ends[column]!);
    return escaped[column] === 0 ? text : this.#unescape(text);
  }

  #flaw(): DocumentError {
    const { flaw, flawCell } = this.#scanner;
    const column = flawCell < this.#width ? { columnName: this.#columnName(flawCell) } : {};
    return new DocumentError('malformed', FLAWS[flaw!], { ...this.#rowPlace(), ...column });
  }

  #rowPlace(): Place {
    return { row: this.window.row, line: this.window.line };
  }

  #columnName(column: number): string {
    const name = this.#header?.[column] ?? '';
    return name === '' ? `#${column + 1}` : name;
  }
}

/** A prefix that the charset cannot write starts no line of the document. */
function prefix(text: string | undefined, charset: RowCharset): Uint8Array | undefined {
  return text === undefined ? undefined : encodeAs(text, charset);
}

function unescaper(dialect: Dialect): (text: string) => string {
  if (dialect.quote === undefined || dialect.escape === undefined) return (text) => text;
  const quote = String.fromCharCode(dialect.quote);
  if (dialect.escape === dialect.quote) return (text) => text.replaceAll(quote + quote, quote);
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;
  const escaped = new RegExp(`${hex(dialect.escape)}([${hex(dialect.quote)}${hex(dialect.escape)}])`, 'g');
  return (text) => text.replace(escaped, '$1');
}
