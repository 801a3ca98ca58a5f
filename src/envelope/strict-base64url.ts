import { base64url } from 'jose';

/** Bits of the last character that encode nothing, by the text's length modulo 4; no text has the length 1 mod 4. */
const UNUSED_BITS = [0, undefined, 0x0f, 0x03] as const;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The bytes of base64url without padding (RFC 7515, 2); undefined for any other text, so that one sequence of bytes has
 * one text: jose's own decoder also takes white space, padding, the standard alphabet and stray last bits.
 */
export function decodeStrictBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const unused = UNUSED_BITS[text.length % 4];
  if (unused === undefined || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  if ((ALPHABET.indexOf(text.at(-1) ?? 'A') & unused) !== 0) return undefined;
  return new Uint8Array(base64url.decode(text));
}
