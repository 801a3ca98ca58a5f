import { SpeanError } from '../../model/errors.ts';
import type { AdapterLimits } from '../../model/limits.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** What came of a call: the legacy system answered, failed, or was not asked after all. */
export type CallOutcome = 'answered' | 'failed' | 'unknown';

/** Callers that find a probe under way come back after so many seconds. */
const PROBE_RETRY_SECONDS = 5;

/**
 * Leaves a failing legacy endpoint alone: after so many failures in a row it is open and refuses calls; when its time
 * is up one call is let through as a probe, and what comes of that closes it or opens it again. All times are
 * milliseconds since the epoch. State is that of one isolate or process.
 */
export class CircuitBreaker {
  #failures = 0;
  /** 0 while it is closed. */
  #openUntil = 0;
  /** Until when the probe under way may take: a request that the runtime cancels never tells its outcome. */
  #probeUntil = 0;

  state(now: number): BreakerState {
    if (this.#openUntil === 0) return 'closed';
    return now < this.#openUntil ? 'open' : 'half-open';
  }

  /** Throws SpeanError `legacy-unavailable` with `Retry-After` where no call is let through now. */
  check(now: number): void {
    if (this.#openUntil === 0) return;
    if (now < this.#openUntil) throw unavailable(Math.ceil((this.#openUntil - now) / 1000));
    if (now < this.#probeUntil) throw unavailable(PROBE_RETRY_SECONDS);
  }

  /**
   * Lets a call through that ends at `deadline` at the latest; what is returned takes its outcome, once. Throws as
   * `check` does.
   */
  begin(
    { breakerFailures, breakerOpenMs }: Pick<AdapterLimits, 'breakerFailures' | 'breakerOpenMs'>,
    now: number,
    deadline: number,
  ): (outcome: CallOutcome, at: number) => void {
    this.check(now);
    const isProbe = this.#openUntil !== 0;
    if (isProbe) this.#probeUntil = deadline;
    let settled = false;
    return (outcome, at) => {
      if (settled) return;
      settled = true;
      if (isProbe) this.#probeUntil = 0;
      else if (this.#openUntil !== 0) return; // it began before others opened the breaker
      if (outcome === 'answered') this.#close();
      else if (outcome === 'failed' && (isProbe || ++this.#failures >= breakerFailures)) {
        this.#openUntil = at + breakerOpenMs;
      }
    };
  }

  #close(): void {
    this.#failures = 0;
    this.#openUntil = 0;
  }
}

function unavailable(seconds: number): SpeanError {
  return new SpeanError('legacy-unavailable', {
    detail: `The legacy system has failed several times in a row and is left alone: try again in ${seconds} s`,
    headers: { 'Retry-After': String(seconds) },
  });
}
