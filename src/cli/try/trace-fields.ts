import { ABSENT, compileLeaf } from '../../mapping/leaf.ts';
import { joinPositions } from '../../mapping/plan-builder.ts';
import { VALUE_TYPES } from '../../mapping/types/index.ts';
import type { OutputData } from '../../model/definition.ts';
import type { Field, Fields, LeafField, RecordField } from '../../model/field.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Cell, RecordPlan, Slot, SourceRecord } from '../../model/source.ts';
import { describeRule } from './describe-rule.ts';

/** How one value came about: where it was looked for, what stood there, what was done, what became of it. */
export interface FieldTrace {
  /** Public name, dotted from the root; lists with the item's number from 0, as in problems. */
  readonly field: string;
  /** Legacy position, from the record around. */
  readonly at: string;
  /** null: nil; undefined: absent. */
  readonly found: string | null | undefined;
  readonly rule: string;
  /** undefined: left out, or refused. */
  readonly answered: JsonValue | undefined;
  /** The definition declares the value as public. */
  readonly isPublic: boolean;
}

/** Traces of every declared leaf for one source record and the answer that was made of it. */
export function traceFields(
  output: OutputData,
  plan: RecordPlan,
  record: SourceRecord | undefined,
  answer: JsonValue | undefined,
): FieldTrace[] {
  const field: Field =
    output.type === 'row' || output.type === 'rows' ? ({ type: 'record', fields: output.fields } as Field) : output;
  return traceField(field, '', { plan, record }, answer);
}

/** What a field reads from. */
interface Spot {
  readonly plan: RecordPlan;
  readonly record: SourceRecord | undefined;
}

function traceField(field: Field, name: string, spot: Spot, answer: JsonValue | undefined): FieldTrace[] {
  switch (field.type) {
    case 'record': {
      const inner = field.at === undefined ? spot : enter(spot, field.at, 0);
      return traceAll(field.fields, name, inner, answer);
    }
    case 'list':
      return traceList(field, name, spot, answer);
    case 'choice': {
      const chosen = (answer as JsonObject | undefined)?.[field.discriminator];
      const taken = typeof chosen === 'string' ? field.cases[chosen] : undefined;
      return taken === undefined ? [] : traceField(taken.record as Field, name, spot, answer);
    }
    case 'constant': {
      if (field.at === undefined) return [];
      return [leaf(field, name, field.at, slotAt(spot, [field.at])[0], answer)];
    }
    default: {
      const positions = [field.at, ...(field.or ?? [])];
      return [leaf(field, name, positions.join(' or '), slotAt(spot, positions)[0], answer)];
    }
  }
}

function traceAll(fields: Fields, name: string, spot: Spot, answer: JsonValue | undefined): FieldTrace[] {
  return Object.entries(fields).flatMap(([member, field]) => {
    const value = isObject(answer) ? answer[member] : undefined;
    return traceField(field, name === '' ? member : `${name}.${member}`, spot, value);
  });
}

function traceList(
  field: Extract<Field, { type: 'list' }>,
  name: string,
  spot: Spot,
  answer: JsonValue | undefined,
): FieldTrace[] {
  const { items, separator } = field;
  const at = separator === undefined && 'at' in items ? joinPositions(field.at, items.at) : field.at;
  const slots = slotAt(spot, [at]);
  if (separator !== undefined || slots.length === 0) return [leaf(field, name, at, slots[0], answer)];
  const values = Array.isArray(answer) ? [...answer] : [];
  return slots.flatMap((slot, index) => {
    const itemName = `${name}.${index}`;
    if (isLeaf(items)) return [leaf(items, itemName, at, slot, isLeftOut(items, slot) ? undefined : values.shift())];
    const { at: _, ...inside } = items as RecordField;
    return traceField(inside, itemName, { plan: planAt(spot.plan, at), record: slot as SourceRecord }, values.shift());
  });
}

function isLeaf(field: Field): field is LeafField {
  return Object.hasOwn(VALUE_TYPES, field.type);
}

/** An item that is absent is left out of the list, so that those behind it are answered one place earlier. */
function isLeftOut(field: LeafField, slot: Slot): boolean {
  try {
    return compileLeaf(field, () => undefined).decode(slot as Cell) === ABSENT;
  } catch {
    return false;
  }
}

function leaf(field: Field, name: string, at: string, slot: Slot, answered: JsonValue | undefined): FieldTrace {
  const found = slot === undefined ? undefined : (slot as Cell).text;
  const isPublic = 'public' in field && field.public === true;
  return { field: name, at, found, rule: describeRule(field), answered, isPublic };
}

function enter(spot: Spot, at: string, index: number): Spot {
  return { plan: planAt(spot.plan, at), record: slotAt(spot, [at])[index] as SourceRecord | undefined };
}

function planAt({ slots }: RecordPlan, at: string): RecordPlan {
  return slots.find((slot) => slot.record !== undefined && slot.at[0] === at)?.record ?? { slots: [] };
}

/** Everything that stands in the slot of these positions. */
function slotAt({ plan, record }: Spot, positions: readonly string[]): readonly Slot[] {
  const key = positions.join('\n');
  const index = plan.slots.findIndex(({ at }) => at.join('\n') === key);
  const slot = record?.slots[index];
  if (slot === undefined) return [];
  return Array.isArray(slot) ? (slot as readonly Slot[]) : [slot];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
