import { beforeAll, describe, expect, it } from 'vitest';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from '../../../src/envelope/algorithm.ts';
import type { Carriage } from '../../../src/envelope/carriage.ts';
import { createKeyRing, type KeyRing } from '../../../src/envelope/keys.ts';
import { type Answer, createSealer, EVIDENCE_HEADER, type SealOptions } from '../../../src/envelope/seal.ts';
import { type VerifyOptions, verifyEnvelope } from '../../../src/envelope/verify.ts';
import { CHECK_NAMES, VERIFY_REASONS } from '../../../src/envelope/verify-reason.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { makeCertificate } from '../../support/certificate-maker.ts';
import { CLAIMS, createEnvelopeMaker, type EnvelopeMaker, headerFor, IAT } from '../../support/envelope-maker.ts';
import { EVIDENCE } from '../../support/evidence.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const NOW = Date.parse('2026-11-23T12:00:00.700Z');
const HEADER: Carriage = { form: 'header' };
const FLATTENED: Carriage = { form: 'flattened', mediaType: 'application/jose+json' };
const COMPACT: Carriage = { form: 'compact', mediaType: 'application/jose' };
const PERSON: Answer = {
  status: 200,
  headers: [],
  body: { name: 'សុខ', born: '1990-01-31', salary: 1.5 },
  problem: false,
};

interface Sealed {
  /** From the header, or else the body. */
  readonly envelope: string | Uint8Array;
  /** The body beside the envelope. */
  readonly body?: Uint8Array;
}

async function seal(
  ring: KeyRing,
  answer: Answer,
  carriage: Carriage,
  options: Partial<SealOptions> = {},
): Promise<Sealed> {
  const platform = { now: () => NOW, random: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) };
  const sealed = await createSealer({ ring, platform, options })(answer, EVIDENCE, carriage);
  const carried = sealed.headers.find(([name]) => name === EVIDENCE_HEADER)?.[1];
  if (carried !== undefined) return { envelope: carried, body: sealed.body ?? new Uint8Array() };
  return { envelope: sealed.body ?? '' };
}

async function ringFor(alg: SigningAlgorithm, certificateChain?: string, jwk?: JsonObject): Promise<KeyRing> {
  const active = jwk ?? (await generateJwks(alg)).privateJwk;
  const settings = { active, next: [], retired: [], ...(certificateChain === undefined ? {} : { certificateChain }) };
  return createKeyRing(settings, { now: () => NOW, fetch: () => Promise.reject(new Error('No network')) });
}

const EXPECTED = {
  issuer: EVIDENCE.issuer,
  audience: EVIDENCE.audience,
  service: EVIDENCE.service,
  transaction: EVIDENCE.transactionId,
  request: { id: 'call-1', method: 'GET', target: '/persons/010203040?view=full', body: new Uint8Array() },
  status: 200,
};

describe('an answer of the sealer', () => {
  it.each(SIGNING_ALGORITHM_NAMES)('is verified with %s in every carriage, and gives the body back', async (alg) => {
    const ring = await ringFor(alg);
    for (const carriage of [HEADER, FLATTENED, COMPACT]) {
      const { envelope, ...rest } = await seal(ring, PERSON, carriage);
      const result = await verifyEnvelope(envelope, { keys: ring.publicKeySet, expected: EXPECTED, ...rest });
      expect(result).toMatchObject({ verified: true, header: { alg, typ: 'xroad-evidence+jwt' } });
      expect(result).toMatchObject(
        carriage === HEADER ? { statement: { res: { status: 200 } } } : { data: PERSON.body },
      );
    }
  });

  it('is verified where it is bytes, a problem, or nothing', async () => {
    const ring = await ringFor('ES256');
    const bytes = { ...PERSON, body: Uint8Array.of(0xff, 0, 1), contentType: 'text/csv' };
    const csv = await seal(ring, bytes, FLATTENED);
    expect(await verifyEnvelope(csv.envelope, { keys: ring.publicKeySet })).toMatchObject({
      verified: true,
      bytes: Uint8Array.of(0xff, 0, 1),
    });
    const problem = await seal(ring, { ...PERSON, status: 404, body: { status: 404 }, problem: true }, HEADER);
    const expected = { status: 404 };
    expect(
      await verifyEnvelope(problem.envelope, { keys: ring.publicKeySet, expected, body: problem.body! }),
    ).toMatchObject({
      verified: true,
    });
    const empty = await seal(ring, { ...PERSON, status: 204, body: undefined }, FLATTENED);
    expect(await verifyEnvelope(empty.envelope, { keys: ring.publicKeySet, body: new Uint8Array() })).toMatchObject({
      verified: true,
    });
  });

  it('is verified against the target where the statement holds only its digest', async () => {
    const ring = await ringFor('ES256');
    const { envelope } = await seal(ring, PERSON, COMPACT, { requestTarget: 'digest' });
    const verify = (target: string) =>
      verifyEnvelope(envelope, { keys: ring.publicKeySet, expected: { request: { target } } });
    expect(await verify(EXPECTED.request.target)).toMatchObject({ verified: true });
    expect(await verify('/persons/1')).toMatchObject({ reason: 'request-mismatch' });
    const expected = { request: { method: 'GET' } };
    expect(await verifyEnvelope(envelope, { keys: ring.publicKeySet, expected })).toMatchObject({ verified: true });
  });
});

