import { base64url } from 'jose';

/**
 * The bytes of base64url without padding (RFC 7515, 2); undefined for any other text, so that one sequence of bytes has
 * one text: jose's own decoder also takes white space, padding, the standard alphabet and stray last bits.
 */
export function decodeStrictBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const beyond = text.length % 4; // characters that are no group of four
  if (beyond === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(base64url.decode(text));
  const last = base64url.encode(bytes.subarray(bytes.length - (bytes.length % 3)));
  return last === text.slice(text.length - beyond) ? bytes : undefined;
}
