import { base64url } from 'jose';
import { SpeanError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { algorithmRow, type SigningAlgorithm } from './algorithm.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { DER_GENERALIZED_TIME, DER_UTC_TIME, type DerElement, readDerElements, readDerSequence } from './der.ts';
import { importPublicKey, KeyError, type PublicKey } from './public-key.ts';

const CHAIN_MAX_CERTIFICATES = 8;
const DAY_MS = 24 * 60 * 60 * 1000;
const VERSION_TAG = 0xa0;

/** The signing certificate with its chain, as the JAdES-B-B profile (ETSI TS 119 182-1) carries it. */
export interface SigningCertificate {
  /** Standard base64 of the DER, leaf first (RFC 7515, 4.1.6). */
  readonly x5c: readonly string[];
  /** `x5t#S256` (RFC 7515, 4.1.8). */
  readonly thumbprint: string;
  /** First and last moment of validity, milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * The chain of a signing certificate: PEM blocks, leaf first. Throws KeyError when a block is no X.509 certificate,
 * when one does not name the next as its issuer, or when the leaf's key is not the signing key. Signatures inside the
 * chain are not checked and no anchor is asked for: whom to trust is the verifier's to say.
 */
export async function readCertificateChain(pem: string, key: PublicKey): Promise<SigningCertificate> {
  return certificateOf(readBlocks(pem), key);
}

function readBlocks(pem: string): string[] {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g)];
  if (blocks.some(([, label]) => label !== 'CERTIFICATE'))
    throw new KeyError('holds something other than certificates');
  return blocks.map(([, , body]) => (body ?? '').replace(/\s/g, ''));
}

/** The key of a chain's first certificate. Throws KeyError where there is none, or none for the algorithm. */
export async function keyOfChain(pem: string, alg: SigningAlgorithm): Promise<PublicKey> {
  const [leaf = ''] = readBlocks(pem);
  const { publicKeyInfo } = readCertificate(leaf, 0);
  return importPublicKey(await readKey(publicKeyInfo, alg));
}

/** The same for a chain that a JWK carries as `x5c` (RFC 7517, 4.7). */
export async function certificateOf(x5c: readonly string[], key: PublicKey): Promise<SigningCertificate> {
  if (x5c.length === 0 || x5c.length > CHAIN_MAX_CERTIFICATES) {
    throw new KeyError(`holds ${x5c.length} certificates: 1 to ${CHAIN_MAX_CERTIFICATES} are expected`);
  }
  const chain = x5c.map(readCertificate);
  for (const [index, { issuer }] of chain.slice(0, -1).entries()) {
    if (issuer !== chain[index + 1]?.subject) {
      throw new KeyError(`is out of order: certificate ${index + 1} was not issued by certificate ${index + 2}`);
    }
  }
  const [leaf] = chain;
  if (leaf === undefined || (await thumbprintOfKey(leaf.publicKeyInfo, key)) !== key.kid) {
    throw new KeyError(`does not begin with a certificate of the key ${key.kid}`);
  }
  const sha256 = await crypto.subtle.digest('SHA-256', leaf.der);
  return {
    x5c: chain.map(({ der }) => encodeBase64(der)),
    thumbprint: base64url.encode(new Uint8Array(sha256)),
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
  };
}

/** Why the certificate may not sign at this moment (milliseconds since the epoch); undefined when it may. */
export function outsideValidity(certificate: SigningCertificate, now: number): string | undefined {
  const { notBefore, notAfter } = certificate;
  if (now < notBefore) return `is not valid before ${new Date(notBefore).toISOString()}`;
  if (now > notAfter) return `has expired on ${new Date(notAfter).toISOString()}`;
  return undefined;
}

/** Whole days until the certificate expires, negative when it has; `now` in milliseconds since the epoch. */
export function daysLeft(certificate: SigningCertificate, now: number): number {
  return Math.floor((certificate.notAfter - now) / DAY_MS);
}

/** Throws SpeanError `signer-failed` outside the certificate's validity. */
export function requireValidity(certificate: SigningCertificate, now: number): void {
  const why = outsideValidity(certificate, now);
  if (why !== undefined) throw new SpeanError('signer-failed', { detail: `The signing certificate ${why}` });
}

interface Certificate {
  readonly der: Uint8Array<ArrayBuffer>;
  /** Names as the base64 of their DER, to compare. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKeyInfo: Uint8Array<ArrayBuffer>;
}

/** RFC 5280, 4.1: TBSCertificate holds version?, serial number, algorithm, issuer, validity, subject, public key. */
function readCertificate(base64: string, index: number): Certificate {
  try {
    const der = decodeBase64(base64);
    const [tbs, , signature] = readDerSequence(der);
    present(signature);
    const members = readDerElements(present(tbs).content);
    const [, , issuer, validity, subject, publicKeyInfo] = members.slice(members[0]?.tag === VERSION_TAG ? 1 : 0);
    const [notBefore, notAfter] = readDerElements(present(validity).content).map(readTime);
    return {
      der,
      issuer: encodeBase64(present(issuer).whole),
      subject: encodeBase64(present(subject).whole),
      notBefore: present(notBefore),
      notAfter: present(notAfter),
      publicKeyInfo: present(publicKeyInfo).whole,
    };
  } catch {
    throw new KeyError(`holds something that is no X.509 certificate at position ${index + 1}`);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('Certificate: a member is missing');
  return value;
}

/** RFC 5280, 4.1.2.5: UTCTime for 1950 to 2049 and GeneralizedTime, both to the second and in UTC. */
function readTime({ tag, content }: DerElement): number {
  const text = String.fromCharCode(...content);
  const isTime = tag === DER_UTC_TIME ? /^\d{12}Z$/ : tag === DER_GENERALIZED_TIME ? /^\d{14}Z$/ : undefined;
  if (!isTime?.test(text)) throw new TypeError('Certificate: a time is malformed');
  const full = tag === DER_GENERALIZED_TIME ? text : `${text < '50' ? '20' : '19'}${text}`;
  const time = Date.parse(full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) throw new TypeError('Certificate: a time does not exist');
  return time;
}

/** By way of WebCrypto, so that two encodings of one key are the same. Throws KeyError. */
async function readKey(publicKeyInfo: Uint8Array<ArrayBuffer>, alg: SigningAlgorithm): Promise<JsonObject> {
  const { keyParameters } = algorithmRow(alg);
  const key = await crypto.subtle.importKey('spki', publicKeyInfo, keyParameters, true, ['verify']).catch(() => {
    throw new KeyError(`is none of a key for ${alg}`);
  });
  const jwk = (await crypto.subtle.exportKey('jwk', key)) as Record<string, string>;
  const members = ['kty', 'crv', 'x', 'y', 'n', 'e'].filter((name) => jwk[name] !== undefined);
  return { ...Object.fromEntries(members.map((name) => [name, jwk[name]!])), alg };
}

async function thumbprintOfKey(
  publicKeyInfo: Uint8Array<ArrayBuffer>,
  { alg }: PublicKey,
): Promise<string | undefined> {
  try {
    return (await importPublicKey(await readKey(publicKeyInfo, alg))).kid;
  } catch (error) {
    if (error instanceof KeyError) return undefined;
    throw error;
  }
}
