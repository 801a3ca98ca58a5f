import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../model/json.ts';
import type { ExampleCase } from './example-cases.ts';
import type { SentMessage, WorkbenchCall } from './workbench.ts';

/** Runs an example through the whole app and tells every way in which it did not go as the case says. */
export async function runExample(example: ExampleCase, call: WorkbenchCall): Promise<string[]> {
  const reply = new Response(new Uint8Array(example.read(example.reply.file)), {
    status: example.reply.status,
    headers: { 'content-type': example.reply.contentType },
  });
  const { response, sent } = await call(example.request, () => reply);
  const body = (await response.json()) as JsonObject;
  return [...compareSent(example, sent), ...compareAnswer(example.answer, response.status, body)];
}

function compareSent({ sent: expected, read }: ExampleCase, calls: readonly SentMessage[]): string[] {
  const [sent, ...more] = calls;
  if (sent === undefined || more.length > 0)
    return [`The legacy system was called ${calls.length} times, once is expected`];
  const body = expected?.file === undefined ? undefined : read(expected.file).toString().trimEnd();
  return [
    ...differ('method sent', expected?.method, sent.method),
    ...differ('path sent', expected?.path, sent.path),
    ...differ('document sent', body, sent.body),
  ];
}

function compareAnswer(expected: ExampleCase['answer'], status: number, body: JsonObject): string[] {
  const issues = (body.issues ?? []) as { field?: string }[];
  return [
    ...differ('status', expected.status, status),
    ...differ('answer', expected.body, body),
    ...differ("problem's code", expected.problem, body.code),
    ...differ("problem's details", expected.details, body.details),
    ...differ(
      "problem's fields",
      expected.fields,
      issues.map(({ field }) => field),
    ),
  ];
}

function differ(what: string, expected: unknown, found: unknown): string[] {
  if (expected === undefined || isDeepStrictEqual(expected, found)) return [];
  return [`The ${what} is ${JSON.stringify(found)}, ${JSON.stringify(expected)} is expected`];
}
