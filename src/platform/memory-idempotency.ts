import { SpeanError } from '../model/errors.ts';
import {
  IDEMPOTENCY_ENTRIES_PER_OWNER,
  type IdempotencyEntry,
  type IdempotencyStore,
  judgeClaim,
} from '../model/idempotency.ts';

/**
 * An idempotency store for one process that may forget: for tests, and for embedders whose writes are repeated by
 * nobody after a restart. `now` in milliseconds since the epoch.
 */
export function createMemoryIdempotencyStore({ now }: { readonly now: () => number }): IdempotencyStore {
  const owners = new Map<string, Map<string, IdempotencyEntry>>();
  const update = (owner: string, key: string, change: Partial<IdempotencyEntry>) => {
    const entry = owners.get(owner)?.get(key);
    if (entry !== undefined) owners.get(owner)?.set(key, { ...entry, ...change });
  };
  return {
    async claim(owner, key, entry) {
      const entries = owners.get(owner) ?? new Map<string, IdempotencyEntry>();
      owners.set(owner, entries);
      const claim = judgeClaim(entries.get(key), entry.fingerprint, now());
      if (claim.state !== 'claimed') return claim;
      for (const [kept, { keptUntil }] of entries) if (keptUntil <= now()) entries.delete(kept);
      if (entries.size >= IDEMPOTENCY_ENTRIES_PER_OWNER) throw fullStore();
      entries.set(key, entry);
      return claim;
    },
    async settle(owner, key, answer) {
      update(owner, key, { answer });
    },
    async release(owner, key) {
      owners.get(owner)?.delete(key);
    },
    async abandon(owner, key) {
      update(owner, key, { runsUntil: 0 });
    },
  };
}

/** None may be forgotten early: a repeat would be carried out again. */
export function fullStore(): SpeanError {
  return new SpeanError('adapter-failed', {
    status: 503,
    detail: `${IDEMPOTENCY_ENTRIES_PER_OWNER} writes of this client are remembered, the limit: send fewer, or later`,
  });
}
