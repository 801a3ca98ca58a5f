import type { JsonObject } from '../model/json.ts';
import { algorithmRow, type SigningAlgorithm } from './algorithm.ts';
import { KeyError, keyMaterial, type PublicKey } from './public-key.ts';

/** Whatever holds the active private key. */
export interface Signer {
  readonly alg: SigningAlgorithm;
  readonly kid: string;
  /** Length of a signature, bytes. */
  readonly signatureBytes: number;
  /**
   * The signature over the JWS signing input (RFC 7515, 5.1) in JOSE form: ECDSA as r||s (RFC 7518, 3.4). Throws
   * SpeanError `signer-failed`.
   */
  sign(signingInput: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * A signer on a private JWK, imported once and never extractable again. Throws KeyError when the private half is
 * malformed or does not belong to the public one, which is found by signing once.
 */
export async function createLocalSigner(jwk: JsonObject, publicKey: PublicKey): Promise<Signer> {
  const { alg, kid, signatureBytes } = publicKey;
  const { publicMembers, privateMembers, keyParameters, signParameters } = algorithmRow(alg);
  const material = keyMaterial(jwk, alg, [...publicMembers, ...privateMembers]);
  const key = await crypto.subtle.importKey('jwk', material, keyParameters, false, ['sign']).catch(() => {
    throw new KeyError(`is not a valid private key for ${alg}`);
  });
  const signer: Signer = {
    alg,
    kid,
    signatureBytes,
    async sign(signingInput) {
      return new Uint8Array(await crypto.subtle.sign(signParameters, key, signingInput));
    },
  };
  await trySigner(signer, publicKey);
  return signer;
}

/** Some runtimes import a private half beside a foreign public one without complaint. */
async function trySigner(signer: Signer, publicKey: PublicKey): Promise<void> {
  const trial = new TextEncoder().encode('spean');
  const holds = await signer
    .sign(trial)
    .then((signature) => verifySignature(publicKey, signature, trial))
    .catch(() => false);
  if (!holds) throw new KeyError('has a private half that does not belong to its public half');
}

/** Whether the signature, in JOSE form, is the key's over these bytes. */
export function verifySignature(
  publicKey: PublicKey,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { signParameters } = algorithmRow(publicKey.alg);
  return crypto.subtle.verify(signParameters, publicKey.verificationKey, signature, signed);
}
