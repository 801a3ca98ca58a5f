import type { OperationDefinition } from '../../../model/definition.ts';
import type { Field, Fields } from '../../../model/field.ts';
import { UniqueNames, wordsOf } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { Route, RouteTable } from '../wsdl/routes.ts';
import { type ElementsForm, inputSteps, type PrefixTable } from '../wsdl/step-names.ts';
import { shapeOf } from './element-shape.ts';
import { faultProblems } from './fault-samples.ts';
import { headerInputs } from './request-headers.ts';
import { absenceRule, draftAnswer } from './sample-answer.ts';
import { httpCall, soapCall } from './sample-call.ts';
import type { SampleSide } from './sample-exchange.ts';
import type { SampleOperation } from './sample-operations.ts';
import { askWhatWasSeen, shapeDrafting } from './shape-drafting.ts';
import { shapeFields } from './shape-fields.ts';

/** What the operations of one endpoint share. */
export interface EndpointDrafting {
  readonly prefixes: PrefixTable;
  readonly routes: RouteTable;
  readonly form: ElementsForm;
  /** A SOAP call names its own only where it differs; for plain XML, the default namespace of requests. */
  readonly namespace: string;
  /** The endpoint has several operations. */
  readonly several: boolean;
  readonly notes: Notes;
}

/** Drafts one operation from all of its samples. `name`: in the definition. */
export function draftSampleOperation(
  operation: SampleOperation,
  name: string,
  shared: EndpointDrafting,
): OperationDefinition {
  const { notes } = shared;
  const place = `operations.${name}`;
  const input = draftInput(operation, `${place}.input`, shared);
  const { output, absentAt } = draftAnswer(operation, `${place}.output`, shared);
  const route = routeOf(operation, name, input, shared);
  const absent = absenceRule(absentAt, route, place, notes);
  const problems = [...absent, ...faultProblems(operation.faults, place, notes)];
  for (const other of operation.otherAnswers) {
    const consequence = `An operation has one element in its answers, here ${operation.answers[0].content.local}: this answer is refused`;
    notes.cannot(other.content.place, `another answer, ${other.content.local}`, consequence);
  }
  return {
    method: route.method,
    path: route.path,
    summary: summaryOf(operation.name),
    call: operation.version === undefined ? httpCall(operation, shared) : soapCall(operation, place, shared),
    input: requiredInPath(input, route, place, notes),
    output: absentAt === undefined || absent.length > 0 ? output : { ...output, optional: true },
    ...(problems.length === 0 ? {} : { problems }),
    ...(route.reads && route.method !== 'get' ? { safe: true } : {}),
  };
}

function draftInput({ requests }: SampleOperation, place: string, shared: EndpointDrafting): Fields {
  const { prefixes, form, notes, namespace } = shared;
  const [first, ...others] = requests;
  if (first === undefined) {
    notes.ask(place, 'What does a request hold? No sample shows one', 'Nothing: the operation has no inputs');
    return {};
  }
  const own = first.soap === undefined ? namespace : first.content.namespace;
  const drafting = shapeDrafting(
    'input',
    inputSteps(prefixes, form, own, () => undefined),
    notes,
  );
  const names = new UniqueNames();
  const headers = headerInputs(
    requests.map(({ soap }) => soap?.headers ?? []),
    place,
    names,
    drafting,
  );
  const shape = shapeOf([first.content, ...others.map(({ content }) => content)]);
  const fields = shapeFields(shape, { at: '', place }, drafting, names);
  askWhatWasSeen(drafting, place, requests.length);
  tellOutside(first, notes);
  return { ...headers, ...fields };
}

/** What stands around the header blocks and the body element, where a definition has no position. */
function tellOutside({ soap }: SampleSide, notes: Notes): void {
  const { envelope, body, header } = soap ?? {};
  for (const element of [envelope, body]) {
    const names = [...(element?.attributes.keys() ?? [])];
    if (element === undefined || !names.some((name) => name.endsWith('}encodingStyle'))) continue;
    notes.cannot(element.place, 'soap:encodingStyle', 'Requests go out without it: the system may insist on it');
  }
  if (header !== undefined && header.text.trim() !== '') {
    notes.cannot(header.place, 'text in the SOAP header', 'Requests go out without it');
  }
}

/** Plain XML without a request is got, which reads; otherwise the operation's name tells. */
function routeOf({ name, requests, version }: SampleOperation, key: string, input: Fields, shared: EndpointDrafting) {
  if (version === undefined && requests.length === 0) return shared.routes.proposeRead(key, name);
  const given = Object.entries(input).filter(([, field]) => !('exchange' in field));
  const forms = given.map(([own, field]) => [own, 'nullable' in field ? NO_URL_FORM : field]);
  return shared.routes.propose(key, name, Object.fromEntries(forms));
}

/** What a sample sends as null needs a body, as structured inputs do. */
const NO_URL_FORM: Field = { type: 'record', fields: {} };

/** A path always has its parameter, so that its field can be neither optional nor null. */
function requiredInPath(input: Fields, { pathParameter }: Route, place: string, notes: Notes): Fields {
  const field = pathParameter === undefined ? undefined : input[pathParameter];
  if (pathParameter === undefined || field === undefined || !('optional' in field || 'nullable' in field)) return input;
  notes.ask(
    `${place}.input.${pathParameter}`,
    'Some sample requests do without this input: is the call of use without it?',
    'No: it is required, as a part of the path',
  );
  const { optional: _, nullable: __, ...required } = field as Field & { optional?: true; nullable?: true };
  return { ...input, [pathParameter]: required as Field };
}

function summaryOf(name: string): string {
  const words = wordsOf(name).join(' ');
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
