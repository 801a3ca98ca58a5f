import { base64url } from 'jose';

/** The method of Uint8Array that workerd has, and Node from 25 on (ECMAScript 2026). */
interface WithBase64 {
  toBase64?(): string;
}

/** Standard base64 with padding (RFC 4648, 4): what RFC 9530, `x5c` and `data_b64` demand. */
export function encodeBase64(bytes: Uint8Array): string {
  const native = (bytes as WithBase64).toBase64?.();
  if (native !== undefined) return native;
  const text = base64url.encode(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The bytes of standard base64 with padding. Throws a TypeError for any other text. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(base64url.decode(text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')));
  if (encodeBase64(bytes) !== text) throw new TypeError('Base64: the text is not canonical');
  return bytes;
}
