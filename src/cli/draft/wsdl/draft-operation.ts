import type { OperationDefinition, ProblemRule, SoapCall } from '../../../model/definition.ts';
import type { Field, Fields, RecordField } from '../../../model/field.ts';
import { type Drafting, joinSteps, MAX_FIELDS_PER_MESSAGE } from './drafting.ts';
import { faultRules } from './fault-rules.ts';
import { headerFields } from './header-fields.ts';
import { type MessageBody, messageBody } from './message-body.ts';
import { camelCase, plural, UniqueNames, wordsOf } from './names.ts';
import type { SchemaReading } from './particles.ts';
import { addressingFields, type Demands } from './policy.ts';
import { fieldsOf, nilOrFields } from './record-fields.ts';
import type { Route, RouteTable } from './routes.ts';
import { type ElementsForm, inputSteps, outputSteps, type PrefixTable, type ReportUnqualified } from './step-names.ts';
import type { WsdlOperation } from './wsdl-operations.ts';

/** What the operations of one draft share. */
export interface OperationDrafting {
  readonly reading: SchemaReading;
  readonly prefixes: PrefixTable;
  readonly routes: RouteTable;
  readonly form: ElementsForm;
  readonly reportUnqualified: ReportUnqualified;
  /** Of the binding's document: rpc wrappers without a namespace of their own have it. */
  readonly targetNamespace: string;
  /** The endpoint's namespace: a call names its own only where it differs. */
  readonly endpointNamespace: string;
  readonly demands: Demands;
  readonly location: string | undefined;
}

/** Drafts one operation. Throws UnsupportedError where a construct leaves no way to call it. */
export function draftOperation(operation: WsdlOperation, name: string, shared: OperationDrafting): OperationDefinition {
  const { reading, routes, targetNamespace } = shared;
  const request = messageBody(operation, 'input', targetNamespace, reading);
  const answer = messageBody(operation, 'output', targetNamespace, reading);
  const place = `operations.${name}`;
  const input = draftInput(operation, request, `${place}.input`, shared);
  const output = draftOutput(operation, answer, `${place}.output`, shared);
  const route = routes.propose(name, operation.name, input);
  const problems = [
    ...absenceRule(output, answer, route, place, shared),
    ...faultRules(operation.faults, place, reading.notes),
  ];
  return {
    method: route.method,
    path: route.path,
    ...summaryOf(operation),
    call: callOf(operation, request, answer, shared),
    input: requiredInPath(input, route, place, shared),
    output: absentAnswer(output, answer, route),
    ...(problems.length === 0 ? {} : { problems }),
    ...(route.reads && route.method !== 'get' ? { safe: true } : {}),
  };
}

function draftingOf(
  direction: 'input' | 'output',
  { style }: WsdlOperation,
  body: MessageBody,
  shared: OperationDrafting,
): Drafting {
  const { prefixes, reportUnqualified, reading } = shared;
  const form = style === 'rpc' ? 'unqualified' : shared.form;
  const steps =
    direction === 'output'
      ? outputSteps(prefixes)
      : inputSteps(prefixes, form, body.wrapper.namespace, reportUnqualified);
  return { reading, direction, steps, open: body.open, budget: { fields: MAX_FIELDS_PER_MESSAGE }, fieldsOf };
}

function wayTo({ path }: MessageBody, { steps }: Drafting): string {
  return path.reduce((at, element) => joinSteps(at, steps.element(element)), '');
}

function draftInput(operation: WsdlOperation, body: MessageBody, place: string, shared: OperationDrafting): Fields {
  const drafting = draftingOf('input', operation, body, shared);
  const names = new UniqueNames();
  const { demands, location, reading } = shared;
  const addressing = demands.addressing ? addressingFields(operation, location, drafting.steps, reading.notes) : {};
  const headers = headerFields(operation, place, drafting, names);
  return {
    ...addressing,
    ...headers,
    ...fieldsOf(body.content, { at: wayTo(body, drafting), place }, drafting, names),
  };
}

function draftOutput(
  operation: WsdlOperation,
  body: MessageBody,
  place: string,
  shared: OperationDrafting,
): RecordField {
  const drafting = draftingOf('output', operation, body, shared);
  const at = wayTo(body, drafting);
  const fields = renamedResult(fieldsOf(body.content, { at: '', place }, drafting), operation.name);
  return at === '' ? { type: 'record', ...nilOrFields(fields, body) } : { type: 'record', at, fields };
}

