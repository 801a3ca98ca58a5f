import type { Report } from '../model/contracts.ts';
import type { ChoiceField, Field, Fields, ListField, RecordField } from '../model/field.ts';
import type { JsonValue } from '../model/json.ts';
import type { Cell, Slot, SlotPlan, SourceDocument, SourceRecord } from '../model/source.ts';
import { found, type Issues, refusalMessage } from './issues.ts';
import { ABSENT, compileAbsence, compileLeaf, type MaybeAbsent } from './leaf.ts';
import { joinPositions, PlanBuilder } from './plan-builder.ts';
import { type RecordObject, setMember } from './record-object.ts';
import { Refusal } from './types/value-type.ts';

/** What reading goes through once: the document for places, and the issues. */
export interface Reading {
  readonly document: SourceDocument;
  readonly issues: Issues;
}

/** Reads one field's value out of a source record. What is wrong goes to the issues, and the value is left out. */
export type Reader = (record: SourceRecord, reading: Reading, name: string | number) => MaybeAbsent;

/** Reads all fields of a record. */
export type RecordReader = (record: SourceRecord, reading: Reading) => RecordObject;

/** Compiles an output field: its slots go into the plan, its reader comes back. */
export function compileReader(field: Field, plan: PlanBuilder, report: Report): Reader {
  switch (field.type) {
    case 'record':
      return field.at === undefined ? inlineReader(field, plan, report) : nestedReader(field, field.at, plan, report);
    case 'list':
      return field.separator === undefined ? listReader(field, plan, report) : splitReader(field, plan, report);
    case 'choice':
      return field.by === undefined ? choiceReader(field, plan, report) : taggedReader(field, field.by, plan, report);
    case 'constant': {
      if (field.at === undefined) return () => field.value;
      const expected = { type: 'text', at: field.at, oneOf: [field.value], public: true } as const;
      return leafReader(expected, plan, report);
    }
    default:
      return leafReader(field, plan, report);
  }
}

/** Reads all fields of a record; the reader's issues carry the names of the records around. */
export function compileRecordReader(fields: Fields, plan: PlanBuilder, report: Report): RecordReader {
  const readers = Object.entries(fields).map(([name, field]) => {
    const reader = compileReader(field, plan, (place, message) => report(join(name, place), message));
    return [name, reader] as const;
  });
  return (record, reading) => {
    const result: RecordObject = {};
    for (const [name, read] of readers) {
      const value = read(record, reading, name);
      if (value !== ABSENT) setMember(result, name, value);
    }
    return result;
  };
}

export function join(outer: string, inner: string): string {
  return inner === '' ? outer : `${outer}.${inner}`;
}

function leafReader(
  field: Exclude<Field, RecordField | ListField | ChoiceField | { type: 'constant' }>,
  plan: PlanBuilder,
  report: Report,
): Reader {
  const leaf = compileLeaf(field, report);
  const index = plan.text([field.at, ...(field.or ?? [])]);
  const slot = plan.slots[index];
  const isPublic = field.public === true;
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    try {
      return leaf.decode(cell);
    } catch (error) {
      const message = refusalMessage(error) + found(cell?.text, isPublic);
      reading.issues.add(name, message, reading.document.place(cell?.offset ?? record.offset, slot));
      return ABSENT;
    }
  };
}

/** A record without a position stands where its parent stands; where it is optional, it is there when any part of it is. */
function inlineReader(field: RecordField, plan: PlanBuilder, report: Report): Reader {
  const first = plan.slots.length;
  const read = compileRecordReader(field.fields, plan, report);
  const own = Array.from({ length: plan.slots.length - first }, (_, index) => first + index);
  const absent = compileAbsence(field, undefined, report);
  const mayBeAbsent = field.optional === true || field.default !== undefined;
  return (record, reading, name) => {
    if (mayBeAbsent && own.every((index) => record.slots[index] === undefined)) return absent();
    return within(reading, name, () => read(record, reading));
  };
}

