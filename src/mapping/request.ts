import type { Report } from '../model/contracts.ts';
import type { ChoiceField, Field, Fields, LeafField, ListField, Presence, RecordField } from '../model/field.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Cell, Slot, SourceRecord } from '../model/source.ts';
import { checkSize, join, reportDiscriminator, reportListOptions } from './field-checks.ts';
import { type Issues, refusalMessage } from './issues.ts';
import { compileLeaf } from './leaf.ts';
import { joinPositions, PlanBuilder } from './plan-builder.ts';
import { reportSharedPositions } from './shared-positions.ts';
import { Refusal } from './types/value-type.ts';

/** Slots under construction: what the format will encode. */
type Slots = Slot[];

/** Checks one public value and writes it into the slots. What is wrong goes to the issues. */
export type Writer = (value: JsonValue | undefined, slots: Slots, issues: Issues, name: string | number) => void;

/** Compiles an input field: its slots go into the plan, its writer comes back. */
export function compileWriter(field: Field, plan: PlanBuilder, report: Report): Writer {
  switch (field.type) {
    case 'record':
      return withDefault(field, recordWriter(field, plan, report));
    case 'list':
      return withDefault(field, listWriter(field, plan, report));
    case 'choice':
      return withDefault(field, choiceWriter(field, plan, report));
    case 'constant': {
      if (field.at === undefined) report('at', 'A constant of an input needs a position');
      const index = plan.text([field.at ?? '.']);
      return (_, slots) => {
        slots[index] = cell(field.value);
      };
    }
    default:
      return leafWriter(field, plan, report);
  }
}

/** What stands in for what is left out; of a single value its leaf sees to that. */
function withDefault({ default: instead }: Presence, write: Writer): Writer {
  if (instead === undefined) return write;
  return (value, slots, issues, name) => write(value === undefined ? instead : value, slots, issues, name);
}

function cell(text: string | null): Cell {
  return { text, offset: 0 };
}

function leafWriter(field: LeafField, plan: PlanBuilder, report: Report): Writer {
  if (field.or !== undefined) report('or', 'An input has one position');
  const leaf = compileLeaf(field, report);
  const index = plan.text([field.at]);
  return (value, slots, issues, name) => {
    try {
      const text = leaf.encode(value);
      if (text !== undefined) slots[index] = cell(text);
    } catch (error) {
      issues.add(name, refusalMessage(error));
    }
  };
}

/** Writes the members of a record; members that no field has are refused, so that no input is dropped in silence. */
function compileMembers(fields: Fields, plan: PlanBuilder, report: Report): Writer {
  reportSharedPositions(fields, report);
  const writers = Object.entries(fields).map(([name, field]) => {
    const write = compileWriter(field, plan, (place, message) => report(join(name, place), message));
    if ('exchange' in field) report(join(name, 'exchange'), 'Only an input of its own takes a part of the exchange');
    return { name, write, fixed: field.type === 'constant' };
  });
  const known = new Set(writers.filter(({ fixed }) => !fixed).map(({ name }) => name));
  return (value, slots, issues) => {
    const members = value as JsonObject;
    for (const name of Object.keys(members)) if (!known.has(name)) issues.add(name, 'Expected no member of this name');
    for (const { name, write } of writers) {
      write(Object.hasOwn(members, name) ? members[name] : undefined, slots, issues, name);
    }
  };
}

function recordWriter(field: RecordField, plan: PlanBuilder, report: Report): Writer {
  const inner = field.at === undefined ? plan : new PlanBuilder();
  const write = compileMembers(field.fields, inner, report);
  const index = field.at === undefined ? undefined : plan.record(field.at, inner, false);
  return (value, slots, issues, name) => {
    try {
      if (value === undefined && field.optional === true) return;
      if (value === null && field.nullable === true && index !== undefined) {
        slots[index] = { slots: [], offset: 0, nil: true };
        return;
      }
      requireObject(value);
    } catch (error) {
      issues.add(name, refusalMessage(error));
      return;
    }
    const target = index === undefined ? slots : [];
    within(issues, name, () => write(value, target, issues, name));
    if (index !== undefined) slots[index] = sourceRecord(target, inner);
  };
}

export function sourceRecord(slots: Slots, plan: PlanBuilder): SourceRecord {
  const all: Slot[] = [];
  for (let index = 0; index < plan.slots.length; index++) all.push(slots[index]);
  return { slots: all, offset: 0 };
}

