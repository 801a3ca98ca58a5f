import type { Report } from '../model/contracts.ts';
import type {
  ChoiceField,
  ConstantField,
  Field,
  Fields,
  LeafField,
  ListField,
  Presence,
  RecordField,
} from '../model/field.ts';
import type { Cell, Slot, SlotPlan, SourceDocument, SourceRecord } from '../model/source.ts';
import { checkSize, join, reportDiscriminator, reportListOptions } from './field-checks.ts';
import { found, type Issues, refusalMessage } from './issues.ts';
import {
  ARRAY_END,
  ARRAY_START,
  encodeJson,
  type JsonWriter,
  memberHead,
  NO_HEAD,
  OBJECT_END,
  OBJECT_START,
} from './json-writer.ts';
import { ABSENT, compileAbsence, compileLeaf, type MaybeAbsent } from './leaf.ts';
import { joinPositions, PlanBuilder } from './plan-builder.ts';
import { Refusal } from './types/value-type.ts';

/**
 * How each kind of output field is read. It is long because its readers call one another: records, lists and choices hold
 * each other.
 */

/** What reading goes through once: the document for places, the issues, and the answer as far as it is written. */
export interface Reading {
  readonly document: SourceDocument;
  readonly issues: Issues;
  readonly out: JsonWriter;
}

/**
 * Reads one field out of a source record and writes it into the answer, behind its head. What is wrong goes to the
 * issues; what is written then is never answered.
 */
export type Reader = (record: SourceRecord, reading: Reading, name: string | number) => void;

/** Reads all fields of a record into an object, or into what an opening has begun of one. */
export type RecordReader = (record: SourceRecord, reading: Reading) => void;

/** What stands before a value, and how it begins where it is an object. */
interface Beginning {
  readonly head: Uint8Array;
  readonly opening: Uint8Array;
}

export const ITEM: Beginning = { head: NO_HEAD, opening: OBJECT_START };

/** Compiles an output field: its slots go into the plan, its reader comes back. */
export function compileReader(field: Field, beginning: Beginning, plan: PlanBuilder, report: Report): Reader {
  switch (field.type) {
    case 'record':
      return field.at === undefined
        ? inlineReader(field, beginning, plan, report)
        : nestedReader(field, field.at, beginning, plan, report);
    case 'list':
      return field.separator === undefined
        ? listReader(field, beginning, plan, report)
        : splitReader(field, beginning, plan, report);
    case 'choice':
      reportDiscriminator(field, report);
      return field.by === undefined
        ? choiceReader(field, beginning, plan, report)
        : taggedReader(field, field.by, beginning, plan, report);
    case 'constant':
      return constantReader(field, beginning, plan, report);
    default:
      return leafReader(field, beginning, plan, report);
  }
}

/** Reads all fields of a record; the reader's issues carry the names of the records around. */
export function compileRecordReader(
  fields: Fields,
  opening: Uint8Array,
  plan: PlanBuilder,
  report: Report,
): RecordReader {
  const members = Object.entries(fields).map(([name, field]) => {
    const beginning = { head: memberHead(name), opening: OBJECT_START };
    const read = compileReader(field, beginning, plan, (place, message) => report(join(name, place), message));
    return { name, read };
  });
  return (record, reading) => {
    reading.out.raw(opening);
    for (let index = 0; index < members.length; index++) {
      const { name, read } = members[index]!;
      read(record, reading, name);
    }
    reading.out.raw(OBJECT_END);
  };
}

/** A constant is answered as it is declared; where it has a position, what stands there must be the same. */
function constantReader(field: ConstantField, beginning: Beginning, plan: PlanBuilder, report: Report): Reader {
  if (field.at === undefined) {
    const json = encodeJson(field.value);
    return (_, { out }) => {
      out.begin(beginning.head);
      out.raw(json);
    };
  }
  const expected = { type: 'text', at: field.at, oneOf: [field.value], public: true } as const;
  return leafReader(expected, beginning, plan, report);
}

