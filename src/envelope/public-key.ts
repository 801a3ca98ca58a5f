import { base64url } from 'jose';
import type { JsonObject } from '../model/json.ts';
import { algorithmRow, SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from './algorithm.ts';
import { decodeStrictBase64url } from './strict-base64url.ts';

/** RSA below 2048 bits is too weak (RFC 7518, 3.3); above 4096 the signature leaves no room in a header. */
const RSA_MIN_BITS = 2048;
const RSA_MAX_BITS = 4096;

/** A key that cannot be used; the message says why and never repeats the key's material. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

export interface PublicKey {
  readonly alg: SigningAlgorithm;
  /** RFC 7638 thumbprint, SHA-256. */
  readonly kid: string;
  /** Key material only: `kty`, `crv` and the public members. */
  readonly jwk: Readonly<Record<string, string>>;
  /** Length of its signatures in JOSE form, bytes. */
  readonly signatureBytes: number;
  readonly verificationKey: CryptoKey;
}

/**
 * The public half of a JWK, private or public (RFC 7517). Throws KeyError for algorithms that are not taken, malformed
 * or missing members, weak keys, points that are not on the curve, and a `kid` that is not the key's thumbprint.
 */
export async function importPublicKey(jwk: JsonObject): Promise<PublicKey> {
  const alg = algorithmOf(jwk);
  const material = keyMaterial(jwk, alg, algorithmRow(alg).publicMembers);
  const signatureBytes = algorithmRow(alg).signatureBytes ?? modulusBytes(material);
  const kid = await thumbprintOf(material);
  if (jwk.kid !== undefined && jwk.kid !== kid) {
    throw new KeyError(`has a kid that is not its RFC 7638 thumbprint: leave kid out or set it to ${kid}`);
  }
  const verificationKey = await crypto.subtle
    .importKey('jwk', material, algorithmRow(alg).keyParameters, true, ['verify'])
    .catch(() => {
      throw new KeyError(`is not a valid public key for ${alg}`);
    });
  return { alg, kid, jwk: material, signatureBytes, verificationKey };
}

/** `kty`, `crv` and the named members of a JWK, checked to be canonical base64url, for import without anything else. */
export function keyMaterial(
  jwk: JsonObject,
  alg: SigningAlgorithm,
  members: readonly string[],
): Readonly<Record<string, string>> {
  const { kty, crv, memberBytes } = algorithmRow(alg);
  const material: Record<string, string> = { kty, ...(crv === undefined ? {} : { crv }) };
  for (const name of members) {
    const value = jwk[name];
    if (typeof value !== 'string') throw new KeyError(`has no member ${name}, which a key for ${alg} needs`);
    const length = decodeStrictBase64url(value)?.length;
    if (!length) throw new KeyError(`has a member ${name} that is not canonical base64url`);
    if (memberBytes !== undefined && length !== memberBytes) {
      throw new KeyError(`has a member ${name} of ${length} bytes: ${memberBytes} are expected for ${alg}`);
    }
    material[name] = value;
  }
  return material;
}

function algorithmOf(jwk: JsonObject): SigningAlgorithm {
  if (jwk.use !== undefined && jwk.use !== 'sig') throw new KeyError('has a use other than "sig"');
  const candidates = SIGNING_ALGORITHM_NAMES.filter((alg) => {
    const { kty, crv } = algorithmRow(alg);
    return jwk.kty === kty && (crv === undefined || jwk.crv === crv);
  });
  const chosen = candidates.find((alg) => jwk.alg === alg || (jwk.alg === undefined && candidates.length === 1));
  if (chosen !== undefined) return chosen;
  if (candidates.length === 0) {
    throw new KeyError('is of none of the key types taken: EC with P-256 or P-384, OKP with Ed25519, RSA');
  }
  throw new KeyError(`has no alg that fits its type: ${candidates.join(' or ')} is expected`);
}

function modulusBytes(material: Readonly<Record<string, string>>): number {
  const modulus = base64url.decode(material.n ?? '');
  if (modulus[0] === 0) throw new KeyError('has a modulus with leading zeros (RFC 7518, 6.3.1.1)');
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS) {
    throw new KeyError(`has a modulus of ${bits} bits: ${RSA_MIN_BITS} to ${RSA_MAX_BITS} are taken`);
  }
  return modulus.length;
}

/** RFC 7638, 3, SHA-256: of the members in the order of their names. jose's does so for every kind of key, and takes a kilobyte of the worker. */
async function thumbprintOf(material: Readonly<Record<string, string>>): Promise<string> {
  const input = new TextEncoder().encode(JSON.stringify(material, Object.keys(material).sort()));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
}
