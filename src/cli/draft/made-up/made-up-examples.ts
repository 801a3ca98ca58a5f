import { isDeepStrictEqual } from 'node:util';
import { outputExample } from '../../../exchange/rest/openapi/example.ts';
import type { AdapterDefinition } from '../../../model/definition.ts';
import { tryOperation } from '../../try/try-operation.ts';
import type { DraftExample } from '../draft.ts';
import { kebabCase } from '../wsdl/names.ts';
import { exampleRequest } from './example-request.ts';
import { mirroredReply } from './mirrored-reply.ts';

const CONTENT_TYPES = { soap: 'text/xml; charset=utf-8', xml: 'application/xml' } as const;

/**
 * An example case of every operation for which one can be made up from its types: the reply is what the legacy system
 * would answer, and the adapter itself has read it back. Real exchanges are better; these let an adapter be tried and
 * checked before there is one.
 */
export async function madeUpExamples(adapter: AdapterDefinition): Promise<readonly DraftExample[]> {
  const examples: DraftExample[] = [];
  for (const name of Object.keys(adapter.operations)) {
    const example = await madeUpExample(withOnly(adapter, name), name);
    if (example !== undefined) examples.push(example);
  }
  return examples;
}

/** Compiling hundreds of operations for each of them would take minutes. */
function withOnly(adapter: AdapterDefinition, name: string): AdapterDefinition {
  const operations = Object.entries(adapter.operations).filter(([other]) => other === name);
  return { ...adapter, operations: Object.fromEntries(operations) };
}

async function madeUpExample(adapter: AdapterDefinition, name: string): Promise<DraftExample | undefined> {
  const operation = adapter.operations[name];
  const endpoint = adapter.legacy[operation?.via ?? Object.keys(adapter.legacy)[0] ?? ''];
  if (operation === undefined || (endpoint?.format !== 'soap' && endpoint?.format !== 'xml')) return undefined;
  const request = exampleRequest(operation);
  const wanted = outputExample(operation.output, false);
  if (request === undefined || wanted === undefined) return undefined;
  const bytes = await mirroredReply(adapter, name, wanted);
  if (bytes === undefined) return undefined;
  const reply = { status: 200, contentType: CONTENT_TYPES[endpoint.format], bytes };
  const { status, answer, sent } = await tryOperation(adapter, name, request, {}, async () => reply);
  if (status >= 400 || !isDeepStrictEqual(answer, wanted)) return undefined;
  const { contentType } = reply;
  const { body, ...line } = request;
  // a UsernameToken has a nonce and a time in it
  const document = sent?.body === '' || endpoint.auth?.scheme === 'usernameToken' ? undefined : sent?.body;
  const example = {
    title: `${operation.summary}: made up from the types, to be replaced by a real exchange`,
    request: { ...line, ...(body !== undefined && { body }) },
    ...(document !== undefined && { sent: { method: 'POST', file: 'sent.xml' } }),
    reply: { status: 200, contentType, file: 'reply.xml' },
    answer: { status, body: answer },
  };
  return {
    name: `made-up-${kebabCase(name) || 'operation'}`,
    files: {
      'case.json': `${JSON.stringify(example, null, 2)}\n`,
      'reply.xml': bytes,
      ...(document !== undefined && { 'sent.xml': document }),
    },
  };
}
