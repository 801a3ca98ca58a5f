import { LegacyFaultError, NOT_CALLED, SpeanError } from '../../model/errors.ts';
import type { CallOutcome } from './circuit-breaker.ts';

/** A gateway that does not get through: whatever document comes with it, it is not the legacy system's. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * What an error tells about the legacy system. It has failed where it does not answer, answers HTTP 5xx without a
 * fault in it, or does not take the adapter's credentials: trying these again and again locks accounts. Whatever the
 * adapter declares, a SOAP fault (HTTP 500 in SOAP 1.1, 6.2) and a document that cannot be read are answers.
 */
export function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof SpeanError)) return 'unknown';
  switch (error.code) {
    case 'legacy-unreachable':
    case 'legacy-timeout':
    case 'legacy-credentials-refused':
      return 'failed';
    case 'legacy-busy':
    case 'legacy-unavailable':
    case 'legacy-closed':
    case 'input-invalid':
    case 'adapter-failed':
      return 'unknown';
    default:
      return isServerFailure(error) ? 'failed' : 'answered';
  }
}

function isServerFailure({ declared, cause }: SpeanError): boolean {
  if (declared || !(cause instanceof LegacyFaultError)) return false;
  const { httpStatus, names } = cause.facts;
  return GATEWAY_STATUSES.has(httpStatus) || (httpStatus >= 500 && names.length === 0);
}

/** Whether a last good answer may stand in: the legacy system cannot be asked, or has failed. */
export function isOutage(error: unknown): error is SpeanError {
  if (outcomeOf(error) === 'failed') return true;
  return error instanceof SpeanError && NOT_CALLED.has(error.code);
}

const UNAUTHORIZED = 401;
/** The fault code by which WS-Security refuses a UsernameToken (SOAP Message Security 1.1, 12). */
const FAILED_AUTHENTICATION = 'FailedAuthentication';

/**
 * An answer that refuses the adapter's credentials, told as such; every other error, and what is declared, as it is.
 * `refused` says that the credentials' own kind knows it for a refusal.
 */
export function asRefusal(error: unknown, refused: boolean): unknown {
  if (!(error instanceof SpeanError) || error.declared) return error;
  const fault = error.cause instanceof LegacyFaultError ? error.cause.facts : undefined;
  const isRefusal = fault?.httpStatus === UNAUTHORIZED || fault?.names.includes(FAILED_AUTHENTICATION);
  if (!refused && !isRefusal) return error;
  return new SpeanError('legacy-credentials-refused', {
    detail: 'The legacy system does not take the credentials that this deployment has for it',
    cause: error.cause,
  });
}

/** The names in the fault that an answer turned out to be; none where it was none. */
export function faultNames(error: unknown): readonly string[] {
  return error instanceof SpeanError && error.cause instanceof LegacyFaultError ? error.cause.facts.names : [];
}
