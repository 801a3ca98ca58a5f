import { encodeBase64 } from './base64.ts';

/** Every request without a body has this one. */
export const DIGEST_OF_NOTHING = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

/** SHA-256 of the bytes as a member of `Repr-Digest` (RFC 9530, 2): `sha-256=:…:`. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength === 0) return DIGEST_OF_NOTHING;
  return digestMember(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}

/** The same for a SHA-256 that has been computed already, 32 bytes. */
export function digestMember(sha256: Uint8Array): string {
  return `sha-256=:${encodeBase64(sha256)}:`;
}
