import type { ChoiceCase, ChoiceField, Field } from '../../../model/field.ts';
import { contentOf } from './content-model.ts';
import { type Drafting, entered, type Holder, joinSteps, orLeftOut } from './drafting.ts';
import { leafField } from './leaf-field.ts';
import { camelCase, UniqueNames } from './names.ts';
import { UnsupportedError } from './notes.ts';
import type { ChoiceUse, ElementUse, Particle } from './particles.ts';
import { isAbstract } from './schema-set.ts';

/** Names of up to so many cases make a member's name that can be read. */
const MAX_NAMED_CASES = 3;

/**
 * The choice field for an `xsd:choice` or a substitution group whose branches are single elements of different names;
 * undefined for all others, which the field language has no like of.
 */
export function choiceField(
  choice: ChoiceUse,
  holder: Holder,
  drafting: Drafting,
): { readonly name: string; readonly field: Field } | undefined {
  const elements = singleElements(choice);
  if (elements === undefined) return undefined;
  const names = new UniqueNames();
  const named = elements.map((use) => ({ use, name: names.take(camelCase(use.local, 'case')) }));
  const member = named.length <= MAX_NAMED_CASES ? camelCase(named.map(({ name }) => name).join(' or ')) : 'choice';
  const cases: Record<string, ChoiceCase> = {};
  for (const { use, name } of named) {
    const place = `${holder.place}.${member}.cases.${name}`;
    const at = joinSteps(holder.at, drafting.steps.element(use, isAmbiguous(use, elements)));
    const record = orLeftOut({ ...use, min: 0 }, drafting, () => caseRecord(use, at, place, drafting));
    if (record !== undefined) cases[name] = { record };
  }
  if (Object.keys(cases).length === 0) return undefined;
  const optional = choice.min === 0 || choice.branches.some(([only]) => only === undefined || only.min === 0);
  const field: ChoiceField = {
    type: 'choice',
    discriminator: freeDiscriminator(cases),
    cases,
    ...(optional ? { optional: true } : {}),
  };
  return { name: member, field };
}

function isAmbiguous(use: ElementUse, others: readonly ElementUse[]): boolean {
  return others.some(({ local, namespace }) => local === use.local && namespace !== use.namespace);
}

function singleElements({ branches, max }: ChoiceUse): readonly ElementUse[] | undefined {
  if (max > 1) return undefined;
  const elements: ElementUse[] = [];
  for (const branch of branches) {
    const [only, ...others] = branch;
    if (only === undefined) continue;
    if (others.length > 0 || only.kind === 'choice' || only.max > 1 || isTagged(only)) return undefined;
    if (elements.some(({ local, namespace }) => local === only.local && namespace === only.namespace)) return undefined;
    elements.push(only);
  }
  return elements.length < 2 ? undefined : elements;
}

/** Whether a choice field can express it: which branch is there shows in the name of one element. */
export function isToldByName(choice: ChoiceUse): boolean {
  return singleElements(choice) !== undefined;
}

/** Told by something else than its name, or by nothing. */
function isTagged({ type }: ElementUse): boolean {
  return type.kind === 'complex' && isAbstract(type.component.element);
}

function caseRecord(use: ElementUse, at: string, place: string, drafting: Drafting): ChoiceCase['record'] {
  const { type } = use;
  const described = use.description === undefined ? {} : { description: use.description };
  if (type.kind === 'simple') {
    const leafPlace = `${place}.value`;
    const value = leafField(type.simple, {
      at: '.',
      place: leafPlace,
      direction: drafting.direction,
      notes: drafting.reading.notes,
    });
    return {
      type: 'record',
      at,
      ...described,
      fields: { value: { ...value, ...(use.nillable ? { nullable: true } : {}) } },
    };
  }
  if (type.kind === 'unknown') throw type.error;
  if (type.kind === 'anything') {
    throw new UnsupportedError(use.place, `element ${use.local} of type xsd:anyType`, 'This case is left out');
  }
  const inner = entered(type.component, type.name, use, drafting);
  const content = contentOf(type.component, drafting.reading);
  if (use.nillable && drafting.direction === 'output') {
    drafting.reading.notes.cannot(
      use.place,
      `nillable case ${use.local} of a choice`,
      'It is refused where it is xsi:nil',
    );
  }
  return { type: 'record', at, ...described, fields: drafting.fieldsOf(content, { at: '', place }, inner) };
}

/** The public member that tells the case, named so that no case has a member of this name. */
export function freeDiscriminator(cases: Readonly<Record<string, ChoiceCase>>): string {
  return new UniqueNames(Object.values(cases).flatMap(({ record }) => Object.keys(record.fields))).take('kind');
}

/** The elements of a choice that no choice field can express, as optional elements beside each other. */
export function looseParticles(choice: ChoiceUse, { reading }: Drafting): readonly ElementUse[] {
  const elements: ElementUse[] = [];
  const visit = (particle: Particle, max: number): void => {
    if (particle.kind === 'choice') {
      for (const branch of particle.branches) for (const inner of branch) visit(inner, max * particle.max);
      return;
    }
    const known = elements.findIndex(
      ({ local, namespace }) => local === particle.local && namespace === particle.namespace,
    );
    const use = { ...particle, min: 0, max: max * particle.max };
    if (known < 0) elements.push(use);
    else elements[known] = { ...use, max: Math.max(use.max, elements[known]?.max ?? 0) };
  };
  visit(choice, 1);
  if (elements.length > 1) {
    const consequence =
      choice.max > 1
        ? 'Each element is drafted as a list of its own: their order among each other is lost'
        : 'Its elements are drafted as optional ones: that only one branch is there is not checked';
    reading.notes.cannot(
      choice.place,
      choice.max > 1 ? 'xsd:choice that repeats' : 'xsd:choice that no single name tells',
      consequence,
    );
  }
  return elements;
}
