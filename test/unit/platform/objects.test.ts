/** What the stores over Durable Objects decide, on SQLite as workerd has it; the ones in memory decide the same. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryReplayStore } from '../../../src/envelope/replay.ts';
import type { IdempotencyEntry, IdempotencyStore, StoredAnswer } from '../../../src/model/idempotency.ts';
import { DEFAULT_REPLAY_ENTRIES_PER_CLIENT, type ReplayStore } from '../../../src/model/replay.ts';
import { IdempotencyObject, objectIdempotencyStore } from '../../../src/platform/idempotency-object.ts';
import { createMemoryIdempotencyStore } from '../../../src/platform/memory-idempotency.ts';
import type { ObjectNamespace, ObjectState } from '../../../src/platform/objects.ts';
import { objectReplayStore, ReplayObject } from '../../../src/platform/replay-object.ts';

const NOW = Date.parse('2026-11-23T12:00:00.700Z');
const SECOND = Math.floor(NOW / 1000);
const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

interface DurableObject {
  fetch(request: Request): Promise<Response>;
  alarm(): Promise<void>;
}

interface Opened {
  readonly object: DurableObject;
  readonly database: DatabaseSync;
  /** When the alarm is set to ring, milliseconds since the epoch. */
  alarm: number | null;
}

/** Objects by name, each over a database of its own. */
function namespaceOf(kind: new (state: ObjectState) => DurableObject) {
  const opened = new Map<string, Opened>();
  const open = (name: string): Opened => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const database = new DatabaseSync(':memory:');
    const storage: ObjectState['storage'] = {
      sql: {
        exec: (query: string, ...values: unknown[]) => {
          const rows = database.prepare(query).all(...(values as SQLInputValue[]));
          return { toArray: () => rows };
        },
      },
      getAlarm: async () => made.alarm,
      setAlarm: async (time: number) => {
        made.alarm = time;
      },
    };
    const made: Opened = { object: new kind({ storage }), database, alarm: null };
    opened.set(name, made);
    return made;
  };
  const namespace: ObjectNamespace = {
    idFromName: (name) => name,
    get: (id) => ({ fetch: (url, init) => open(String(id)).object.fetch(new Request(url, init)) }),
  };
  /** Lets the alarm of an object ring, as the runtime does when its time has come. */
  const ring = async (name: string) => {
    const made = open(name);
    vi.setSystemTime(made.alarm!);
    made.alarm = null;
    await made.object.alarm();
  };
  return { namespace, open, ring };
}

const unreachable: ObjectNamespace = {
  idFromName: (name) => name,
  get: () => ({ fetch: () => Promise.reject(new Error('overloaded')) }),
};
const NO_ANSWER = { code: 'adapter-failed', status: 503 };

const ENTRY: IdempotencyEntry = { fingerprint: 'f', runsUntil: NOW + MINUTE_MS, keptUntil: NOW + 10 * MINUTE_MS };
const ANSWER: StoredAnswer = {
  status: 201,
  headers: [['location', '/1']],
  json: '{"number":"1","amount":1.50}',
  problem: false,
  sources: [{ system: 's', operation: 'o', at: 1, length: 2, digest: 'd' }],
};

describe.each<[string, () => IdempotencyStore]>([
  ['of objects', () => objectIdempotencyStore(namespaceOf(IdempotencyObject).namespace)],
  ['in memory', () => createMemoryIdempotencyStore({ now: Date.now })],
])('an idempotency store %s', (_, create) => {
  let store: IdempotencyStore;
  beforeEach(async () => {
    store = create();
    expect(await store.claim('o', 'k', ENTRY)).toEqual({ state: 'claimed' });
  });
  const again = (entry: Partial<IdempotencyEntry> = {}) => store.claim('o', 'k', { ...ENTRY, ...entry });

  it('keeps a write to itself while it is under way, and calls its outcome unknown afterwards', async () => {
    expect(await again()).toEqual({ state: 'running' });
    vi.setSystemTime(ENTRY.runsUntil - 1);
    expect(await again({ runsUntil: ENTRY.runsUntil * 2 })).toEqual({ state: 'running' });
    vi.setSystemTime(ENTRY.runsUntil);
    expect(await again()).toEqual({ state: 'unknown' });
  });

  it('gives the answer again until it is forgotten', async () => {
    await store.settle('o', 'k', ANSWER);
    expect(await again()).toEqual({ state: 'answered', answer: ANSWER });
    vi.setSystemTime(ENTRY.keptUntil - 1);
    expect(await again()).toEqual({ state: 'answered', answer: ANSWER });
    vi.setSystemTime(ENTRY.keptUntil);
    const later = { runsUntil: ENTRY.keptUntil + 1, keptUntil: ENTRY.keptUntil + 2 };
    expect(await again(later)).toEqual({ state: 'claimed' });
    expect(await again(later)).toEqual({ state: 'running' });
  });

  it('knows another request under the same key, answered or not', async () => {
    expect(await again({ fingerprint: 'g' })).toEqual({ state: 'conflict' });
    await store.settle('o', 'k', ANSWER);
    expect(await again({ fingerprint: 'g' })).toEqual({ state: 'conflict' });
  });

  it('frees a key that is released, and no other', async () => {
    await store.claim('o', 'l', ENTRY);
    await store.release('o', 'k');
    expect(await store.claim('o', 'l', ENTRY)).toEqual({ state: 'running' });
    expect(await again()).toEqual({ state: 'claimed' });
  });

  it('calls the outcome of a write unknown at once where it is abandoned', async () => {
    await store.abandon('o', 'k');
    expect(await again()).toEqual({ state: 'unknown' });
  });

  it('keeps owners apart, and takes no step for a key that is not there', async () => {
    expect(await store.claim('p', 'k', ENTRY)).toEqual({ state: 'claimed' });
    for (const key of ['x', 'y', 'z']) {
      await store.settle('o', 'x', ANSWER);
      await store.abandon('o', 'y');
      await store.release('o', 'z');
      expect(await store.claim('o', key, ENTRY)).toEqual({ state: 'claimed' });
      await store.release('o', key);
    }
  });
});

