import type { JsonObject } from '../model/json.ts';
import type { Platform } from '../model/platform.ts';
import { SettingsError, type SigningSettings } from '../model/settings.ts';
import { outsideValidity, readCertificateChain, type SigningCertificate } from './certificate.ts';
import { importPublicKey, KeyError, type PublicKey } from './public-key.ts';
import { type KeyStage, publishedKey, publishJwk, refusePrivateMembers } from './published-key.ts';
import { createRemoteSigner } from './remote-signer.ts';
import { createLocalSigner, type Signer } from './signer.ts';

/** A JWK Set (RFC 7517, 5): the active key first, then the next, then the retired ones. */
export interface PublicKeySet {
  readonly keys: readonly JsonObject[];
}

export interface KeyRing {
  readonly signer: Signer;
  /** Present in the JAdES-B-B profile. */
  readonly certificate?: SigningCertificate;
  /** What is published, so that every envelope ever signed stays verifiable. */
  readonly publicKeySet: PublicKeySet;
}

/**
 * Checks and imports the keys of a deployment. Each published key has `use`, `alg`, its thumbprint as `kid`, and what
 * its JWK says of `nbf` and `x5c`; a retired one must also say when it stopped signing (`exp`, seconds since the
 * epoch), and may say `revoked: {revoked_at, reason?}`.
 *
 * Throws SettingsError with every mistake at once; none repeats key material.
 */
export async function createKeyRing(
  settings: SigningSettings,
  platform: Pick<Platform, 'fetch' | 'now'>,
): Promise<KeyRing> {
  const mistakes: string[] = [];
  const attempt = collector(mistakes);
  const publicKey = await attempt('The active key', () => importPublicKey(settings.active));
  const signer = publicKey && (await attempt('The active key', () => createSigner(settings, publicKey, platform)));
  const certificate =
    publicKey && (await attempt('The certificate chain', () => readChain(settings, publicKey, platform)));
  const active =
    publicKey &&
    (await attempt('The active key', () => publishedKey(settings.active, publicKey, 'active', certificate)));
  const next = await publishAll('Next key', settings.next, 'next', attempt);
  const retired = await publishAll('Retired key', settings.retired, 'retired', attempt);
  const keys = [active, ...next, ...retired].filter((key) => key !== undefined);
  mistakes.push(...repetitions(keys));
  if (signer === undefined || mistakes.length > 0) throw new SettingsError(mistakes);
  return { signer, ...(certificate === undefined ? {} : { certificate }), publicKeySet: { keys } };
}

type Attempt = <T>(what: string, read: () => T | Promise<T>) => Promise<T | undefined>;

/** A KeyError is a mistake of the settings, told with the key it is about; anything else is a defect and goes on. */
function collector(mistakes: string[]): Attempt {
  return async (what, read) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      mistakes.push(`${what} ${error.message}`);
      return undefined;
    }
  };
}

/** One after the other, so that mistakes are told in the order of the settings. */
async function publishAll(what: string, jwks: readonly JsonObject[], stage: KeyStage, attempt: Attempt) {
  const keys: (JsonObject | undefined)[] = [];
  for (const [index, jwk] of jwks.entries()) {
    keys.push(await attempt(`${what} ${index + 1}`, () => publishJwk(jwk, stage)));
  }
  return keys;
}

async function createSigner(
  { active, remote }: SigningSettings,
  publicKey: PublicKey,
  { fetch }: Pick<Platform, 'fetch'>,
): Promise<Signer> {
  if (remote === undefined) return createLocalSigner(active, publicKey);
  refusePrivateMembers(active, 'a remote signer is set, so the public half belongs here');
  return createRemoteSigner({ ...remote, fetch }, publicKey);
}

async function readChain(
  { certificateChain }: SigningSettings,
  publicKey: PublicKey,
  { now }: Pick<Platform, 'now'>,
): Promise<SigningCertificate | undefined> {
  if (certificateChain === undefined) return undefined;
  const certificate = await readCertificateChain(certificateChain, publicKey);
  const why = outsideValidity(certificate, now());
  if (why !== undefined) throw new KeyError(why);
  return certificate;
}

/** A key in two stages would have two entries of one kid, and jose refuses a kid that is not unique. */
function repetitions(keys: readonly JsonObject[]): string[] {
  const kids = keys.map(({ kid }) => kid);
  const repeated = new Set(kids.filter((kid, index) => kids.indexOf(kid) !== index));
  return [...repeated].map((kid) => `The key ${kid} is given more than once among active, next and retired keys`);
}
