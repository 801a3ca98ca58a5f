import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/connectors/http/circuit-breaker.ts';

const limits = { breakerFailures: 3, breakerOpenMs: 30_000 };
const DEADLINE = 50_000;

function fail(breaker: CircuitBreaker, times: number, at = 0): void {
  for (let count = 0; count < times; count++) breaker.begin(limits, at, at + DEADLINE)('failed', at);
}

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and says when to come back', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, 2);
    breaker.begin(limits, 0, DEADLINE)('answered', 0);
    fail(breaker, 2);
    expect(breaker.state(0)).toBe('closed');
    fail(breaker, 1);
    expect(breaker.state(29_999)).toBe('open');
    expect(() => breaker.check(10_500)).toThrow(
      expect.objectContaining({ code: 'legacy-unavailable', status: 503, headers: { 'Retry-After': '20' } }),
    );
  });

  it('lets one call through as a probe when its time is up, and closes when that is answered', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, 3);
    expect(breaker.state(30_000)).toBe('half-open');
    const settle = breaker.begin(limits, 30_000, 80_000);
    expect(() => breaker.begin(limits, 30_001, 80_001)).toThrow(
      expect.objectContaining({ code: 'legacy-unavailable' }),
    );
    settle('answered', 30_100);
    expect(breaker.state(30_100)).toBe('closed');
    fail(breaker, 2, 30_100);
    expect(breaker.state(30_100)).toBe('closed');
  });

  it('opens again at once when the probe fails', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, 3);
    breaker.begin(limits, 30_000, 80_000)('failed', 31_000);
    expect(breaker.state(60_999)).toBe('open');
    expect(breaker.state(61_000)).toBe('half-open');
  });

  it('lets another probe through when the first was not sent after all, or its request was cancelled and never tells', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, 3);
    breaker.begin(limits, 30_000, 80_000)('unknown', 30_001);
    breaker.begin(limits, 30_002, 80_000);
    expect(() => breaker.check(79_999)).toThrow();
    expect(() => breaker.check(80_000)).not.toThrow();
  });

  it('does not count a call twice, nor one that began before it opened', () => {
    const breaker = new CircuitBreaker();
    const early = breaker.begin(limits, 0, DEADLINE);
    const twice = breaker.begin(limits, 0, DEADLINE);
    twice('failed', 0);
    twice('failed', 0);
    twice('failed', 0);
    expect(breaker.state(0)).toBe('closed');
    fail(breaker, 2);
    early('answered', 1);
    expect(breaker.state(1)).toBe('open');
  });

  it('never lets more than one call through between its opening and its next closing', () => {
    const step = fc.record({ wait: fc.nat(20_000), outcome: fc.constantFrom('answered', 'failed', 'unknown', 'lost') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const breaker = new CircuitBreaker();
        let now = 0;
        for (const { wait, outcome } of steps) {
          now += wait;
          const state = breaker.state(now);
          let settle: ReturnType<CircuitBreaker['begin']>;
          try {
            settle = breaker.begin(limits, now, now + 5_000);
          } catch {
            expect(state).not.toBe('closed');
            continue;
          }
          expect(state).not.toBe('open');
          if (state === 'half-open') expect(() => breaker.begin(limits, now, now + 5_000)).toThrow();
          if (outcome !== 'lost') settle(outcome as 'answered' | 'failed' | 'unknown', now);
        }
      }),
      { numRuns: 200 },
    );
  });
});
