import {
  DER_GENERALIZED_TIME,
  DER_UTC_TIME,
  type DerElement,
  readDerElements,
  readDerSequence,
} from '../src/envelope/der.ts';

/** What decides whether a certificate serves for TLS here (RFC 5280, 4.1 and 4.2). */
export interface CertificateFacts {
  readonly pem: string;
  /** Names as text that is equal where their DER is. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array<ArrayBuffer>;
  readonly isRsa: boolean;
  /** 1 or 3. */
  readonly version: number;
  /** Basic constraints say CA:TRUE. */
  readonly isAuthority: boolean;
  /** Extended key usage is absent or lists client authentication. */
  readonly mayAuthenticateClients: boolean;
}

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

const VERSION_TAG = 0xa0;
const EXTENSIONS_TAG = 0xa3;
const OBJECT_IDENTIFIER = 0x06;
const BOOLEAN = 0x01;

/** Content octets of object identifiers, hex. */
const RSA_ENCRYPTION = '2a864886f70d010101';
const BASIC_CONSTRAINTS = '551d13';
const EXTENDED_KEY_USAGE = '551d25';
const CLIENT_AUTHENTICATION = '2b06010505070302';

/** The certificates of a PEM text, in its order. Throws a TypeError when there is none or one cannot be read. */
export function readCertificates(pem: string): CertificateFacts[] {
  const blocks = [...pem.matchAll(CERTIFICATE_BLOCK)];
  if (blocks.length === 0) throw new TypeError('PEM: no CERTIFICATE block');
  return blocks.map(([block, body]) => readCertificate(block, (body ?? '').replace(/\s/g, '')));
}

/** TBSCertificate: version?, serial number, signature, issuer, validity, subject, public key, unique ids?, extensions?. */
function readCertificate(pem: string, base64: string): CertificateFacts {
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const members = readDerElements(required(readDerSequence(der)[0]).content);
  const version = members[0]?.tag === VERSION_TAG ? (readDerElements(members[0].content)[0]?.content[0] ?? 0) + 1 : 1;
  const [, , issuer, validity, subject, publicKeyInfo] = members.slice(version === 1 ? 0 : 1);
  const [notBefore, notAfter] = readDerElements(required(validity).content).map(readTime);
  const extensions = readExtensions(members.find(({ tag }) => tag === EXTENSIONS_TAG));
  const usages = extensions.get(EXTENDED_KEY_USAGE);
  return {
    pem: `${pem}\n`,
    subject: hex(required(subject).whole),
    issuer: hex(required(issuer).whole),
    notBefore: required(notBefore),
    notAfter: required(notAfter),
    publicKeyInfo: required(publicKeyInfo).whole,
    isRsa: algorithmOf(required(publicKeyInfo)) === RSA_ENCRYPTION,
    version,
    isAuthority: isTrueFirst(extensions.get(BASIC_CONSTRAINTS)),
    mayAuthenticateClients:
      usages === undefined || readDerSequence(usages).some(({ content }) => hex(content) === CLIENT_AUTHENTICATION),
  };
}

function algorithmOf(publicKeyInfo: DerElement): string {
  const [algorithm] = readDerElements(publicKeyInfo.content);
  return hex(required(readDerElements(required(algorithm).content)[0]).content);
}

/** Extension values (the content of their OCTET STRING) by the hex of their object identifier. */
function readExtensions(element: DerElement | undefined): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  if (element === undefined) return found;
  for (const extension of readDerSequence(element.content)) {
    const parts = readDerElements(extension.content);
    const id = parts.find(({ tag }) => tag === OBJECT_IDENTIFIER);
    found.set(hex(required(id).content), required(parts.at(-1)).content);
  }
  return found;
}

/** BasicConstraints is a SEQUENCE whose first member, where it is there, is the BOOLEAN `cA`. */
function isTrueFirst(basicConstraints: Uint8Array<ArrayBuffer> | undefined): boolean {
  const [first] = basicConstraints === undefined ? [] : readDerSequence(basicConstraints);
  return first?.tag === BOOLEAN && first.content[0] !== 0;
}

/** RFC 5280, 4.1.2.5: UTCTime covers 1950 to 2049. */
function readTime({ tag, content }: DerElement): number {
  const text = String.fromCharCode(...content);
  const full = tag === DER_GENERALIZED_TIME ? text : `${text < '50' ? '20' : '19'}${text}`;
  const time = Date.parse(full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (![DER_GENERALIZED_TIME, DER_UTC_TIME].includes(tag) || Number.isNaN(time)) {
    throw new TypeError('Certificate: a time is malformed');
  }
  return time;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('Certificate: a member is missing');
  return value;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
