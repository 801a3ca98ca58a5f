import { DocumentError } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import type { Cell, RecordPlan, RowTest, SlotPlan, SourceRecord } from '../../model/source.ts';
import { type CellMatcher, cellMatcher, encodeAs } from '../rows/cell-matcher.ts';
import { LineScanner } from '../rows/line-scanner.ts';
import type { RowCharset } from '../rows/row-charset.ts';
import { type ByteTest, byteTests, RowFilter, type RowOutcome } from '../rows/row-filter.ts';
import { checkRowCount, type RowLimits } from '../rows/row-limits.ts';
import type { RowReader } from '../rows/row-reader.ts';
import { RowText } from '../rows/row-text.ts';
import { RowWindow } from '../rows/row-window.ts';
import type { Layout } from './layout.ts';
import type { RecordKind } from './record-types.ts';
import type { Stretch } from './stretch.ts';
import { countUnits, offsetOfUnit, type UnitSize } from './unit-size.ts';
import { UnseparatedScanner } from './unseparated-scanner.ts';

/**
 * Reads the records of a fixed-width document. Empty lines are no records. The trailer's count is checked when the
 * trailer comes, and that it came when the document ends: a consumer that stops earlier sees neither. A cell keeps its
 * padding; its `offset` is its record's number.
 */
export class FixedWidthReader implements RowReader {
  readonly window = new RowWindow();
  readonly #layout: Layout;
  readonly #plan: RecordPlan;
  readonly #limits: RowLimits;
  readonly #scanner: LineScanner | UnseparatedScanner;
  /** For records whose characters may take several bytes; all others count bytes. */
  readonly #widestUnit: UnitSize;
  readonly #footerStart: Uint8Array | undefined;
  readonly #kinds: readonly { readonly kind: RecordKind; readonly matches: CellMatcher }[];
  readonly #leastUnits: number;
  readonly #text: RowText;
  readonly #filter: RowFilter;
  readonly #tests: readonly ByteTest[];
  #preamble: number;
  #rows = 0;
  #trailerSeen = false;
  #footerSeen = false;
  /** The record that is being read, and how its positions count. */
  #record = new Uint8Array(0);
  #unit: UnitSize = 'oneByte';

