/** A consumer's signed request, through the whole app: read, verified, taken once, bound in the statement. */
import { beforeAll, describe, expect, it } from 'vitest';
import { taxPayments } from '../../adapters/tax-payments/adapter.ts';
import type { App } from '../../src/app.ts';
import { verifyEnvelope } from '../../src/envelope/verify.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';
import {
  contentDigest,
  createRequestSigner,
  type RequestFacts,
  type RequestSigner,
} from '../support/signed-request.ts';
import { CLIENT, exchangeHeaders, PROVIDER, testApp } from '../support/test-app.ts';

const PATH = '/taxpayers/001234567/payments';
const PAYMENT = { paidOn: '2024-03-31', amountRiel: '1250.50' };
const FACTS: RequestFacts = {
  client: CLIENT,
  service: `${PROVIDER}/tax-payments`,
  method: 'POST',
  target: PATH,
};

let signer: RequestSigner;
let app: App;
let received: string[];

const demanding: AdapterDefinition = {
  ...taxPayments,
  name: 'demanding',
  operations: { registerPayment: { ...taxPayments.operations.registerPayment, signedRequest: 'required' } },
};

beforeAll(async () => {
  signer = await createRequestSigner();
  received = [];
  ({ app } = await testApp({
    adapters: [taxPayments, demanding],
    environment: { SPEAN_CLIENT_KEYS: signer.clientKeys(CLIENT) },
    legacy: async (request) => {
      received.push(await request.text());
      return new Response('<Receipt><No>P-1</No></Receipt>', { headers: { 'content-type': 'text/xml' } });
    },
  }));
});

async function post(body: string, headers: Record<string, string>, adapter = 'tax-payments') {
  const before = received.length;
  const response = await app.request(`http://spean.test/${adapter}${PATH}`, {
    method: 'POST',
    headers: exchangeHeaders(headers),
    body,
  });
  return { response, answer: await response.json(), legacyCalls: received.length - before };
}

const asBody = (envelope: string) => post(envelope, { 'content-type': 'application/jose' });
const beside = (envelope: string, octets: string) =>
  post(octets, { 'content-type': 'application/json', 'x-evidence-jws': envelope });

