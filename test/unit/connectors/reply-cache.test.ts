import { describe, expect, it } from 'vitest';
import { type CacheLimits, type KeptReply, ReplyCache } from '../../../src/connectors/http/reply-cache.ts';

const LIMITS: CacheLimits = { entries: 3, bytes: 100, entryBytes: 50 };

const reply = (length: number): KeptReply => ({
  status: 200,
  contentType: 'text/csv',
  bytes: new Uint8Array(length).fill(1),
  read: { length, sha256: new Uint8Array(32), partial: false },
  at: 1,
});

/** A cache with answers of these lengths, put in this order, and which of them are still there. */
function filled(lengths: Readonly<Record<string, number>>, limits: Partial<CacheLimits> = {}) {
  const cache = new ReplyCache({ ...LIMITS, ...limits });
  for (const [key, length] of Object.entries(lengths)) cache.put(key, reply(length));
  return { cache, kept: (...keys: string[]) => keys.filter((key) => cache.get(key) !== undefined) };
}

describe('ReplyCache', () => {
  it('keeps as many answers as it may, and forgets the one that was not used for the longest', () => {
    const { cache, kept } = filled({ a: 1, b: 1, c: 1 });
    expect(cache.get('a')).toEqual(reply(1));
    cache.put('d', reply(1));
    expect(kept('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
  });

  it('keeps as many bytes as it may, keys among them, two for each character', () => {
    expect(filled({ a: 50, b: 46 }).kept('a', 'b')).toEqual(['a', 'b']);
    expect(filled({ a: 50, b: 47 }).kept('a', 'b')).toEqual(['b']);
    expect(filled({ [`${'a'.repeat(27)}`]: 1, b: 43 }).kept('a'.repeat(27), 'b')).toEqual(['a'.repeat(27), 'b']);
    expect(filled({ [`${'a'.repeat(28)}`]: 1, b: 43 }).kept('a'.repeat(28), 'b')).toEqual(['b']);
  });

  it('counts what it has forgotten or replaced no more', () => {
    const { cache, kept } = filled({ a: 40, b: 40 });
    for (let time = 0; time < 5; time++) cache.put('b', reply(40));
    expect(kept('a', 'b')).toEqual(['a', 'b']);
    for (const key of ['c', 'd', 'e']) cache.put(key, reply(40));
    expect(kept('a', 'b', 'c', 'd', 'e')).toEqual(['d', 'e']);
  });

  it('keeps no answer that is too large by itself, nor the one that it took the place of', () => {
    const { cache, kept } = filled({ a: 50, b: 51, c: 10 });
    expect(kept('a', 'b', 'c')).toEqual(['a', 'c']);
    cache.put('c', reply(51));
    expect(kept('a', 'c')).toEqual(['a']);
  });

  it('has a copy of its own, whatever becomes of the buffer', () => {
    const { cache } = filled({});
    const given = reply(2);
    cache.put('a', given);
    given.bytes.fill(9);
    expect([...(cache.get('a')?.bytes ?? [])]).toEqual([1, 1]);
  });
});
