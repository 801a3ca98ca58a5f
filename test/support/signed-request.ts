import type { JsonObject } from '../../src/model/json.ts';
import { createEnvelopeMaker, type EnvelopeMaker, headerFor } from './envelope-maker.ts';

export interface RequestFacts {
  readonly client: string;
  readonly service: string;
  readonly method: string;
  readonly target: string;
  /** The body inside the envelope; or the octets beside it, bound by digest. */
  readonly data?: JsonObject;
  readonly octets?: string;
}

export interface RequestSigner {
  /** The value of SPEAN_CLIENT_KEYS for one client. */
  clientKeys(client: string): string;
  /** A compact signed request of now, good for a minute, with other claims where given. */
  sign(facts: RequestFacts, claims?: JsonObject): Promise<string>;
  readonly maker: EnvelopeMaker;
}

/** A consumer with a key of its own. */
export async function createRequestSigner(): Promise<RequestSigner> {
  const maker = await createEnvelopeMaker();
  return {
    maker,
    clientKeys: (client) => JSON.stringify({ [client]: maker.keySet() }),
    async sign({ client, service, method, target, data, octets }, claims = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const req = { method, target, ...(octets !== undefined && { digest: await contentDigest(octets) }) };
      const body = data === undefined ? {} : { data };
      const usual = { iss: client, aud: service, iat, exp: iat + 60, jti: crypto.randomUUID(), req, ...body };
      const stated = { ...usual, ...claims };
      return maker.sign({ ...headerFor(maker), typ: 'xroad-request+jwt', iat: stated.iat }, stated);
    },
  };
}

/** RFC 9530 member syntax. */
export async function contentDigest(content: string): Promise<string> {
  const sha256 = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return `sha-256=:${Buffer.from(sha256).toString('base64')}:`;
}