function leafReader(field: LeafField, { head }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const leaf = compileLeaf(field, report);
  const index = plan.text([field.at, ...(field.or ?? [])]);
  const slot = plan.slots[index];
  const isPublic = field.public === true;
  const { decodeUtf8 } = leaf;
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    if (decodeUtf8 !== undefined && cell?.utf8 !== undefined) {
      const utf8 = decodeUtf8(cell.utf8);
      if (utf8 !== undefined && reading.out.memberUtf8(head, utf8)) return;
    }
    try {
      writeValue(leaf.decode(cell), head, reading.out);
    } catch (error) {
      const message = refusalMessage(error) + found(cell?.text, isPublic);
      reading.issues.add(name, message, reading.document.place(cell?.offset ?? record.offset, slot));
    }
  };
}

function writeValue(value: MaybeAbsent, head: Uint8Array, out: JsonWriter): void {
  if (value !== ABSENT) out.member(head, value);
}

/** A record without a position stands where its parent stands; where it is optional, it is there when any part of it is. */
function inlineReader(field: RecordField, { head, opening }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const first = plan.asked.length;
  const read = compileRecordReader(field.fields, opening, plan, report);
  const own = plan.asked.slice(first);
  const absent = compileAbsence(field, undefined, report);
  const mayBeAbsent = field.optional === true || field.default !== undefined;
  return (record, reading, name) => {
    if (isNil(record, field)) readNil(field, absent, record, reading, name, head);
    else if (mayBeAbsent && own.every((index) => record.slots[index] === undefined))
      writeValue(absent(), head, reading.out);
    else readWithin(read, record, reading, name, head);
  };
}

/** Whether an element is nil for the field: it says what becomes of that, or none inside it does, as the element's text. */
function isNil({ nil, slots }: SourceRecord, { nullable, nil: becomes }: Presence): boolean {
  if (nil !== true || nullable === true || becomes !== undefined) return nil === true;
  return !slots.some((slot) => slot !== undefined && 'text' in slot && slot.text === null);
}

function readNil(
  field: RecordField | ChoiceField,
  absent: () => MaybeAbsent,
  { offset }: SourceRecord,
  { issues, document, out }: Reading,
  name: string | number,
  head: Uint8Array,
): void {
  try {
    writeValue(nilRecord(field, absent), head, out);
  } catch (error) {
    issues.add(name, refusalMessage(error), document.place(offset));
  }
}

function nestedReader(
  field: RecordField,
  at: string,
  { head, opening }: Beginning,
  plan: PlanBuilder,
  report: Report,
): Reader {
  const inner = new PlanBuilder();
  const read = compileRecordReader(field.fields, opening, inner, report);
  const index = plan.record(at, inner, false);
  const slot = plan.slots[index];
  const absent = compileAbsence(field, undefined, report);
  return (record, reading, name) => {
    const nested = record.slots[index] as SourceRecord | undefined;
    if (nested !== undefined && !isNil(nested, field)) {
      readWithin(read, nested, reading, name, head);
      return;
    }
    try {
      writeValue(nested === undefined ? absent() : nilRecord(field, absent), head, reading.out);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(nested?.offset ?? record.offset, slot));
    }
  };
}

function nilRecord(field: RecordField | ChoiceField, absent: () => MaybeAbsent): MaybeAbsent {
  if (field.nullable === true) return null;
  if (field.nil === 'absent') return absent();
  throw new Refusal('Expected a record, found nil: declare it nullable, or nil: "absent"');
}

function readWithin(
  read: RecordReader,
  record: SourceRecord,
  reading: Reading,
  name: string | number,
  head: Uint8Array,
): void {
  reading.out.begin(head);
  reading.issues.path.push(name);
  read(record, reading);
  reading.issues.path.pop();
}

