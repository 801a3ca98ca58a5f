/** The order of P-256's group (FIPS 186-5; SEC 2, 2.4.2). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same ES256 envelope with the other of its two valid signatures: s becomes n - s. */
export function malleate(compact: string): string {
  const [header, payload, signature = ''] = compact.split('.');
  const hex = Buffer.from(signature, 'base64url').toString('hex');
  const s = P256_ORDER - BigInt(`0x${hex.slice(64)}`);
  const other = Buffer.from(hex.slice(0, 64) + s.toString(16).padStart(64, '0'), 'hex');
  return `${header}.${payload}.${other.toString('base64url')}`;
}
