import type { Platform } from '../../src/model/platform.ts';
import { nodePlatform } from '../../src/platform/node.ts';

interface Timer {
  readonly at: number;
  readonly act: () => void;
}

/** A platform whose clock stands still until it is told to go on; its random bytes are all the same. */
export interface FakePlatform extends Platform {
  /** Lets so much time pass, milliseconds: timers act in their order, and what they set going runs between them. */
  pass(ms: number): Promise<void>;
  /** Lets time pass, from timer to timer and only while nothing else goes on, until the work is done; gives its result. */
  finish<T>(work: Promise<T> | T): Promise<T>;
  /** Timers that have not acted and were not called off. */
  readonly timers: () => number;
}

export interface FakePlatformOptions {
  readonly fetch?: Platform['fetch'];
  /** Milliseconds since the epoch. */
  readonly start?: number;
  /** What each random byte is. */
  readonly randomByte?: number;
}

export function fakePlatform({ fetch, start = 1_800_000_000_000, randomByte = 0 }: FakePlatformOptions): FakePlatform {
  let now = start;
  const timers = new Set<Timer>();
  const platform = nodePlatform({
    now: () => now,
    after: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: (bytes) => bytes.fill(randomByte),
    ...(fetch && { fetch }),
  });
  const actUntil = async (end: number): Promise<void> => {
    await settle();
    for (let next = firstDue(timers, end); next !== undefined; next = firstDue(timers, end)) {
      timers.delete(next);
      now = next.at;
      next.act();
      await settle();
    }
  };
  return {
    ...platform,
    timers: () => timers.size,
    pass: async (ms) => {
      const end = now + ms;
      await actUntil(end);
      now = end;
    },
    finish: async (work) => {
      let done = false;
      const ended = Promise.resolve(work).finally(() => {
        done = true;
      });
      ended.catch(() => undefined);
      while (!done) {
        await idle();
        const next = done ? undefined : firstDue(timers, Number.POSITIVE_INFINITY);
        if (next !== undefined) await actUntil(next.at);
      }
      return ended;
    },
  };
}

/** Hashing and signing are done by threads of Node's own: a turn of the event loop is not enough for them. */
const IDLE_MS = 1;

function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, IDLE_MS));
}

function firstDue(timers: ReadonlySet<Timer>, end: number): Timer | undefined {
  return [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
}

/** Lets promises that wait for nothing but each other run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