describe('the object of a client’s writes', () => {
  it('forgets each of them a minute after its time, and nothing before', async () => {
    const { namespace, open, ring } = namespaceOf(IdempotencyObject);
    const store = objectIdempotencyStore(namespace);
    const later = { ...ENTRY, keptUntil: ENTRY.keptUntil + 5 * MINUTE_MS };
    await store.claim('o', 'first', ENTRY);
    await store.claim('o', 'second', later);
    const { database } = open('o');
    const keys = () => database.prepare('SELECT key FROM writes').all();
    expect(open('o').alarm).toBe(ENTRY.keptUntil + MINUTE_MS);
    await ring('o');
    expect(keys()).toEqual([{ key: 'second' }]);
    expect(open('o').alarm).toBe(later.keptUntil + MINUTE_MS);
    await ring('o');
    expect([keys(), open('o').alarm]).toEqual([[], null]);
  });

  it('refuses the next one rather than forget one early', async () => {
    const { namespace, open } = namespaceOf(IdempotencyObject);
    const store = objectIdempotencyStore(namespace);
    await store.claim('o', 'k', ENTRY);
    open('o').database.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99998)
       INSERT INTO writes SELECT 'n' || i, ${ENTRY.keptUntil}, '{}' FROM n`,
    );
    expect(await store.claim('o', 'last', ENTRY)).toEqual({ state: 'claimed' });
    await expect(store.claim('o', 'next', ENTRY)).rejects.toMatchObject(NO_ANSWER);
    expect(await store.claim('o', 'k', ENTRY)).toEqual({ state: 'running' });
  });

  it('that does not answer is a failure of the adapter', async () => {
    const store = objectIdempotencyStore(unreachable);
    await expect(store.claim('o', 'k', ENTRY)).rejects.toMatchObject(NO_ANSWER);
    await expect(store.settle('o', 'k', ANSWER)).rejects.toMatchObject(NO_ANSWER);
  });
});

describe.each<[string, () => ReplayStore]>([
  ['of objects', () => objectReplayStore(namespaceOf(ReplayObject).namespace)],
  ['in memory', () => createMemoryReplayStore({ now: Date.now })],
])('a replay store %s', (_, create) => {
  it('knows what it has seen until that expires, client by client', async () => {
    const store = create();
    expect(await store.remember('a', 'j&1', SECOND + 60)).toBe('new');
    expect(await store.remember('a', 'j&1', SECOND + 90)).toBe('seen');
    expect(await store.remember('a', 'j', SECOND + 60)).toBe('new');
    expect(await store.remember('b', 'j&1', SECOND + 60)).toBe('new');
    vi.setSystemTime((SECOND + 60) * 1000 - 1);
    expect(await store.remember('a', 'j&1', SECOND + 90)).toBe('seen');
    vi.setSystemTime((SECOND + 60) * 1000);
    expect(await store.remember('a', 'j&1', SECOND + 90)).toBe('new');
    expect(await store.remember('a', 'j&1', SECOND + 95)).toBe('seen');
    vi.setSystemTime((SECOND + 89) * 1000);
    expect(await store.remember('a', 'j&1', SECOND + 95)).toBe('seen');
  });
});

describe('the object of a client’s signed requests', () => {
  it('forgets each of them a minute after its time, and nothing before', async () => {
    const { namespace, open, ring } = namespaceOf(ReplayObject);
    const store = objectReplayStore(namespace);
    await store.remember('a', 'first', SECOND + 60);
    await store.remember('a', 'second', SECOND + 300);
    const { database } = open('a');
    const seen = () => database.prepare('SELECT jti FROM seen').all();
    expect(open('a').alarm).toBe((SECOND + 60) * 1000 + MINUTE_MS);
    await ring('a');
    expect(seen()).toEqual([{ jti: 'second' }]);
    expect(open('a').alarm).toBe((SECOND + 300) * 1000 + MINUTE_MS);
    await ring('a');
    expect([seen(), open('a').alarm]).toEqual([[], null]);
  });

  it('refuses the next one rather than forget one early, and counts no expired one', async () => {
    const { namespace, open } = namespaceOf(ReplayObject);
    const store = objectReplayStore(namespace);
    await store.remember('a', 'one', SECOND + 60);
    const fill = (name: string, count: number, expires: number) =>
      open('a').database.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
         INSERT INTO seen SELECT '${name}' || i, ${expires} FROM n`,
      );
    fill('expired', 5, SECOND);
    fill('n', DEFAULT_REPLAY_ENTRIES_PER_CLIENT - 2, SECOND + 60);
    expect(await store.remember('a', 'last', SECOND + 60)).toBe('new');
    await expect(store.remember('a', 'next', SECOND + 60)).rejects.toMatchObject(NO_ANSWER);
  });

  it('that does not answer is a failure of the adapter', async () => {
    await expect(objectReplayStore(unreachable).remember('a', 'j', SECOND)).rejects.toMatchObject(NO_ANSWER);
  });
});
