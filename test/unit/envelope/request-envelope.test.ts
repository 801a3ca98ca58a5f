import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ReceivedRequest,
  type RequestVerifyOptions,
  verifyRequestEnvelope,
} from '../../../src/envelope/request-envelope.ts';
import {
  CLAIMS,
  createEnvelopeMaker,
  type EnvelopeMaker,
  flatten,
  headerFor,
  IAT,
} from '../../support/envelope-maker.ts';
import { malleate } from '../../support/malleate.ts';

const BODY = Buffer.from('{"tin":"000123"}');
const DIGEST = 'sha-256=:aEEr+Qd1wPj0G7VQp9OZ1iWDpOj3rFzWg8kF4F2o0hQ=:';
const RECEIVED: ReceivedRequest = {
  client: 'CAMBODIA/GOV/0002/tax',
  service: 'CAMBODIA/GOV/0001/population/persons/v1',
  method: 'POST',
  target: '/searches?limit=5',
};
const REQUEST = {
  iss: RECEIVED.client,
  aud: RECEIVED.service,
  iat: IAT,
  exp: IAT + 300,
  jti: 'c7e1',
  req: { method: 'POST', target: '/searches?limit=5' },
  data: { tin: '000123' },
};
const { data: _, ...BODILESS } = REQUEST;

let maker: EnvelopeMaker;
let header: object;

beforeAll(async () => {
  maker = await createEnvelopeMaker();
  header = { ...headerFor(maker), typ: 'xroad-request+jwt' };
});

const verify = (envelope: string | null, options: Partial<RequestVerifyOptions> = {}) =>
  verifyRequestEnvelope(envelope, { keys: maker.keySet(), received: RECEIVED, now: IAT * 1000, ...options });

async function reasonOf(claims: object, options: Partial<RequestVerifyOptions> = {}): Promise<string> {
  const result = await verify(await maker.sign(header, claims), options);
  return result.verified ? 'verified' : result.reason;
}

async function digested(): Promise<object> {
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', BODY)).toString('base64');
  return { ...BODILESS, req: { ...REQUEST.req, digest: `sha-256=:${sha256}:` } };
}

describe('a signed request', () => {
  it('is verified with its body inside, compact or flattened', async () => {
    const envelope = await maker.sign(header, REQUEST);
    for (const form of [envelope, flatten(envelope)]) {
      const result = await verify(form);
      expect(result).toMatchObject({ verified: true, claims: REQUEST, rememberUntil: IAT + 360 });
      expect(result).toMatchObject({ header });
      expect(result.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
        'size passed',
        'form passed',
        'encoding passed',
        'header passed',
        'type passed',
        'algorithm passed',
        'key passed',
        'signature passed',
        'claims passed',
        'issuer passed',
        'audience passed',
        'request passed',
        'age passed',
        'body passed',
      ]);
    }
  });

  it('is verified with its body beside it', async () => {
    const claims = await digested();
    expect(await reasonOf(claims, { received: { ...RECEIVED, body: BODY } })).toBe('verified');
    expect(await reasonOf(claims, { received: { ...RECEIVED, body: Buffer.from('{}') } })).toBe('body-mismatch');
    expect(await reasonOf(claims)).toBe('body-missing');
  });

  it('has one digest for the statement, however its signature and its form are written', async () => {
    const envelope = await maker.sign(header, REQUEST);
    const input = new TextEncoder().encode(envelope.slice(0, envelope.lastIndexOf('.')));
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', input)).toString('base64');
    for (const form of [envelope, malleate(envelope), flatten(envelope)]) {
      expect(await verify(form)).toMatchObject({ digest: `sha-256=:${sha256}:` });
    }
  });

  it.each<[string, object, string]>([
    ['of another client', { iss: 'CAMBODIA/GOV/0003/customs' }, 'issuer-mismatch'],
    ['to another service', { aud: 'CAMBODIA/GOV/0001/population/persons/v2' }, 'audience-mismatch'],
    ['with another method', { req: { ...REQUEST.req, method: 'DELETE' } }, 'request-mismatch'],
    ['with another target', { req: { ...REQUEST.req, target: '/searches?limit=50' } }, 'request-mismatch'],
    ['without method and target', { req: undefined }, 'claims-malformed'],
    ['without exp', { exp: undefined }, 'claims-malformed'],
    ['without jti', { jti: undefined }, 'claims-malformed'],
    ['with a jti that fills the store', { jti: 'x'.repeat(129) }, 'claims-malformed'],
    ['good for 301 seconds', { exp: IAT + 301 }, 'lifetime-too-long'],
    ['that ends as it begins', { exp: IAT }, 'lifetime-too-long'],
    ['without a body', { data: undefined }, 'body-ambiguous'],
    ['with two bodies', { req: { ...REQUEST.req, digest: DIGEST } }, 'body-ambiguous'],
  ])('is refused: one %s', async (_, claims, reason) => {
    expect(await reasonOf({ ...REQUEST, ...claims })).toBe(reason);
  });

  it('is refused where a plain body came beside the one inside', async () => {
    expect(await reasonOf(REQUEST, { received: { ...RECEIVED, body: BODY } })).toBe('carriage-mixed');
  });

  it('is good from a minute before its time to a minute after its end', async () => {
    const at = (seconds: number) => reasonOf(REQUEST, { now: (IAT + seconds) * 1000 });
    expect(await Promise.all([-61, -60, 0, 359, 360].map(at))).toEqual([
      'issued-in-future',
      'verified',
      'verified',
      'verified',
      'too-old',
    ]);
    expect(await reasonOf(REQUEST, { now: (IAT + 300) * 1000, clockSkewSeconds: 0 })).toBe('too-old');
    expect(await reasonOf(REQUEST, { now: (IAT + 359) * 1000 + 999 })).toBe('verified');
    expect(await reasonOf(REQUEST, { maxLifetimeSeconds: 299 })).toBe('lifetime-too-long');
  });

  it('is told how far from its time it came', async () => {
    const envelope = await maker.sign(header, REQUEST);
    const detailOf = async (options: Partial<RequestVerifyOptions>) => {
      const result = await verify(envelope, options);
      return result.verified ? 'verified' : result.detail;
    };
    expect(await detailOf({ now: (IAT - 90) * 1000 })).toBe(`The request is of ${IAT}, 90 seconds from now`);
    expect(await detailOf({ now: (IAT + 400) * 1000 })).toBe(
      `The request was good until ${IAT + 300}, 100 seconds ago`,
    );
    expect(await detailOf({ maxLifetimeSeconds: 60 })).toBe(
      'The request is to be good for 300 seconds: 1 to 60 are taken',
    );
  });

  it('cannot be a statement, nor unsigned, nor signed by another', async () => {
    expect(await verify(await maker.sign(headerFor(maker), CLAIMS))).toMatchObject({ reason: 'type-mismatch' });
    expect(await verify(null)).toMatchObject({ reason: 'envelope-missing' });
    const other = await createEnvelopeMaker();
    expect(await verify(await other.sign(header, REQUEST))).toMatchObject({ reason: 'signature-invalid' });
  });
});
