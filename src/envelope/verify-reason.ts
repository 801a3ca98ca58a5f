/** The checks of a verification, in the order in which they are made. */
export const CHECK_NAMES = [
  'size',
  'form',
  'encoding',
  'header',
  'type',
  'algorithm',
  'key',
  'signature',
  'claims',
  'issuer',
  'audience',
  'service',
  'transaction',
  'request',
  'status',
  'nonce',
  'age',
  'body',
  'certificate',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** One check and what came of it; `not-asked` where the caller named nothing to compare with. */
export interface Check {
  readonly name: CheckName;
  readonly outcome: 'passed' | 'failed' | 'not-asked';
}

/** Every reason for which an envelope is refused, with the check that finds it. */
export const VERIFY_REASONS = {
  'envelope-missing': 'size',
  'envelope-too-large': 'size',
  'envelope-malformed': 'form',
  'encoding-malformed': 'encoding',
  'header-malformed': 'header',
  'header-member-refused': 'header',
  'type-mismatch': 'type',
  'algorithm-refused': 'algorithm',
  'key-unknown': 'key',
  'key-unusable': 'key',
  'key-out-of-period': 'key',
  'key-revoked': 'key',
  'algorithm-mismatch': 'signature',
  'signature-invalid': 'signature',
  'claims-malformed': 'claims',
  'issuer-mismatch': 'issuer',
  'audience-mismatch': 'audience',
  'service-mismatch': 'service',
  'transaction-mismatch': 'transaction',
  'request-mismatch': 'request',
  'status-mismatch': 'status',
  'nonce-mismatch': 'nonce',
  'issued-in-future': 'age',
  'too-old': 'age',
  'lifetime-too-long': 'age',
  'body-ambiguous': 'body',
  'body-missing': 'body',
  'body-mismatch': 'body',
  'carriage-mixed': 'body',
  'certificate-mismatch': 'certificate',
  'certificate-out-of-period': 'certificate',
} as const satisfies Record<string, CheckName>;

export type VerifyReason = keyof typeof VERIFY_REASONS;

/** What a refused envelope is answered with. */
export interface Refused {
  readonly verified: false;
  readonly reason: VerifyReason;
  /** This occurrence in words. It may repeat ids and names from the envelope, never its data. */
  readonly detail: string;
  /** The checks up to the one that failed. */
  readonly checks: readonly Check[];
}

/** Thrown by a check that fails; a verifier answers it with `Refused`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: VerifyReason;

  constructor(reason: VerifyReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The answer to a refusal, after the checks that were made before it. Throws on what is none: that is a defect. */
export function refusedBy(error: unknown, checks: readonly Check[]): Refused {
  if (!(error instanceof Refusal)) throw error;
  const { reason, message } = error;
  return {
    verified: false,
    reason,
    detail: message,
    checks: [...checks, { name: VERIFY_REASONS[reason], outcome: 'failed' }],
  };
}
