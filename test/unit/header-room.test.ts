/** What is known to leave an answer unsigned must be refused before a write, not after it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineAdapter, oauth2, operation, record, secret, text, variable, xml } from '../../src/adapter.ts';
import { makeCertificate } from '../support/certificate-maker.ts';
import { generateJwks } from '../support/signing-keys.ts';
import { exchangeHeaders, type TestAppOptions, testApp } from '../support/test-app.ts';

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

async function open(reply: string, more: Partial<TestAppOptions> = {}) {
  let written = 0;
  const { app } = await testApp({
    adapters: [{ ...things, limits: { breakerFailures: 1_000_000 } }],
    ...more,
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

describe('a write whose credentials are renewed on its way', () => {
  it('is never carried out and left unsigned, though its statement names two answers', async () => {
    const url = variable('TAX_OFFICE_URL');
    const auth = oauth2({
      tokenUrl: url,
      clientId: variable('TAX_OFFICE_USER'),
      clientSecret: secret('TAX_OFFICE_PASSWORD'),
    });
    let written = 0;
    let refuse = true;
    const { app } = await testApp({
      adapters: [{ ...things, legacy: { main: xml({ endpoint: url, auth }) }, limits: { breakerFailures: 1_000_000 } }],
      legacy: (request) => {
        if (!request.url.endsWith('/things')) return Response.json({ access_token: 't', token_type: 'Bearer' });
        refuse = !refuse;
        if (!refuse) return new Response('', { status: 401 });
        written++;
        return new Response('<T><Id>1</Id></T>', { headers: { 'content-type': 'text/xml' } });
      },
    });
    let carriedOut = 0;
    for (let length = 1; length < 900; length += 7) {
      const answer = await app.request('http://spean.test/things/things', {
        method: 'POST',
        headers: exchangeHeaders({ 'content-type': 'application/json', 'x-road-id': 'i'.repeat(length) }),
        body: '{"id":"1"}',
      });
      expect(answer.status === 406).toBe(written === carriedOut);
      if (answer.status !== 406) expect(answer.headers.has('x-evidence-jws')).toBe(true);
      carriedOut = written;
    }
    expect(carriedOut).toBeGreaterThan(0);
  });
});

describe('a write after the signing certificate has expired', () => {
  const notAfter = '2030-01-01T00:00:00Z';

  it.each(['application/json', 'application/jose+json'])(
    'is refused before the legacy system is called: %s',
    async (accept) => {
      const { add, written, expire } = await certified({});
      expect([(await add({ accept })).status, written()]).toEqual([200, 1]);
      expire();
      const refused = await add({ accept });
      expect([refused.status, (await refused.json()).code, written()]).toEqual([503, 'signer-failed', 1]);
    },
  );

  it('is carried out where answers may leave unsigned', async () => {
    const { add, written, expire } = await certified({ SPEAN_WHEN_SIGNER_FAILS: 'unsigned' });
    expire();
    const answered = await add({});
    expect([answered.status, answered.headers.has('x-evidence-jws'), written()]).toEqual([200, false, 1]);
  });

  async function certified(environment: Readonly<Record<string, string>>) {
    const { privateJwk, publicJwk } = await generateJwks('ES256');
    const names = { subject: 'Registry', issuer: 'Authority' };
    const chain = await makeCertificate({ ...names, publicJwk, notBefore: '2020-01-01T00:00:00Z', notAfter });
    let clock = Date.parse(notAfter) - 1000;
    const signing = { SPEAN_SIGNING_KEY: JSON.stringify(privateJwk), SPEAN_CERTIFICATE_CHAIN: chain };
    const opened = await open('<T><Id>1</Id></T>', {
      environment: { ...signing, ...environment },
      platform: { now: () => clock },
    });
    return {
      ...opened,
      expire: () => {
        clock = Date.parse(notAfter) + 1000;
      },
    };
  }
});