describe('a verdict', () => {
  let maker: EnvelopeMaker;
  let genuine: string;

  beforeAll(async () => {
    maker = await createEnvelopeMaker();
    genuine = await maker.sign(headerFor(maker), CLAIMS);
  });

  it('lists every check in its order, and says which were not asked for', async () => {
    const result = await verifyEnvelope(genuine, { keys: maker.keySet(), expected: { issuer: CLAIMS.iss } });
    expect(result.checks.map(({ name }) => name)).toEqual(CHECK_NAMES);
    const skipped = result.checks.filter(({ outcome }) => outcome === 'not-asked').map(({ name }) => name);
    expect(skipped).toEqual(['audience', 'service', 'transaction', 'request', 'status', 'nonce', 'age', 'certificate']);
    const others = result.checks.filter(({ outcome }) => outcome !== 'not-asked');
    expect(others.map(({ outcome }) => outcome)).toEqual(others.map(() => 'passed'));
    const asked = { keys: maker.keySet(), expected: { request: { method: 'GET' } } };
    expect((await verifyEnvelope(genuine, asked)).checks).toContainEqual({ name: 'request', outcome: 'passed' });
  });

  it('ends its list with the check that failed, and says what was found and what expected', async () => {
    const result = await verifyEnvelope(genuine, { keys: maker.keySet(), expected: { audience: 'X/Y/Z' } });
    expect(result).toMatchObject({
      verified: false,
      reason: 'audience-mismatch',
      detail: 'The statement\'s audience is "CAMBODIA/GOV/0002/tax", "X/Y/Z" is expected',
    });
    expect(result.checks.slice(-2)).toEqual([
      { name: 'issuer', outcome: 'not-asked' },
      { name: 'audience', outcome: 'failed' },
    ]);
  });

  it('shortens what an attacker wrote', async () => {
    const alg = 'x'.repeat(100_000);
    const result = await verifyEnvelope(await maker.sign({ ...headerFor(maker), alg }, CLAIMS), {
      keys: maker.keySet(),
    });
    expect(!result.verified && result.detail.length).toBeLessThan(200);
  });

  it.each<[string, object]>([
    ['iss', { iss: undefined }],
    ['iss', { iss: '' }],
    ['iat', { iat: IAT + 0.5 }],
    ['jti', { jti: 'abc' }],
    ['req.digest', { req: { ...CLAIMS.req, digest: 'sha-256=:AAAA:' } }],
    ['req.target', { req: { ...CLAIMS.req, target: 'http://elsewhere/' } }],
    ['res.status', { res: { status: '200' } }],
    ['src', { src: {} }],
    ['src.0.len', { src: [{ ...CLAIMS.src[0], len: -1 }] }],
    ['map', { map: null }],
  ])('refuses a claim %s that is not as the schema says', async (claim, claims) => {
    const result = await verifyEnvelope(await maker.sign(headerFor(maker), { ...CLAIMS, ...claims }), {
      keys: maker.keySet(),
    });
    expect(result).toMatchObject({
      reason: 'claims-malformed',
      detail: `The claim "${claim}" is missing or not of its kind`,
    });
  });

  it.each([[[]], ['"text"'], ['1'], ['null'], ['']])('refuses %j where claims are expected', async (payload) => {
    const envelope = await maker.sign(headerFor(maker), payload);
    expect(await verifyEnvelope(envelope, { keys: maker.keySet() })).toMatchObject({ reason: 'claims-malformed' });
  });

  it('takes claims that it does not know, as a JWT reader must', async () => {
    const envelope = await maker.sign(headerFor(maker), { ...CLAIMS, later: 1 });
    expect(await verifyEnvelope(envelope, { keys: maker.keySet() })).toMatchObject({ verified: true });
  });

  it('looks only at the key that is named, whatever else the key set holds', async () => {
    const keys = [null, 'x', { kty: 'AKP', alg: 'ML-DSA-65' }, { kid: 'other' }, ...maker.keySet().keys];
    expect(await verifyEnvelope(genuine, { keys: { keys: keys as JsonObject[] } })).toMatchObject({ verified: true });
  });

  it('refuses a key set that is none', async () => {
    for (const keys of [{}, { keys: maker.publicJwk }]) {
      expect(await verifyEnvelope(genuine, { keys: keys as { keys: [] } })).toMatchObject({ reason: 'key-unusable' });
    }
  });

  it('counts an age in whole seconds', async () => {
    const at = (milliseconds: number, options: Partial<VerifyOptions> = {}) =>
      verifyEnvelope(genuine, { keys: maker.keySet(), now: IAT * 1000 + milliseconds, ...options });
    expect(await at(10_999, { maxAgeSeconds: 10 })).toMatchObject({ verified: true });
    expect(await at(11_000, { maxAgeSeconds: 10 })).toMatchObject({
      reason: 'too-old',
      detail: 'The statement is 11 seconds old, 10 are taken',
    });
    expect(await at(1e12)).toMatchObject({ verified: true });
    expect(await at(-61_000)).toMatchObject({
      reason: 'issued-in-future',
      detail: `The statement is of ${IAT}, 61 seconds from now`,
    });
  });

  it('cannot be asked about an age without the time', async () => {
    await expect(verifyEnvelope(genuine, { keys: maker.keySet(), maxAgeSeconds: 1 })).rejects.toThrow(TypeError);
  });

  it('tells each of its reasons by a check of its list', () => {
    expect(new Set(Object.values(VERIFY_REASONS))).toEqual(new Set(CHECK_NAMES));
  });
});

