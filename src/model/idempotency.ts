import type { SourceEvidence } from './evidence.ts';

/** An answer that was given to a write, to be given again for its repeat. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The JSON text of the body; absent where there was none. */
  readonly json?: string | undefined;
  readonly problem: boolean;
  /** The legacy calls that the answer was made from. */
  readonly sources: readonly SourceEvidence[];
}

/** What is kept of one write. */
export interface IdempotencyEntry {
  /** Digest of the request: a repeat has the same. */
  readonly fingerprint: string;
  /** Until when the write may still be under way, milliseconds since the epoch. */
  readonly runsUntil: number;
  /** When the entry may be forgotten, milliseconds since the epoch. */
  readonly keptUntil: number;
  /** Absent while the write is under way, and for ever where its outcome never became known. */
  readonly answer?: StoredAnswer;
}

/** What a store says to a write: `claimed` for the first of its key, which then must settle or release it. */
export type Claim =
  | { readonly state: 'claimed' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer }
  /** The same request is under way; or it was, and ended without its outcome becoming known; or the key is another request's. */
  | { readonly state: 'running' | 'unknown' | 'conflict' };

/**
 * Remembers writes by client, operation (`owner`) and idempotency key. `claim` has to be atomic over every instance of
 * the deployment, and an entry has to be on disk before `claimed` is answered: else a crash would let a write happen
 * twice. Each throws SpeanError `adapter-failed` (503) where it cannot remember.
 */
export interface IdempotencyStore {
  claim(owner: string, key: string, entry: IdempotencyEntry): Promise<Claim>;
  /** The outcome is known. */
  settle(owner: string, key: string, answer: StoredAnswer): Promise<void>;
  /** Nothing was sent to the legacy system: the key is free again. */
  release(owner: string, key: string): Promise<void>;
  /** Something was sent, and what came of it is not known. */
  abandon(owner: string, key: string): Promise<void>;
}

/** Most writes remembered for one client and operation: beyond it new ones are refused, as none may be forgotten early. */
export const IDEMPOTENCY_ENTRIES_PER_OWNER = 100_000;

/** What to say to a write when this is what is kept under its key; `now` in milliseconds since the epoch. */
export function judgeClaim(kept: IdempotencyEntry | undefined, fingerprint: string, now: number): Claim {
  if (kept === undefined || kept.keptUntil <= now) return { state: 'claimed' };
  if (kept.fingerprint !== fingerprint) return { state: 'conflict' };
  if (kept.answer !== undefined) return { state: 'answered', answer: kept.answer };
  return { state: now < kept.runsUntil ? 'running' : 'unknown' };
}
