import type { JsonObject } from '../model/json.ts';
import type { SigningAlgorithm } from './algorithm.ts';
import { keyOfChain, readCertificateChain, type SigningCertificate } from './certificate.ts';
import type { PublicKeySet } from './keys.ts';
import { importPublicKey, KeyError, type PublicKey } from './public-key.ts';
import { quote } from './strict-jws.ts';
import { Refusal } from './verify-reason.ts';

/** Keys that the verifier trusts: the issuer's key set, or a chain in PEM whose first certificate is pinned. */
export type TrustedKeys = PublicKeySet | { readonly certificate: string };

export interface TrustedKey {
  readonly key: PublicKey;
  /** Present where the verifier trusts a certificate. */
  readonly certificate?: SigningCertificate;
}

/** What of the protected header chooses a key; `iat` in seconds since the epoch. */
export interface KeyHeader {
  readonly kid: string;
  readonly iat: number;
}

/**
 * The trusted key that the header names, checked to have been good when the envelope says it was signed. The header is
 * not verified yet: its `kid` only chooses among trusted keys, and its `x5c` is no key at all. Throws Refusal.
 */
export async function findTrustedKey(header: KeyHeader, alg: SigningAlgorithm, keys: TrustedKeys): Promise<TrustedKey> {
  try {
    if ('certificate' in keys) return await readPinned(header, alg, keys.certificate);
    const entry = findEntry(header, keys);
    const key = await importVerificationKey(entry);
    requirePeriod(entry, header.iat);
    return { key };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    const what = 'certificate' in keys ? 'certificate given' : `key ${quote(header.kid)}`;
    throw new Refusal('key-unusable', `The ${what} ${error.message}`);
  }
}

/** As `importPublicKey`, and refuses a key that is not for verifying (RFC 7517, 4.3). Throws KeyError. */
export async function importVerificationKey(jwk: JsonObject): Promise<PublicKey> {
  const operations = jwk.key_ops;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    throw new KeyError('has key_ops without "verify"');
  }
  return importPublicKey(jwk);
}

/** Entries under other kids are never looked at: a key set may hold kinds of keys that are unknown here. */
function findEntry({ kid }: KeyHeader, { keys }: PublicKeySet): JsonObject {
  // A key set comes from a file or the network, whatever its type says.
  if (!Array.isArray(keys)) throw new Refusal('key-unusable', 'The key set has no list of keys (RFC 7517, 5)');
  const [entry, ...others]: JsonObject[] = keys.filter((key) => key?.kid === kid);
  if (entry === undefined) throw new Refusal('key-unknown', `The key ${quote(kid)} is not in the issuer's key set`);
  if (others.length > 0) throw new KeyError('stands in the key set more than once');
  return entry;
}

/**
 * A retired key still vouches for what it signed before its `exp`. A revoked one does so for what it signed before
 * `revoked_at`, unless it leaked: whoever has a leaked key can write any `iat`. Times are seconds since the epoch.
 */
function requirePeriod({ nbf, exp, revoked }: JsonObject, iat: number): void {
  if (revoked !== undefined) requireBeforeRevocation(revoked as JsonObject, iat);
  for (const time of [nbf, exp]) {
    if (time !== undefined && !Number.isSafeInteger(time)) throw new KeyError('has a period that is no whole seconds');
  }
  // Where one is absent, the comparison with NaN does not hold.
  if (iat < Number(nbf) || iat >= Number(exp)) {
    throw new Refusal(
      'key-out-of-period',
      `The envelope is of ${iat}, its key signed from ${nbf ?? 0} to ${exp ?? 'now'}`,
    );
  }
}

/** Reasons as OpenID Federation 1.0 has them (`compromised`) and as RFC 5280 does (`keyCompromise`). */
function requireBeforeRevocation(revoked: JsonObject | null, iat: number): void {
  const { revoked_at, reason } = revoked ?? {};
  const leaked = /compromise/i.test(String(reason));
  if (typeof revoked_at !== 'number' || leaked || iat >= revoked_at) {
    throw new Refusal('key-revoked', `The key was revoked at ${quote(revoked_at)}, reason ${quote(reason)}`);
  }
}

async function readPinned({ kid }: KeyHeader, alg: SigningAlgorithm, pem: string): Promise<TrustedKey> {
  const key = await keyOfChain(pem, alg);
  if (key.kid !== kid) throw new Refusal('key-unknown', `The key ${quote(kid)} is not that of the certificate given`);
  return { key, certificate: await readCertificateChain(pem, key) };
}
