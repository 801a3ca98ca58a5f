import type { Report } from '../model/contracts.ts';
import { SpeanError } from '../model/errors.ts';
import type {
  BinaryField,
  Comparison,
  ConstantField,
  DecimalField,
  Field,
  LeafField,
  TextField,
} from '../model/field.ts';
import type { JsonValue } from '../model/json.ts';
import { describePlace, type Place } from '../model/place.ts';
import type { RowTest } from '../model/source.ts';
import { found, refusalMessage } from './issues.ts';
import { ABSENT, compileLeaf } from './leaf.ts';
import type { PlanBuilder } from './plan-builder.ts';
import { Refusal, type ValueType } from './types/value-type.ts';

/** The test that an input makes of rows; undefined where the input is absent and selects nothing. Throws Refusal. */
export type Selection = (value: JsonValue | undefined) => RowTest | undefined;

/** A field that may name a column; a constant goes nowhere but into a request. */
export type SelectingField = Exclude<Field, ConstantField>;

/** Compiles an input that names a column. Values are compared as the input's type has them: a date as a date. */
export function compileSelection(field: SelectingField, response: PlanBuilder, report: Report): Selection {
  if (field.type === 'record' || field.type === 'list' || field.type === 'choice') {
    report('', `A ${field.type} cannot select rows`);
    return () => undefined;
  }
  const leaf = compileLeaf(field, report);
  const cells = compileLeaf(asCell(field), () => undefined);
  const slot = response.text([field.at]);
  const { selects = 'equal' } = field;
  const { compare } = leaf.type;
  if (selects !== 'equal' && compare === undefined) report('selects', `A ${field.type} has no order`);
  return (value) => {
    const legacyText = leaf.encode(value);
    if (legacyText === undefined) return undefined;
    if (legacyText === null) throw new Refusal('Expected a value, found null: null selects no rows');
    const wanted = cells.decode({ text: legacyText, offset: 0 });
    if (wanted === ABSENT || wanted === null) throw new Refusal('Expected a value that can stand in the column');
    const holds = comparison(selects, wanted, leaf.type);
    return {
      slot,
      accepts: (cell, place) => {
        try {
          const value = cells.decode(cell);
          return value !== ABSENT && value !== null && holds(value);
        } catch (error) {
          throw incomparable(refusalMessage(error) + found(cell.text, field.public === true), place(cell.offset));
        }
      },
      ...(isPlainEquality(field, selects) ? { equals: legacyText } : {}),
    };
  };
}

/** Options of a field that say which values may be asked for, not how a cell is read. */
const CONSTRAINTS = new Set<string>([
  ...(['min', 'max', 'totalDigits', 'fractionDigits'] satisfies (keyof DecimalField)[]),
  ...(['minLength', 'maxLength', 'pattern', 'digits', 'oneOf'] satisfies (keyof TextField)[]),
  ...(['maxBytes'] satisfies (keyof BinaryField)[]),
]);

/**
 * The field as it reads cells. Any cell that can be read can be compared, whether it might be asked for or not; and what
 * may be absent is the input: a cell that holds no value is another than any asked for, and never the default. Numbers are
 * read as texts (`as`, which other types do not have), since every one of them has a text.
 */
function asCell({ default: _, ...field }: LeafField): LeafField {
  const read = Object.entries(field).filter(([name]) => !CONSTRAINTS.has(name));
  return { ...Object.fromEntries(read), as: 'string', optional: true, nullable: true } as unknown as LeafField;
}

function comparison(
  selects: Comparison,
  wanted: JsonValue,
  { compare = unordered }: ValueType,
): (found: JsonValue) => boolean {
  if (selects === 'equal') return (found) => compare(found, wanted) === 0;
  return selects === 'atLeast' ? (found) => compare(found, wanted) >= 0 : (found) => compare(found, wanted) <= 0;
}

/** Values of a type without order are equal or not. */
function unordered(a: JsonValue, b: JsonValue): number {
  return a === b ? 0 : 1;
}

/** Text that nothing normalises: only the very same text is equal, so a reader may compare bytes. */
function isPlainEquality(field: LeafField, selects: Comparison): boolean {
  return selects === 'equal' && field.type === 'text' && field.rules === undefined;
}

/** A cell that cannot be compared is a value that is not as declared: passing its row over could hide the one asked for. */
function incomparable(reason: string, place: Place): SpeanError {
  const message = `A row cannot be compared: ${reason}`;
  return new SpeanError('legacy-value-invalid', {
    detail: `${message} (${describePlace(place)})`,
    issues: [{ message, place }],
  });
}
