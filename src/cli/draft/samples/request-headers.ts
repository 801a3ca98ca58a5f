import type { ExchangePart, Field, Fields } from '../../../model/field.ts';
import { joinSteps } from '../wsdl/drafting.ts';
import { camelCase, type UniqueNames, wordsOf } from '../wsdl/names.ts';
import { holdsSecret } from '../wsdl/routes.ts';
import { clark, type SourceElement } from '../wsdl/source-element.ts';
import { isXroadHeader } from '../wsdl/xroad-headers.ts';
import { type ElementShape, shapeOf } from './element-shape.ts';
import { isSecurityHeader } from './request-auth.ts';
import type { ShapeDrafting } from './shape-drafting.ts';
import { shapeFields } from './shape-fields.ts';

/** X-Road headers whose value is the exchange's own (X-Road Message Protocol 4.0, 2.2). */
const EXCHANGE_PARTS: Readonly<Record<string, ExchangePart>> = { id: 'messageId', userId: 'userId', issue: 'issue' };
const ADDRESSING = /\/addressing$/;

/**
 * Inputs for the SOAP header blocks of sample requests, at `^Block`: constants where all samples say the same, inputs
 * where they do not or where a block holds credentials, which must not get into a definition.
 */
export function headerInputs(
  requests: readonly (readonly SourceElement[])[],
  place: string,
  names: UniqueNames,
  drafting: ShapeDrafting,
): Fields {
  const blocks = requests.flat().filter((block) => !isSecurityHeader(block));
  const fields: Record<string, Field> = {};
  for (const group of Map.groupBy(blocks, clark).values()) {
    const shape = shapeOf(group as [SourceElement, ...SourceElement[]]);
    for (const [name, field] of Object.entries(blockInputs(shape, place, drafting))) fields[names.take(name)] = field;
  }
  return fields;
}

function blockInputs(shape: ElementShape, place: string, drafting: ShapeDrafting): Fields {
  const { notes, steps } = drafting;
  if (shape.namespace === '') {
    notes.cannot(shape.place, `SOAP header ${shape.local} of no namespace`, 'Requests go out without it');
    return {};
  }
  const at = `^${steps.element(shape)}`;
  if (ADDRESSING.test(shape.namespace) && /^(?:MessageID|RelatesTo)$/.test(shape.local)) {
    notes.cannot(shape.place, `wsa:${shape.local}`, 'It is new for each call, which a definition cannot say');
    return {};
  }
  const name = camelCase(shape.local, 'header');
  const part = isXroadHeader(shape) ? EXCHANGE_PARTS[shape.local] : undefined;
  if (part !== undefined) return { [name]: { type: 'text', at, exchange: part, optional: true } };
  if (holdsCredentials(shape)) {
    drafting.seen.secrets.add(name);
    const fields = shapeFields(shape, { at: '', place: `${place}.${name}` }, drafting);
    return { [name]: { type: 'record', at, fields } };
  }
  const constants = constantInputs(shape, at, name, drafting);
  notes.ask(
    place,
    `Does every call need the SOAP header ${shape.local}, with the value of the sample?`,
    'Yes: it is a constant',
    shape.place,
  );
  return constants;
}

function holdsCredentials({ local, texts, children }: ElementShape): boolean {
  const own = texts.length > 0 && holdsSecret({ [local]: { type: 'text', at: '.' } });
  return own || children.some(holdsCredentials) || /credential|security|auth/.test(wordsOf(local).join(' '));
}

/** Every text and attribute of a block as a constant; what differs between the samples is an input. */
function constantInputs(shape: ElementShape, at: string, name: string, drafting: ShapeDrafting): Fields {
  const { steps, notes } = drafting;
  const fields: Record<string, Field> = {};
  for (const attribute of shape.attributes) {
    const key = `${name}${capital(camelCase(attribute.local))}`;
    fields[key] = sameOrInput(attribute.values, joinSteps(at, steps.attribute(attribute)));
  }
  if (shape.children.length === 0) return { ...fields, [name]: sameOrInput(shape.texts, at) };
  for (const child of shape.children) {
    if (child.most > 1) {
      notes.cannot(child.place, `SOAP header with several ${child.local}`, 'Requests go out without them');
      continue;
    }
    const inner = `${name}${capital(camelCase(child.local))}`;
    Object.assign(fields, constantInputs(child, joinSteps(at, steps.element(child)), inner, drafting));
  }
  return fields;
}

function sameOrInput(values: readonly string[], at: string): Field {
  const [value = '', ...others] = new Set(values);
  return others.length === 0 ? { type: 'constant', at, value } : { type: 'text', at };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
