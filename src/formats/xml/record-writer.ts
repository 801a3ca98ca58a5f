import type { Report } from '../../model/contracts.ts';
import { SpeanError } from '../../model/errors.ts';
import type { Cell, RecordPlan, Slot, SlotPlan, SourceRecord } from '../../model/source.ts';
import type { XmlNode } from '../../syntax/xml-writer.ts';
import { type Namespaces, parsePosition, type Step, type XmlPosition, XSI_NAMESPACE } from './position.ts';

/** How element names are written: the qualified name of a step, `depth` elements below the body or root element. */
export type NameStyle = (step: Step, depth: number) => string;

/** Writes records as elements. */
export interface RecordWriter {
  /** Prefixes that the written names use, with their namespaces: to be declared above. */
  readonly prefixes: Namespaces;
  /** Attributes and content of the record's element. Throws SpeanError `input-invalid` for what an attribute cannot hold. */
  write(record: SourceRecord): ElementContent;
}

export interface ElementContent {
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly content: string | readonly XmlNode[];
}

/** An element while it is written. */
interface OpenElement {
  readonly name: string;
  readonly attributes: (readonly [name: string, value: string])[];
  readonly children: OpenElement[];
  text?: string;
  /** No further slot may write into it: it is one of a list, or a record of its own. */
  closed?: true;
}

interface SlotWriter {
  readonly index: number;
  readonly names: readonly string[];
  readonly attribute: string | undefined;
  readonly repeats: boolean;
  readonly record: CompiledRecord | undefined;
  readonly position: string;
}

type CompiledRecord = readonly SlotWriter[];

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
    write: (record) => {
      const element = writeRecord(slots, record, '');
      return { attributes: element.attributes, content: contentOf(element) };
    },
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

/** Namespace declarations as attributes. */
export function declareNamespaces(
  byDefault: string | undefined,
  prefixes: Namespaces,
): [name: string, value: string][] {
  const declared = Object.entries(prefixes).map(([prefix, namespace]): [string, string] => [
    `xmlns:${prefix}`,
    namespace,
  ]);
  return byDefault === undefined ? declared : [['xmlns', byDefault], ...declared];
}

/** A name as it is written with its own prefix, or without one. */
export function qualified({ prefix, local }: Step): string {
  return prefix === undefined ? local : `${prefix}:${local}`;
}

/** An element holds text or elements; an attribute occurs once. */
function reportMixed(writers: CompiledRecord, report: Report): void {
  const attributes = new Set<string>();
  for (const { names, attribute, record, position } of writers) {
    if (attribute !== undefined) {
      if (attributes.has(position)) report('input', `Two inputs write the attribute ${JSON.stringify(position)}`);
      attributes.add(position);
      continue;
    }
    const holds = writers.some((other) => other.names.length > names.length && startsWith(other.names, names));
    if (record === undefined && holds)
      report('input', `Position ${JSON.stringify(position)} is a text and holds other positions as well`);
  }
}

function startsWith(names: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((name, index) => names[index] === name);
}

function writeRecord(slots: CompiledRecord, record: SourceRecord, name: string): OpenElement {
  const element: OpenElement = { name, attributes: [], children: [] };
  if (record.nil) element.attributes.push(...NIL);
  for (const slot of slots) {
    for (const value of valuesOf(record.slots[slot.index])) writeValue(element, slot, value);
  }
  return element;
}

function valuesOf(slot: Slot): readonly (Cell | SourceRecord)[] {
  if (slot === undefined) return [];
  return Array.isArray(slot) ? slot : [slot as Cell | SourceRecord];
}

function writeValue(root: OpenElement, slot: SlotWriter, value: Cell | SourceRecord): void {
  if (slot.attribute !== undefined) {
    const { text } = value as Cell;
    if (text === null) {
      throw new SpeanError('input-invalid', { detail: `${slot.position} is an attribute and cannot be null` });
    }
    descend(root, slot.names).attributes.push([slot.attribute, text]);
    return;
  }
  const last = slot.names.at(-1);
  const parent = descend(root, slot.names.slice(0, -1));
  if (slot.record !== undefined && last !== undefined) {
    parent.children.push({ ...writeRecord(slot.record, value as SourceRecord, last), closed: true });
    return;
  }
  const element = last === undefined ? root : textElement(parent, last);
  const { text } = value as Cell;
  if (text === null) element.attributes.push(...NIL);
  element.text = text ?? '';
  if (slot.repeats) element.closed = true;
}

/** The element for a text: the one that an attribute's slot has just begun, or a new one. */
function textElement(parent: OpenElement, name: string): OpenElement {
  const begun = parent.children.at(-1);
  if (begun?.name === name && begun.text === undefined && begun.children.length === 0 && !begun.closed) return begun;
  const element: OpenElement = { name, attributes: [], children: [] };
  parent.children.push(element);
  return element;
}

/** Goes down by these names, through the elements written last where they have them. */
function descend(from: OpenElement, names: readonly string[]): OpenElement {
  let element = from;
  for (const name of names) {
    const last = element.children.at(-1);
    if (last?.name === name && !last.closed) {
      element = last;
      continue;
    }
    const next: OpenElement = { name, attributes: [], children: [] };
    element.children.push(next);
    element = next;
  }
  return element;
}

/** Declared where it is used, so that a request without nil carries no declaration that old parsers may trip over. */
const NIL: readonly (readonly [string, string])[] = [
  ['xmlns:xsi', XSI_NAMESPACE],
  ['xsi:nil', 'true'],
];

function contentOf(element: OpenElement): string | readonly XmlNode[] {
  if (element.children.length === 0) return element.text ?? '';
  return element.children.map(toNode);
}

function toNode(element: OpenElement): XmlNode {
  return { name: element.name, attributes: element.attributes, content: contentOf(element) } as XmlNode;
}
