import type { HttpCall, SoapCall } from '../../../model/definition.ts';
import { kebabCase } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { SourceElement } from '../wsdl/source-element.ts';
import type { ElementsForm, PrefixTable } from '../wsdl/step-names.ts';
import type { SampleOperation } from './sample-operations.ts';

interface CallDrafting {
  readonly prefixes: PrefixTable;
  readonly form: ElementsForm;
  readonly namespace: string;
  readonly several: boolean;
  readonly notes: Notes;
}

/** The SOAP call; only what its defaults do not say. The action is no part of a message, so it is always asked. */
export function soapCall(
  { name, requests, answers, version }: SampleOperation,
  place: string,
  { prefixes, namespace, notes }: CallDrafting,
): SoapCall {
  const [request] = requests;
  const answer = answers[0].content;
  const own = (request?.content ?? answer).namespace;
  const answered = answer.namespace === own ? answer.local : `${prefixes.prefixOf(answer.namespace)}:${answer.local}`;
  if (request === undefined) {
    notes.ask(`${place}.call`, 'What is the element of the request called?', name, `the answer is ${answer.local}`);
  }
  const action = addressingAction(request?.soap?.headers ?? []);
  notes.ask(
    `${place}.call.action`,
    version?.name === '1.2'
      ? 'Does the system want an action in the content type? The samples are bodies, which do not show it'
      : 'Which SOAPAction does the system want? The samples are bodies, which do not show it',
    action ?? 'None',
    action === undefined ? undefined : 'the wsa:Action of the request',
  );
  return {
    operation: name,
    ...(request === undefined || request.content.local === name ? {} : { request: request.content.local }),
    ...(answered === `${name}Response` ? {} : { response: answered }),
    ...(action === undefined ? {} : { action }),
    ...(own === namespace ? {} : { namespace: own }),
  };
}

function addressingAction(headers: readonly SourceElement[]): string | undefined {
  const block = headers.find(({ local, namespace }) => local === 'Action' && /\/addressing$/.test(namespace));
  const action = block?.text.trim();
  return action === '' ? undefined : action;
}

/** The plain XML call: a document is posted where a sample has one, otherwise the answer is got. */
export function httpCall(
  { name, requests, answers }: SampleOperation,
  { prefixes, namespace, several, notes }: CallDrafting,
): HttpCall {
  const path = several ? kebabCase(name) : '';
  notes.ask(
    'legacy.endpoint',
    `Which path and query does the call of ${name} have under the endpoint's URL?`,
    path === '' ? 'None: the URL is the whole of it' : path,
  );
  const answered = answers[0].content.local;
  const [request] = requests;
  if (request === undefined) return { get: path, answers: answered };
  const { local, namespace: own } = request.content;
  const root = own === namespace ? local : `${prefixes.prefixOf(own)}:${local}`;
  return { post: path, root, answers: answered };
}
