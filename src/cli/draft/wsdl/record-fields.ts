import type { Field, Fields, LeafField, RecordField } from '../../../model/field.ts';
import type { AttributeUse } from './attribute-uses.ts';
import { choiceField, isToldByName, looseParticles } from './choice-field.ts';
import { type Content, contentOf } from './content-model.ts';
import { type Drafting, entered, type Holder, joinSteps, orLeftOut } from './drafting.ts';
import { leafField } from './leaf-field.ts';
import { camelCase, UniqueNames } from './names.ts';
import { UnsupportedError } from './notes.ts';
import type { ElementUse, Particle } from './particles.ts';
import { clark } from './source-element.ts';
import { taggedChoice } from './tagged-choice.ts';

/** The fields of a content: attributes, then text or elements in wire order. */
export function fieldsOf(content: Content, holder: Holder, drafting: Drafting, names = new UniqueNames()): Fields {
  const fields: Record<string, Field> = {};
  const add = (wanted: string, draft: (place: string) => Field | undefined): void => {
    const name = names.take(camelCase(wanted));
    const field = draft(`${holder.place}.${name}`);
    if (field !== undefined) fields[name] = field;
  };
  for (const attribute of content.attributes) {
    add(attribute.local, (place) => attributeField(attribute, holder.at, place, drafting));
  }
  if (content.simple !== undefined) {
    const { simple } = content;
    add('value', (place) => leaf(leafField(simple, { ...leafUse(holder.at || '.', place, drafting) }), drafting));
  }
  if (content.mixed) addMixedText(content, holder, drafting, add);
  const clashing = clashingNames(content.particles);
  for (const particle of merged(tellable(content.particles, drafting), drafting)) {
    if (particle.kind === 'choice') {
      const choice = choiceField(particle, holder, drafting);
      if (choice !== undefined) add(choice.name, () => choice.field);
      else for (const loose of looseParticles(particle, drafting)) addElement(loose);
    } else addElement(particle);
  }
  return fields;

  function addElement(use: ElementUse): void {
    const at = joinSteps(holder.at, drafting.steps.element(use, clashing.has(use.local)));
    add(use.local, (place) => elementField(use, at, place, drafting));
  }
}

function leafUse(at: string, place: string, { direction, reading }: Drafting) {
  return { at, place, direction, notes: reading.notes };
}

/** Counts the field. */
function leaf(field: LeafField, drafting: Drafting): LeafField {
  drafting.budget.fields -= 1;
  return field;
}

function attributeField(use: AttributeUse, at: string, place: string, drafting: Drafting): Field | undefined {
  const position = joinSteps(at, drafting.steps.attribute(use));
  if (drafting.direction === 'input' && use.isFixed) {
    return use.required ? { type: 'constant', at: position, value: use.whenAbsent ?? '' } : undefined;
  }
  const field = leaf(leafField(use.simple, leafUse(position, place, drafting)), drafting);
  if (use.required) return field;
  const instead = drafting.direction === 'output' ? defaultOf(field, use.whenAbsent) : undefined;
  return instead === undefined ? { ...field, optional: true } : { ...field, default: instead };
}

/** The default of an attribute as a public value; undefined for types whose texts would have to be read first. */
function defaultOf(field: LeafField, text: string | undefined): string | boolean | undefined {
  if (text === undefined) return undefined;
  if (field.type === 'text') return field.oneOf?.includes(text) === false ? undefined : text;
  if (field.type === 'code') return Object.hasOwn(field.table, text) ? field.table[text] : undefined;
  if (field.type === 'boolean') return /^(?:true|1)$/.test(text);
  return undefined;
}

function addMixedText(
  content: Content,
  { at }: Holder,
  { direction, reading }: Drafting,
  add: (wanted: string, draft: () => Field) => void,
): void {
  if (direction === 'input') {
    reading.notes.cannot(
      content.place,
      'mixed content',
      'Text between child elements cannot be written: it is left out',
    );
  } else if (!content.wildcard) {
    add('text', () => ({ type: 'text', at: joinSteps(at, 'text()'), optional: true }));
  }
}

