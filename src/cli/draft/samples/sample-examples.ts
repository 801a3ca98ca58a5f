import type { AdapterDefinition } from '../../../model/definition.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { WorkbenchRequest } from '../../check/workbench.ts';
import { type Trial, tryOperation } from '../../try/try-operation.ts';
import type { DraftExample } from '../draft.ts';
import { kebabCase, UniqueNames } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';
import { sourceTreeOf } from '../wsdl/source-element.ts';
import { requestDifference } from './request-difference.ts';
import type { SampleExchange } from './sample-exchange.ts';
import type { SampleOperation } from './sample-operations.ts';
import { sampleRequest } from './sample-request.ts';
import { readSoapMessage } from './soap-message.ts';

/**
 * Makes an example case of every sample: the consumer's request is read out of the sample's, and the answer is what
 * the draft itself makes of the reply. A sample that the draft refuses is told. `operations`: by their key in the
 * definition.
 */
export async function sampleExamples(
  definition: AdapterDefinition,
  operations: ReadonlyMap<string, SampleOperation>,
  notes: Notes,
): Promise<readonly DraftExample[]> {
  const names = new UniqueNames();
  const examples: DraftExample[] = [];
  for (const [key, operation] of operations) {
    const only = definition.operations[key];
    if (only === undefined) continue;
    const adapter = { ...definition, operations: { [key]: only } };
    for (const exchange of operation.exchanges) {
      if (operation.otherAnswers.includes(exchange.response)) continue;
      // an answer alone takes the place of the one to another sample's request
      const asked = exchange.request ?? operation.requests[0];
      const request = await sampleRequest(adapter, key, asked);
      const example = await sampleExample(adapter, key, exchange, request, names, notes);
      if (example !== undefined) examples.push(example);
    }
  }
  if (examples.length > 0) {
    const question = 'Do the samples hold data of real people, or live credentials in answers?';
    notes.ask('examples', question, 'No: they became the examples');
  }
  return examples;
}

async function sampleExample(
  adapter: AdapterDefinition,
  key: string,
  exchange: SampleExchange,
  request: WorkbenchRequest | undefined,
  names: UniqueNames,
  notes: Notes,
): Promise<DraftExample | undefined> {
  const { name, response, isFault } = exchange;
  if (request === undefined) {
    notes.cannot(`${name} (request)`, 'sample', 'The draft cannot make this request: it became no example');
    return undefined;
  }
  const contentType = response.message.contentType ?? contentTypeOf(response.soap?.version.name);
  const bytes = new Uint8Array(response.message.bytes);
  const reply = { status: isFault ? FAULT_STATUS : 200, contentType, bytes };
  const trial = await tryOperation(adapter, key, request, {}, async () => reply);
  if (!isAnswered(trial, adapter, key, isFault)) {
    notes.cannot(name, 'sample', `The draft refuses it: ${refusalOf(trial)}. It became no example`);
    return undefined;
  }
  tellDifference(trial, exchange, notes);
  const file = /^multipart\//i.test(contentType) ? 'reply.mime' : 'reply.xml';
  return {
    name: names.take(kebabCase(name.replace(/^.*[/\\]/, '').replace(/\.[A-Za-z]+$/, '')) || 'sample'),
    files: caseFiles(
      exampleCase(adapter, key, name, request, trial, { status: reply.status, contentType, file }),
      bytes,
      trial,
    ),
  };
}

function tellDifference({ sent }: Trial, { request }: SampleExchange, notes: Notes): void {
  if (request === undefined) return;
  const { root } = sourceTreeOf(() => sent?.body ?? '', 'sent.xml');
  const content = request.soap === undefined ? root : readSoapMessage(root).content;
  const difference = content && requestDifference(content, request.content);
  if (difference === undefined) return;
  const { place, what } = difference;
  notes.cannot(place, 'request', `The draft sends it otherwise than the sample: ${what}`);
}

/** SOAP 1.1, 6.2: a fault comes with HTTP 500; bodies alone do not show it. */
const FAULT_STATUS = 500;

/** No charset, so that the document's own declaration counts. */
function contentTypeOf(soapVersion: '1.1' | '1.2' | undefined): string {
  if (soapVersion === undefined) return 'application/xml';
  return soapVersion === '1.1' ? 'text/xml' : 'application/soap+xml';
}

/** An answer, a fault that is told as one, or the absence that a rule declares. */
function isAnswered(
  { status, answer }: Trial,
  { operations }: AdapterDefinition,
  key: string,
  isFault: boolean,
): boolean {
  const declared = operations[key]?.problems?.some((rule) => rule.absent !== undefined && rule.status === status);
  const { code } = (answer ?? {}) as JsonObject;
  return isFault ? code === 'legacy-fault' : status < 400 || declared === true;
}

function refusalOf({ answer }: Trial): string {
  const { detail, title, issues } = (answer ?? {}) as JsonObject;
  const said = (Array.isArray(issues) ? issues : []).map((issue) => {
    const { field, message } = issue as JsonObject;
    return `${field ?? ''} ${message ?? ''}`.trim();
  });
  return [detail ?? title, ...said].join('; ');
}

interface CaseReply {
  readonly status: number;
  readonly contentType: string;
  readonly file: string;
}

interface ExampleOf {
  readonly sent: { readonly method: string; readonly path?: string; readonly file?: string } | undefined;
  readonly reply: CaseReply;
}

function exampleCase(
  { operations, legacy }: AdapterDefinition,
  key: string,
  sample: string,
  request: WorkbenchRequest,
  { sent, status, answer }: Trial,
  reply: CaseReply,
): ExampleOf & Record<string, unknown> {
  const operation = operations[key];
  const endpoint = legacy[operation?.via ?? Object.keys(legacy)[0] ?? ''];
  // a digest has a nonce and a time in it, so that no two requests are alike
  const isNew = endpoint?.auth?.scheme === 'usernameToken' && endpoint.auth.passwordType === 'digest';
  const hasDocument = sent !== undefined && sent.body !== '';
  const line = sent && { method: sent.method, path: sent.path };
  const problem = (answer ?? {}) as JsonObject;
  return {
    title: `${operation?.summary ?? key}, from the sample ${sample}`,
    request,
    sent: hasDocument && !isNew ? { method: sent.method, file: 'sent.xml' } : line,
    reply,
    answer: status < 400 ? { status, body: answer } : { status, problem: problem.code },
  };
}

function caseFiles(example: ExampleOf, bytes: Uint8Array, { sent }: Trial): DraftExample['files'] {
  return {
    'case.json': `${JSON.stringify(example, null, 2)}\n`,
    [example.reply.file]: bytes,
    ...(example.sent?.file === undefined || sent === undefined ? {} : { [example.sent.file]: sent.body }),
  };
}
