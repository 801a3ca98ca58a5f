/** A statement that is too long for its header must be refused before a write, not after it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineAdapter, operation, record, text, variable, xml } from '../../src/adapter.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const call = { post: 'things', root: 'New', answers: 'T' } as const;
const output = record({ id: text('Id') });

const things = defineAdapter({
  name: 'things',
  title: 'Things',
  legacy: xml({ endpoint: variable('TAX_OFFICE_URL') }),
  operations: {
    addThing: operation({ post: '/things', summary: 'Add', call, input: { id: text('Id') }, output }),
  },
});

async function open(reply: string) {
  let written = 0;
  const { app } = await testApp({
    adapters: [{ ...things, limits: { breakerFailures: 1_000_000 } }],
    legacy: () => {
      written++;
      return new Response(reply, { headers: { 'content-type': 'text/xml' } });
    },
  });
  const add = (headers: Readonly<Record<string, string>>) =>
    app.request('http://spean.test/things/things', {
      method: 'POST',
      headers: exchangeHeaders({ 'content-type': 'application/json', ...headers }),
      body: '{"id":"1"}',
    });
  return { add, written: () => written };
}

describe('a write whose statement would not fit its header', () => {
  it('is refused before the legacy system is called', async () => {
    const { add, written } = await open('<T><Id>1</Id></T>');
    const refused = await add({ 'x-road-id': 'i'.repeat(3_000) });
    expect([refused.status, (await refused.json()).code, written()]).toEqual([406, 'not-acceptable', 0]);
  });

  it('is carried out where the envelope is the body', async () => {
    const { add, written } = await open('<T><Id>1</Id></T>');
    const answered = await add({ 'x-road-id': 'i'.repeat(3_000), accept: 'application/jose+json' });
    expect([answered.status, written()]).toEqual([200, 1]);
  });

  it.each(['<T><Id>1</Id></T>', '<Cut'])(
    'is never carried out and left unsigned, however long its ids: %s',
    async (reply) => {
      const { add, written } = await open(reply);
      let calls = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 128 }), async (id, nonce) => {
          calls++;
          const before = written();
          const answer = await add({ 'x-road-id': 'i'.repeat(id), 'x-evidence-nonce': 'n'.repeat(nonce) });
          expect(answer.status === 406).toBe(written() === before);
          if (answer.status !== 406) expect(answer.headers.has('x-evidence-jws')).toBe(true);
        }),
        {
          numRuns: 200,
          examples: [
            [1, 1],
            [900, 128],
          ],
        },
      );
      expect(written()).toBeGreaterThan(0);
      expect(written()).toBeLessThan(calls);
    },
  );
});