/** Local names that stand for elements of several namespaces. */
function clashingNames(particles: readonly Particle[]): ReadonlySet<string> {
  const namespaces = new Map<string, string>();
  const clashing = new Set<string>();
  const visit = (particle: Particle): void => {
    if (particle.kind === 'choice') for (const branch of particle.branches) branch.forEach(visit);
    else {
      const known = namespaces.get(particle.local) ?? particle.namespace;
      if (known !== particle.namespace) clashing.add(particle.local);
      namespaces.set(particle.local, known);
    }
  };
  particles.forEach(visit);
  return clashing;
}

/** Choices that names do not tell become elements beside each other; so do those whose elements stand elsewhere too. */
function tellable(particles: readonly Particle[], drafting: Drafting): Particle[] {
  return particles.flatMap((particle, index): readonly Particle[] => {
    if (particle.kind !== 'choice') return [particle];
    const names = new Set(elementNames(particle));
    const shared = particles.some((other, at) => at !== index && elementNames(other).some((name) => names.has(name)));
    const isClear = isToldByName(particle) && !(shared && drafting.direction === 'output');
    return isClear ? [particle] : looseParticles(particle, drafting);
  });
}

function elementNames(particle: Particle): string[] {
  return particle.kind === 'element' ? [clark(particle)] : particle.branches.flat().flatMap(elementNames);
}

/** An element that a sequence names twice is one list: its position is one. */
function merged(particles: readonly Particle[], { direction, reading }: Drafting): Particle[] {
  const result: Particle[] = [];
  for (const particle of particles) {
    const index = result.findIndex(
      (other) => other.kind === 'element' && particle.kind === 'element' && clark(other) === clark(particle),
    );
    const known = result[index];
    if (known?.kind !== 'element' || particle.kind !== 'element') {
      result.push(particle);
      continue;
    }
    result[index] = { ...known, min: known.min + particle.min, max: known.max + particle.max };
    reading.notes.cannot(
      particle.place,
      `element ${particle.local} a second time in its sequence`,
      direction === 'output'
        ? 'Both are drafted as one list: which place an item had is lost'
        : 'Both are drafted as one list, written where the first one stands: the system may refuse such requests',
    );
  }
  return result;
}

/** The field of one element; undefined where it cannot be drafted, which is noted. */
export function elementField(use: ElementUse, at: string, place: string, drafting: Drafting): Field | undefined {
  const field = orLeftOut(use, drafting, () =>
    use.max > 1 ? listField(use, at, place, drafting) : singleField(use, at, place, drafting),
  );
  if (field === undefined) return undefined;
  return use.description === undefined ? field : { ...field, description: use.description };
}

function singleField(use: ElementUse, at: string, place: string, drafting: Drafting): Field {
  const { type } = use;
  const presence = presenceOf(use);
  if (type.kind === 'simple') {
    if (use.fixed !== undefined && use.min > 0 && drafting.direction === 'input') {
      return { type: 'constant', at, value: use.fixed };
    }
    return { ...leaf(leafField(type.simple, leafUse(at, place, drafting)), drafting), ...presence };
  }
  if (type.kind === 'unknown') throw type.error;
  if (type.kind === 'anything') return { ...anythingField(use, at, drafting), ...presence };
  const inner = entered(type.component, type.name, use, drafting);
  const tagged = taggedChoice(use, at, place, inner);
  if (tagged !== undefined) return { ...tagged, ...optionalOf(use), ...nullableAnswer(use, drafting) };
  const content = contentOf(type.component, drafting.reading);
  const text = textOnly(content, at, place, inner);
  if (text !== undefined) return { ...text, ...presence };
  const item = repeatedChild(content);
  if (item !== undefined && (drafting.direction === 'output' || use.min === 0 || item.min > 0)) {
    const step = inner.steps.element(item);
    if (use.nillable && drafting.direction === 'output') askAboutNilList(use, place, drafting);
    return listField({ ...item, min: use.min === 0 ? 0 : item.min }, joinSteps(at, step), place, inner);
  }
  return { type: 'record', at, ...nilOrFields(fieldsOf(content, { at: '', place }, inner), use), ...optionalOf(use) };
}

