import type { ChoiceCase, ChoiceField } from '../../../model/field.ts';
import { freeDiscriminator } from './choice-field.ts';
import { contentOf } from './content-model.ts';
import { type Drafting, joinSteps } from './drafting.ts';
import { camelCase, UniqueNames } from './names.ts';
import { UnsupportedError } from './notes.ts';
import type { ElementUse } from './particles.ts';
import { isAbstract, type NamedComponent } from './schema-set.ts';
import { clark } from './source-element.ts';

/**
 * The choice for an element of an abstract type, told by `xsi:type` (XML Schema part 1, 2.6.1). Undefined where the
 * type is a concrete one. Throws UnsupportedError where no concrete type derives from it.
 */
export function taggedChoice(use: ElementUse, at: string, place: string, drafting: Drafting): ChoiceField | undefined {
  const { type } = use;
  if (type.kind !== 'complex' || type.name === undefined) return undefined;
  const { schemas, notes } = drafting.reading;
  const derived = schemas.derivedFrom(type.name).filter(({ element }) => !isAbstract(element));
  if (!isAbstract(type.component.element)) {
    if (derived.length > 0)
      noteDerived(
        { ...type.component, name: type.name },
        derived.map(({ name }) => name.local),
        drafting,
      );
    return undefined;
  }
  if (derived.length === 0) {
    const construct = `abstract type ${clark(type.name)}`;
    const consequence = `No type derives from it: element ${use.local} is left out`;
    throw new UnsupportedError(use.place, construct, consequence);
  }
  const cases: Record<string, ChoiceCase> = {};
  const names = new UniqueNames();
  for (const component of derived) {
    if (drafting.open.includes(component.element)) {
      notes.cannot(use.place, `recursive type ${clark(component.name)}`, `This case of ${use.local} is left out`);
      continue;
    }
    const name = names.take(camelCase(component.name.local, 'case'));
    const inner = { ...drafting, open: [...drafting.open, component.element] };
    drafting.budget.fields -= 1;
    const fields = drafting.fieldsOf(
      contentOf(component, drafting.reading),
      { at: '', place: `${place}.cases.${name}` },
      inner,
    );
    const record = { type: 'record', ...(at === '' ? {} : { at }), fields } as const;
    cases[name] = { tag: drafting.steps.value(component.name), record };
  }
  if (Object.keys(cases).length === 0) {
    throw new UnsupportedError(use.place, `recursive type ${clark(type.name)}`, `Element ${use.local} is left out`);
  }
  return { type: 'choice', discriminator: freeDiscriminator(cases), by: joinSteps(at, '@xsi:type'), cases };
}

function noteDerived(base: NamedComponent, derived: readonly string[], { reading }: Drafting): void {
  reading.notes.cannot(
    base.element.place,
    `xsi:type of ${derived.join(', ')} where ${base.name.local} is declared`,
    'The declared type is drafted: what a derived type adds is neither written nor read',
  );
}
