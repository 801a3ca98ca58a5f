import { DER_INTEGER, readDerSequence } from './der.ts';

/**
 * An ECDSA signature as JOSE writes it, r||s in `signatureBytes` octets (RFC 7518, 3.4), from the DER form that key
 * services answer with (RFC 3279, 2.2.3). Throws a TypeError unless it is one SEQUENCE of two positive integers in
 * their shortest form that fit the curve.
 */
export function joseFromDerSignature(der: Uint8Array<ArrayBuffer>, signatureBytes: number): Uint8Array<ArrayBuffer> {
  const integers = readDerSequence(der);
  if (integers.length !== 2) throw new TypeError(`DER signature: two integers are expected, not ${integers.length}`);
  const half = signatureBytes / 2;
  const signature = new Uint8Array(signatureBytes);
  for (const [index, { tag, content }] of integers.entries()) {
    if (tag !== DER_INTEGER) throw new TypeError('DER signature: an element is no INTEGER');
    const digits = magnitude(content);
    if (digits.length > half) throw new TypeError('DER signature: an integer is too large for the curve');
    signature.set(digits, half * (index + 1) - digits.length);
  }
  return signature;
}

/** The octets of a positive INTEGER without its sign octet. */
function magnitude(content: Uint8Array): Uint8Array {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) throw new TypeError('DER signature: an integer is empty or negative');
  if (first !== 0) return content;
  // A zero octet stands only before one that would else look negative (X.690, 8.3.2). So 0 itself is refused: CVE-2022-21449.
  if (second === undefined || second < 0x80) throw new TypeError('DER signature: an integer is zero or padded');
  return content.subarray(1);
}
