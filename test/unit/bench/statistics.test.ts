import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, pairedRatio, percentile, summarise } from '../../../bench/harness/statistics.ts';

const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('the median', () => {
  it('is the middle value, or the mean of the middle two, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 10, 2])).toBe(3);
  });

  it('has as many values above it as below', () => {
    fc.assert(
      fc.property(values, (list) => {
        const middle = median(list);
        const [below, above] = [list.filter((value) => value < middle), list.filter((value) => value > middle)];
        expect(Math.max(below.length, above.length)).toBeLessThanOrEqual(list.length / 2);
      }),
    );
  });

  it('of no values is refused', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  it('is a value that so large a share of the values does not exceed', () => {
    const list = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(list, 0.5)).toBe(50);
    expect(percentile(list, 0.99)).toBe(99);
    expect(percentile([7], 0.01)).toBe(7);
  });
});

describe('a summary', () => {
  it('tells how far the repetitions lie apart as a share of the median', () => {
    expect(summarise([90, 100, 130])).toEqual({ min: 90, median: 100, max: 130, spread: 0.4 });
  });
});

describe('the ratio of two contenders', () => {
  it('is not moved by what slows both of a round down', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1 }), (slowness) => {
        const fast = slowness.map((share) => 700 * share);
        const slow = slowness.map((share) => 200 * share);
        expect(pairedRatio(fast, slow).median).toBeCloseTo(3.5);
      }),
    );
  });

  it('is refused where rounds are missing', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow('Rounds do not pair up: 2 beside 1');
  });
});