describe('a certificate', () => {
  const PERIOD = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-12-31T00:00:00Z' };
  const issue = (publicJwk: JsonObject, period = PERIOD) =>
    makeCertificate({ subject: 'Seal', issuer: 'CA', publicJwk, ...period });
  const der = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');

  it.each(['ES256', 'PS256'] as const)('that is pinned vouches for an envelope of its key with %s', async (alg) => {
    const { privateJwk, publicJwk } = await generateJwks(alg);
    const certificate = await issue(publicJwk);
    const ring = await ringFor(alg, certificate, privateJwk);
    for (const carriage of [COMPACT, HEADER]) {
      const { envelope, ...rest } = await seal(ring, PERSON, carriage);
      const result = await verifyEnvelope(envelope, { keys: { certificate }, ...rest });
      expect(result).toMatchObject({ verified: true });
      expect(result.checks.at(-1)).toEqual({ name: 'certificate', outcome: 'passed' });
    }
  });

  it('that is pinned is refused for another key, another algorithm, another certificate, and outside its period', async () => {
    const maker = await createEnvelopeMaker();
    const other = await createEnvelopeMaker();
    const sealRing = await ringFor('ES256', await issue(maker.publicJwk), maker.privateJwk);
    const { envelope } = await seal(sealRing, PERSON, COMPACT);
    const reasonFor = async (certificate: string, text = envelope) => {
      const result = await verifyEnvelope(text, { keys: { certificate } });
      return result.verified ? 'verified' : result.reason;
    };
    expect(await reasonFor(await issue(other.publicJwk))).toBe('key-unknown');
    expect(await reasonFor(await issue((await generateJwks('Ed25519')).publicJwk))).toBe('key-unusable');
    expect(await reasonFor('no certificate')).toBe('key-unusable');
    expect(await reasonFor(await issue(maker.publicJwk, { ...PERIOD, notBefore: '2026-02-01T00:00:00Z' }))).toBe(
      'certificate-mismatch',
    );
    const plain = await maker.sign(headerFor(maker), CLAIMS);
    expect(await reasonFor(await issue(maker.publicJwk), plain), 'the envelope names none').toBe(
      'certificate-mismatch',
    );
  });

  it('that had expired when the envelope says it was signed is refused', async () => {
    const maker = await createEnvelopeMaker();
    const certificate = await issue(maker.publicJwk, { ...PERIOD, notAfter: '2026-06-30T00:00:00Z' });
    const sha256 = await crypto.subtle.digest('SHA-256', Buffer.from(der(certificate), 'base64'));
    const thumbprint = Buffer.from(sha256).toString('base64url');
    const header = { ...headerFor(maker), 'x5t#S256': thumbprint, x5c: [der(certificate)] };
    const envelope = await maker.sign(header, CLAIMS);
    expect(await verifyEnvelope(envelope, { keys: { certificate } })).toMatchObject({
      reason: 'certificate-out-of-period',
    });
    expect(await verifyEnvelope(envelope, { keys: maker.keySet() })).toMatchObject({
      reason: 'certificate-out-of-period',
    });
  });

  it('that the envelope carries earns no trust, and may tell no lies', async () => {
    const maker = await createEnvelopeMaker();
    const attacker = await createEnvelopeMaker();
    const mine = der(await issue(attacker.publicJwk));
    const forged = await attacker.sign({ ...headerFor(attacker), x5c: [mine] }, CLAIMS);
    expect(await verifyEnvelope(forged, { keys: maker.keySet() })).toMatchObject({ reason: 'key-unknown' });
    const reasonFor = async (members: object) => {
      const result = await verifyEnvelope(await maker.sign({ ...headerFor(maker), ...members }, CLAIMS), {
        keys: maker.keySet(),
      });
      return result.verified ? 'verified' : result.reason;
    };
    expect(await reasonFor({ x5c: [mine] })).toBe('certificate-mismatch');
    expect(await reasonFor({ x5c: ['AAAA'] })).toBe('certificate-mismatch');
    expect(await reasonFor({ x5c: [] })).toBe('certificate-mismatch');
    expect(await reasonFor({ x5c: [der(await issue(maker.publicJwk))], 'x5t#S256': 'AAAA' })).toBe(
      'certificate-mismatch',
    );
    expect(await reasonFor({ x5c: mine })).toBe('header-malformed');
  });
});
