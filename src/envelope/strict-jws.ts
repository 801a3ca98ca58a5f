import { DocumentError } from '../model/errors.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { readJson } from '../syntax/json-reader.ts';
import { decodeUtf8 } from '../syntax/utf8.ts';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from './algorithm.ts';
import type { PublicKey } from './public-key.ts';
import { verifySignature } from './signer.ts';
import { decodeStrictBase64url } from './strict-base64url.ts';
import { type Check, Refusal } from './verify-reason.ts';

/** What a security server takes in one message at most (contract 1.6): a larger envelope never came through X-Road. */
export const DEFAULT_ENVELOPE_BYTES = 10 * 1024 * 1024;

/**
 * The only header parameters taken. An allow-list, since each of the others has been an attack: `crit` and `b64`
 * (CVE-2025-59420, CVE-2026-32597), an embedded `jwk` (CVE-2018-0114), `jku` and `x5u` that are fetched, `zip` bombs.
 */
const HEADER_MEMBERS = ['alg', 'typ', 'cty', 'kid', 'iat', 'x5t#S256', 'x5c'];

const FLATTENED_MEMBERS = ['protected', 'payload', 'signature'];

/** A JWS (RFC 7515) that is well-formed in the strict sense; nothing about it is verified yet. */
export interface StrictJws {
  /** The protected header. */
  readonly header: JsonObject;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  /** RFC 7515, 5.1: the same for the compact and the flattened form. */
  readonly signingInput: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a JWS in compact or flattened form, so strictly that no two readers understand it differently. Notes
 * `size`, `form` and `encoding` in `checks` as they pass; throws Refusal at the first that fails. `maxBytes` limits the
 * whole envelope, and of a string counts its UTF-16 units, of which a well-formed compact envelope has as many as bytes.
 */
export function readStrictJws(envelope: string | Uint8Array | null, maxBytes: number, checks: Check[]): StrictJws {
  requireSize(envelope, maxBytes);
  checks.push({ name: 'size', outcome: 'passed' });
  const parts = splitEnvelope(envelope);
  checks.push({ name: 'form', outcome: 'passed' });
  const headerBytes = decodePart('header', parts.header);
  const payload = decodePart('payload', parts.payload);
  const signature = decodePart('signature', parts.signature);
  checks.push({ name: 'encoding', outcome: 'passed' });
  const header = readHeader(headerBytes);
  const signingInput = new TextEncoder().encode(`${parts.header}.${parts.payload}`);
  return { header, payload, signature, signingInput };
}

/**
 * The header's `alg`, if it is among those that the verifier takes (RFC 8725, 3.1). Whatever the caller names, `none`
 * and HMAC are never among them.
 */
export function requireAlgorithm(
  { alg }: JsonObject,
  taken: readonly SigningAlgorithm[] = SIGNING_ALGORITHM_NAMES,
): SigningAlgorithm {
  const found = SIGNING_ALGORITHM_NAMES.find((name) => name === alg && taken.includes(name));
  if (found !== undefined) return found;
  throw new Refusal('algorithm-refused', `The algorithm ${quote(alg)} is not taken: ${taken.join(', ')} are`);
}

/** Throws Refusal unless the signature is the key's; the key, not the header, says by which algorithm. */
export async function requireSignature(jws: StrictJws, key: PublicKey): Promise<void> {
  if (jws.header.alg !== key.alg) {
    throw new Refusal('algorithm-mismatch', `The header says ${quote(jws.header.alg)}, the key is for ${key.alg}`);
  }
  const fits = jws.signature.length === key.signatureBytes;
  if (!fits || !(await verifySignature(key, jws.signature, jws.signingInput))) {
    throw new Refusal('signature-invalid', `The signature is not that of the key ${key.kid} over this envelope`);
  }
}

/** A header parameter in a message: quoted, and shortened, since nobody has vouched for it. */
export function quote(value: JsonValue | undefined): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

function requireSize(envelope: string | Uint8Array | null, maxBytes: number): asserts envelope is string | Uint8Array {
  if (envelope === null || envelope.length === 0) {
    throw new Refusal('envelope-missing', 'There is no envelope: an answer without one proves nothing');
  }
  if (envelope.length > maxBytes) {
    throw new Refusal('envelope-too-large', `The envelope has ${envelope.length} bytes, ${maxBytes} are taken`);
  }
}

/** The three parts as base64url text. */
interface Parts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

function splitEnvelope(envelope: string | Uint8Array): Parts {
  const text = typeof envelope === 'string' ? envelope : refusing('envelope-malformed', () => decodeUtf8(envelope));
  if (/^\s*\{/.test(text)) return splitFlattened(refusing('envelope-malformed', () => readJson(text)));
  const [header = '', payload = '', signature, ...more] = text.split('.', 4);
  if (signature === undefined || more.length > 0) {
    throw new Refusal('envelope-malformed', 'The envelope is neither a flattened JWS nor one of three parts with dots');
  }
  return { header, payload, signature };
}

function splitFlattened(jws: JsonValue): Parts {
  const { protected: header, payload, signature, header: unprotected, ...more } = jws as JsonObject;
  const [extra] = Object.keys(more);
  if (extra !== undefined) {
    throw new Refusal('envelope-malformed', `The envelope has the member ${quote(extra)}, which is none of its form`);
  }
  if (typeof header !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') {
    throw new Refusal('envelope-malformed', `The envelope needs the members ${FLATTENED_MEMBERS.join(', ')} as texts`);
  }
  if (unprotected !== undefined) requireOnlyTimestamps(unprotected);
  return { header, payload, signature };
}

/** Nothing here reads the unprotected header; an archive may put JAdES's `etsiU` there, such as a time stamp. */
function requireOnlyTimestamps(unprotected: JsonValue): void {
  const isObject = typeof unprotected === 'object' && unprotected !== null && !Array.isArray(unprotected);
  if (!isObject || Object.keys(unprotected).some((name) => name !== 'etsiU')) {
    throw new Refusal('envelope-malformed', 'The unprotected header holds something other than etsiU');
  }
}

function decodePart(what: string, text: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeStrictBase64url(text);
  if (bytes !== undefined) return bytes;
  throw new Refusal('encoding-malformed', `The ${what} is not canonical base64url without padding`);
}

function readHeader(bytes: Uint8Array): JsonObject {
  const header = refusing('header-malformed', () => readJson(decodeUtf8(bytes)));
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new Refusal('header-malformed', 'The protected header is no JSON object');
  }
  const refused = Object.keys(header).find((name) => !HEADER_MEMBERS.includes(name));
  if (refused === undefined) return header as JsonObject;
  throw new Refusal('header-member-refused', `The protected header has ${quote(refused)}, which is never taken`);
}

/** Runs a reader; what it refuses is refused for this reason. */
export function refusing<T>(reason: Refusal['reason'], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DocumentError) throw new Refusal(reason, error.message);
    throw error;
  }
}
