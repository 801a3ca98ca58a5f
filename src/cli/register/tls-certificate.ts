import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError } from '../shell.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The certificate of a TLS server. */
export interface TlsCertificate {
  /** DER. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256, hexadecimal. */
  readonly fingerprint: string;
}

/** The certificates of a PEM file that an option names, DER, in its order. Throws CommandError where there is none. */
export async function readCertificates(
  option: string,
  file: string,
  folder: string,
): Promise<{ pem: string; certificates: readonly Buffer<ArrayBuffer>[] }> {
  const pem = await readFile(resolve(folder, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CommandError(`${option} ${file} cannot be read: ${cause.code ?? cause.message}`);
  });
  const certificates = [...pem.matchAll(CERTIFICATE)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
  if (certificates.length > 0) return { pem, certificates };
  throw new CommandError(`${option} ${file} holds no certificate in PEM: -----BEGIN CERTIFICATE----- … is expected`);
}

/** The first certificate of a file: a chain has the server's own before its issuers (RFC 8446, 4.4.2). */
export async function readTlsCertificate(file: string, folder: string): Promise<TlsCertificate> {
  const { certificates } = await readCertificates('--tls-certificate', file, folder);
  const bytes = new Uint8Array(certificates[0] ?? []);
  return { bytes, fingerprint: hash('sha256', bytes) };
}

/** Whether the management API means this certificate: by SHA-256 in its description, by SHA-1 in older releases. */
export function isHashOf(text: string, { bytes, fingerprint }: TlsCertificate): boolean {
  const given = text.replace(/[^0-9A-Fa-f]/g, '').toLowerCase();
  return given === fingerprint || given === hash('sha1', bytes);
}

function hash(algorithm: 'sha1' | 'sha256', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
