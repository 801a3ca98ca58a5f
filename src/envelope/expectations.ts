import { digestOf } from './digest.ts';
import type { RequestClaims, Statement } from './statement.ts';
import { quote } from './strict-jws.ts';
import { type Check, type CheckName, Refusal, type VerifyReason } from './verify-reason.ts';

/** What the verifier knows from elsewhere. Each member that is given has to hold; each that is not is not checked. */
export interface Expectations {
  /** The provider: `CAMBODIA/GOV/0001/population`. */
  readonly issuer?: string;
  /** The verifier's own client id, as its `X-Road-Client` header has it. Without it, another client's answer passes. */
  readonly audience?: string;
  /** The full service id. */
  readonly service?: string;
  /** `X-Road-Request-Id` of the answer. */
  readonly transaction?: string;
  readonly request?: ExpectedRequest;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** The nonce that the verifier sent. */
  readonly nonce?: string;
}

export interface ExpectedRequest {
  /** `X-Road-Id`. */
  readonly id?: string;
  readonly method?: string;
  /** Service path and raw query, as sent. */
  readonly target?: string;
  /** The body's octets, empty where none was sent. */
  readonly body?: Uint8Array;
  /** Digest of the signing input of the verifier's own signed request, in RFC 9530 member syntax. */
  readonly jws?: string;
}

/** Compares a statement with what is expected, and notes each comparison in `checks`. Throws Refusal at the first that fails. */
export async function checkExpectations(statement: Statement, expected: Expectations, checks: Check[]): Promise<void> {
  const { request } = expected;
  compare(checks, 'issuer', 'issuer-mismatch', statement.iss, expected.issuer);
  compare(checks, 'audience', 'audience-mismatch', statement.aud, expected.audience);
  compare(checks, 'service', 'service-mismatch', statement.svc, expected.service);
  compare(checks, 'transaction', 'transaction-mismatch', statement.txn, expected.transaction);
  if (request !== undefined) await requireRequest(statement.req, request);
  checks.push({ name: 'request', outcome: request === undefined ? 'not-asked' : 'passed' });
  compare(checks, 'status', 'status-mismatch', statement.res.status, expected.status);
  compare(checks, 'nonce', 'nonce-mismatch', statement.nonce, expected.nonce);
}

function compare(
  checks: Check[],
  name: CheckName,
  reason: VerifyReason,
  stated: string | number | undefined,
  expected: string | number | undefined,
): void {
  if (expected !== undefined) requireEqual(reason, name, stated, expected);
  checks.push({ name, outcome: expected === undefined ? 'not-asked' : 'passed' });
}

async function requireRequest(stated: RequestClaims, expected: ExpectedRequest): Promise<void> {
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['request id', stated.id, expected.id],
    ['request method', stated.method, expected.method],
    ['request target', stated.target, await comparableTarget(stated.target, expected.target)],
    ['request body digest', stated.digest, expected.body && (await digestOf(expected.body))],
    ['request signing input digest', stated.jws, expected.jws],
  ];
  for (const [what, is, wanted] of pairs) {
    if (wanted !== undefined) requireEqual('request-mismatch', what, is, wanted);
  }
}

/** A provider may state the target's digest in its place. No target begins like one. */
async function comparableTarget(stated: string, expected: string | undefined): Promise<string | undefined> {
  const hidden = expected !== undefined && stated.startsWith('sha-256=:');
  return hidden ? digestOf(new TextEncoder().encode(expected)) : expected;
}

function requireEqual(
  reason: VerifyReason,
  what: string,
  stated: string | number | undefined,
  expected: string | number,
) {
  if (stated === expected) return;
  throw new Refusal(reason, `The statement's ${what} is ${quote(stated)}, ${quote(expected)} is expected`);
}
