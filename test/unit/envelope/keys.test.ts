import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet, type JWK, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createKeyRing } from '../../../src/envelope/keys.ts';
import { signCompact, signingInputOf } from '../../../src/envelope/sign.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { SettingsError, type SigningSettings } from '../../../src/model/settings.ts';
import { makeCertificate } from '../../support/certificate-maker.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const PLATFORM = {
  now: () => Date.parse('2026-11-23T00:00:00Z'),
  fetch: () => Promise.reject(new Error('No network')),
};
type Jwks = Awaited<ReturnType<typeof generateJwks>>;
let active: Jwks, other: Jwks, third: Jwks, rsa: Jwks, p384: Jwks;

beforeAll(async () => {
  [active, other, third, rsa, p384] = await Promise.all([
    generateJwks('ES256'),
    generateJwks('ES256'),
    generateJwks('Ed25519'),
    generateJwks('RS256'),
    generateJwks('ES384'),
  ]);
});

const bytesOf = (text: string) => new TextEncoder().encode(text);

function ringOf(settings: Partial<SigningSettings>) {
  return createKeyRing({ active: active.privateJwk, next: [], retired: [], ...settings }, PLATFORM);
}

async function mistakesOf(settings: Partial<SigningSettings>): Promise<readonly string[]> {
  const error = await ringOf(settings).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsError);
  const { mistakes, message } = error as SettingsError;
  for (const secret of [active, other, third, rsa].flatMap(privateValues)) expect(message).not.toContain(secret);
  return mistakes;
}

function privateValues({ privateJwk }: Jwks): string[] {
  return ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => (privateJwk[name] as string | undefined) ?? []);
}

const certificateOf = (publicJwk: JsonObject, notAfter = '2030-01-01T00:00:00Z') =>
  makeCertificate({ subject: 'Seal', issuer: 'CA', publicJwk, notBefore: '2026-01-01T00:00:00Z', notAfter });

