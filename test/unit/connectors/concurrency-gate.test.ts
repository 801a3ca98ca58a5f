import { describe, expect, it } from 'vitest';
import { ConcurrencyGate, type Lease } from '../../../src/connectors/http/concurrency-gate.ts';
import { fakePlatform } from '../../support/fake-platform.ts';

const limits = { legacyConcurrentCalls: 2, legacyQueuedCalls: 2, legacyQueueMs: 1_000 };

function setUp() {
  const platform = fakePlatform({});
  const gate = new ConcurrencyGate(platform);
  const deadline = platform.now() + 50_000;
  const events: string[] = [];
  const enter = (name: string, until = deadline): Promise<Lease | undefined> =>
    Promise.resolve(gate.enter(limits, until)).then(
      (lease) => {
        events.push(`${name} in`);
        return lease;
      },
      (error) => {
        events.push(`${name} ${error.code} ${error.headers['Retry-After']}`);
        return undefined;
      },
    );
  return { platform, gate, deadline, events, enter };
}

describe('ConcurrencyGate', () => {
  it('lets calls in without waiting while there is room', () => {
    const { gate, deadline } = setUp();
    const lease = gate.enter(limits, deadline);
    expect(lease).not.toBeInstanceOf(Promise);
    gate.leave(lease as Lease);
    expect(gate.running).toBe(0);
  });

  it('lets waiting calls in as others leave, in the order in which they came', async () => {
    const { platform, gate, deadline, events, enter } = setUp();
    const [first, second] = [gate.enter(limits, deadline) as Lease, gate.enter(limits, deadline) as Lease];
    enter('third');
    enter('fourth');
    await platform.pass(1);
    expect([events, gate.running, gate.queued]).toEqual([[], 2, 2]);
    gate.leave(first);
    gate.leave(second);
    await platform.pass(1);
    expect([events, gate.running, gate.queued]).toEqual([['third in', 'fourth in'], 2, 0]);
    expect(platform.timers()).toBe(0);
  });

  it('refuses a call when the queue is full, and one whose wait is over', async () => {
    const { platform, gate, deadline, events, enter } = setUp();
    gate.enter(limits, deadline);
    gate.enter(limits, deadline);
    enter('patient');
    enter('short of time', platform.now() + 300);
    expect(() => gate.enter(limits, deadline)).toThrow(expect.objectContaining({ code: 'legacy-busy', status: 503 }));
    await platform.pass(300);
    expect(events).toEqual(['short of time legacy-busy 5']);
    await platform.pass(700);
    expect(events).toEqual(['short of time legacy-busy 5', 'patient legacy-busy 5']);
    expect(gate.queued).toBe(0);
  });

  it('gets the places of cancelled requests back when their time is over', async () => {
    const { platform, gate, deadline, events, enter } = setUp();
    gate.enter(limits, platform.now() + 500);
    gate.enter(limits, platform.now() + 500);
    await platform.pass(500);
    expect(gate.running).toBe(0);
    await enter('next');
    expect([events, gate.running]).toEqual([['next in'], 1]);
    expect(deadline).toBeGreaterThan(platform.now());
  });

  it('gives a place that a cancelled waiter never takes up to somebody else soon', async () => {
    const { platform, gate, deadline, events, enter } = setUp();
    const [first] = [gate.enter(limits, deadline) as Lease, gate.enter(limits, deadline)];
    const lost = gate.enter(limits, deadline) as Promise<Lease>;
    lost.then(
      () => new Promise(() => undefined),
      () => undefined,
    );
    gate.leave(first);
    // The waiter's continuation runs here, so its lease is given back by hand to stand for one that never ran.
    const lease = await lost;
    lease.until = platform.now() + 1_000;
    await platform.pass(1_000);
    await enter('next');
    expect(events).toEqual(['next in']);
  });

  it('holds never more calls than its bound, whatever comes and goes', async () => {
    const { platform, gate, deadline } = setUp();
    let inside = 0;
    let most = 0;
    const call = async (ms: number) => {
      const lease = await gate.enter({ ...limits, legacyQueuedCalls: 50 }, deadline);
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => platform.after(ms, resolve));
      inside--;
      gate.leave(lease);
    };
    const calls = Array.from({ length: 40 }, (_, index) => call((index * 7) % 23).catch(() => undefined));
    await platform.pass(5_000);
    await Promise.all(calls);
    expect([most, inside, gate.running, gate.queued]).toEqual([2, 0, 0, 0]);
  });
});
