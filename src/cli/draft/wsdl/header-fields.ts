import type { Field } from '../../../model/field.ts';
import { contentOf } from './content-model.ts';
import type { Drafting } from './drafting.ts';
import { camelCase, type UniqueNames } from './names.ts';
import { UnsupportedError } from './notes.ts';
import { elementUse, ONCE } from './particles.ts';
import { elementField } from './record-fields.ts';
import { holdsSecret } from './routes.ts';
import { clark } from './source-element.ts';
import type { HeaderUse, WsdlOperation } from './wsdl-operations.ts';
import { isXroadHeader, xroadHeader } from './xroad-headers.ts';

/** The inputs for the header blocks that a binding wants in a request, at `^Block`. */
export function headerFields(
  operation: WsdlOperation,
  place: string,
  drafting: Drafting,
  names: UniqueNames,
): Readonly<Record<string, Field>> {
  const fields: Record<string, Field> = {};
  for (const header of operation.headers) {
    const { element } = header.part;
    if (element !== undefined && isXroadHeader(element)) {
      const constants = xroadHeader(element, operation.sources.bound, drafting.steps, drafting.reading.notes);
      for (const [name, field] of Object.entries(constants)) fields[names.take(name)] = field;
      continue;
    }
    const name = names.take(camelCase(element?.local ?? header.part.name, 'header'));
    const field = headerField(header, `${place}.${name}`, drafting);
    if (field !== undefined) fields[name] = field;
  }
  return fields;
}

function headerField({ part, place: source }: HeaderUse, place: string, drafting: Drafting): Field | undefined {
  const { reading, steps } = drafting;
  if (part.element === undefined) {
    throw new UnsupportedError(source, 'soap:header part of a type', 'A header block needs the name of an element');
  }
  const component = reading.schemas.get('element', part.element, part.source);
  const use = elementUse(component, component.name, ONCE, reading);
  if (use.type.kind === 'complex' && contentOf(use.type.component, reading).wildcard) {
    reading.notes.cannot(source, `soap:header ${clark(use)} of any content`, 'It is left out of requests');
    return undefined;
  }
  const field = elementField(use, `^${steps.element(use)}`, place, drafting);
  if (field !== undefined) askAboutHeader(use.local, field, place, drafting);
  return field;
}

function askAboutHeader(local: string, field: Field, place: string, { reading }: Drafting): void {
  const secret = holdsSecret({ [local]: field });
  reading.notes.ask(
    place,
    secret
      ? `The SOAP header ${local} holds credentials: shall every consumer send its own, or has the adapter one for all? A definition holds no secrets, so one for all needs a way of the legacy system's own (auth)`
      : `Does every call need the SOAP header ${local}?`,
    secret ? 'Every consumer sends its own, in the body of a POST' : 'Yes: it is an input',
  );
}
