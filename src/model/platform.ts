import type { IdempotencyStore } from './idempotency.ts';
import type { ReplayStore } from './replay.ts';

/** What the runtime provides; passed in, so that the same app runs in workerd, in Node and under a test's clock. */
export interface Platform {
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * The same without making a Request, where the runtime makes one of its own, and where a call ends with the exchange
   * that made it: one whose time is up needs no signal then, which costs as much as the digest of an answer.
   */
  readonly fetchUrl?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Acts after so many milliseconds; what it returns calls that off. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Fills the bytes with randomness and returns them. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** One structured record per exchange. */
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  /** A running SHA-256, for bytes that are not held. */
  readonly createHash: () => RunningHash;
  /** Demanded where an operation takes signed requests. */
  readonly replayStore?: ReplayStore;
  /** Demanded where an operation declares an idempotency key. */
  readonly idempotencyStore?: IdempotencyStore;
}

export interface RunningHash {
  update(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  digest(): Promise<Uint8Array>;
}
