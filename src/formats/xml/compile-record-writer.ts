import type { Report } from '../../model/contracts.ts';
import type { RecordPlan, SlotPlan, SourceRecord } from '../../model/source.ts';
import { isXsiType, type Namespaces, parsePosition, qualified, type Step, type XmlPosition } from './position.ts';
import { type CompiledRecord, type ElementContent, type SlotWriter, writeRecord } from './write-record.ts';

/** How element names are written: the qualified name of a step, `depth` elements below the body or root element. */
export type NameStyle = (step: Step, depth: number) => string;

/** Writes records as elements. */
export interface RecordWriter {
  /** Prefixes that the written names use, with their namespaces: to be declared above. */
  readonly prefixes: Namespaces;
  /** Attributes and content of the record's element. Throws SpeanError `input-invalid` for what an attribute cannot hold. */
  write(record: SourceRecord): ElementContent;
}

interface Compilation {
  readonly namespaces: Namespaces;
  readonly nameOf: NameStyle;
  readonly prefixes: Record<string, string>;
  readonly report: Report;
}

/**
 * Compiles the positions of a request, `only` these slots of the plan, in the order of the slots, which is wire order.
 * Neighbouring slots with a common beginning share its elements: `Person/Name`, `Person/@id` write one `Person`.
 * Absent values leave out their element and, where nothing else stands in them, the elements above it.
 */
export function compileRecordWriter(
  plan: RecordPlan,
  only: readonly number[],
  namespaces: Namespaces,
  nameOf: NameStyle,
  report: Report,
): RecordWriter {
  const compilation: Compilation = { namespaces, nameOf, prefixes: {}, report };
  const slots = compileSlots(plan, only, 1, compilation);
  return {
    prefixes: compilation.prefixes,
    write: (record) => writeRecord(slots, record),
  };
}

function compileSlots(
  plan: RecordPlan,
  only: readonly number[],
  depth: number,
  compilation: Compilation,
): CompiledRecord {
  const writers: SlotWriter[] = [];
  for (const index of only) {
    const slot = plan.slots[index];
    const writer = slot === undefined ? undefined : compileSlot(slot, index, depth, compilation);
    if (writer !== undefined) writers.push(writer);
  }
  reportMixed(writers, compilation.report);
  return writers;
}

function compileSlot(slot: SlotPlan, index: number, depth: number, compilation: Compilation): SlotWriter | undefined {
  const position = slot.at[0] ?? '';
  const parsed = tryParse(position, compilation);
  if (parsed === undefined) return undefined;
  const { steps, attribute } = parsed;
  if (attribute !== undefined && (slot.record !== undefined || slot.repeats)) {
    compilation.report('input', `Position ${JSON.stringify(position)} is an attribute, which holds one text`);
  }
  if (steps.length === 0 && attribute === undefined && (slot.record !== undefined || slot.repeats)) {
    compilation.report(
      'input',
      `Position ${JSON.stringify(position)} needs an element of its own for a record or list`,
    );
  }
  for (const { prefix, namespace } of attribute === undefined ? steps : [...steps, attribute]) {
    if (prefix !== undefined && namespace !== undefined && prefix !== 'xml') compilation.prefixes[prefix] = namespace;
  }
  // the prefix stands in the value, which is known only when a request is written
  if (attribute !== undefined && isXsiType(attribute)) Object.assign(compilation.prefixes, compilation.namespaces);
  const inner = slot.record;
  return {
    index,
    position,
    names: steps.map((step, level) => compilation.nameOf(step, depth + level)),
    attribute: attribute === undefined ? undefined : qualified(attribute),
    repeats: slot.repeats,
    record:
      inner === undefined ? undefined : compileSlots(inner, [...inner.slots.keys()], depth + steps.length, compilation),
  };
}

function tryParse(position: string, { namespaces, report }: Compilation): XmlPosition | undefined {
  try {
    const parsed = parsePosition(position, namespaces);
    if (!parsed.ownText) return parsed;
    report('input', `Position ${JSON.stringify(position)}: text() only reads; write the element's text without it`);
  } catch (error) {
    report('input', (error as TypeError).message);
  }
  return undefined;
}

/** An element holds text or elements, and is one record or one text; an attribute occurs once. */
function reportMixed(writers: CompiledRecord, report: Report): void {
  const attributes = new Set<string>();
  for (const writer of writers) {
    const position = JSON.stringify(writer.position);
    if (writer.attribute !== undefined) {
      if (attributes.has(position)) report('input', `Two inputs write the attribute ${position}`);
      attributes.add(position);
    } else if (writer.record === undefined && writers.some((other) => isInside(other, writer))) {
      report('input', `Position ${position} is a text and holds other positions as well`);
    }
  }
}

/** Whether a slot writes elements into the element of another. */
function isInside(inner: SlotWriter, outer: SlotWriter): boolean {
  if (!outer.names.every((name, index) => inner.names[index] === name)) return false;
  return inner.names.length > outer.names.length || inner.record !== undefined;
}