describe('createKeyRing()', () => {
  it('publishes active, next and retired keys, each with its use, alg and thumbprint', async () => {
    const revoked = { revoked_at: 1_790_000_100, reason: 'compromised' };
    const { publicKeySet } = await ringOf({
      next: [{ ...other.publicJwk, nbf: 1_800_000_000 }],
      retired: [{ ...third.publicJwk, nbf: 1_780_000_000, exp: 1_790_000_000, revoked }],
    });
    const { alg: _, ...material } = active.publicJwk;
    const kid = await calculateJwkThumbprint(active.publicJwk as JWK);
    expect(publicKeySet.keys[0]).toEqual({ ...material, use: 'sig', alg: 'ES256', kid });
    expect(publicKeySet.keys.slice(1)).toMatchObject([
      { use: 'sig', alg: 'ES256', x: other.publicJwk.x as string, nbf: 1_800_000_000 },
      { use: 'sig', alg: 'Ed25519', nbf: 1_780_000_000, exp: 1_790_000_000, revoked },
    ]);
  });

  it('names a key of every algorithm by the thumbprint that jose computes', async () => {
    for (const { privateJwk, publicJwk } of [active, third, rsa, p384]) {
      const { publicKeySet } = await ringOf({ active: privateJwk });
      expect(publicKeySet.keys[0]?.kid).toBe(await calculateJwkThumbprint(publicJwk as JWK));
    }
  });

  it('publishes public members only, whatever else the JWK holds', async () => {
    for (const { privateJwk } of [active, third, rsa, p384]) {
      const { publicKeySet } = await ringOf({ active: { ...privateJwk, key_ops: ['sign'], ext: true, note: 'x' } });
      const allowed = ['kty', 'crv', 'x', 'y', 'n', 'e', 'use', 'alg', 'kid'];
      expect(Object.keys(publicKeySet.keys[0]!).filter((name) => !allowed.includes(name))).toEqual([]);
    }
  });

  it('gives a key set with which jose finds the key of an envelope by its kid', async () => {
    const { signer, publicKeySet } = await ringOf({ next: [other.publicJwk] });
    const compact = await signCompact(signer, signingInputOf(signer, bytesOf('{"iss":"a"}'), { iat: 1 }));
    const keySet = createLocalJWKSet(publicKeySet as unknown as JSONWebKeySet);
    const { payload } = await jwtVerify(compact, keySet, { typ: 'xroad-evidence+jwt' });
    expect(payload).toEqual({ iss: 'a' });
  });

  it('keeps old envelopes verifiable through a rotation: next becomes active, active becomes retired', async () => {
    const before = await ringOf({ next: [other.publicJwk] });
    const old = await signCompact(before.signer, signingInputOf(before.signer, bytesOf('{}'), { iat: 1 }));
    const after = await ringOf({
      active: other.privateJwk,
      retired: [{ ...active.publicJwk, exp: 1_795_000_000 }],
    });
    const fresh = await signCompact(after.signer, signingInputOf(after.signer, bytesOf('{}'), { iat: 2 }));
    const setOf = (ring: typeof before) => createLocalJWKSet(ring.publicKeySet as unknown as JSONWebKeySet);
    await expect(jwtVerify(old, setOf(after))).resolves.toBeDefined();
    await expect(jwtVerify(fresh, setOf(after))).resolves.toBeDefined();
    await expect(jwtVerify(fresh, setOf(before)), 'a key set cached before the rotation').resolves.toBeDefined();
  });

  it('adds the certificate to the active key', async () => {
    const { certificate, publicKeySet } = await ringOf({ certificateChain: await certificateOf(active.publicJwk) });
    expect(publicKeySet.keys[0]).toMatchObject({ x5c: certificate?.x5c, 'x5t#S256': certificate?.thumbprint });
  });

  it('keeps the certificate of a retired key, checked against it', async () => {
    const x5c = [(await certificateOf(other.publicJwk)).replace(/-----.*-----|\s/g, '')];
    const { publicKeySet } = await ringOf({ retired: [{ ...other.publicJwk, exp: 1, x5c }] });
    expect(publicKeySet.keys[1]).toMatchObject({ x5c, 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) });
    expect(await mistakesOf({ retired: [{ ...third.publicJwk, exp: 1, x5c }] })).toEqual([
      expect.stringMatching(/^Retired key 1 does not begin with a certificate of the key /),
    ]);
  });

  it('takes the public half of the active key where a remote signer holds the private one', async () => {
    const remote = { url: 'https://signer.example', token: 't0ken' };
    expect((await ringOf({ active: active.publicJwk, remote })).signer.alg).toBe('ES256');
    expect(await mistakesOf({ remote })).toEqual([
      'The active key holds private members (d): a remote signer is set, so the public half belongs here',
    ]);
  });

  it.each<[string, () => Partial<SigningSettings>, string]>([
    [
      'HMAC',
      () => ({ active: { kty: 'oct', k: 'AAAA', alg: 'HS256' } }),
      'The active key is of none of the key types taken: EC with P-256 or P-384, OKP with Ed25519, RSA',
    ],
    [
      'secp256k1',
      () => ({ active: { ...active.privateJwk, crv: 'secp256k1' } }),
      'The active key is of none of the key types taken: EC with P-256 or P-384, OKP with Ed25519, RSA',
    ],
    [
      'RSA without alg',
      () => ({ active: { ...rsa.privateJwk, alg: undefined } }),
      'The active key has no alg that fits its type: RS256 or PS256 is expected',
    ],
    [
      'RS384',
      () => ({ active: { ...rsa.privateJwk, alg: 'RS384' } }),
      'The active key has no alg that fits its type: RS256 or PS256 is expected',
    ],
    [
      'an alg of another curve',
      () => ({ active: { ...active.privateJwk, alg: 'ES384' } }),
      'The active key has no alg that fits its type: ES256 is expected',
    ],
    [
      'none',
      () => ({ active: { ...active.privateJwk, alg: 'none' } }),
      'The active key has no alg that fits its type: ES256 is expected',
    ],
    [
      'encryption keys',
      () => ({ next: [{ ...other.publicJwk, use: 'enc' }] }),
      'Next key 1 has a use other than "sig"',
    ],
    [
      'no private half',
      () => ({ active: active.publicJwk }),
      'The active key has no member d, which a key for ES256 needs',
    ],
    [
      'a point off the curve',
      () => ({ active: { ...active.privateJwk, x: active.privateJwk.y } }),
      'The active key is not a valid public key for ES256',
    ],
    [
      'padded base64url',
      () => ({ active: { ...active.privateJwk, x: `${active.privateJwk.x}=` } }),
      'The active key has a member x that is not canonical base64url',
    ],
    [
      'a short coordinate',
      () => ({ active: { ...active.privateJwk, x: 'AAAA' } }),
      'The active key has a member x of 3 bytes: 32 are expected for ES256',
    ],
    [
      'a kid that is no thumbprint',
      () => ({ next: [{ ...other.publicJwk, kid: 'mine' }] }),
      'Next key 1 has a kid that is not its RFC 7638 thumbprint',
    ],
    [
      'a private next key',
      () => ({ next: [other.publicJwk, third.privateJwk] }),
      'Next key 2 holds private members (d): publish its public half only',
    ],
    [
      'a private retired key',
      () => ({ retired: [rsa.privateJwk] }),
      'Retired key 1 holds private members (d, p, q, dp, dq, qi): publish its public half only',
    ],
    [
      'a next key with private members of other kinds',
      () => ({ next: [{ ...other.publicJwk, oth: [], k: 'AAAA', priv: 'AAAA' }] }),
      'Next key 1 holds private members (oth, k, priv): publish its public half only',
    ],
    ['a retired key without end', () => ({ retired: [other.publicJwk] }), 'Retired key 1 has no exp'],
    [
      'an active key with an end',
      () => ({ active: { ...active.privateJwk, exp: 1 } }),
      'The active key has exp or revoked, which only a retired key may have',
    ],
    [
      'a revoked next key',
      () => ({ next: [{ ...other.publicJwk, revoked: { revoked_at: 1 } }] }),
      'Next key 1 has exp or revoked',
    ],
    [
      'a malformed revocation',
      () => ({ retired: [{ ...other.publicJwk, exp: 1, revoked: 'yes' }] }),
      'Retired key 1 has a revoked that is not',
    ],
    [
      'a time with a fraction',
      () => ({ retired: [{ ...other.publicJwk, exp: 1.5 }] }),
      'Retired key 1 has a time exp that is not a whole number',
    ],
    [
      'a time before the epoch',
      () => ({ next: [{ ...other.publicJwk, nbf: -1 }] }),
      'Next key 1 has a time nbf that is not a whole number',
    ],
    ['a key given twice', () => ({ next: [active.publicJwk] }), 'The key '],
  ])('refuses %s', async (_, settings, expected) => {
    const mistakes = await mistakesOf(settings());
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]!.slice(0, expected.length)).toBe(expected);
  });

  it('refuses a private half that belongs to another public half', async () => {
    const { n } = (await generateJwks('RS256')).publicJwk;
    const mixed = [
      { ...active.privateJwk, d: other.privateJwk.d },
      { ...third.privateJwk, x: (await generateJwks('Ed25519')).publicJwk.x },
      { ...rsa.privateJwk, n },
    ];
    for (const key of mixed) {
      const [mistake, ...more] = await mistakesOf({ active: key });
      expect(more).toEqual([]);
      // Runtimes differ: some find it when they import, others not before they sign.
      expect(mistake).toMatch(/^The active key (has a private half that does not belong|is not a valid private key)/);
    }
  });

  it.each([1024, 8192])('refuses an RSA modulus of %d bits', async (bits) => {
    const modulus = Buffer.alloc(bits / 8, 0xff).toString('base64url');
    expect(await mistakesOf({ next: [{ kty: 'RSA', alg: 'PS256', n: modulus, e: 'AQAB' }] })).toEqual([
      `Next key 1 has a modulus of ${bits} bits: 2048 to 4096 are taken`,
    ]);
  });

  it('tells all mistakes at once', async () => {
    const mistakes = await mistakesOf({ active: {}, next: [{}], retired: [other.publicJwk, third.privateJwk] });
    expect(mistakes.map((mistake) => mistake.split(' ').slice(0, 3).join(' '))).toEqual([
      'The active key',
      'Next key 1',
      'Retired key 1',
      'Retired key 2',
    ]);
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'of another key',
      () => certificateOf(other.publicJwk),
      'The certificate chain does not begin with a certificate of the key ',
    ],
    [
      'that has expired',
      () => certificateOf(active.publicJwk, '2026-11-22T23:59:59Z'),
      'The certificate chain has expired on 2026-11-22T23:59:59.000Z',
    ],
    ['that is text', async () => 'hello', 'The certificate chain holds 0 certificates: 1 to 8 are expected'],
  ])('refuses a certificate %s', async (_, makeChain, expected) => {
    expect(await mistakesOf({ certificateChain: await makeChain() })).toEqual([expect.stringContaining(expected)]);
  });
});