function nestedReader(field: RecordField, at: string, plan: PlanBuilder, report: Report): Reader {
  const inner = new PlanBuilder();
  const read = compileRecordReader(field.fields, inner, report);
  const index = plan.record(at, inner, false);
  const slot = plan.slots[index];
  const absent = compileAbsence(field, undefined, report);
  return (record, reading, name) => {
    const nested = record.slots[index] as SourceRecord | undefined;
    try {
      if (nested === undefined) return absent();
      if (nested.nil === true) return nilRecord(field, absent);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(nested?.offset ?? record.offset, slot));
      return ABSENT;
    }
    return within(reading, name, () => read(nested, reading));
  };
}

function nilRecord(field: RecordField, absent: () => MaybeAbsent): MaybeAbsent {
  if (field.nullable === true) return null;
  if (field.nil === 'absent') return absent();
  throw new Refusal('Expected a record, found nil: declare it nullable, or nil: "absent"');
}

function within<T>({ issues }: Reading, name: string | number, read: () => T): T {
  issues.path.push(name);
  try {
    return read();
  } finally {
    issues.path.pop();
  }
}

/** A list is a list with none, one or many; left out only where it is optional. */
function listReader(field: ListField, plan: PlanBuilder, report: Report): Reader {
  const { items } = field;
  if (items.type === 'list') report('items', 'A list of lists needs a record between them');
  const readItem =
    items.type === 'record' || items.type === 'choice'
      ? recordItems(field, items, plan, report)
      : textItems(field, plan, report);
  const { index, read } = readItem;
  const slot = plan.slots[index];
  reportSizes(field, report);
  return (record, reading, name) => {
    const found = record.slots[index] as readonly (Cell | SourceRecord)[] | undefined;
    if (found === undefined && field.optional === true) return ABSENT;
    const values = within(reading, name, () => (found ?? []).map((item, position) => read(item, reading, position)));
    checkSize(field, values.length, (message) =>
      reading.issues.add(name, message, reading.document.place(found?.[0]?.offset ?? record.offset, slot)),
    );
    return values.filter((value) => value !== ABSENT);
  };
}

interface ItemReader {
  readonly index: number;
  readonly read: (item: Cell | SourceRecord, reading: Reading, position: number) => MaybeAbsent;
}

function recordItems(
  field: ListField,
  items: RecordField | ChoiceField,
  plan: PlanBuilder,
  report: Report,
): ItemReader {
  const inner = new PlanBuilder();
  const at = items.type === 'record' ? joinPositions(field.at, items.at) : field.at;
  const inline = items.type === 'record' ? withoutPosition(items) : items;
  const read = compileReader(inline, inner, report);
  return {
    index: plan.record(at, inner, true),
    read: (item, reading, position) => read(item as SourceRecord, reading, position),
  };
}

function withoutPosition({ at: _, ...record }: RecordField): RecordField {
  return record;
}

function textItems(field: ListField, plan: PlanBuilder, report: Report): ItemReader {
  const { items } = field;
  if (items.type === 'record' || items.type === 'list' || items.type === 'choice' || items.type === 'constant') {
    report('items', `A list cannot have items of type ${items.type}`);
    return { index: plan.texts(field.at), read: () => ABSENT };
  }
  const leaf = compileLeaf(items, report);
  const index = plan.texts(joinPositions(field.at, items.at));
  const slot = plan.slots[index];
  return {
    index,
    read: (item, reading, position) =>
      decodeItem(leaf.decode, item as Cell, items.public === true, reading, position, slot),
  };
}

function decodeItem(
  decode: (cell: Cell) => MaybeAbsent,
  cell: Cell,
  isPublic: boolean,
  { issues, document }: Reading,
  position: number,
  slot: SlotPlan | undefined,
): MaybeAbsent {
  try {
    return decode(cell);
  } catch (error) {
    issues.add(position, refusalMessage(error) + found(cell.text, isPublic), document.place(cell.offset, slot));
    return ABSENT;
  }
}

