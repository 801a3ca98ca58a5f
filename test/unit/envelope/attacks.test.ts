import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type VerifyOptions, verifyEnvelope } from '../../../src/envelope/verify.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import {
  CLAIMS,
  claimsWithDigest,
  createEnvelopeMaker,
  type EnvelopeMaker,
  encodePart,
  flatten,
  headerFor,
  IAT,
} from '../../support/envelope-maker.ts';
import { EMPTY_DIGEST } from '../../support/evidence.ts';
import { generateJwks } from '../../support/signing-keys.ts';

let maker: EnvelopeMaker;
let attacker: EnvelopeMaker;
let header: ReturnType<typeof headerFor>;
let genuine: string;

beforeAll(async () => {
  maker = await createEnvelopeMaker();
  attacker = await createEnvelopeMaker();
  header = headerFor(maker);
  genuine = await maker.sign(header, CLAIMS);
});

/** All that the consumer knows of the answer that it waits for. */
const EXPECTED = {
  issuer: CLAIMS.iss,
  audience: CLAIMS.aud,
  service: CLAIMS.svc,
  transaction: CLAIMS.txn,
  request: { id: 'call-1', method: 'GET', target: '/persons/010203040?view=full', body: new Uint8Array() },
  status: 200,
  nonce: 'n-1',
};

async function reasonOf(envelope: string | Uint8Array | null, options: Partial<VerifyOptions> = {}): Promise<string> {
  const result = await verifyEnvelope(envelope, { keys: maker.keySet(), expected: EXPECTED, ...options });
  return result.verified ? 'verified' : result.reason;
}