/** A list is a list with none, one or many; left out only where it is optional, and another where it has a default. */
function listReader(field: ListField, { head }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const { items } = field;
  const { index, read } =
    items.type === 'record' || items.type === 'choice'
      ? recordItems(field, items, plan, report)
      : textItems(field, items, plan, report);
  const slot = plan.slots[index];
  reportListOptions(field, report);
  return (record, reading, name) => {
    const values = record.slots[index] as readonly (Cell | SourceRecord)[] | undefined;
    if (values === undefined && standsIn(field, head, reading.out)) return;
    readItems(values ?? NONE, read, reading, name, head);
    checkSize(field, values?.length ?? 0, (message) =>
      reading.issues.add(name, message, reading.document.place(values?.[0]?.offset ?? record.offset, slot)),
    );
  };
}

/** Whether something else stands for a list that is absent: nothing where it is optional, or its default. */
function standsIn({ optional, default: instead }: ListField, head: Uint8Array, out: JsonWriter): boolean {
  if (instead !== undefined) out.member(head, instead);
  return optional === true || instead !== undefined;
}

const NONE: readonly never[] = [];

/** Reads one item of a list; one that is absent is left out of it. */
type ReadItem<T> = (item: T, reading: Reading, position: number) => void;

function readItems<T>(
  items: readonly T[],
  read: ReadItem<T>,
  reading: Reading,
  name: string | number,
  head: Uint8Array,
): void {
  const { out, issues } = reading;
  out.begin(head);
  out.raw(ARRAY_START);
  issues.path.push(name);
  for (let position = 0; position < items.length; position++) read(items[position]!, reading, position);
  issues.path.pop();
  out.raw(ARRAY_END);
}

interface ItemReader {
  readonly index: number;
  readonly read: ReadItem<Cell | SourceRecord>;
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
  const read = compileReader(inline, ITEM, inner, report);
  return {
    index: plan.record(at, inner, true),
    read: (item, reading, position) => read(item as SourceRecord, reading, position),
  };
}

function withoutPosition({ at: _, ...record }: RecordField): RecordField {
  return record;
}

function textItems(
  field: ListField,
  items: Exclude<Field, RecordField | ChoiceField>,
  plan: PlanBuilder,
  report: Report,
): ItemReader {
  if (items.type === 'list' || items.type === 'constant') {
    report('items', `A ${items.type} as item of a list needs a record around it`);
    return { index: plan.texts(field.at), read: () => undefined };
  }
  const leaf = compileLeaf(items, report);
  const index = plan.texts(joinPositions(field.at, items.at));
  const slot = plan.slots[index];
  const read = readTextItem(leaf.decode, items.public === true, slot);
  return { index, read: (item, reading, position) => read(item as Cell, reading, position) };
}

function readTextItem(
  decode: (cell: Cell) => MaybeAbsent,
  isPublic: boolean,
  slot: SlotPlan | undefined,
): ReadItem<Cell> {
  return (cell, { issues, document, out }, position) => {
    try {
      writeValue(decode(cell), NO_HEAD, out);
    } catch (error) {
      issues.add(position, refusalMessage(error) + found(cell.text, isPublic), document.place(cell.offset, slot));
    }
  };
}

/** A list inside one text. An empty text is a list with none. */
function splitReader(field: ListField, { head }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const { items, separator = '' } = field;
  if (items.type === 'record' || items.type === 'list' || items.type === 'choice' || items.type === 'constant') {
    report('items', 'A list inside one text has texts, numbers, dates or codes as items');
    return () => undefined;
  }
  const leaf = compileLeaf(items, report);
  const index = plan.text([field.at]);
  const slot = plan.slots[index];
  const read = readTextItem(leaf.decode, items.public === true, slot);
  reportListOptions(field, report);
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    if (cell === undefined && standsIn(field, head, reading.out)) return;
    const offset = cell?.offset ?? record.offset;
    const text = cell?.text ?? '';
    const parts = text === '' ? [] : text.split(separator);
    const cells = parts.map((text) => ({ text, offset }));
    readItems(cells, read, reading, name, head);
    checkSize(field, parts.length, (message) =>
      reading.issues.add(name, message, reading.document.place(offset, slot)),
    );
  };
}

