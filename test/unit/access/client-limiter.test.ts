import { describe, expect, it } from 'vitest';
import { ClientLimiter } from '../../../src/access/client-limiter.ts';

const LIMITS = { clientCallsPerMinute: 60, clientConcurrentCalls: 3, timeBudgetMs: 50_000 };

function limiter() {
  const clock = { now: 1_000_000 };
  const counted = new ClientLimiter(() => clock.now);
  const tryEnter = (key: string, limits = LIMITS) => {
    try {
      return counted.enter(key, limits);
    } catch (error) {
      return error as { code: string; status: number; headers: Record<string, string> };
    }
  };
  return { clock, tryEnter };
}

describe('ClientLimiter', () => {
  it('lets a minute of calls through at once, then as many as grow back', () => {
    const { clock, tryEnter } = limiter();
    const enterAndLeave = () => {
      const entered = tryEnter('a');
      if (typeof entered === 'function') entered();
      return entered;
    };
    for (let call = 0; call < 60; call++) expect(enterAndLeave()).toBeTypeOf('function');
    expect(enterAndLeave()).toMatchObject({ code: 'client-limited', status: 429, headers: { 'Retry-After': '1' } });
    clock.now += 999;
    expect(enterAndLeave()).toMatchObject({ code: 'client-limited' });
    clock.now += 1;
    expect(enterAndLeave()).toBeTypeOf('function');
    expect(enterAndLeave()).toMatchObject({ code: 'client-limited' });
  });

  it('bounds the calls at the same time, and counts them out', () => {
    const { tryEnter } = limiter();
    const [first] = [tryEnter('a'), tryEnter('a'), tryEnter('a')];
    expect(tryEnter('a')).toMatchObject({
      code: 'client-limited',
      detail: '3 calls of this client are being answered, its limit',
      headers: { 'Retry-After': '1' },
    });
    (first as () => void)();
    expect(tryEnter('a')).toBeTypeOf('function');
  });

  it('counts out a call that was never counted out once its time budget is over', () => {
    const { clock, tryEnter } = limiter();
    for (let call = 0; call < 3; call++) tryEnter('a');
    clock.now += 49_999;
    expect(tryEnter('a')).toMatchObject({ code: 'client-limited' });
    clock.now += 1;
    expect(tryEnter('a')).toBeTypeOf('function');
  });

  it('tells a client when its next call will be taken', () => {
    const { clock, tryEnter } = limiter();
    const limits = { ...LIMITS, clientCallsPerMinute: 7, clientConcurrentCalls: 10 };
    for (let call = 0; call < 7; call++) tryEnter('a', limits);
    expect(tryEnter('a', limits)).toMatchObject({
      detail: 'This client has made more than 7 calls a minute, its limit',
      headers: { 'Retry-After': '9' },
    });
    clock.now += 4_000;
    expect(tryEnter('a', limits)).toMatchObject({ headers: { 'Retry-After': '5' } });
    clock.now += 5_000;
    expect(tryEnter('a', limits)).toBeTypeOf('function');
  });

  it('forgets idle clients where there are too many, the longest known first, and never one with calls under way', () => {
    const { tryEnter } = limiter();
    const once = { ...LIMITS, clientCallsPerMinute: 1 };
    const callOnce = (key: string) => {
      const entered = tryEnter(key, once);
      if (typeof entered === 'function') entered();
      return entered;
    };
    tryEnter('busy', once);
    for (let client = 2; client <= 10_000; client++) callOnce(`${client}`);
    expect(callOnce('2')).toMatchObject({ code: 'client-limited' });
    callOnce('one more');
    expect(tryEnter('busy', once)).toMatchObject({ code: 'client-limited' });
    expect(callOnce('3')).toMatchObject({ code: 'client-limited' });
    expect(callOnce('2')).toBeTypeOf('function');
  });

  it('keeps clients apart', () => {
    const { tryEnter } = limiter();
    for (let call = 0; call < 3; call++) tryEnter('a');
    expect(tryEnter('a')).toMatchObject({ code: 'client-limited' });
    expect(tryEnter('b')).toBeTypeOf('function');
    const once = { ...LIMITS, clientCallsPerMinute: 1 };
    const entered = tryEnter('c', once);
    (entered as () => void)();
    tryEnter('d', once);
    expect(tryEnter('c', once), 'though it was idle when another came').toMatchObject({ code: 'client-limited' });
  });

  it('does not lend calls when the clock goes back', () => {
    const { clock, tryEnter } = limiter();
    clock.now -= 3_600_000;
    const left = Array.from({ length: 70 }, () => {
      const entered = tryEnter('a');
      if (typeof entered === 'function') entered();
      return typeof entered === 'function';
    });
    expect(left.filter((through) => through)).toHaveLength(60);
  });
});