/** A list inside one text. An empty text is a list with none. */
function splitReader(field: ListField, plan: PlanBuilder, report: Report): Reader {
  const { items, separator = '' } = field;
  if (separator === '') report('separator', 'The separator is empty');
  if (items.type === 'record' || items.type === 'list' || items.type === 'choice' || items.type === 'constant') {
    report('items', 'A list inside one text has texts, numbers, dates or codes as items');
    return () => ABSENT;
  }
  const leaf = compileLeaf(items, report);
  const index = plan.text([field.at]);
  const slot = plan.slots[index];
  reportSizes(field, report);
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    if (cell === undefined && field.optional === true) return ABSENT;
    const parts = cell === undefined || cell.text === null || cell.text === '' ? [] : cell.text.split(separator);
    const values = within(reading, name, () =>
      parts.map((text, position) => {
        const part = { text, offset: cell?.offset ?? record.offset };
        return decodeItem(leaf.decode, part, items.public === true, reading, position, slot);
      }),
    );
    checkSize(field, values.length, (message) =>
      reading.issues.add(name, message, reading.document.place(cell?.offset ?? record.offset, slot)),
    );
    return values.filter((value) => value !== ABSENT);
  };
}

export function reportSizes({ minItems, maxItems }: ListField, report: Report): void {
  if (minItems !== undefined && maxItems !== undefined && minItems > maxItems)
    report('minItems', 'minItems is more than maxItems');
}

export function checkSize(
  { minItems = 0, maxItems = Number.POSITIVE_INFINITY }: ListField,
  size: number,
  refuse: (message: string) => void,
): void {
  if (size < minItems) refuse(`Expected at least ${minItems} items, found ${size}`);
  if (size > maxItems) refuse(`Expected at most ${maxItems} items, found ${size}`);
}

/** Exactly one of the cases' records is there. */
function choiceReader(field: ChoiceField, plan: PlanBuilder, report: Report): Reader {
  const cases = Object.entries(field.cases).map(([name, { record }]) => {
    const at = record.at ?? '.';
    if (record.at === undefined) report(`cases.${name}`, 'A case that nothing tags needs a position of its own');
    const inner = new PlanBuilder();
    const read = compileRecordReader(record.fields, inner, (place, message) =>
      report(join(`cases.${name}`, place), message),
    );
    return { name, index: plan.record(at, inner, false), read };
  });
  if (cases.length === 0) report('cases', 'A choice has at least one case');
  const absent = compileAbsence(field, undefined, report);
  return (record, reading, name) => {
    const present = cases.filter(({ index }) => record.slots[index] !== undefined);
    const [chosen] = present;
    try {
      if (chosen === undefined) return absent();
      if (present.length > 1)
        throw new Refusal(`Expected one of ${present.map((other) => other.name).join(', ')}, found ${present.length}`);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(record.offset));
      return ABSENT;
    }
    const nested = record.slots[chosen.index] as SourceRecord;
    return within(reading, name, () => discriminated(field, chosen.name, chosen.read(nested, reading)));
  };
}

/** The case is told by a text; only its fields are read. */
function taggedReader(field: ChoiceField, by: string, plan: PlanBuilder, report: Report): Reader {
  const index = plan.text([by]);
  const slot = plan.slots[index];
  const cases = new Map<string, { readonly name: string; readonly read: Reader }>();
  for (const [name, { tag, record }] of Object.entries(field.cases)) {
    const read = compileReader(record, plan, (place, message) => report(join(`cases.${name}`, place), message));
    if (tag === undefined) report(`cases.${name}`, 'The case has no tag');
    else if (cases.has(tag)) report(`cases.${name}`, `Two cases have the tag ${JSON.stringify(tag)}`);
    else cases.set(tag, { name, read });
  }
  if (cases.size === 0) report('cases', 'A choice has at least one case');
  const absent = compileAbsence(field, undefined, report);
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    const chosen = cases.get(cell?.text ?? '');
    try {
      if (cell === undefined) return absent();
      if (chosen === undefined) throw new Refusal(`Expected one of ${[...cases.keys()].join(', ')}`);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(cell?.offset ?? record.offset, slot));
      return ABSENT;
    }
    const value = chosen.read(record, reading, name);
    return value === ABSENT ? ABSENT : discriminated(field, chosen.name, value as RecordObject);
  };
}

function discriminated({ discriminator }: ChoiceField, name: string, members: RecordObject): JsonValue {
  const result: RecordObject = {};
  setMember(result, discriminator, name);
  for (const [member, value] of Object.entries(members)) setMember(result, member, value);
  return result;
}

/** Whether a slot holds anything. */
export function isPresent(slot: Slot): boolean {
  return slot !== undefined && !(Array.isArray(slot) && slot.length === 0);
}
