import { type CarriedBody, readCarriedBody } from './carried-body.ts';
import { checkCertificate } from './certificate-check.ts';
import { checkExpectations, type Expectations } from './expectations.ts';
import {
  DEFAULT_CLOCK_SKEW_SECONDS,
  type EnvelopeHeader,
  type TrustOptions,
  verifySignedClaims,
} from './signed-claims.ts';
import { STATEMENT_TYPE, type Statement } from './statement.ts';
import { STATEMENT_SCHEMA } from './statement-schema.ts';
import { type Check, Refusal, type Refused, refusedBy } from './verify-reason.ts';

export interface VerifyOptions extends TrustOptions {
  readonly expected?: Expectations;
  /** The body that came beside the envelope, where the envelope came in a header; empty where there was no body. */
  readonly body?: Uint8Array;
  /** Milliseconds since the epoch. Where absent, the statement's time is not judged. */
  readonly now?: number;
  /** How old the statement may be; needs `now`. Evidence has no age limit by itself. */
  readonly maxAgeSeconds?: number;
  readonly clockSkewSeconds?: number;
}

/** `data` or `bytes` is the answer's body, where the envelope holds it: take it from here only. */
export interface Verified extends CarriedBody {
  readonly verified: true;
  readonly statement: Statement;
  readonly header: EnvelopeHeader;
  readonly checks: readonly Check[];
}

/** Exactly one of `data`, `data_b64` and `res.digest` is a check of its own, with its own reason. */
const { oneOf: _, ...CLAIMS_SCHEMA } = STATEMENT_SCHEMA;

/**
 * Verifies an envelope, compact or flattened, as it came: in a body, or in the header `X-Evidence-JWS` (null where it
 * is missing). Needs WebCrypto and nothing of X-Road. Checks are made in the order of CHECK_NAMES and end at the first
 * that fails.
 *
 * What it proves rests on `keys` being the issuer's and on `expected`: a genuine envelope about another client's
 * request is refused only if `audience`, `transaction` or `request` say so. Throws TypeError where `maxAgeSeconds`
 * comes without `now`; never for anything in the envelope.
 */
export async function verifyEnvelope(
  envelope: string | Uint8Array | null,
  options: VerifyOptions,
): Promise<Verified | Refused> {
  if (options.maxAgeSeconds !== undefined && options.now === undefined) {
    throw new TypeError('maxAgeSeconds needs now, milliseconds since the epoch');
  }
  const checks: Check[] = [];
  try {
    const { header, claims, trusted } = await verifySignedClaims(
      envelope,
      STATEMENT_TYPE,
      CLAIMS_SCHEMA,
      options,
      checks,
    );
    const statement = claims as unknown as Statement;
    await checkExpectations(statement, options.expected ?? {}, checks);
    checks.push({ name: 'age', outcome: checkAge(statement, options) });
    const body = await readCarriedBody({ ...statement, digest: statement.res.digest }, options.body);
    checks.push({ name: 'body', outcome: 'passed' });
    checks.push({ name: 'certificate', outcome: await checkCertificate(header, trusted) });
    return { verified: true, statement, header, ...body, checks };
  } catch (error) {
    return refusedBy(error, checks);
  }
}

function checkAge({ iat }: Statement, options: VerifyOptions): 'passed' | 'not-asked' {
  const { now, maxAgeSeconds = Number.POSITIVE_INFINITY, clockSkewSeconds = DEFAULT_CLOCK_SKEW_SECONDS } = options;
  if (now === undefined) return 'not-asked';
  const age = Math.floor(now / 1000) - iat;
  if (age < -clockSkewSeconds) {
    throw new Refusal('issued-in-future', `The statement is of ${iat}, ${-age} seconds from now`);
  }
  if (age > maxAgeSeconds) {
    throw new Refusal('too-old', `The statement is ${age} seconds old, ${maxAgeSeconds} are taken`);
  }
  return 'passed';
}
