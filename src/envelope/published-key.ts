import type { JsonObject, JsonValue } from '../model/json.ts';
import { certificateOf, type SigningCertificate } from './certificate.ts';
import { importPublicKey, KeyError, type PublicKey } from './public-key.ts';

/** Every member that holds private or symmetric key material (RFC 7518, 6; RFC 9964). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Where a key stands in its life: published ahead of its use, signing, or kept for what it has signed. */
export type KeyStage = 'next' | 'active' | 'retired';

/** The entry of the key set for a JWK that is public. Throws KeyError, also where private members are present. */
export async function publishJwk(jwk: JsonObject, stage: KeyStage): Promise<JsonObject> {
  refusePrivateMembers(jwk, 'publish its public half only');
  const key = await importPublicKey(jwk);
  const x5c = jwk.x5c;
  return x5c === undefined
    ? publishedKey(jwk, key, stage)
    : publishedKey(jwk, key, stage, await certificateOf(textList(x5c), key));
}

/**
 * The entry of the key set: put together from the imported public half and what is known by name, never by leaving
 * members out of the JWK that was given. Throws KeyError for times or a revocation that do not fit the stage.
 */
export function publishedKey(
  jwk: JsonObject,
  key: PublicKey,
  stage: KeyStage,
  certificate?: SigningCertificate,
): JsonObject {
  const times = { nbf: epochSeconds(jwk, 'nbf'), exp: epochSeconds(jwk, 'exp'), revoked: revocation(jwk.revoked) };
  if (stage === 'retired' && times.exp === undefined) {
    throw new KeyError('has no exp: the time at which it stopped signing, seconds since the epoch');
  }
  if (stage !== 'retired' && (times.exp !== undefined || times.revoked !== undefined)) {
    throw new KeyError('has exp or revoked, which only a retired key may have');
  }
  const chain = certificate && { x5c: certificate.x5c, 'x5t#S256': certificate.thumbprint };
  const entry = { ...key.jwk, use: 'sig', alg: key.alg, kid: key.kid, ...times, ...chain };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** Throws KeyError naming the members, with the advice. */
export function refusePrivateMembers(jwk: JsonObject, advice: string): void {
  const found = PRIVATE_MEMBERS.filter((name) => jwk[name] !== undefined);
  if (found.length > 0) throw new KeyError(`holds private members (${found.join(', ')}): ${advice}`);
}

function epochSeconds(jwk: JsonObject, name: string): number | undefined {
  const value = jwk[name];
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) return value;
  throw new KeyError(`has a time ${name} that is not a whole number of seconds since the epoch`);
}

/** OpenID Federation 1.0, historical keys. */
function revocation(value: JsonValue | undefined): JsonObject | undefined {
  if (value === undefined) return undefined;
  const { revoked_at, reason } = (value ?? {}) as JsonObject;
  if (!Number.isSafeInteger(revoked_at) || (reason !== undefined && typeof reason !== 'string')) {
    throw new KeyError('has a revoked that is not {"revoked_at": seconds since the epoch, "reason": text}');
  }
  return { revoked_at, ...(reason === undefined ? {} : { reason }) };
}

function textList(value: JsonValue): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new KeyError('has an x5c that is not a list of base64 texts');
}
