import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { type ExampleCase, exampleCases } from '../support/example-cases.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

async function run(example: ExampleCase) {
  const sent: { method: string; path: string; body: string }[] = [];
  const { app } = await testApp({
    legacy: async (request) => {
      const url = new URL(request.url);
      sent.push({ method: request.method, path: url.pathname + url.search, body: await request.text() });
      return new Response(new Uint8Array(example.read(example.reply.file)), {
        status: example.reply.status,
        headers: { 'content-type': example.reply.contentType },
      });
    },
  });
  const { method, path, body } = example.request;
  const response = await app.request(`http://spean.test/${example.adapter}${path}`, {
    method,
    headers: exchangeHeaders(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { sent, response };
}

describe.each(adapters.map(({ name }) => name))('the examples of %s', (adapter) => {
  const cases = exampleCases().filter((example) => example.adapter === adapter);

  it('are there', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases.map((example) => [example.name, example.title, example] as const))('%s: %s', async (_, __, example) => {
    const { sent, response } = await run(example);
    const answer = await response.json();
    if (example.answer.body !== undefined) expect(answer).toEqual(example.answer.body);
    if (example.answer.problem !== undefined) {
      expect(answer).toMatchObject({ status: example.answer.status, code: example.answer.problem });
    }
    if (example.answer.details !== undefined) expect(answer.details).toEqual(example.answer.details);
    if (example.answer.fields !== undefined) {
      expect(answer.issues.map((issue: { field: string }) => issue.field)).toEqual(example.answer.fields);
    }
    expect(response.status).toBe(example.answer.status);
    expect(sent).toHaveLength(1);
    if (example.sent?.path !== undefined) expect(sent[0]?.path).toBe(example.sent.path);
    if (example.sent?.file !== undefined)
      expect(sent[0]?.body).toBe(example.read(example.sent.file).toString().trimEnd());
    if (example.sent !== undefined) expect(sent[0]?.method).toBe(example.sent.method);
  });
});
