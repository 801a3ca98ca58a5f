import type { JsonValue } from '../model/json.ts';
import { readCarriedBody } from './carried-body.ts';
import { digestOf } from './digest.ts';
import { REQUEST_SCHEMA } from './request-schema.ts';
import {
  DEFAULT_CLOCK_SKEW_SECONDS,
  type EnvelopeHeader,
  type TrustOptions,
  verifySignedClaims,
} from './signed-claims.ts';
import { quote } from './strict-jws.ts';
import { type Check, type CheckName, Refusal, type Refused, refusedBy, type VerifyReason } from './verify-reason.ts';

/** The `typ` of a consumer's signed request. */
export const REQUEST_TYPE = 'xroad-request+jwt';

/** How long after `iat` a signed request may ask to be good for: the replay store has to remember it that long. */
export const DEFAULT_REQUEST_LIFETIME_SECONDS = 300;

/** The claims of a request that its consumer signed. Exactly one of `data` and `req.digest` is present. */
export interface SignedRequest {
  /** The client's id as `X-Road-Client` has it. */
  readonly iss: string;
  /** The full service id. */
  readonly aud: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  /** Never used twice by one client. */
  readonly jti: string;
  /** Method and target are always bound, so that a signed body is good for one operation only. */
  readonly req: { readonly method: string; readonly target: string; readonly digest?: string };
  /** The request's body, where it is JSON and in here. */
  readonly data?: JsonValue;
}

/** The request as it came. */
export interface ReceivedRequest {
  /** `X-Road-Client`, byte for byte. */
  readonly client: string;
  /** The full service id, from the settings. */
  readonly service: string;
  readonly method: string;
  /** Service path and raw query. */
  readonly target: string;
  /** The body beside the envelope, empty where there was none; absent where the envelope itself was the body. */
  readonly body?: Uint8Array;
}

export interface RequestVerifyOptions extends TrustOptions {
  readonly received: ReceivedRequest;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly clockSkewSeconds?: number;
  readonly maxLifetimeSeconds?: number;
}

/** A request whose envelope holds. */
export interface ReadRequest {
  readonly claims: SignedRequest;
  readonly header: EnvelopeHeader;
  /** Of the signing input, for the statement's `req.jws`: it is the same however the signature is written. */
  readonly digest: string;
  /** Until when a replay store has to remember `iss` and `jti`: after this it is refused as too old. Seconds since the epoch. */
  readonly rememberUntil: number;
}

export interface VerifiedRequest extends ReadRequest {
  readonly verified: true;
  readonly checks: readonly Check[];
}

/**
 * Verifies a consumer's signed request, compact or flattened, against the request as it came. `keys` are the client's
 * own. A request that is verified may still be a replay: give `iss`, `jti` and `rememberUntil` to a ReplayStore.
 * The verdict is in the answer; nothing is thrown for what the envelope holds.
 */
export async function verifyRequestEnvelope(
  envelope: string | Uint8Array | null,
  options: RequestVerifyOptions,
): Promise<VerifiedRequest | Refused> {
  const checks: Check[] = [];
  try {
    return { verified: true, ...(await readRequestEnvelope(envelope, options, checks)), checks };
  } catch (error) {
    return refusedBy(error, checks);
  }
}

/** The same for who asks for no verdict: throws Refusal. Each check that is passed goes into `checks`. */
export async function readRequestEnvelope(
  envelope: string | Uint8Array | null,
  options: RequestVerifyOptions,
  checks: Check[] = [],
): Promise<ReadRequest> {
  const signed = await verifySignedClaims(envelope, REQUEST_TYPE, REQUEST_SCHEMA, options, checks);
  const claims = signed.claims as unknown as SignedRequest;
  compareReceived(claims, options.received, checks);
  const rememberUntil = checkLifetime(claims, options);
  checks.push({ name: 'age', outcome: 'passed' });
  await readCarriedBody({ data: claims.data, digest: claims.req.digest }, options.received.body);
  checks.push({ name: 'body', outcome: 'passed' });
  return { claims, header: signed.header, digest: await digestOf(signed.signingInput), rememberUntil };
}

function compareReceived({ iss, aud, req }: SignedRequest, received: ReceivedRequest, checks: Check[]): void {
  const pairs: readonly (readonly [CheckName, VerifyReason, signed: string, received: string])[] = [
    ['issuer', 'issuer-mismatch', iss, received.client],
    ['audience', 'audience-mismatch', aud, received.service],
    ['request', 'request-mismatch', `${req.method} ${req.target}`, `${received.method} ${received.target}`],
  ];
  for (const [name, reason, signed, came] of pairs) {
    if (signed !== came) throw new Refusal(reason, `The ${name} signed is ${quote(signed)}, ${quote(came)} came`);
    checks.push({ name, outcome: 'passed' });
  }
}

/** When the request is too old in any case: its own end, with the skew granted. */
function checkLifetime({ iat, exp }: SignedRequest, options: RequestVerifyOptions): number {
  const { clockSkewSeconds = DEFAULT_CLOCK_SKEW_SECONDS, maxLifetimeSeconds = DEFAULT_REQUEST_LIFETIME_SECONDS } =
    options;
  const now = Math.floor(options.now / 1000);
  if (exp <= iat || exp - iat > maxLifetimeSeconds) {
    throw new Refusal(
      'lifetime-too-long',
      `The request is to be good for ${exp - iat} seconds: 1 to ${maxLifetimeSeconds} are taken`,
    );
  }
  if (iat > now + clockSkewSeconds) {
    throw new Refusal('issued-in-future', `The request is of ${iat}, ${iat - now} seconds from now`);
  }
  const rememberUntil = exp + clockSkewSeconds;
  if (now < rememberUntil) return rememberUntil;
  throw new Refusal('too-old', `The request was good until ${exp}, ${now - exp} seconds ago`);
}
