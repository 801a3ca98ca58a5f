import { SpeanError } from '../model/errors.ts';
import { DEFAULT_REPLAY_ENTRIES_PER_CLIENT, type ReplayStore } from '../model/replay.ts';
import type { ObjectNamespace, ObjectState } from './objects.ts';

/** How long after the first entry expires the expired ones are deleted, milliseconds. */
const CLEANING_DELAY_MS = 60_000;

/**
 * The signed requests of one client that have not expired: one Durable Object per client, so that two calls with one
 * `jti` are decided one after the other wherever they arrive. Bounded, and emptied by an alarm.
 */
export class ReplayObject {
  readonly #storage: ObjectState['storage'];

  constructor({ storage }: ObjectState) {
    this.#storage = storage;
    storage.sql.exec('CREATE TABLE IF NOT EXISTS seen (jti TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID');
  }

  /** Answers `new`, `seen` or `full` for the `jti`, which expires at `expires`, seconds since the epoch. */
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const [jti, expires] = [searchParams.get('jti') ?? '', Number(searchParams.get('expires'))];
    const answer = this.#remember(jti, expires, Math.floor(Date.now() / 1000));
    if (answer === 'new' && (await this.#storage.getAlarm()) === null) {
      await this.#storage.setAlarm(expires * 1000 + CLEANING_DELAY_MS);
    }
    return new Response(answer);
  }

  async alarm(): Promise<void> {
    const { sql } = this.#storage;
    sql.exec('DELETE FROM seen WHERE expires <= ?', Math.floor(Date.now() / 1000));
    const [next] = sql.exec('SELECT MIN(expires) AS expires FROM seen').toArray();
    if (typeof next?.expires === 'number') await this.#storage.setAlarm(next.expires * 1000 + CLEANING_DELAY_MS);
  }

  /** One statement decides, so nothing can come between looking and remembering. An expired entry counts as none. */
  #remember(jti: string, expires: number, now: number): 'new' | 'seen' | 'full' {
    const { sql } = this.#storage;
    const [count] = sql.exec('SELECT COUNT(*) AS entries FROM seen WHERE expires > ?', now).toArray();
    if (Number(count?.entries) >= DEFAULT_REPLAY_ENTRIES_PER_CLIENT) return 'full';
    const written = sql.exec(
      'INSERT INTO seen (jti, expires) VALUES (?, ?) ON CONFLICT (jti) DO UPDATE SET expires = excluded.expires ' +
        'WHERE seen.expires <= ? RETURNING jti',
      jti,
      expires,
      now,
    );
    return written.toArray().length > 0 ? 'new' : 'seen';
  }
}

/** The store over those objects. Throws SpeanError `adapter-failed` (503) where an object is full or does not answer. */
export function objectReplayStore(namespace: ObjectNamespace): ReplayStore {
  return {
    async remember(clientId, jti, expiresAt) {
      const query = new URLSearchParams({ jti, expires: String(expiresAt) });
      const object = namespace.get(namespace.idFromName(clientId));
      const answer = await object
        .fetch(`https://replay/?${query}`)
        .then((response) => response.text())
        .catch((cause: unknown) => {
          throw new SpeanError('adapter-failed', { status: 503, detail: 'The replay store did not answer', cause });
        });
      if (answer === 'new' || answer === 'seen') return answer;
      throw new SpeanError('adapter-failed', {
        status: 503,
        detail: `The replay store holds ${DEFAULT_REPLAY_ENTRIES_PER_CLIENT} signed requests of this client that have not expired, its limit`,
      });
    },
  };
}
