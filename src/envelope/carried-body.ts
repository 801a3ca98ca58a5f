import type { JsonValue } from '../model/json.ts';
import { decodeBase64 } from './base64.ts';
import { digestOf } from './digest.ts';
import { Refusal } from './verify-reason.ts';

/** The three ways in which claims bind a body. */
export interface BodyClaims {
  readonly data?: JsonValue | undefined;
  /** Standard base64 with padding. */
  readonly data_b64?: string | undefined;
  /** RFC 9530 member syntax. */
  readonly digest?: string | undefined;
}

/** A body that stands in the envelope itself. */
export interface CarriedBody {
  readonly data?: JsonValue;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

/**
 * The body that verified claims hold, or nothing where they hold its digest and the bytes `beside` the envelope have
 * it. Throws Refusal where the claims bind no body or more than one, where bytes are beside an envelope that says
 * nothing about them, and where the bytes are missing or others.
 */
export async function readCarriedBody(claims: BodyClaims, beside: Uint8Array | undefined): Promise<CarriedBody> {
  const { data, data_b64, digest } = claims;
  if ([data, data_b64, digest].filter((member) => member !== undefined).length !== 1) {
    throw new Refusal('body-ambiguous', 'The claims have to hold exactly one of data, data_b64 and digest');
  }
  if (digest !== undefined) {
    await requireDigest(digest, beside);
    return {};
  }
  if (beside !== undefined) {
    throw new Refusal('carriage-mixed', 'The envelope holds the body itself, and does not vouch for one beside it');
  }
  return data_b64 === undefined ? { data: data as JsonValue } : { bytes: decodeBody(data_b64) };
}

async function requireDigest(stated: string, beside: Uint8Array | undefined): Promise<void> {
  if (beside === undefined) {
    throw new Refusal('body-missing', 'The envelope holds only a digest: the body that came with it is needed');
  }
  const digest = await digestOf(beside);
  if (digest === stated) return;
  throw new Refusal(
    'body-mismatch',
    `The body has ${beside.length} bytes and the digest ${digest}, ${stated} is signed`,
  );
}

function decodeBody(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return decodeBase64(base64);
  } catch {
    throw new Refusal('body-ambiguous', 'The claim "data_b64" is not canonical base64');
  }
}
