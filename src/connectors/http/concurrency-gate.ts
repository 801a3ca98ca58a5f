import { SpeanError } from '../../model/errors.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform } from '../../model/platform.ts';

type GateLimits = Pick<AdapterLimits, 'legacyConcurrentCalls' | 'legacyQueuedCalls' | 'legacyQueueMs'>;

/** A call's place at the legacy system. */
export interface Lease {
  /** The place is free from then on, milliseconds since the epoch, whether it was given back or not. */
  until: number;
}

interface Waiter {
  readonly limits: GateLimits;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly wake: (lease: Lease | undefined) => void;
}

/** A call that waited has so long to take its place up; one whose request was cancelled meanwhile never does. */
const PICK_UP_MS = 1_000;
/** Callers that found no room come back after so many seconds. */
const BUSY_RETRY_SECONDS = 5;

/**
 * Bounds the calls that a legacy endpoint gets at the same time, and the queue before it. Places are leases: workerd
 * drops a request whose client has gone without running its `finally`, and a place that only a `finally` gives back
 * would be lost for ever. State is that of one isolate or process.
 */
export class ConcurrencyGate {
  readonly #platform: Pick<Platform, 'now' | 'after'>;
  readonly #leases = new Set<Lease>();
  #waiting: Waiter[] = [];

  constructor(platform: Pick<Platform, 'now' | 'after'>) {
    this.#platform = platform;
  }

  get running(): number {
    const now = this.#platform.now();
    return [...this.#leases].filter(({ until }) => until > now).length;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /**
   * Takes a place, at once where there is one; `deadline` is when the call ends at the latest, milliseconds since the
   * epoch. Throws SpeanError `legacy-busy` with `Retry-After` where the queue is full or the wait is over.
   */
  enter(limits: GateLimits, deadline: number): Lease | Promise<Lease> {
    const now = this.#platform.now();
    if (this.#waiting.length > 0) this.#admitWaiting(now);
    if (this.#waiting.length === 0 && this.#hasRoom(limits, now)) return this.#lease(deadline);
    if (this.#waiting.length >= limits.legacyQueuedCalls) {
      throw busy(`${limits.legacyQueuedCalls} calls wait for the legacy system already`);
    }
    return this.#wait(limits, now, deadline);
  }

  leave(lease: Lease): void {
    this.#leases.delete(lease);
    if (this.#waiting.length > 0) this.#admitWaiting(this.#platform.now());
  }

  async #wait(limits: GateLimits, now: number, deadline: number): Promise<Lease> {
    const waitMs = Math.max(0, Math.min(limits.legacyQueueMs, deadline - now));
    const { promise, resolve } = Promise.withResolvers<Lease | undefined>();
    const waiter: Waiter = { limits, until: now + waitMs, wake: resolve };
    this.#waiting.push(waiter);
    const cancel = this.#platform.after(waitMs, () => resolve(undefined));
    const lease = await promise;
    cancel();
    if (lease === undefined) {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      throw busy(`The legacy system had no room for this call within ${waitMs} ms`);
    }
    lease.until = deadline;
    this.#leases.add(lease);
    return lease;
  }

  /** In the order in which they came; those whose time is up are passed over. */
  #admitWaiting(now: number): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.until > now) {
        if (!this.#hasRoom(first.limits, now)) return;
        first.wake(this.#lease(now + PICK_UP_MS));
      }
      this.#waiting.shift();
    }
  }

  #hasRoom({ legacyConcurrentCalls }: GateLimits, now: number): boolean {
    if (this.#leases.size < legacyConcurrentCalls) return true;
    for (const lease of this.#leases) if (lease.until <= now) this.#leases.delete(lease);
    return this.#leases.size < legacyConcurrentCalls;
  }

  #lease(until: number): Lease {
    const lease = { until };
    this.#leases.add(lease);
    return lease;
  }
}

function busy(detail: string): SpeanError {
  return new SpeanError('legacy-busy', { detail, headers: { 'Retry-After': String(BUSY_RETRY_SECONDS) } });
}
