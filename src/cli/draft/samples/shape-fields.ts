import type { Field, Fields } from '../../../model/field.ts';
import { type Holder, joinSteps } from '../wsdl/drafting.ts';
import { camelCase, UniqueNames } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';
import { clark, type QName } from '../wsdl/source-element.ts';
import { XML, XSD } from '../wsdl/vocabulary.ts';
import { type AttributeShape, type ElementShape, isAboutTheMessage } from './element-shape.ts';
import { isLeaf, isList, wrappedItem } from './list-shape.ts';
import type { ShapeDrafting } from './shape-drafting.ts';
import { attributeLeaf, textLeaf } from './shape-leaf.ts';

/** What adds a field under a name of its own, and tells the field's place. */
type Add = (wanted: string, draft: (place: string) => Field | undefined) => void;

/**
 * The fields of an element's inside, for an answer or a request: attributes, own text, child elements in wire order.
 * What cannot be a field is told in the notes with its line; what is only likely is asked.
 */
export function shapeFields(
  shape: ElementShape,
  holder: Holder,
  drafting: ShapeDrafting,
  names = new UniqueNames(),
): Fields {
  const fields: Record<string, Field> = {};
  const add: Add = (wanted, draft) => {
    if (!hasRoom(shape, drafting)) return;
    const name = names.take(camelCase(wanted));
    const field = draft(`${holder.place}.${name}`);
    if (field !== undefined) fields[name] = field;
  };
  addMessageAttributes(shape, holder.at, drafting, add);
  for (const attribute of shape.attributes.filter((candidate) => !isAboutTheMessage(candidate))) {
    const at = joinSteps(holder.at, attributeStep(attribute, drafting));
    add(attribute.local, (place) => attributeLeaf(attribute, at, place, drafting));
  }
  addText(shape, holder, drafting, add);
  const clashing = clashingNames(shape.children);
  for (const child of shape.children) addChild(child, clashing.has(child.local));
  tellTurns(shape, drafting);
  return fields;

  function addChild(child: ElementShape, clashes: boolean): void {
    const at = joinSteps(holder.at, drafting.steps.element(child, clashes));
    add(child.local, (place) => childField(child, at, place, drafting));
  }
}

function hasRoom({ place }: ElementShape, { budget, notes }: ShapeDrafting): boolean {
  budget.fields -= 1;
  if (budget.fields === -1) {
    notes.cannot(place, `more than ${budget.most} fields`, 'What follows is left out');
  }
  return budget.fields >= 0;
}

function attributeStep(attribute: AttributeShape, { steps }: ShapeDrafting): string {
  // the one prefix that needs no declaration, and may have no other
  return attribute.namespace === XML ? `@xml:${attribute.local}` : steps.attribute(attribute);
}

/** How the message is written: constants of a request; of an answer only a type that differs says something. */
function addMessageAttributes(shape: ElementShape, at: string, drafting: ShapeDrafting, add: Add): void {
  const { direction, steps, seen, notes } = drafting;
  const [type, ...others] = shape.types;
  if (type !== undefined && direction === 'input') {
    const value = steps.value(type);
    if (others.length > 0) notes.cannot(shape.place, 'several xsi:type', `Requests say ${value} every time`);
    add('xsiType', () => ({ type: 'constant', at: joinSteps(at, '@xsi:type'), value }));
  } else if (others.length > 0) {
    for (const name of shape.types) steps.value(name);
    const owned = shape.occurrences - shape.nils;
    add('type', () => ({ type: 'text', at: joinSteps(at, '@xsi:type'), ...(owned > 0 ? { optional: true } : {}) }));
  } else if (type !== undefined && type.namespace !== XSD) seen.types.add(clark(type));
  if (direction === 'output') return;
  for (const attribute of shape.attributes.filter(({ local }) => local === 'encodingStyle')) {
    if (!isAboutTheMessage(attribute)) continue;
    const value = attribute.values[0] ?? '';
    add('encodingStyle', () => ({ type: 'constant', at: joinSteps(at, steps.attribute(attribute)), value }));
  }
  if (shape.array) {
    const consequence = 'Requests go out without it, as it counts the items; the system may refuse them';
    notes.cannot(shape.place, 'soapenc:arrayType', consequence);
  }
}

