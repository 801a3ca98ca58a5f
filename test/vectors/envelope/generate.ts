/**
 * Writes the vectors beside this file. Run once; again only when the statement changes, since ES256 signatures are
 * never the same twice:
 *
 *   node scripts/run.mjs test/vectors/envelope/generate.ts
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SigningAlgorithm } from '../../../src/envelope/algorithm.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { makeCertificate } from '../../support/certificate-maker.ts';
import {
  CLAIMS,
  claimsWithDigest,
  createEnvelopeMaker,
  encodePart,
  flatten,
  headerFor,
  IAT,
} from '../../support/envelope-maker.ts';
import { malleate } from '../../support/malleate.ts';
import type { EnvelopeVector } from './vector.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const TEST_KEYS: Record<string, JsonObject> = JSON.parse(readFileSync(`${folder}test-keys.json`, 'utf8'));

async function makerFor(name: string) {
  const { d: _, p, q, dp, dq, qi, ...publicJwk } = TEST_KEYS[name]!;
  return createEnvelopeMaker(publicJwk.alg as SigningAlgorithm, { privateJwk: TEST_KEYS[name]!, publicJwk });
}

const maker = await makerFor('ES256');
const stranger = await makerFor('stranger-ES256');
const header = headerFor(maker);
const jwks = maker.keySet();
const compact = await maker.sign(header, CLAIMS);
const flattened = flatten(compact);

const BODY = '{"name":"សុខ"}';
const digestOf = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;
const byDigest = await maker.sign(header, claimsWithDigest(digestOf(BODY)));

const EXPECTED = {
  issuer: CLAIMS.iss,
  audience: CLAIMS.aud,
  service: CLAIMS.svc,
  transaction: CLAIMS.txn,
  request: { id: CLAIMS.req.id, method: CLAIMS.req.method, target: CLAIMS.req.target, body: '' },
  status: 200,
  nonce: CLAIMS.nonce,
};

const PERIOD = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-12-31T00:00:00Z' };
const names = { subject: 'Test seal', issuer: 'Test CA', publicJwk: maker.publicJwk };
const certificate = await makeCertificate({ ...names, ...PERIOD });
const expired = await makeCertificate({ ...names, ...PERIOD, notAfter: '2026-06-30T00:00:00Z' });

function certified(pem: string) {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const thumbprint = createHash('sha256').update(der).digest('base64url');
  return { ...header, 'x5t#S256': thumbprint, x5c: [der.toString('base64')] };
}

const statusOf = (status: number) => ({ ...CLAIMS, res: { ...CLAIMS.res, status } });
const jsonWith = (member: string, object: object) => `{${member},${JSON.stringify(object).slice(1)}`;

async function signedBy(alg: SigningAlgorithm) {
  const other = await makerFor(alg);
  return { envelope: await other.sign(headerFor(other, alg), CLAIMS), jwks: other.keySet() };
}

const { data: _, ...BODILESS } = CLAIMS;
const hiddenTarget = { ...CLAIMS, req: { ...CLAIMS.req, target: digestOf(CLAIMS.req.target) } };

type Made = Omit<EnvelopeVector, 'name' | 'result'>;

const VALID: Record<string, Made> = {
  compact: { description: 'Compact form, the answer in data', envelope: compact, jwks },
  flattened: { description: 'The same envelope in flattened form: one signature for both', envelope: flattened, jwks },
  'flattened-time-stamp': {
    description: 'An archive has added JAdES properties to the unprotected header; they are not looked at',
    envelope: flatten(compact, { header: { etsiU: [encodePart({ sigTst: { tstTokens: [{ val: 'MIIB' }] } })] } }),
    jwks,
  },
  'all-expectations': {
    description: 'Everything that a consumer can know of its own exchange',
    envelope: compact,
    jwks,
    expected: EXPECTED,
  },
  fresh: { description: 'No older than asked', envelope: compact, jwks, now: (IAT + 300) * 1000, maxAgeSeconds: 300 },
  'clock-behind': {
    description: "The signer's clock is a minute ahead",
    envelope: compact,
    jwks,
    now: (IAT - 60) * 1000,
  },
  malleated: {
    description: 'The other valid ECDSA signature of the same envelope: never use the text as an id',
    envelope: malleate(compact),
    jwks,
  },
  'unknown-claim': {
    description: 'Claims that are not known are ignored',
    envelope: await maker.sign(header, { ...CLAIMS, later: 1 }),
    jwks,
  },
  digest: { description: 'The body travels beside the envelope', envelope: byDigest, jwks, body: BODY },
  'digest-no-body': {
    description: 'An answer without a body has the digest of nothing',
    envelope: await maker.sign(header, claimsWithDigest(digestOf(''))),
    jwks,
    body: '',
  },
  'data-b64': {
    description: 'A body that is not JSON',
    envelope: await maker.sign(header, { ...BODILESS, data_b64: 'AP8=' }),
    jwks,
  },
  'data-null': {
    description: 'The answer is null: that is data, too',
    envelope: await maker.sign(header, { ...CLAIMS, data: null }),
    jwks,
  },
  error: {
    description: 'A signed error',
    envelope: await maker.sign(header, statusOf(404)),
    jwks,
    expected: { status: 404 },
  },
  'target-digest': {
    description: 'The statement holds the digest of the target',
    envelope: await maker.sign(header, hiddenTarget),
    jwks,
    expected: EXPECTED,
  },
  'key-retired': {
    description: 'Signed before its key was retired',
    envelope: compact,
    jwks: maker.keySet({ exp: IAT + 1 }),
  },
  'key-superseded': {
    description: 'Signed before its key was revoked for another reason than a leak',
    envelope: compact,
    jwks: maker.keySet({ exp: IAT + 9, revoked: { revoked_at: IAT + 1, reason: 'superseded' } }),
  },
  'key-beside-unknown': {
    description: 'Other entries of the key set are of no concern',
    envelope: compact,
    jwks: { keys: [{ kty: 'AKP', kid: 'x' }, ...jwks.keys] },
  },
  certificate: {
    description: 'JAdES-B-B, verified with the pinned certificate',
    envelope: await maker.sign(certified(certificate), CLAIMS),
    certificate,
  },
  'certificate-carried': {
    description: 'JAdES-B-B, verified with the key set',
    envelope: await maker.sign(certified(certificate), CLAIMS),
    jwks,
  },
  es384: { description: 'ES384', ...(await signedBy('ES384')) },
  ed25519: { description: 'Ed25519', ...(await signedBy('Ed25519')) },
  rs256: { description: 'RS256', ...(await signedBy('RS256')) },
  ps256: { description: 'PS256', ...(await signedBy('PS256')) },
};

/** Each differs in one thing from the valid vector that it names. */
const INVALID: Record<string, Omit<Made, 'jwks'> & Partial<Made> & { result: string; pair: string }> = {
  stripped: { result: 'envelope-missing', pair: 'compact', description: 'No envelope at all', envelope: '' },
  'too-large': {
    result: 'envelope-too-large',
    pair: 'compact',
    description: 'One byte beyond the limit',
    envelope: compact,
    maxBytes: compact.length - 1,
  },
  'unsigned-error': {
    result: 'envelope-malformed',
    pair: 'error',
    description: 'A plain problem document',
    envelope: '{"status":404,"title":"Not found"}',
  },
  'flattened-extra-member': {
    result: 'envelope-malformed',
    pair: 'flattened',
    description: 'signatures beside the flattened form',
    envelope: flatten(compact, { signatures: [] }),
  },
  'flattened-member-twice': {
    result: 'envelope-malformed',
    pair: 'flattened',
    description: 'Two payloads',
    envelope: flattened.replace('{', '{"payload":"",'),
  },
  'flattened-unprotected-kid': {
    result: 'envelope-malformed',
    pair: 'flattened',
    description: 'A header parameter that is not signed',
    envelope: flatten(compact, { header: { kid: maker.kid } }),
  },
  'signature-padded': {
    result: 'encoding-malformed',
    pair: 'compact',
    description: 'Base64url with padding',
    envelope: `${compact}==`,
  },
  'signature-line-break': {
    result: 'encoding-malformed',
    pair: 'compact',
    description: 'A line break at the end',
    envelope: `${compact}\n`,
  },
  'header-member-twice': {
    result: 'header-malformed',
    pair: 'compact',
    description: 'Two alg',
    envelope: await maker.sign(jsonWith('"alg":"none"', header), CLAIMS),
  },
  'header-byte-order-mark': {
    result: 'header-malformed',
    pair: 'compact',
    description: 'A byte order mark before the header',
    envelope: await maker.sign(`\ufeff${JSON.stringify(header)}`, CLAIMS),
  },
  'header-crit': {
    result: 'header-member-refused',
    pair: 'compact',
    description: 'crit',
    envelope: await maker.sign({ ...header, crit: ['exp'], exp: 1 }, CLAIMS),
  },
  'header-b64': {
    result: 'header-member-refused',
    pair: 'compact',
    description: 'b64 without crit',
    envelope: await maker.sign({ ...header, b64: true }, CLAIMS),
  },
  'header-jwk': {
    result: 'header-member-refused',
    pair: 'compact',
    description: "The forger's key in the header",
    envelope: await stranger.sign({ ...header, jwk: stranger.publicJwk }, CLAIMS),
  },
  'header-jku': {
    result: 'header-member-refused',
    pair: 'compact',
    description: 'An address to fetch keys from',
    envelope: await stranger.sign({ ...header, jku: 'https://forger.example/jwks.json' }, CLAIMS),
  },
  'type-access-token': {
    result: 'type-mismatch',
    pair: 'compact',
    description: 'An access token',
    envelope: await maker.sign({ ...header, typ: 'at+jwt' }, CLAIMS),
  },
  'type-request': {
    result: 'type-mismatch',
    pair: 'compact',
    description: 'A signed request',
    envelope: await maker.sign({ ...header, typ: 'xroad-request+jwt' }, CLAIMS),
  },
  'algorithm-none': {
    result: 'algorithm-refused',
    pair: 'compact',
    description: 'none',
    envelope: `${encodePart({ ...header, alg: 'none' })}.${encodePart(CLAIMS)}.`,
  },
  'algorithm-hmac': {
    result: 'algorithm-refused',
    pair: 'compact',
    description: 'HS256',
    envelope: await maker.sign({ ...header, alg: 'HS256' }, CLAIMS),
  },
  'algorithm-of-another-key': {
    result: 'algorithm-mismatch',
    pair: 'compact',
    description: 'The header says PS256, the key is for ES256',
    envelope: await maker.sign({ ...header, alg: 'PS256' }, CLAIMS),
  },
  'key-of-a-stranger': {
    result: 'key-unknown',
    pair: 'compact',
    description: 'A key that is not in the key set',
    envelope: await stranger.sign(headerFor(stranger), CLAIMS),
  },
  'key-twice': {
    result: 'key-unusable',
    pair: 'compact',
    description: 'Two entries of one kid',
    envelope: compact,
    jwks: { keys: [...jwks.keys, ...jwks.keys] },
  },
  'key-planted': {
    result: 'key-unusable',
    pair: 'compact',
    description: 'An entry whose kid is not its thumbprint',
    envelope: await stranger.sign(header, CLAIMS),
    jwks: { keys: [{ ...stranger.publicJwk, kid: maker.kid }] },
  },
  'key-retired-before': {
    result: 'key-out-of-period',
    pair: 'key-retired',
    description: 'Signed after its key was retired',
    envelope: compact,
    jwks: maker.keySet({ exp: IAT }),
  },
  'key-revoked-before': {
    result: 'key-revoked',
    pair: 'key-superseded',
    description: 'Signed after its key was revoked',
    envelope: compact,
    jwks: maker.keySet({ exp: IAT + 9, revoked: { revoked_at: IAT, reason: 'superseded' } }),
  },
  'key-leaked': {
    result: 'key-revoked',
    pair: 'key-superseded',
    description: 'A leaked key can date back',
    envelope: compact,
    jwks: maker.keySet({ exp: IAT + 9, revoked: { revoked_at: IAT + 9, reason: 'compromised' } }),
  },
  'signature-forged': {
    result: 'signature-invalid',
    pair: 'compact',
    description: "The forger's signature under the issuer's kid",
    envelope: await stranger.sign(header, CLAIMS),
  },
  'signature-zero': {
    result: 'signature-invalid',
    pair: 'compact',
    description: 'r = s = 0',
    envelope: compact.replace(/[^.]+$/, 'A'.repeat(86)),
  },
  'signature-short': {
    result: 'signature-invalid',
    pair: 'compact',
    description: 'An empty signature',
    envelope: compact.replace(/[^.]+$/, ''),
  },
  'payload-changed': {
    result: 'signature-invalid',
    pair: 'compact',
    description: 'One claim changed after signing',
    envelope: compact.replace(/\.[^.]+\./, `.${encodePart({ ...CLAIMS, aud: 'X/Y/Z' })}.`),
  },
  'claims-member-twice': {
    result: 'claims-malformed',
    pair: 'compact',
    description: 'Two aud',
    envelope: await maker.sign(header, jsonWith('"aud":"X/Y/Z"', CLAIMS)),
  },
  'claims-lone-surrogate': {
    result: 'claims-malformed',
    pair: 'compact',
    description: 'Half a character in data',
    envelope: await maker.sign(header, jsonWith('"note":"\\ud800"', CLAIMS)),
  },
  'claims-time-differs': {
    result: 'claims-malformed',
    pair: 'compact',
    description: 'iat of header and claims differ',
    envelope: await maker.sign({ ...header, iat: IAT - 1 }, CLAIMS),
  },
  'claims-without-transaction': {
    result: 'claims-malformed',
    pair: 'compact',
    description: 'No txn',
    envelope: await maker.sign(header, { ...CLAIMS, txn: undefined }),
  },
  'another-issuer': {
    result: 'issuer-mismatch',
    pair: 'all-expectations',
    description: 'Of another provider',
    envelope: compact,
    expected: { ...EXPECTED, issuer: 'X/Y/Z' },
  },
  'another-audience': {
    result: 'audience-mismatch',
    pair: 'all-expectations',
    description: 'To another client',
    envelope: compact,
    expected: { ...EXPECTED, audience: 'X/Y/Z' },
  },
  'another-service': {
    result: 'service-mismatch',
    pair: 'all-expectations',
    description: 'Of another service',
    envelope: compact,
    expected: { ...EXPECTED, service: 'X/Y/Z' },
  },
  'another-transaction': {
    result: 'transaction-mismatch',
    pair: 'all-expectations',
    description: 'Of another exchange',
    envelope: compact,
    expected: { ...EXPECTED, transaction: 'x' },
  },
  'another-target': {
    result: 'request-mismatch',
    pair: 'all-expectations',
    description: 'About another person',
    envelope: compact,
    expected: { ...EXPECTED, request: { target: '/persons/1' } },
  },
  'another-target-digest': {
    result: 'request-mismatch',
    pair: 'target-digest',
    description: 'The digest of another target',
    envelope: await maker.sign(header, hiddenTarget),
    expected: { request: { target: '/persons/1' } },
  },
  'another-request-body': {
    result: 'request-mismatch',
    pair: 'all-expectations',
    description: 'About another body',
    envelope: compact,
    expected: { ...EXPECTED, request: { body: '{}' } },
  },
  'another-status': {
    result: 'status-mismatch',
    pair: 'all-expectations',
    description: 'A success in place of an error',
    envelope: compact,
    expected: { ...EXPECTED, status: 404 },
  },
  'another-nonce': {
    result: 'nonce-mismatch',
    pair: 'all-expectations',
    description: 'A replayed answer',
    envelope: compact,
    expected: { ...EXPECTED, nonce: 'n-2' },
  },
  'of-the-future': {
    result: 'issued-in-future',
    pair: 'clock-behind',
    description: 'More than a minute ahead',
    envelope: compact,
    now: (IAT - 61) * 1000,
  },
  stale: {
    result: 'too-old',
    pair: 'fresh',
    description: 'A second older than asked',
    envelope: compact,
    now: (IAT + 301) * 1000,
    maxAgeSeconds: 300,
  },
  'body-twice': {
    result: 'body-ambiguous',
    pair: 'compact',
    description: 'data and data_b64',
    envelope: await maker.sign(header, { ...CLAIMS, data_b64: 'AP8=' }),
  },
  'body-nowhere': {
    result: 'body-ambiguous',
    pair: 'compact',
    description: 'Neither data, data_b64 nor res.digest',
    envelope: await maker.sign(header, BODILESS),
  },
  'data-b64-not-canonical': {
    result: 'body-ambiguous',
    pair: 'data-b64',
    description: 'Stray bits at the end',
    envelope: await maker.sign(header, { ...BODILESS, data_b64: 'AP9=' }),
  },
  'body-missing': { result: 'body-missing', pair: 'digest', description: 'The body was not given', envelope: byDigest },
  'body-truncated': {
    result: 'body-mismatch',
    pair: 'digest',
    description: 'The last byte is missing',
    envelope: byDigest,
    body: BODY.slice(0, -1),
  },
  'carriage-mixed': {
    result: 'carriage-mixed',
    pair: 'compact',
    description: 'A plain body beside an envelope that holds its own',
    envelope: compact,
    body: JSON.stringify(CLAIMS.data),
  },
  'certificate-not-named': {
    result: 'certificate-mismatch',
    pair: 'certificate',
    description: 'The header does not name the pinned certificate',
    envelope: compact,
    certificate,
  },
  'certificate-thumbprint': {
    result: 'certificate-mismatch',
    pair: 'certificate-carried',
    description: 'x5t#S256 is not that of x5c',
    envelope: await maker.sign({ ...certified(certificate), 'x5t#S256': certified(expired)['x5t#S256'] }, CLAIMS),
  },
  'certificate-expired': {
    result: 'certificate-out-of-period',
    pair: 'certificate',
    description: 'Signed after the certificate had expired',
    envelope: await maker.sign(certified(expired), CLAIMS),
    certificate: expired,
  },
};

function write(kind: 'valid' | 'invalid', vectors: Record<string, object>): void {
  rmSync(`${folder}${kind}`, { recursive: true, force: true });
  mkdirSync(`${folder}${kind}`);
  for (const [name, vector] of Object.entries(vectors)) {
    writeFileSync(`${folder}${kind}/${name}.json`, `${JSON.stringify({ name, ...vector }, null, 2)}\n`);
  }
}

write(
  'valid',
  Object.fromEntries(Object.entries(VALID).map(([name, vector]) => [name, { ...vector, result: 'verified' }])),
);
write(
  'invalid',
  Object.fromEntries(
    Object.entries(INVALID).map(([name, vector]) => [
      name,
      { ...vector, ...(vector.certificate || vector.jwks ? {} : { jwks }) },
    ]),
  ),
);
