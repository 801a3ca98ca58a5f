import { base64url } from 'jose';
import type { Signer } from './signer.ts';
import { STATEMENT_TYPE } from './statement.ts';

/** What the protected header says besides the key. */
export interface StatementHeader {
  /** Seconds since the epoch; the statement's own. */
  readonly iat: number;
  /** `x5t#S256` and `x5c` of the JAdES-B-B profile. */
  readonly certificate?: { readonly thumbprint: string; readonly x5c?: readonly string[] } | undefined;
}

const encoder = new TextEncoder();

/**
 * The JWS signing input of a statement (RFC 7515, 5.1). Built by hand rather than by jose, whose signing takes no
 * signer from outside: so local and remote keys go the same way. No `crit` and no `b64`, hence the same input, and one
 * signature, for the compact and the flattened form.
 */
export function signingInputOf(signer: Signer, statement: Uint8Array, header: StatementHeader): string {
  return `${encodedHeader(signer, header)}.${base64url.encode(statement)}`;
}

/** The header of the last statement: those of one second differ by their certificate at the most. */
let last: { readonly signer: Signer; readonly header: StatementHeader; readonly encoded: string } | undefined;

function encodedHeader(signer: Signer, header: StatementHeader): string {
  const { iat, certificate } = header;
  if (last?.signer === signer && last.header.iat === iat && sameCertificate(last.header, header)) return last.encoded;
  const json = JSON.stringify({
    alg: signer.alg,
    typ: STATEMENT_TYPE,
    kid: signer.kid,
    iat,
    'x5t#S256': certificate?.thumbprint,
    x5c: certificate?.x5c,
  });
  last = { signer, header, encoded: base64url.encode(json) };
  return last.encoded;
}

function sameCertificate({ certificate: a }: StatementHeader, { certificate: b }: StatementHeader): boolean {
  return a?.thumbprint === b?.thumbprint && a?.x5c === b?.x5c;
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
