import { SpeanError } from '../model/errors.ts';
import {
  type Claim,
  IDEMPOTENCY_ENTRIES_PER_OWNER,
  type IdempotencyEntry,
  type IdempotencyStore,
  judgeClaim,
  type StoredAnswer,
} from '../model/idempotency.ts';
import { fullStore } from './memory-idempotency.ts';
import type { ObjectNamespace, ObjectState } from './objects.ts';

/** How long after the first entry expires the expired ones are deleted, milliseconds. */
const CLEANING_DELAY_MS = 60_000;

/** What the store asks of its object: one step for one key. */
type Step =
  | { readonly step: 'claim'; readonly key: string; readonly entry: IdempotencyEntry }
  | { readonly step: 'settle'; readonly key: string; readonly answer: StoredAnswer }
  | { readonly step: 'release'; readonly key: string }
  | { readonly step: 'abandon'; readonly key: string };

/**
 * The writes of one client to one operation: one Durable Object, so that two calls with one key are decided one after
 * the other wherever they arrive. The runtime's output gate holds an answer back until what it tells of is on disk.
 */
export class IdempotencyObject {
  readonly #storage: ObjectState['storage'];

  constructor({ storage }: ObjectState) {
    this.#storage = storage;
    storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS writes (key TEXT PRIMARY KEY, keptUntil INTEGER NOT NULL, entry TEXT NOT NULL) WITHOUT ROWID',
    );
  }

  /** A POST of a Step; answers a Claim, or `{"state":"full"}`. */
  async fetch(request: Request): Promise<Response> {
    const step = (await request.json()) as Step;
    if (step.step !== 'claim') {
      this.#change(step);
      return Response.json({});
    }
    const claim = this.#claim(step.key, step.entry);
    if (claim.state === 'claimed' && (await this.#storage.getAlarm()) === null) {
      await this.#storage.setAlarm(step.entry.keptUntil + CLEANING_DELAY_MS);
    }
    return Response.json(claim);
  }

  async alarm(): Promise<void> {
    const { sql } = this.#storage;
    sql.exec('DELETE FROM writes WHERE keptUntil <= ?', Date.now());
    const [next] = sql.exec('SELECT MIN(keptUntil) AS keptUntil FROM writes').toArray();
    if (typeof next?.keptUntil === 'number') await this.#storage.setAlarm(next.keptUntil + CLEANING_DELAY_MS);
  }

  /** Nothing is awaited between looking and writing, so no other call comes between. */
  #claim(key: string, entry: IdempotencyEntry): Claim | { readonly state: 'full' } {
    const claim = judgeClaim(this.#read(key), entry.fingerprint, Date.now());
    if (claim.state !== 'claimed') return claim;
    const [count] = this.#storage.sql.exec('SELECT COUNT(*) AS writes FROM writes').toArray();
    if (Number(count?.writes) >= IDEMPOTENCY_ENTRIES_PER_OWNER) return { state: 'full' };
    this.#write(key, entry);
    return claim;
  }

  #change(step: Exclude<Step, { step: 'claim' }>): void {
    const entry = this.#read(step.key);
    if (entry === undefined) return;
    if (step.step === 'settle') this.#write(step.key, { ...entry, answer: step.answer });
    else if (step.step === 'abandon') this.#write(step.key, { ...entry, runsUntil: 0 });
    else this.#storage.sql.exec('DELETE FROM writes WHERE key = ?', step.key);
  }

  #read(key: string): IdempotencyEntry | undefined {
    const [row] = this.#storage.sql.exec('SELECT entry FROM writes WHERE key = ?', key).toArray();
    return row === undefined ? undefined : (JSON.parse(String(row.entry)) as IdempotencyEntry);
  }

  #write(key: string, entry: IdempotencyEntry): void {
    this.#storage.sql.exec(
      'INSERT OR REPLACE INTO writes (key, keptUntil, entry) VALUES (?, ?, ?)',
      key,
      entry.keptUntil,
      JSON.stringify(entry),
    );
  }
}

/** The store over those objects. */
export function objectIdempotencyStore(namespace: ObjectNamespace): IdempotencyStore {
  const ask = async (owner: string, step: Step): Promise<unknown> => {
    const object = namespace.get(namespace.idFromName(owner));
    const init = { method: 'POST', body: JSON.stringify(step) };
    const response = await object.fetch('https://idempotency/', init).catch((cause: unknown) => {
      throw new SpeanError('adapter-failed', { status: 503, detail: 'The idempotency store did not answer', cause });
    });
    return response.json();
  };
  return {
    async claim(owner, key, entry) {
      const claim = (await ask(owner, { step: 'claim', key, entry })) as Claim | { readonly state: 'full' };
      if (claim.state === 'full') throw fullStore();
      return claim;
    },
    async settle(owner, key, answer) {
      await ask(owner, { step: 'settle', key, answer });
    },
    async release(owner, key) {
      await ask(owner, { step: 'release', key });
    },
    async abandon(owner, key) {
      await ask(owner, { step: 'abandon', key });
    },
  };
}
