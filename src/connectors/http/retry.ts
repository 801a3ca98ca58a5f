import type { Platform } from '../../model/platform.ts';

/** A gateway before the legacy system, or the system itself, says that it has not dealt with the call. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);
const TOO_MANY_REQUESTS = 429;

/** The wait before the second attempt is random up to here, and up to twice as long before each further one. */
const BACKOFF_BASE_MS = 200;
const BACKOFF_MAX_MS = 5_000;

/** Whether `isPassing` is worth asking: most answers' headers need no look. */
export function mayPass(status: number): boolean {
  return status === TOO_MANY_REQUESTS || PASSING_STATUSES.has(status);
}

/** Whether a later attempt may well be answered; 429 only where it says when (RFC 6585, 4). */
export function isPassing(status: number, retryAfter: string | undefined): boolean {
  return PASSING_STATUSES.has(status) || (status === TOO_MANY_REQUESTS && retryAfter !== undefined);
}

/**
 * Milliseconds to wait before the next attempt: full jitter, so that callers that failed together do not come back
 * together, and never before the time that `Retry-After` names (RFC 9110, 10.2.3: seconds, or a date).
 */
export function waitBefore(
  attempt: number,
  retryAfter: string | undefined,
  { now, random }: Pick<Platform, 'now' | 'random'>,
): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 2));
  const [value = 0] = new Uint32Array(random(new Uint8Array(4)).buffer);
  const jitter = Math.floor((value / 2 ** 32) * ceiling);
  return jitter + delayOf(retryAfter, now());
}

function delayOf(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
