import { exportJWK, generateKeyPair } from 'jose';
import type { SigningAlgorithm } from '../../src/envelope/algorithm.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** A fresh key pair: its private JWK, with `alg`, and the JWK of its public half. */
export async function generateJwks(alg: SigningAlgorithm): Promise<{ privateJwk: JsonObject; publicJwk: JsonObject }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  return { privateJwk: { ...privateJwk, alg } as JsonObject, publicJwk: { ...publicJwk, alg } as JsonObject };
}
