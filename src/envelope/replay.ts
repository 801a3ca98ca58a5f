import { SpeanError } from '../model/errors.ts';
import { DEFAULT_REPLAY_ENTRIES_PER_CLIENT, type ReplayStore } from '../model/replay.ts';

export interface MemoryReplayStoreOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly entriesPerClient?: number;
}

/**
 * A replay store for one process: for Node with a single instance, and for tests. A client with as many requests that
 * have not expired is refused with SpeanError `adapter-failed` (503): to forget one would let it be replayed. Clients
 * are not counted: only one whose signature has been verified comes here, and their keys are configured.
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions): ReplayStore {
  const { now, entriesPerClient = DEFAULT_REPLAY_ENTRIES_PER_CLIENT } = options;
  const clients = new Map<string, Map<string, number>>();
  return {
    async remember(clientId, jti, expiresAt) {
      const seconds = now() / 1000;
      const entries = clients.get(clientId) ?? new Map<string, number>();
      if ((entries.get(jti) ?? 0) > seconds) return 'seen';
      if (entries.size >= entriesPerClient) forgetExpired(entries, seconds);
      if (entries.size >= entriesPerClient) throw full(entriesPerClient);
      entries.set(jti, expiresAt);
      clients.set(clientId, entries);
      return 'new';
    },
  };
}

function forgetExpired(entries: Map<string, number>, seconds: number): void {
  for (const [jti, expiresAt] of entries) {
    if (expiresAt <= seconds) entries.delete(jti);
  }
}

function full(entriesPerClient: number): SpeanError {
  return new SpeanError('adapter-failed', {
    status: 503,
    detail: `The replay store holds ${entriesPerClient} signed requests of this client that have not expired, its limit`,
  });
}