describe('a signed request', () => {
  it('is taken as the body itself, compact or flattened, and its data is the input', async () => {
    const compact = await signer.sign({ ...FACTS, data: PAYMENT });
    expect(await asBody(compact)).toMatchObject({ answer: { number: 'P-1' }, legacyCalls: 1 });
    expect(received.at(-1)).toContain('<Amount>1250,50</Amount>');
    const [header, payload, signature] = (await signer.sign({ ...FACTS, data: PAYMENT })).split('.');
    const flattened = JSON.stringify({ protected: header, payload, signature });
    const { answer } = await post(flattened, { 'content-type': 'application/jose+json; charset=utf-8' });
    expect(answer).toEqual({ number: 'P-1' });
  });

  it('is taken in a header beside the plain body', async () => {
    const octets = JSON.stringify(PAYMENT);
    const envelope = await signer.sign({ ...FACTS, octets });
    expect(await beside(envelope, octets)).toMatchObject({ answer: { number: 'P-1' }, legacyCalls: 1 });
  });

  it('stands in the statement by the digest of its signing input', async () => {
    const envelope = await signer.sign({ ...FACTS, data: PAYMENT });
    const { response, answer } = await asBody(envelope);
    const keys = await (await app.request('http://spean.test/tax-payments/.well-known/jwks.json')).json();
    const jws = await contentDigest(envelope.slice(0, envelope.lastIndexOf('.')));
    const verdict = (digest: string) =>
      verifyEnvelope(response.headers.get('x-evidence-jws'), {
        keys,
        body: new TextEncoder().encode(JSON.stringify(answer)),
        expected: { request: { jws: digest } },
      });
    expect(await verdict(jws)).toMatchObject({ verified: true });
    expect(await verdict(await contentDigest('another'))).toMatchObject({ reason: 'request-mismatch' });
  });

  it('is taken once: sent again, or twice at the same moment, it reaches the legacy system once', async () => {
    const envelope = await signer.sign({ ...FACTS, data: PAYMENT });
    const before = received.length;
    const twins = await Promise.all([asBody(envelope), asBody(envelope)]);
    expect(twins.map(({ response }) => response.status).sort()).toEqual([201, 409]);
    expect(await asBody(envelope)).toMatchObject({ answer: { code: 'request-replayed', status: 409 } });
    expect(received.length - before).toBe(1);
  });

  it('is not needed where it is only accepted', async () => {
    const { response } = await post(JSON.stringify(PAYMENT), { 'content-type': 'application/json' });
    expect(response.status).toBe(201);
  });

  it('is refused with the reason where it is not what it says', async () => {
    const octets = JSON.stringify(PAYMENT);
    const other = await createRequestSigner();
    const cases: readonly [string, ReturnType<typeof post>][] = [
      ['key-unknown', asBody(await other.sign({ ...FACTS, data: PAYMENT }))],
      ['body-mismatch', beside(await signer.sign({ ...FACTS, octets }), octets.replace('1250', '9250'))],
      ['issuer-mismatch', asBody(await signer.sign({ ...FACTS, client: 'CAMBODIA/COM/1/OTHER', data: PAYMENT }))],
      ['audience-mismatch', asBody(await signer.sign({ ...FACTS, service: `${PROVIDER}/other`, data: PAYMENT }))],
      ['request-mismatch', asBody(await signer.sign({ ...FACTS, target: '/taxpayers/009999999/payments', data: {} }))],
      ['too-old', asBody(await signer.sign({ ...FACTS, data: PAYMENT }, { iat: 1_700_000_000, exp: 1_700_000_060 }))],
      ['envelope-malformed', asBody('not an envelope')],
    ];
    for (const [reason, sent] of cases) {
      const { response, answer, legacyCalls } = await sent;
      expect(answer).toMatchObject({ code: 'request-signature-invalid', owner: 'caller' });
      expect(answer.detail).toMatch(new RegExp(`^${reason}: `));
      expect([response.status, legacyCalls]).toEqual([400, 0]);
    }
  });

  it('of a client whose keys are not known is refused', async () => {
    const { app: strange } = await testApp({ adapters: [taxPayments], legacy: () => new Response('') });
    const response = await strange.request(`http://spean.test/tax-payments${PATH}`, {
      method: 'POST',
      headers: exchangeHeaders({ 'content-type': 'application/jose' }),
      body: await signer.sign({ ...FACTS, data: PAYMENT }),
    });
    expect(await response.json()).toMatchObject({
      code: 'request-signature-invalid',
      detail: 'No keys of this client are known here',
    });
  });
});

describe('an operation that demands signed requests', () => {
  it('refuses an unsigned one, and says how to sign', async () => {
    const { answer, legacyCalls } = await post(
      JSON.stringify(PAYMENT),
      { 'content-type': 'application/json' },
      'demanding',
    );
    expect(answer).toMatchObject({ status: 400, code: 'request-unsigned' });
    expect(answer.detail).toContain('application/jose+json');
    expect(legacyCalls).toBe(0);
  });

  it('takes a signed one', async () => {
    const envelope = await signer.sign({ ...FACTS, service: `${PROVIDER}/demanding`, data: PAYMENT });
    const { response } = await post(envelope, { 'content-type': 'application/jose' }, 'demanding');
    expect(response.status).toBe(201);
  });
});

describe('an operation that says nothing of signed requests', () => {
  it('does not take an envelope as its body', async () => {
    const { registerPayment } = taxPayments.operations;
    const { signedRequest: _, ...plain } = registerPayment;
    const { app: unsigned } = await testApp({
      adapters: [{ ...taxPayments, operations: { registerPayment: plain } }],
      legacy: () => new Response(''),
    });
    const response = await unsigned.request(`http://spean.test/tax-payments${PATH}`, {
      method: 'POST',
      headers: exchangeHeaders({ 'content-type': 'application/jose' }),
      body: await signer.sign({ ...FACTS, data: PAYMENT }),
    });
    expect(await response.json()).toMatchObject({ code: 'media-type-unsupported' });
  });
});
