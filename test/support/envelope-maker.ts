import type { SigningAlgorithm } from '../../src/envelope/algorithm.ts';
import { importPublicKey } from '../../src/envelope/public-key.ts';
import { createLocalSigner } from '../../src/envelope/signer.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { generateJwks } from './signing-keys.ts';

/** An object is serialised; a text is taken as it is, malformed or not. */
export type Part = object | string | Uint8Array;

export interface EnvelopeMaker {
  readonly kid: string;
  readonly publicJwk: JsonObject;
  readonly privateJwk: JsonObject;
  /** The key set of the issuer: this key alone, with what is added to its entry. */
  keySet(members?: JsonObject): { keys: JsonObject[] };
  /** A compact JWS over any header and payload, genuinely signed. */
  sign(header: Part, payload: Part): Promise<string>;
}

/** Signs whatever it is told to, unlike the sealer: for envelopes that no adapter would make. */
export async function createEnvelopeMaker(
  alg: SigningAlgorithm = 'ES256',
  jwks?: { privateJwk: JsonObject; publicJwk: JsonObject },
): Promise<EnvelopeMaker> {
  const { privateJwk, publicJwk } = jwks ?? (await generateJwks(alg));
  const key = await importPublicKey(publicJwk);
  const signer = await createLocalSigner(privateJwk, key);
  const published = { ...key.jwk, use: 'sig', alg, kid: key.kid };
  return {
    kid: key.kid,
    publicJwk: published,
    privateJwk,
    keySet: (members = {}) => ({ keys: [{ ...published, ...members }] }),
    async sign(header, payload) {
      const input = `${encodePart(header)}.${encodePart(payload)}`;
      return `${input}.${Buffer.from(await signer.sign(new TextEncoder().encode(input))).toString('base64url')}`;
    },
  };
}

export function encodePart(part: Part): string {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

export const IAT = 1_795_426_000;
const EMPTY = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

/** The claims of a plain statement with `data`. */
export const CLAIMS = {
  iss: 'CAMBODIA/GOV/0001/population',
  aud: 'CAMBODIA/GOV/0002/tax',
  svc: 'CAMBODIA/GOV/0001/population/persons/v1',
  iat: IAT,
  jti: '0c2f6e0e-6c0f-4b0e-9d56-2f0f3d1f7a11',
  txn: '5f0c2d7e-9f5e-4a7b-8a51-3c2d6b9f0e11',
  nonce: 'n-1',
  req: { id: 'call-1', method: 'GET', target: '/persons/010203040?view=full', digest: EMPTY },
  res: { status: 200, cty: 'application/json' },
  src: [{ sys: 'popdb', op: 'GetPerson', at: IAT - 1, status: 200, len: 0, digest: EMPTY }],
  map: { id: 'getPerson', digest: EMPTY },
  adp: { v: '0.1.0' },
  data: { name: 'សុខ', born: '1990-01-31' },
} as const;

/** The protected header that goes with them. */
export function headerFor(maker: Pick<EnvelopeMaker, 'kid'>, alg: SigningAlgorithm = 'ES256') {
  return { alg, typ: 'xroad-evidence+jwt', kid: maker.kid, iat: IAT };
}

/** A compact JWS in flattened form, with other members where given. */
export function flatten(compact: string, members: JsonObject = {}): string {
  const [header = '', payload = '', signature = ''] = compact.split('.');
  return JSON.stringify({ protected: header, payload, signature, ...members });
}

/** The same claims with the statement's body bound by digest instead. */
export function claimsWithDigest(digest: string): JsonObject {
  const { data: _, ...claims } = CLAIMS;
  return { ...claims, res: { ...CLAIMS.res, digest } } as unknown as JsonObject;
}