/** Of an element with a text it is the text that is nil, as its attributes are there all the same; another is nil itself. */
export function nilOrFields(
  fields: Fields,
  { nillable }: Pick<ElementUse, 'nillable'>,
): Pick<RecordField, 'fields' | 'nullable'> {
  if (!nillable) return { fields };
  const text = Object.entries(fields).find(([, field]) => 'at' in field && field.at === '.');
  if (text === undefined) return { fields, nullable: true };
  const [name, field] = text;
  return { fields: { ...fields, [name]: { ...field, nullable: true } as Field } };
}

function presenceOf(use: ElementUse): { optional?: true; nullable?: true } {
  return { ...optionalOf(use), ...(use.nillable ? { nullable: true } : {}) };
}

/** A choice can be read as null, and not be written so. */
function nullableAnswer({ nillable }: ElementUse, { direction }: Drafting): { nullable?: true } {
  return nillable && direction === 'output' ? { nullable: true } : {};
}

function askAboutNilList({ local, place: source }: ElementUse, place: string, { reading }: Drafting): void {
  reading.notes.ask(
    place,
    `${local}, which holds the list, may be nil: does that say anything else than that there are none?`,
    'No: the list is empty',
    `nillable at ${source}`,
  );
}

function optionalOf({ min }: ElementUse): { optional?: true } {
  return min === 0 ? { optional: true } : {};
}

/** A list is there even where the answer has none of its elements; an input may leave it out where the schema does. */
function listField(use: ElementUse, at: string, place: string, drafting: Drafting): Field {
  return {
    type: 'list',
    at,
    items: listItems(use, place, drafting),
    ...(use.min > 0 ? { minItems: use.min } : {}),
    ...(Number.isFinite(use.max) ? { maxItems: use.max } : {}),
    ...(drafting.direction === 'input' && use.min === 0 ? { optional: true } : {}),
  };
}

function listItems(use: ElementUse, place: string, drafting: Drafting): Field {
  const { type } = use;
  const nullable = use.nillable ? ({ nullable: true } as const) : {};
  if (type.kind === 'simple') {
    return { ...leaf(leafField(type.simple, leafUse('.', place, drafting)), drafting), ...nullable };
  }
  if (type.kind === 'unknown') throw type.error;
  if (type.kind === 'anything') return anythingField(use, '.', drafting);
  const inner = entered(type.component, type.name, use, drafting);
  const tagged = taggedChoice(use, '', place, inner);
  if (tagged !== undefined) return { ...tagged, ...nullableAnswer(use, drafting) };
  const content = contentOf(type.component, drafting.reading);
  const text = textOnly(content, '.', place, inner);
  if (text !== undefined) return { ...text, ...nullable };
  const fields = fieldsOf(content, { at: '', place }, inner);
  return { type: 'record', ...nilOrFields(fields, use) };
}

function textOnly(content: Content, at: string, place: string, drafting: Drafting): LeafField | undefined {
  if (content.simple === undefined || content.attributes.length > 0) return undefined;
  return leaf(leafField(content.simple, leafUse(at, place, drafting)), drafting);
}

/** `ArrayOf…`: a type whose only content is one element that repeats. */
function repeatedChild({ attributes, particles, mixed, wildcard }: Content): ElementUse | undefined {
  const [only] = particles;
  if (particles.length !== 1 || attributes.length > 0 || mixed || wildcard) return undefined;
  return only?.kind === 'element' && only.max > 1 ? only : undefined;
}

function anythingField(use: ElementUse, at: string, { direction, reading }: Drafting): LeafField {
  const construct = `element ${use.local} of type xsd:anyType`;
  if (direction === 'output') throw new UnsupportedError(use.place, construct, 'Left out of the answer');
  reading.notes.cannot(use.place, construct, 'Drafted as text: child elements cannot be written');
  return { type: 'text', at };
}