function addText(shape: ElementShape, { at }: Holder, drafting: ShapeDrafting, add: Add): void {
  const { direction, notes } = drafting;
  if (shape.children.length === 0) {
    if (!shape.included && shape.texts.every((text) => text.trim() === '')) return;
    add('value', (place) => textLeaf(shape, at === '' ? '.' : at, place, drafting));
    return;
  }
  const text = shape.mixed?.texts ?? shape.texts.filter((candidate) => candidate.trim() !== '');
  if (text.length === 0) return;
  const where = shape.mixed?.place ?? shape.place;
  const construct = shape.mixed === undefined ? 'element with text or elements' : 'mixed content';
  if (direction === 'input') {
    notes.cannot(where, construct, 'A request cannot hold text where it may hold elements: the text is left out');
    return;
  }
  const order = shape.mixed === undefined ? '' : ': where it stood between the elements is not answered';
  notes.cannot(where, construct, `The text of ${shape.local} is a field, white space around it taken off${order}`);
  const position = joinSteps(at, 'text()');
  const nil = shape.nils > 0 ? ({ nil: 'absent' } as const) : {};
  add('text', () => ({ type: 'text', at: position, rules: ['trim'], optional: true, empty: 'absent', ...nil }));
}

function childField(child: ElementShape, at: string, place: string, drafting: ShapeDrafting): Field {
  tellNilAttributes(child, drafting.notes);
  const item = wrappedItem(child);
  // in a request, the constants of a wrapper need a record to stand in
  if (item !== undefined && (drafting.direction === 'output' || child.types.length === 0)) {
    if (item.most === 1) askListOrRecord(child, item, place, drafting);
    const itemAt = joinSteps(at, drafting.steps.element(item));
    return listField(item, itemAt, place, drafting, child.owned < child.owners);
  }
  if (isList(child)) return listField(child, at, place, drafting, child.owned < child.owners);
  if (isLeaf(child)) return { ...textLeaf(child, at, place, drafting), ...optionalOf(child) };
  drafting.seen.once.set(place, child);
  const nullable = child.nils > 0 ? ({ nullable: true } as const) : {};
  const fields = shapeFields(child, { at: '', place }, drafting);
  return { type: 'record', at, fields, ...optionalOf(child), ...nullable };
}

/** Null has no members. */
export function tellNilAttributes({ nilAttributesAt }: ElementShape, notes: Notes): void {
  if (nilAttributesAt === undefined) return;
  notes.cannot(nilAttributesAt, 'attributes of a nil element', 'The element counts as nothing, without them');
}

function optionalOf({ owned, owners }: ElementShape): { optional?: true } {
  return owned < owners ? { optional: true } : {};
}

function listField(item: ElementShape, at: string, place: string, drafting: ShapeDrafting, absent: boolean): Field {
  const optional = drafting.direction === 'input' && absent ? ({ optional: true } as const) : {};
  tellNilAttributes(item, drafting.notes);
  if (isLeaf(item)) return { type: 'list', at, items: textLeaf(item, '.', place, drafting), ...optional };
  const fields = shapeFields(item, { at: '', place }, drafting);
  const hasText = Object.values(fields).some((field) => 'at' in field && field.at === '.');
  const nullable = item.nils > 0 && !hasText ? ({ nullable: true } as const) : {};
  const items = { type: 'record', fields, ...nullable } as const;
  return { type: 'list', at, items, ...optional };
}

function askListOrRecord(wrapper: ElementShape, item: ElementShape, place: string, { notes }: ShapeDrafting): void {
  const reason = wrapper.array ? 'it says that it is an array' : `the name ${wrapper.local} speaks for more than one`;
  notes.ask(
    place,
    `Every ${wrapper.local} of the samples holds one ${item.local}: a list, or one record?`,
    'A list',
    `${item.occurrences} of ${item.occurrences}; ${reason} (${item.place})`,
  );
}

function clashingNames(children: readonly QName[]): ReadonlySet<string> {
  const groups = Map.groupBy(children, ({ local }) => local);
  return new Set([...groups].flatMap(([local, names]) => (names.length > 1 ? [local] : [])));
}

function tellTurns({ interleavedAt, children }: ElementShape, { notes, direction }: ShapeDrafting): void {
  if (interleavedAt === undefined) return;
  const names = children.filter(({ most }) => most > 1).map(clark);
  const order = direction === 'output' ? 'is not answered' : 'cannot be sent';
  notes.cannot(
    interleavedAt,
    'elements that take turns',
    `Each of ${names.join(', ')} is a list of its own: the order between them ${order}`,
  );
}
