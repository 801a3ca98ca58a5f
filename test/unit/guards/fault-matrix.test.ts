/** Every fault of a legacy system × every format × read and write: what the consumer gets, and that nothing is doubled. */
import { describe, expect, it } from 'vitest';
import { FORMATS, GOOD_ANSWER, goodReply } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';
import { type Expectation, FAULT_LIMITS, FAULTS, type WriteOutcome } from './faults.ts';

const matrix = FAULTS.flatMap(({ name, behave, expected, but }) =>
  FORMATS.map((format) => [name, format, behave, { ...expected, ...but?.[format] } as Expectation] as const),
);

describe('a read', () => {
  it.each(matrix)('of a legacy system with the fault "%s" (%s)', async (_, format, behave, expected) => {
    const { behave: behaveAs, breaker, read, platform } = await guardedApp({ limits: FAULT_LIMITS });
    behaveAs(behave);
    const first = await read(format);
    const { status, calls, src } = first;
    expect({ problem: first.body.code, status, calls, src }).toEqual({
      problem: expected.problem,
      status: expected.status,
      calls: expected.calls,
      src: expected.src,
    });
    const isOpen = expected.failed && expected.calls >= FAULT_LIMITS.breakerFailures;
    expect(await breaker(format)).toBe(isOpen ? 'open' : 'closed');

    const second = await read(format);
    expect(await breaker(format)).toBe(expected.failed ? 'open' : 'closed');
    if (isOpen) {
      expect([second.body.code, second.status, second.calls]).toEqual(['legacy-unavailable', 503, 0]);
      expect(second.headers.get('retry-after')).toMatch(/^\d+$/);
    } else expect(second.body.code).toBe(expected.problem);

    await platform.pass(FAULT_LIMITS.breakerOpenMs);
    behaveAs(goodReply);
    const third = await read(format);
    expect([third.status, third.body, await breaker(format)]).toEqual([200, GOOD_ANSWER, 'closed']);
    expect(platform.timers()).toBe(0);
  });
});

const REPEATS: Record<WriteOutcome, (problem: string) => unknown> = {
  'not done': () => ({ status: 201, calls: 1, body: GOOD_ANSWER }),
  unknown: () => ({ status: 409, calls: 0, body: { code: 'outcome-unknown' } }),
  known: (code) => ({ status: 502, calls: 0, body: { code } }),
};

describe('a write', () => {
  it.each(matrix)('is sent once to a legacy system with the fault "%s" (%s)', async (_, format, behave, expected) => {
    const { behave: behaveAs, write } = await guardedApp({ limits: FAULT_LIMITS });
    behaveAs(behave);
    const { status, calls, body, src } = await write(format, 'key-1');
    expect({ problem: body.code, status, calls, src }).toEqual({
      problem: expected.problem,
      status: expected.status,
      calls: 1,
      src: expected.src.slice(-1),
    });
    behaveAs(goodReply);
    expect(await write(format, 'key-1')).toMatchObject(REPEATS[expected.write](expected.problem) as object);
    expect(await write(format, 'key-2')).toMatchObject({ status: 201, calls: 1, body: GOOD_ANSWER });
  });
});
