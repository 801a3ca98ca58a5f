import { base64url } from 'jose';
import type { Signer } from './signer.ts';
import { STATEMENT_TYPE } from './statement.ts';

/** What the protected header says besides the key. */
export interface StatementHeader {
  /** Seconds since the epoch; the statement's own. */
  readonly iat: number;
  /** `x5t#S256` and `x5c` of the JAdES-B-B profile. */
  readonly certificate?: { readonly thumbprint: string; readonly x5c?: readonly string[] };
}

const encoder = new TextEncoder();

/**
 * The JWS signing input of a statement (RFC 7515, 5.1). Built by hand rather than by jose, whose signing takes no
 * signer from outside: so local and remote keys go the same way. No `crit` and no `b64`, hence the same input, and one
 * signature, for the compact and the flattened form.
 */
export function signingInputOf(signer: Signer, statement: Uint8Array, { iat, certificate }: StatementHeader): string {
  const header = JSON.stringify({
    alg: signer.alg,
    typ: STATEMENT_TYPE,
    kid: signer.kid,
    iat,
    'x5t#S256': certificate?.thumbprint,
    x5c: certificate?.x5c,
  });
  return `${base64url.encode(header)}.${base64url.encode(statement)}`;
}

/** The envelope in compact form (RFC 7515, 7.1). Throws SpeanError `signer-failed`. */
export async function signCompact(signer: Signer, signingInput: string): Promise<string> {
  const signature = await signer.sign(encoder.encode(signingInput));
  return `${signingInput}.${base64url.encode(signature)}`;
}

/** How many characters the compact form will have: known before it is signed. */
export function compactLength(signer: Signer, signingInput: string): number {
  return signingInput.length + 1 + Math.ceil((signer.signatureBytes * 4) / 3);
}

/** The same envelope in flattened JSON form (RFC 7515, 7.2.2), which later may take JAdES's unsigned properties. */
export function flattenedOf(compact: string): string {
  const [header, payload, signature] = compact.split('.');
  return `{"payload":"${payload}","protected":"${header}","signature":"${signature}"}`;
}