  constructor(layout: Layout, plan: RecordPlan, charset: RowCharset, tests: readonly RowTest[], limits: RowLimits) {
    this.#layout = layout;
    this.#plan = plan;
    this.#limits = limits;
    this.#widestUnit = layout.unit === 'character' && charset.kind === 'utf-8' ? 'utf-8' : 'oneByte';
    this.#footerStart = layout.footerStart === undefined ? undefined : encodeAs(layout.footerStart, charset);
    this.#scanner = layout.unseparated
      ? new UnseparatedScanner(
          this.window,
          { units: layout.length ?? 0, size: this.#widestUnit, charset },
          this.#footerStart,
        )
      : new LineScanner(this.window, limits);
    this.#kinds = (layout.types?.kinds ?? []).map(({ tag, kind }) => ({ kind, matches: cellMatcher(tag, charset) }));
    this.#leastUnits = Math.max(0, ...layout.columns.map(({ last }) => last));
    this.#text = new RowText(this.window, charset);
    this.#filter = new RowFilter(layout, tests, (offset, slot) => this.place(offset, plan.slots[slot]));
    this.#tests = byteTests(tests, charset);
    this.#preamble = layout.preamble;
  }

  get setAside(): number {
    return this.#filter.setAside;
  }

  place(offset: number, slot?: SlotPlan): Place {
    const column = slot === undefined ? undefined : this.#layout.columns[this.#plan.slots.indexOf(slot)];
    return { row: offset, ...(column === undefined ? {} : { columnName: column.name }) };
  }

  next(): SourceRecord | undefined {
    for (; this.#preamble > 0; this.#preamble--) if (!this.#scanner.scan()) return undefined;
    while (!this.#footerSeen && this.#scanner.scan()) {
      if (this.#scanner.length === 0) continue;
      if (this.#footerStart !== undefined && this.window.startsWith(this.#footerStart)) {
        this.#footerSeen = true;
        break;
      }
      const row = this.#filter.pass(this.#outcome());
      if (row !== undefined) return row;
    }
    if (this.#footerSeen) this.window.finishUnseparated(this.window.end);
    if (this.window.ended) this.#checkEnd();
    return undefined;
  }

  #outcome(): RowOutcome {
    const { bytes, start } = this.window;
    this.#record = bytes.subarray(start, start + this.#scanner.length);
    const units = countUnits(this.#record, this.#widestUnit);
    this.#unit = units === this.#record.length ? 'oneByte' : this.#widestUnit;
    const { length, unit, types } = this.#layout;
    const kind = types === undefined ? 'row' : this.#kind(types.tag);
    if (kind === 'row') checkRowCount(++this.#rows, this.window, this.#limits);
    if (length !== undefined && units !== length) {
      return this.#refusal(`A record is ${units} ${unit}(s) long: expected ${length}`);
    }
    if (kind === undefined) return this.#refusal('A record has a type that is not declared', types?.tag);
    if (kind === 'skip') return undefined;
    if (this.#trailerSeen) return this.#refusal(`A ${kind} record stands behind the trailer`);
    if (kind === 'row') return this.#row(units);
    this.#readTrailer();
    return undefined;
  }

  #kind(tag: Stretch): RecordKind | undefined {
    return this.#kinds.find(({ matches }) => this.#matches(matches, tag))?.kind;
  }

  #matches(matches: CellMatcher, stretch: Stretch): boolean {
    const bounds = this.#bounds(stretch);
    return bounds !== undefined && matches(this.#record, ...bounds);
  }

  #bounds({ first, last }: Stretch): readonly [start: number, end: number] | undefined {
    const start = offsetOfUnit(first - 1, this.#record, this.#unit);
    const end = offsetOfUnit(last, this.#record, this.#unit);
    return start === undefined || end === undefined ? undefined : [start, end];
  }

  #row(units: number): RowOutcome {
    if (units < this.#leastUnits) {
      const missing = this.#layout.columns.find(({ last }) => last > units);
      return this.#refusal(`A record of ${units} ${this.#layout.unit}(s) ends before a column does`, missing);
    }
    const { columns } = this.#layout;
    for (const { slot, matches } of this.#tests) if (!this.#matches(matches, columns[slot]!)) return undefined;
    const offset = this.window.row;
    const slots: Cell[] = [];
    this.#text.take(this.#record.length);
    for (const column of columns) {
      const text = this.#cellText(column);
      if (text instanceof DocumentError) return text;
      slots.push({ text, offset });
    }
    return { slots, offset };
  }

  #cellText(stretch: Stretch): string | DocumentError {
    const bounds = this.#bounds(stretch);
    if (bounds === undefined) return this.#refusal('A record ends before a column does', stretch);
    return this.#text.slice(...bounds) ?? this.#refusal('A column cuts a character in two', stretch, 'undecodable');
  }

  #readTrailer(): void {
    this.#trailerSeen = true;
    const { count } = this.#layout.types ?? {};
    if (count === undefined) return;
    this.#text.take(this.#record.length);
    const text = this.#cellText(count);
    if (text instanceof DocumentError) throw text;
    if (!/^ *\d+ *$/.test(text)) throw this.#refusal('The trailer declares no number of rows', count);
    if (Number(text) !== this.#rows) {
      throw this.#refusal(`The trailer declares ${Number(text)} row(s): the document has ${this.#rows}`, count);
    }
  }

  #checkEnd(): void {
    if (!this.#layout.types?.hasTrailer || this.#trailerSeen) return;
    throw new DocumentError('malformed', 'The document ends without its trailer record', { row: this.window.row });
  }

  #refusal(message: string, column?: Stretch, failure: 'malformed' | 'undecodable' = 'malformed'): DocumentError {
    const named = column === undefined ? {} : { columnName: column.name };
    return new DocumentError(failure, message, { row: this.window.row, line: this.window.line, ...named });
  }
}