function requireObject(value: JsonValue | undefined): asserts value is JsonObject {
  if (value === undefined) throw new Refusal('Expected a value, found none');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('Expected an object');
}

function within(issues: Issues, name: string | number, write: () => void): void {
  issues.path.push(name);
  try {
    write();
  } finally {
    issues.path.pop();
  }
}

function listWriter(field: ListField, plan: PlanBuilder, report: Report): Writer {
  reportListOptions(field, report);
  const write = listItemsWriter(field, plan, report);
  return (value, slots, issues, name) => {
    if (value === undefined && field.optional === true) return;
    if (!Array.isArray(value)) {
      issues.add(name, 'Expected a list');
      return;
    }
    checkSize(field, value.length, (message) => issues.add(name, message));
    within(issues, name, () => write(value, slots, issues));
  };
}

type ItemsWriter = (items: readonly JsonValue[], slots: Slots, issues: Issues) => void;

function listItemsWriter(field: ListField, plan: PlanBuilder, report: Report): ItemsWriter {
  const { items, separator } = field;
  if (items.type === 'record' || items.type === 'choice') return recordItemsWriter(field, items, plan, report);
  if (items.type === 'list' || items.type === 'constant') {
    report('items', `A list cannot have items of type ${items.type}`);
    return () => undefined;
  }
  const leaf = compileLeaf(items, report);
  const index = separator === undefined ? plan.texts(joinPositions(field.at, items.at)) : plan.text([field.at]);
  return (values, slots, issues) => {
    const texts = values.map((value, position) => {
      try {
        const text = leaf.encode(value) ?? null;
        if (separator !== undefined && !isKeptApart(text, separator, values.length))
          throw new Refusal('Expected a value without the separator, which is neither null nor the only one and empty');
        return text;
      } catch (error) {
        issues.add(position, refusalMessage(error));
        return null;
      }
    });
    slots[index] = separator === undefined ? texts.map(cell) : cell(texts.join(separator));
  };
}

/** Whether an item is read again as it is: an empty text alone is a list with none, and null would be an empty text. */
function isKeptApart(text: string | null, separator: string, count: number): boolean {
  if (text === null || (text === '' && count === 1)) return false;
  return (text + separator).indexOf(separator) === text.length;
}

function recordItemsWriter(
  field: ListField,
  items: RecordField | ChoiceField,
  plan: PlanBuilder,
  report: Report,
): ItemsWriter {
  const inner = new PlanBuilder();
  const at = items.type === 'record' ? joinPositions(field.at, items.at) : field.at;
  const { at: _, ...inline } = items as RecordField;
  const write = compileWriter(items.type === 'record' ? inline : items, inner, report);
  const index = plan.record(at, inner, true);
  return (values, slots, issues) => {
    slots[index] = values.map((value, position) => {
      if (value === null && items.nullable === true) return { slots: [], offset: 0, nil: true } as const;
      const target: Slots = [];
      write(value, target, issues, position);
      return sourceRecord(target, inner);
    });
  };
}

function choiceWriter(field: ChoiceField, plan: PlanBuilder, report: Report): Writer {
  reportDiscriminator(field, report);
  const tagIndex = field.by === undefined ? undefined : plan.text([field.by]);
  const cases = new Map(
    Object.entries(field.cases).map(([name, { tag, record }]) => {
      const write = recordWriter(record, plan, (place, message) => report(join(`cases.${name}`, place), message));
      if (tagIndex === undefined && record.at === undefined)
        report(`cases.${name}`, 'A case that nothing tags needs a position of its own');
      if (tagIndex !== undefined && tag === undefined) report(`cases.${name}`, 'The case has no tag');
      return [name, { tag: tag ?? '', write }] as const;
    }),
  );
  return (value, slots, issues, name) => {
    if (value === undefined && field.optional === true) return;
    try {
      requireObject(value);
      const { [field.discriminator]: which, ...members } = value;
      const chosen = typeof which === 'string' ? cases.get(which) : undefined;
      if (chosen === undefined)
        throw new Refusal(`Expected "${field.discriminator}" to be one of ${[...cases.keys()].join(', ')}`);
      if (tagIndex !== undefined) slots[tagIndex] = cell(chosen.tag);
      chosen.write(members, slots, issues, name);
    } catch (error) {
      issues.add(name, refusalMessage(error));
    }
  };
}
