import { SpeanError } from '../../model/errors.ts';
import type { Cell, Slot, SourceRecord } from '../../model/source.ts';
import type { XmlNode } from '../../syntax/xml-writer.ts';
import { XSI_NAMESPACE } from './position.ts';

/** A slot, compiled for writing. */
export interface SlotWriter {
  readonly index: number;
  readonly names: readonly string[];
  readonly attribute: string | undefined;
  readonly repeats: boolean;
  readonly record: CompiledRecord | undefined;
  readonly position: string;
}

export type CompiledRecord = readonly SlotWriter[];

export interface ElementContent {
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly content: string | readonly XmlNode[];
}

/** An element while it is written. */
interface OpenElement {
  readonly name: string;
  readonly attributes: (readonly [name: string, value: string])[];
  readonly children: OpenElement[];
  text: string | undefined;
  /** No further slot may write into it: it is one of a list. */
  closed: boolean;
}

/** The attributes and content of a record's element. Throws SpeanError `input-invalid` for a null in an attribute. */
export function writeRecord(slots: CompiledRecord, record: SourceRecord): ElementContent {
  const element = newElement('');
  fillElement(element, slots, record);
  return { attributes: element.attributes, content: contentOf(element) };
}

function newElement(name: string): OpenElement {
  return { name, attributes: [], children: [], text: undefined, closed: false };
}

function fillElement(element: OpenElement, slots: CompiledRecord, record: SourceRecord): void {
  if (record.nil) element.attributes.push(...NIL);
  for (const slot of slots) {
    for (const value of valuesOf(record.slots[slot.index])) writeValue(element, slot, value);
  }
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
  const element = elementOf(root, slot);
  if (slot.record !== undefined) fillElement(element, slot.record, value as SourceRecord);
  else fillText(element, value as Cell);
  if (slot.repeats) element.closed = true;
}

function fillText(element: OpenElement, { text }: Cell): void {
  if (text === null) element.attributes.push(...NIL);
  element.text = text ?? '';
}

/** The element for a value: the one that a neighbouring slot has begun, or a new one, which a list's item always is. */
function elementOf(root: OpenElement, { names, repeats }: SlotWriter): OpenElement {
  const last = names.at(-1);
  if (last === undefined) return root;
  const parent = descend(root, names.slice(0, -1));
  const begun = parent.children.at(-1);
  if (!repeats && begun?.name === last && begun.text === undefined && !begun.closed) return begun;
  const element = newElement(last);
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
    const next = newElement(name);
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
  return { name: element.name, attributes: element.attributes, content: contentOf(element) };
}