/** `return`, `GetCompanyResult`: names of stacks, which say nothing to a consumer. */
function renamedResult(fields: Fields, operation: string): Fields {
  const [only, ...others] = Object.entries(fields);
  if (only === undefined || others.length > 0) return fields;
  const [name, field] = only;
  const own = camelCase(operation);
  if (!['return', 'result', `${own}Result`, `${own}Return`, `${own}Response`].includes(name)) return fields;
  const item = field.type === 'list' ? field.at.split('/') : [];
  const last = item.at(-1)?.split(':').at(-1) ?? '';
  return { [item.length > 1 ? plural(camelCase(last, 'item')) : 'result']: field };
}

/** An answer whose record may be missing: for a question about one thing, that it was not found. */
function absenceRule(
  { at }: RecordField,
  { path }: MessageBody,
  route: Route,
  place: string,
  { reading }: OperationDrafting,
): ProblemRule[] {
  if (at === undefined || route.method !== 'get' || !path.some(({ min }) => min === 0)) return [];
  reading.notes.ask(
    `${place}.problems`,
    `What does it mean when the answer has no ${at}?`,
    'That nothing was found: 404',
    'the schema lets it be absent',
  );
  return [{ absent: at, status: 404, title: 'Not found' }];
}

function absentAnswer(output: RecordField, { path }: MessageBody, { method }: Route): RecordField {
  const nullable = path.some(({ nillable }) => nillable) ? ({ nullable: true } as const) : {};
  const optional = method !== 'get' && path.some(({ min }) => min === 0) ? ({ optional: true } as const) : {};
  return { ...output, ...optional, ...nullable };
}

/** A path always has its parameter, so that its field can be neither optional nor null. */
function requiredInPath(
  input: Fields,
  { pathParameter }: Route,
  place: string,
  { reading }: OperationDrafting,
): Fields {
  const field = pathParameter === undefined ? undefined : input[pathParameter];
  if (pathParameter === undefined || field === undefined || !('optional' in field || 'nullable' in field)) return input;
  reading.notes.ask(
    `${place}.input.${pathParameter}`,
    'The schema calls this input optional, and it is the only one: is the call of use without it?',
    'No: it is required, as a part of the path',
  );
  const { optional: _, nullable: __, ...required } = field as Field & { optional?: true; nullable?: true };
  return { ...input, [pathParameter]: required as Field };
}

const MAX_SUMMARY_CHARACTERS = 120;
const MAX_DESCRIPTION_CHARACTERS = 1_000;

/** The first sentence that is short enough to be one, else the operation's name in words. */
function summaryOf({ documentation, name }: WsdlOperation): { summary: string; description?: string } {
  const words = wordsOf(name).join(' ');
  const said = words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
  const [first, ...others] = documentation;
  if (first === undefined) return { summary: said };
  const sentence = /^(.+?)[.!?](?:\s|$)/.exec(first)?.[1] ?? first;
  const fits = sentence.length <= MAX_SUMMARY_CHARACTERS;
  const rest = fits && first.length <= sentence.length + 1 ? others : documentation;
  const description = rest.join('\n\n').slice(0, MAX_DESCRIPTION_CHARACTERS);
  return { summary: fits ? sentence : said, ...(description === '' ? {} : { description }) };
}

/** Only what the defaults of a call do not say. */
function callOf(
  { name, action }: WsdlOperation,
  request: MessageBody,
  answer: MessageBody,
  { endpointNamespace, prefixes }: OperationDrafting,
): SoapCall {
  const { namespace, local } = request.wrapper;
  const sameNamespace = answer.wrapper.namespace === namespace;
  const answered = sameNamespace
    ? answer.wrapper.local
    : `${prefixes.prefixOf(answer.wrapper.namespace)}:${answer.wrapper.local}`;
  return {
    operation: name,
    ...(local === name ? {} : { request: local }),
    ...(answered === `${name}Response` ? {} : { response: answered }),
    ...(action === undefined ? {} : { action }),
    ...(namespace === endpointNamespace ? {} : { namespace }),
  };
}
