import type { Report } from '../../model/contracts.ts';
import type { SpeanError } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import type { RecordPlan, SlotPlan } from '../../model/source.ts';
import { unexpected } from '../refusal.ts';

const NUMBERED = /^#(\d+)$/;

/** Index of the column that a position such as `#3` means; undefined for a column's name. */
function columnNumber(position: string): number | undefined {
  const digits = NUMBERED.exec(position)?.[1];
  return digits === undefined ? undefined : Number(digits) - 1;
}

function isNumbered(position: string): boolean {
  return columnNumber(position) !== undefined;
}

/** Reports positions that no row can have, and names where there is no header to find them in. */
export function reportColumns(plan: RecordPlan, hasHeader: boolean, report: Report): void {
  for (const slot of plan.slots) {
    const name = JSON.stringify(slot.at[0]);
    if (slot.record !== undefined) report('output', `A CSV row holds texts, not a record at ${name}`);
    if (slot.repeats)
      report('output', `A CSV row has no list at ${name}: expected a text, with a separator to split it`);
    for (const position of slot.at) {
      if (columnNumber(position) === -1)
        report('output', `The column ${position} does not exist: columns count from #1`);
      if (!hasHeader && !isNumbered(position)) {
        report(
          'output',
          `The column ${JSON.stringify(position)} has a name, and there is no header: expected #1, #2, …`,
        );
      }
    }
  }
}

/**
 * The column of each slot, found by number or by name among the header's; the first of a slot's positions that is
 * there counts. A name is compared whole, then without what nobody sees: format characters such as a byte order mark
 * or a zero-width space, white space at the ends, and the kind of a space.
 *
 * Throws SpeanError `legacy-unexpected` for columns that are missing, and for a name that more than one column has.
 */
export function findColumns(plan: RecordPlan, header: readonly string[], place: Place): number[] {
  const exact = new ColumnNames(header, (name) => name);
  const visible = new ColumnNames(header, visibleName);
  const columns = plan.slots.map((slot) => findColumn(slot, header.length, exact, visible, place));
  const missing = plan.slots.filter((_, index) => columns[index] === undefined);
  if (missing.length > 0) {
    const isHeader = plan.slots.some(({ at }, index) => columns[index] !== undefined && !at.every(isNumbered));
    throw missingColumns(missing, isHeader, header, place);
  }
  return columns as number[];
}

/** The columns of slots that are all numbers, in a document without a header. Errors as `findColumns`. */
export function numberedColumns(plan: RecordPlan, width: number, place: Place): number[] {
  return plan.slots.map(({ at }) => {
    const column = at.map(columnNumber).find((number) => number !== undefined && number < width);
    if (column !== undefined) return column;
    throw unexpected(`The column ${at.join(' or ')} is missing: the first row has ${width} cell(s)`, place);
  });
}

function findColumn(
  slot: SlotPlan,
  width: number,
  exact: ColumnNames,
  visible: ColumnNames,
  place: Place,
): number | undefined {
  for (const position of slot.at) {
    const number = columnNumber(position);
    const found =
      number === undefined ? (exact.find(position, place) ?? visible.find(position, place)) : number < width && number;
    if (typeof found === 'number') return found;
  }
  return undefined;
}

/** Column names under a reading of them, and where they are. */
class ColumnNames {
  readonly #read: (name: string) => string;
  readonly #indexes = new Map<string, number[]>();

  constructor(header: readonly string[], read: (name: string) => string) {
    this.#read = read;
    for (const [index, name] of header.entries()) {
      const key = read(name);
      const indexes = this.#indexes.get(key);
      if (indexes === undefined) this.#indexes.set(key, [index]);
      else indexes.push(index);
    }
  }

  find(name: string, place: Place): number | undefined {
    const indexes = this.#indexes.get(this.#read(name)) ?? [];
    if (indexes.length < 2) return indexes[0];
    const numbers = indexes.map((index) => `#${index + 1}`).join(', ');
    throw unexpected(`More than one column has this name (${numbers}): declare the column by its number`, {
      ...place,
      columnName: name,
    });
  }
}

/** Made where they are used: as literals they are looked up in the tables of Unicode at every start. */
function visibleName(name: string): string {
  return name
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .trim();
}

/** Most columns of a header named in a message, and most characters of each. */
const NAMED_COLUMNS = 30;
const NAME_CHARACTERS = 60;

/** Names the columns found only when one that was expected is among them: otherwise the row may be data, not a header. */
function missingColumns(
  missing: readonly SlotPlan[],
  isHeader: boolean,
  header: readonly string[],
  place: Place,
): SpeanError {
  const names = missing.map((slot) => slot.at.map((position) => JSON.stringify(position)).join(' or ')).join(', ');
  const found = header.slice(0, NAMED_COLUMNS).map((name) => JSON.stringify(name.slice(0, NAME_CHARACTERS)));
  const rest = header.length > NAMED_COLUMNS ? ` and ${header.length - NAMED_COLUMNS} more` : '';
  return unexpected(
    isHeader
      ? `The column ${names} is missing: found ${found.join(', ')}${rest}`
      : `The column ${names} is missing, and none of the ${header.length} column(s) found is expected: is this the header?`,
    place,
  );
}
