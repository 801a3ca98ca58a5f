import type { AdapterDefinition } from '../../../model/definition.ts';
import type { JsonObject } from '../../../model/json.ts';
import { definitionMistakes } from '../../check/check-adapters.ts';
import { tryOperation } from '../../try/try-operation.ts';
import type { DraftExample } from '../draft.ts';
import { kebabCase } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';

/** A sample as an example is made of it. */
export interface RowSample {
  /** Where it came from, for what is told. */
  readonly location: string;
  readonly whole: Uint8Array<ArrayBuffer>;
  /** Its first rows with header and all: small enough to be kept. */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly contentType: 'text/csv' | 'text/plain';
}

/**
 * Reads the whole sample through the draft, and makes examples of its first rows: every operation, the one by key with
 * the first row's. Where the strict reader refuses the sample, its reason is told and there is no example.
 */
export async function rowExamples(
  adapter: AdapterDefinition,
  sample: RowSample,
  notes: Notes,
): Promise<readonly DraftExample[]> {
  const [list, one] = Object.keys(adapter.operations);
  if (list === undefined) return [];
  // the check of the draft tells them: a description may say what no adapter can
  if (definitionMistakes([adapter]).length > 0) return [];
  const path = adapter.operations[list]?.path ?? '/';
  const whole = await ask(adapter, list, path, sample.whole, sample.contentType);
  if (whole.status >= 400) {
    const { code, detail, issues } = whole.answer as {
      code?: string;
      detail?: string;
      issues?: { message?: string }[];
    };
    const reason = detail ?? issues?.[0]?.message ?? code ?? '';
    notes.cannot(
      sample.location,
      reason,
      'The adapter refuses this file as it stands. Where such rows are to be left out, the endpoint says badRows: "setAside"',
    );
    return [];
  }
  const listed = await example(adapter, list, path, sample);
  if (one === undefined || listed === undefined) return listed === undefined ? [] : [listed.example];
  const [first] = Object.values(listed.answer)[0] as JsonObject[];
  const template = adapter.operations[one]?.path ?? '';
  const key = /\{(.+)\}/.exec(template)?.[1] ?? '';
  const value = first?.[key];
  if (value === undefined) return [listed.example];
  const byKey = await example(adapter, one, template.replace(`{${key}}`, encodeURIComponent(String(value))), sample);
  return [listed.example, ...(byKey === undefined ? [] : [byKey.example])];
}

async function ask(
  adapter: AdapterDefinition,
  operation: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
) {
  return tryOperation(adapter, operation, { method: 'GET', path }, {}, async () => ({
    status: 200,
    contentType,
    bytes,
  }));
}

async function example(
  adapter: AdapterDefinition,
  operation: string,
  path: string,
  { head, contentType }: RowSample,
): Promise<{ readonly example: DraftExample; readonly answer: JsonObject } | undefined> {
  const { status, answer } = await ask(adapter, operation, path, head, contentType);
  if (status >= 400) return undefined;
  const file = contentType === 'text/csv' ? 'reply.csv' : 'reply.txt';
  const content = {
    title: adapter.operations[operation]?.summary ?? operation,
    request: { method: 'GET', path },
    reply: { status: 200, contentType, file },
    answer: { status, body: answer },
  };
  const files = { 'case.json': `${JSON.stringify(content, null, 2)}\n`, [file]: head };
  return { example: { name: kebabCase(operation), files }, answer: answer as JsonObject };
}