describe('forging an envelope', () => {
  it('is the point: the genuine one is verified', async () => {
    expect(await reasonOf(genuine)).toBe('verified');
  });

  it.each([
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    ' ES256',
    'es256',
    'ES256 ',
    'HS256',
    'HS512',
    'ES256K',
    'ES512',
    'EdDSA',
    'RS1',
    'RSA-OAEP-256',
    'PBES2-HS256+A128KW',
  ])('fails with the algorithm "%s"', async (alg) => {
    expect(await reasonOf(await maker.sign({ ...header, alg }, CLAIMS))).toBe('algorithm-refused');
    expect(await reasonOf(`${encodePart({ ...header, alg })}.${encodePart(CLAIMS)}.`)).toBe('algorithm-refused');
  });

  it.each([
    ['no alg', undefined],
    ['an alg that is null', null],
    ['an alg that is an array', ['ES256']],
    ['an alg that is an object', { ES256: true }],
  ])('fails with %s', async (_, alg) => {
    expect(await reasonOf(await maker.sign({ ...header, alg }, CLAIMS))).toBe('header-malformed');
  });

  it('fails with an HMAC that is keyed with the public key (CVE-2026-22817, CVE-2026-23993, CVE-2026-34950)', async () => {
    const spki = await exportSPKI((await importJWK(maker.publicJwk as never, 'ES256', { extractable: true })) as never);
    for (const key of [spki, spki.trim(), JSON.stringify(maker.publicJwk), String(maker.publicJwk.x), '']) {
      const input = `${encodePart({ ...header, alg: 'HS256' })}.${encodePart(CLAIMS)}`;
      const envelope = `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
      expect(await reasonOf(envelope)).toBe('algorithm-refused');
      expect(await reasonOf(envelope, { algorithms: ['HS256' as 'ES256', 'ES256'] })).toBe('algorithm-refused');
    }
  });

  it("fails with an algorithm of the table that is not the key's", async () => {
    for (const alg of ['ES384', 'Ed25519', 'RS256', 'PS256']) {
      expect(await reasonOf(await maker.sign({ ...header, alg }, CLAIMS))).toBe('algorithm-mismatch');
    }
  });

  it('fails with RS256 under a key for PS256', async () => {
    const rsa = await generateJwks('PS256');
    const pss = await createEnvelopeMaker('PS256', rsa);
    const pkcs1 = await createEnvelopeMaker('RS256', {
      privateJwk: { ...rsa.privateJwk, alg: 'RS256' },
      publicJwk: { ...rsa.publicJwk, alg: 'RS256' },
    });
    const envelope = await pkcs1.sign(headerFor(pss, 'RS256'), CLAIMS);
    expect(await reasonOf(envelope, { keys: pkcs1.keySet() })).toBe('verified');
    expect(await reasonOf(envelope, { keys: pss.keySet() })).toBe('algorithm-mismatch');
  });

  it('fails with an algorithm that this verifier does not take, however genuine', async () => {
    expect(await reasonOf(genuine, { algorithms: ['Ed25519', 'PS256'] })).toBe('algorithm-refused');
  });

  it.each<[string, () => JsonObject]>([
    ['jwk (CVE-2018-0114)', () => ({ jwk: attacker.publicJwk })],
    ['jku', () => ({ jku: 'https://attacker.example/jwks.json' })],
    ['x5u', () => ({ x5u: 'http://169.254.169.254/latest/meta-data' })],
    ['crit (CVE-2025-59420, CVE-2026-32597, CVE-2026-35042)', () => ({ crit: ['exp'], exp: 1 })],
    ['b64', () => ({ b64: true })],
    ['zip (CVE-2024-28176, CVE-2024-33664)', () => ({ zip: 'DEF' })],
    ['x5t', () => ({ x5t: 'AAAA' })],
    ['enc', () => ({ enc: 'A256GCM' })],
    ['p2c', () => ({ p2c: 2_000_000_000 })],
  ])('fails with the header parameter %s, and fetches nothing', async (_, members) => {
    expect(await reasonOf(await attacker.sign({ ...header, ...members() }, CLAIMS))).toBe('header-member-refused');
    expect(await reasonOf(await maker.sign({ ...header, ...members() }, CLAIMS))).toBe('header-member-refused');
  });

  it("fails with the attacker's key under the issuer's kid, or under its own", async () => {
    expect(await reasonOf(await attacker.sign(header, CLAIMS))).toBe('signature-invalid');
    expect(await reasonOf(await attacker.sign(headerFor(attacker), CLAIMS))).toBe('key-unknown');
  });

  it('fails with a kid that is a path or a query', async () => {
    for (const kid of ['../../dev/null', "x' UNION SELECT 'k", '__proto__', 'constructor', '']) {
      expect(await reasonOf(await attacker.sign({ ...header, kid }, CLAIMS))).toBe('key-unknown');
    }
    expect(await reasonOf(await attacker.sign({ ...header, kid: 1 }, CLAIMS))).toBe('header-malformed');
  });

  it("fails with a key set entry that has been given the issuer's kid", async () => {
    const planted = { ...attacker.publicJwk, kid: maker.kid };
    const envelope = await attacker.sign(header, CLAIMS);
    expect(await reasonOf(envelope, { keys: { keys: [planted] } })).toBe('key-unusable');
    expect(await reasonOf(envelope, { keys: { keys: [planted, ...maker.keySet().keys] } })).toBe('key-unusable');
  });

  it('fails with a symmetric key, a key for encryption, or a weak one in the key set', async () => {
    const weak = { kty: 'RSA', alg: 'RS256', n: Buffer.alloc(128, 0xff).toString('base64url'), e: 'AQAB' };
    const entries: JsonObject[] = [
      { kty: 'oct', k: 'AAAA', alg: 'HS256' },
      { ...maker.publicJwk, use: 'enc' },
      { ...maker.publicJwk, key_ops: ['encrypt'] },
      { ...maker.publicJwk, key_ops: 'verify' },
      { ...maker.publicJwk, key_ops: 1 },
      weak,
    ];
    for (const entry of entries) {
      expect(await reasonOf(genuine, { keys: { keys: [{ ...entry, kid: maker.kid }] } })).toBe('key-unusable');
    }
  });

  const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  it.each([
    ['r = s = 0 (CVE-2022-21449)', '0'.repeat(128)],
    ['r = 0', `${'0'.repeat(64)}${'1'.padStart(64, '0')}`],
    ['s = 0', `${'1'.padStart(64, '0')}${'0'.repeat(64)}`],
    ['r = s = n', ORDER + ORDER],
    ['r = s = 1', '1'.padStart(64, '0').repeat(2)],
    ['one octet too few', '1'.repeat(126)],
    ['one octet too many', '1'.repeat(130)],
    ['DER', `3044022011${'11'.repeat(31)}022011${'11'.repeat(31)}`],
  ])('fails with the signature %s', async (_, hex) => {
    const signature = Buffer.from(hex, 'hex').toString('base64url');
    expect(await reasonOf(genuine.replace(/[^.]+$/, signature))).toBe('signature-invalid');
  });

  it('fails with an envelope cut anywhere', async () => {
    for (let length = 0; length < genuine.length; length += 7) {
      expect(await reasonOf(genuine.slice(0, length))).not.toBe('verified');
    }
  });
});

describe('passing another kind of token for an envelope', () => {
  it.each([
    'JWT',
    'jwt',
    'at+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'xroad-request+jwt',
    'XROAD-EVIDENCE+JWT',
    'application/xroad-evidence+jwt',
    'xroad-evidence+jwt ',
    '',
  ])('fails for the type "%s"', async (typ) => {
    expect(await reasonOf(await maker.sign({ ...header, typ }, CLAIMS))).toBe('type-mismatch');
  });

  it('fails without a type', async () => {
    const { typ: _, ...untyped } = header;
    expect(await reasonOf(await maker.sign(untyped, CLAIMS))).toBe('header-malformed');
  });
});

describe('substituting a genuine envelope', () => {
  it.each<[string, object, string]>([
    ['of another provider', { iss: 'CAMBODIA/GOV/0009/population' }, 'issuer-mismatch'],
    ['to another client', { aud: 'CAMBODIA/GOV/0003/customs' }, 'audience-mismatch'],
    ['to two clients', { aud: [CLAIMS.aud, 'CAMBODIA/GOV/0003/customs'] }, 'claims-malformed'],
    ['of another service', { svc: 'CAMBODIA/GOV/0001/population/persons/v2' }, 'service-mismatch'],
    ['of another exchange', { txn: '00000000-0000-4000-8000-000000000000' }, 'transaction-mismatch'],
    ['about another target', { req: { ...CLAIMS.req, target: '/persons/999999999?view=full' } }, 'request-mismatch'],
    ['about another method', { req: { ...CLAIMS.req, method: 'DELETE' } }, 'request-mismatch'],
    ['about another body', { req: { ...CLAIMS.req, digest: EMPTY_DIGEST.replace('47', '57') } }, 'request-mismatch'],
    ['about another X-Road-Id', { req: { ...CLAIMS.req, id: 'call-2' } }, 'request-mismatch'],
    ['with another status', { res: { ...CLAIMS.res, status: 404 } }, 'status-mismatch'],
    ['with another nonce', { nonce: 'n-2' }, 'nonce-mismatch'],
    ['without the nonce', { nonce: undefined }, 'nonce-mismatch'],
  ])('fails for one %s', async (_, claims, reason) => {
    expect(await reasonOf(await maker.sign(header, { ...CLAIMS, ...claims }))).toBe(reason);
  });

  it('fails for an old one, where the consumer sets an age', async () => {
    const now = (IAT + 301) * 1000;
    expect(await reasonOf(genuine, { now, maxAgeSeconds: 301 })).toBe('verified');
    expect(await reasonOf(genuine, { now, maxAgeSeconds: 300 })).toBe('too-old');
    expect(await reasonOf(genuine, { now: now * 2 }), 'evidence itself does not age').toBe('verified');
  });

  it('fails for one of the future, beyond what clocks differ by', async () => {
    expect(await reasonOf(genuine, { now: (IAT - 60) * 1000 })).toBe('verified');
    expect(await reasonOf(genuine, { now: (IAT - 61) * 1000 })).toBe('issued-in-future');
    expect(await reasonOf(genuine, { now: (IAT - 61) * 1000, clockSkewSeconds: 61 })).toBe('verified');
  });

  it('fails for one whose header tells another time than its claims', async () => {
    expect(await reasonOf(await maker.sign({ ...header, iat: IAT - 1 }, CLAIMS))).toBe('claims-malformed');
  });
});

describe('tampering with the body', () => {
  const body = Buffer.from('{"name":"Sok"}');
  const digest = 'sha-256=:+9GRzPj5Jm6rUcK5jSkYZSX8aEbrxT2X2W9x3h9xk8s=:';
  const stated = async () => {
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('base64');
    return maker.sign(header, claimsWithDigest(`sha-256=:${sha256}:`));
  };

  it('is found by the digest: truncated, extended, changed, emptied', async () => {
    const envelope = await stated();
    expect(await reasonOf(envelope, { body })).toBe('verified');
    const others = [
      body.subarray(0, -1),
      Buffer.concat([body, Buffer.from(' ')]),
      Buffer.from('{"name":"Sox"}'),
      Buffer.alloc(0),
    ];
    for (const other of others) expect(await reasonOf(envelope, { body: other })).toBe('body-mismatch');
  });

  it('cannot hide by leaving the body out of the check', async () => {
    expect(await reasonOf(await stated())).toBe('body-missing');
  });

  it('cannot mix carriages: a plain body beside a statement that holds its own', async () => {
    expect(await reasonOf(genuine, { body: Buffer.from(JSON.stringify(CLAIMS.data)) })).toBe('carriage-mixed');
  });

  it.each<[string, object]>([
    ['data and data_b64', { ...CLAIMS, data_b64: 'AAAA' }],
    ['data and a digest', { ...CLAIMS, res: { ...CLAIMS.res, digest } }],
    ['none at all', { ...CLAIMS, data: undefined }],
    ['base64 that is not canonical', { ...CLAIMS, data: undefined, data_b64: 'AB==' }],
    ['base64url', { ...CLAIMS, data: undefined, data_b64: '_-_-' }],
  ])('fails with %s', async (_, claims) => {
    expect(await reasonOf(await maker.sign(header, claims))).toBe('body-ambiguous');
  });
});

describe('stripping the envelope', () => {
  it('fails: a missing header, an empty body', async () => {
    for (const nothing of [new Headers().get('x-evidence-jws'), '', new Uint8Array()]) {
      expect(await reasonOf(nothing)).toBe('envelope-missing');
    }
  });

  it('fails for an unsigned error in place of the answer', async () => {
    const problem = { type: 'about:blank', title: 'Not found', status: 404 };
    expect(await reasonOf(JSON.stringify(problem))).toBe('envelope-malformed');
    expect(await reasonOf(JSON.stringify({ ...problem, ...JSON.parse(flatten(genuine)) }))).toBe('envelope-malformed');
  });

  it('fails for a signed error of another exchange, and for one under the status of success', async () => {
    const error = { ...CLAIMS, res: { status: 404, cty: 'application/problem+json' } };
    expect(await reasonOf(await maker.sign(header, error))).toBe('status-mismatch');
    const expected = { ...EXPECTED, status: 404 };
    expect(await reasonOf(await maker.sign(header, error), { expected })).toBe('verified');
    expect(await reasonOf(await maker.sign(header, { ...error, txn: 'other' }), { expected })).toBe(
      'transaction-mismatch',
    );
  });
});

describe('what an old key vouches for', () => {
  it.each<[string, JsonObject, string]>([
    ['retired after it', { exp: IAT + 1 }, 'verified'],
    ['retired before it', { exp: IAT }, 'key-out-of-period'],
    ['not in use yet', { nbf: IAT + 1 }, 'key-out-of-period'],
    ['in use since then', { nbf: IAT }, 'verified'],
    [
      'revoked after it, as superseded',
      { exp: IAT + 9, revoked: { revoked_at: IAT + 1, reason: 'superseded' } },
      'verified',
    ],
    ['revoked after it, without a reason', { exp: IAT + 9, revoked: { revoked_at: IAT + 1 } }, 'verified'],
    ['revoked before it', { exp: IAT + 9, revoked: { revoked_at: IAT, reason: 'superseded' } }, 'key-revoked'],
    ['leaked, whenever', { exp: IAT + 9, revoked: { revoked_at: IAT + 5, reason: 'compromised' } }, 'key-revoked'],
    [
      'leaked, in the words of RFC 5280',
      { exp: IAT + 9, revoked: { revoked_at: IAT + 5, reason: 'keyCompromise' } },
      'key-revoked',
    ],
    ['revoked in a way that cannot be read', { revoked: true }, 'key-revoked'],
    ['revoked at a time that cannot be read', { revoked: { revoked_at: 'today' } }, 'key-revoked'],
    ['revoked with null', { revoked: null }, 'key-revoked'],
    ['with an end that cannot be read', { exp: 'never' }, 'key-unusable'],
    ['with a beginning that cannot be read', { nbf: 'always' }, 'key-unusable'],
    ['with a beginning that is null', { nbf: null }, 'key-unusable'],
  ])('an envelope of a key %s', async (_, members, reason) => {
    expect(await reasonOf(genuine, { keys: maker.keySet(members) })).toBe(reason);
  });

  it.each<[JsonObject, string]>([
    [{ nbf: IAT + 1 }, `its key signed from ${IAT + 1} to now`],
    [{ exp: IAT }, `its key signed from 0 to ${IAT}`],
    [{ nbf: 1, exp: IAT }, `its key signed from 1 to ${IAT}`],
    [{ exp: 'never' }, 'has a period that is no whole seconds'],
  ])('is told with the period of the key: %j', async (members, told) => {
    const result = await verifyEnvelope(genuine, { keys: maker.keySet(members) });
    expect(!result.verified && result.detail).toContain(told);
  });
});