/** How the object of a case begins: with the case's name. */
function openingOf({ discriminator }: ChoiceField, name: string): Uint8Array {
  return encodeJson({ [discriminator]: name }).slice(0, -OBJECT_END.length);
}

/** Exactly one of the cases' records is there. */
function choiceReader(field: ChoiceField, { head }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const cases = Object.entries(field.cases).map(([name, { record }]) => {
    const at = record.at ?? '.';
    if (record.at === undefined) report(`cases.${name}`, 'A case that nothing tags needs a position of its own');
    const inner = new PlanBuilder();
    const read = compileRecordReader(record.fields, openingOf(field, name), inner, (place, message) =>
      report(join(`cases.${name}`, place), message),
    );
    return { name, index: plan.record(at, inner, false), read };
  });
  if (cases.length === 0) report('cases', 'A choice has at least one case');
  const absent = compileAbsence(field, undefined, report);
  return (record, reading, name) => {
    const present = cases.filter(({ index }) => record.slots[index] !== undefined);
    const [chosen] = present;
    if (chosen !== undefined && present.length === 1) {
      const own = record.slots[chosen.index] as SourceRecord;
      if (isNil(own, field)) readNil(field, absent, own, reading, name, head);
      else readWithin(chosen.read, own, reading, name, head);
      return;
    }
    if (isNil(record, field)) {
      readNil(field, absent, record, reading, name, head);
      return;
    }
    try {
      if (chosen !== undefined)
        throw new Refusal(`Expected one of ${present.map((other) => other.name).join(', ')}, found ${present.length}`);
      writeValue(absent(), head, reading.out);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(record.offset));
    }
  };
}

/** The case is told by a text; only its fields are read. */
function taggedReader(field: ChoiceField, by: string, { head }: Beginning, plan: PlanBuilder, report: Report): Reader {
  const index = plan.text([by]);
  const slot = plan.slots[index];
  const first = plan.slots.length;
  const cases = new Map<string, Reader>();
  for (const [name, { tag, record }] of Object.entries(field.cases)) {
    const read = compileReader(record, { head, opening: openingOf(field, name) }, plan, (place, message) =>
      report(join(`cases.${name}`, place), message),
    );
    if (tag === undefined) report(`cases.${name}`, 'The case has no tag');
    else if (cases.has(tag)) report(`cases.${name}`, `Two cases have the tag ${JSON.stringify(tag)}`);
    else cases.set(tag, read);
  }
  if (cases.size === 0) report('cases', 'A choice has at least one case');
  const absent = compileAbsence(field, undefined, report);
  const end = plan.slots.length;
  return (record, reading, name) => {
    const cell = record.slots[index] as Cell | undefined;
    const nil = nilAmong(record, first, end, field);
    if (nil !== undefined && (cell === undefined || field.nullable === true)) {
      readNil(field, absent, nil, reading, name, head);
      return;
    }
    const read = cases.get(cell?.text ?? '');
    if (cell !== undefined && read !== undefined) {
      read(record, reading, name);
      return;
    }
    try {
      if (cell !== undefined) throw new Refusal(`Expected one of ${[...cases.keys()].join(', ')}`);
      writeValue(absent(), head, reading.out);
    } catch (error) {
      reading.issues.add(name, refusalMessage(error), reading.document.place(cell?.offset ?? record.offset, slot));
    }
  };
}

/** The nil element of a tagged choice, which need not say its tag: the one around, or one that its cases read. */
function nilAmong(record: SourceRecord, first: number, end: number, field: Presence): SourceRecord | undefined {
  if (isNil(record, field)) return record;
  for (let index = first; index < end; index++) {
    const slot = record.slots[index];
    if (slot !== undefined && 'slots' in slot && isNil(slot, field)) return slot;
  }
  return undefined;
}

/** Whether a slot holds anything. */
export function isPresent(slot: Slot): boolean {
  return slot !== undefined && !(Array.isArray(slot) && slot.length === 0);
}
