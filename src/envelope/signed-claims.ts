import type { JsonObject } from '../model/json.ts';
import { readJson } from '../syntax/json-reader.ts';
import { decodeUtf8 } from '../syntax/utf8.ts';
import type { SigningAlgorithm } from './algorithm.ts';
import { type Schema, schemaMismatch } from './schema-mismatch.ts';
import {
  DEFAULT_ENVELOPE_BYTES,
  quote,
  readStrictJws,
  refusing,
  requireAlgorithm,
  requireSignature,
} from './strict-jws.ts';
import { findTrustedKey, type TrustedKey, type TrustedKeys } from './verification-key.ts';
import { type Check, Refusal } from './verify-reason.ts';

/** How far the signer's clock may be ahead of the verifier's. */
export const DEFAULT_CLOCK_SKEW_SECONDS = 60;

/** The protected header of a statement or a signed request. */
export interface EnvelopeHeader {
  readonly alg: string;
  readonly typ: string;
  /** RFC 7638 thumbprint of the signing key. */
  readonly kid: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly cty?: string;
  readonly 'x5t#S256'?: string;
  /** Standard base64 of the DER, leaf first. Whom to trust is never taken from here. */
  readonly x5c?: readonly string[];
}

/** What every verification of a signed object asks for. */
export interface TrustOptions {
  readonly keys: TrustedKeys;
  /** Taken among those of the key set; all that this project signs with, where absent. */
  readonly algorithms?: readonly SigningAlgorithm[];
  /** Largest envelope, bytes. */
  readonly maxBytes?: number;
}

export interface SignedClaims {
  readonly header: EnvelopeHeader;
  readonly claims: JsonObject;
  readonly signingInput: Uint8Array<ArrayBuffer>;
  readonly trusted: TrustedKey;
}

const HEADER_SCHEMA: Schema = {
  type: 'object',
  properties: {
    alg: { type: 'string' },
    typ: { type: 'string' },
    kid: { type: 'string' },
    iat: { type: 'integer', minimum: 0 },
    cty: { type: 'string' },
    'x5t#S256': { type: 'string' },
    x5c: { type: 'array', items: { type: 'string' } },
  },
  required: ['alg', 'typ', 'kid', 'iat'],
};

/**
 * Everything about an envelope up to and including its claims as such, in the order that the checks are named in: a
 * check is made only on what the checks before it have made safe, and no claim is read before the signature holds.
 * Notes what passed in `checks`, throws Refusal at the first check that fails.
 */
export async function verifySignedClaims(
  envelope: string | Uint8Array | null,
  type: string,
  claimsSchema: Schema,
  options: TrustOptions,
  checks: Check[],
): Promise<SignedClaims> {
  const { keys, algorithms, maxBytes = DEFAULT_ENVELOPE_BYTES } = options;
  const jws = readStrictJws(envelope, maxBytes, checks);
  const header = readEnvelopeHeader(jws.header);
  checks.push({ name: 'header', outcome: 'passed' });
  if (header.typ !== type) {
    throw new Refusal('type-mismatch', `The envelope is of type ${quote(header.typ)}, ${quote(type)} is expected`);
  }
  checks.push({ name: 'type', outcome: 'passed' });
  const alg = requireAlgorithm(jws.header, algorithms);
  checks.push({ name: 'algorithm', outcome: 'passed' });
  const trusted = await findTrustedKey(header, alg, keys);
  checks.push({ name: 'key', outcome: 'passed' });
  await requireSignature(jws, trusted.key);
  checks.push({ name: 'signature', outcome: 'passed' });
  const claims = readClaims(jws.payload, claimsSchema, header);
  checks.push({ name: 'claims', outcome: 'passed' });
  return { header, claims, signingInput: jws.signingInput, trusted };
}

function readEnvelopeHeader(header: JsonObject): EnvelopeHeader {
  const mismatch = schemaMismatch(HEADER_SCHEMA, header);
  if (mismatch === undefined) return header as unknown as EnvelopeHeader;
  throw new Refusal('header-malformed', `The header parameter ${quote(mismatch)} is missing or not of its kind`);
}

/** The header's time chose which keys count, so it has to be the one that the claims state. */
function readClaims(payload: Uint8Array, schema: Schema, { iat }: EnvelopeHeader): JsonObject {
  const claims = refusing('claims-malformed', () => readJson(decodeUtf8(payload)));
  const mismatch = schemaMismatch(schema, claims);
  if (mismatch !== undefined) {
    const what =
      mismatch === '' ? 'What is signed is no claims' : `The claim ${quote(mismatch)} is missing or not of its kind`;
    throw new Refusal('claims-malformed', what);
  }
  const object = claims as JsonObject;
  if (object.iat === iat) return object;
  throw new Refusal('claims-malformed', `The claim "iat" is ${quote(object.iat)}, the header says ${iat}`);
}
