/**
 * Remembers which signed requests have been seen. `remember` has to be atomic over every instance of the deployment: of
 * two calls with the same client and `jti`, one gets `seen` (which an eventually consistent store cannot promise).
 * `expiresAt`, seconds since the epoch, is when the entry may be forgotten. Throws SpeanError where it cannot remember.
 */
export interface ReplayStore {
  remember(clientId: string, jti: string, expiresAt: number): Promise<'new' | 'seen'>;
}

/** Per client, so that no client can fill the store for another: five minutes of 33 signed requests a second. */
export const DEFAULT_REPLAY_ENTRIES_PER_CLIENT = 10_000;
