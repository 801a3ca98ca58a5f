import { describe, expect, it } from 'vitest';
import { exposition } from '../../../src/observe/exposition.ts';
import { Series } from '../../../src/observe/series.ts';

describe('a series', () => {
  it('stops growing: what comes later is counted as other, and nothing is lost', () => {
    const series = new Series(() => 0);
    for (let index = 0; index < 5_000; index++) series.update({ code: `c${index}` }, (value) => value + 1);
    const entries = [...series.entries()];
    expect(entries.length).toBeLessThanOrEqual(2_001);
    expect(entries.find(({ labels }) => labels.code === 'other')?.value).toBe(3_000);
    expect(entries.reduce((sum, { value }) => sum + value, 0)).toBe(5_000);
  });
});

describe('the exposition', () => {
  it('escapes what a label may hold', () => {
    const samples = [{ labels: { path: 'a\\b"c\nd' }, value: 1 }];
    const text = exposition([{ name: 'x', type: 'gauge', help: 'X', samples }]);
    expect(text).toBe('# HELP x X\n# TYPE x gauge\nx{path="a\\\\b\\"c\\nd"} 1\n');
  });
});
