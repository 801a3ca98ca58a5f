import { describe, expect, it } from 'vitest';
import { createMemoryReplayStore } from '../../../src/envelope/replay.ts';
import { SpeanError } from '../../../src/model/errors.ts';

function storeAt(seconds: number, entriesPerClient?: number) {
  const clock = { seconds };
  const now = () => clock.seconds * 1000;
  return {
    clock,
    store: createMemoryReplayStore({ now, ...(entriesPerClient === undefined ? {} : { entriesPerClient }) }),
  };
}

describe('a replay store in memory', () => {
  it('knows a request again until it expires', async () => {
    const { clock, store } = storeAt(1000);
    expect(await store.remember('A/B/C', 'one', 1360)).toBe('new');
    expect(await store.remember('A/B/C', 'one', 1360)).toBe('seen');
    clock.seconds = 1359.9;
    expect(await store.remember('A/B/C', 'one', 1360)).toBe('seen');
    clock.seconds = 1360;
    expect(await store.remember('A/B/C', 'one', 1700)).toBe('new');
  });

  it('keeps clients apart, whose ids may be alike', async () => {
    const { store } = storeAt(0);
    expect(await store.remember('A/B', 'C/one', 10)).toBe('new');
    expect(await store.remember('A/B/C', 'one', 10)).toBe('new');
    expect(await store.remember('__proto__', 'one', 10)).toBe('new');
  });

  it('says new once, of many at the same time', async () => {
    const { store } = storeAt(0);
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => store.remember('A', 'one', 10)));
    expect(verdicts.filter((verdict) => verdict === 'new')).toHaveLength(1);
  });

  it('refuses rather than forgets when a client has filled it, and makes room as entries expire', async () => {
    const { clock, store } = storeAt(0, 2);
    await store.remember('A', 'one', 10);
    await store.remember('A', 'two', 20);
    await expect(store.remember('A', 'three', 30)).rejects.toThrow(SpeanError);
    await expect(store.remember('A', 'three', 30)).rejects.toMatchObject({ code: 'adapter-failed', status: 503 });
    expect(await store.remember('A', 'one', 10)).toBe('seen');
    expect(await store.remember('B', 'three', 30), 'another client is not held up').toBe('new');
    clock.seconds = 10;
    expect(await store.remember('A', 'three', 30)).toBe('new');
    expect(await store.remember('A', 'two', 20)).toBe('seen');
  });
});
