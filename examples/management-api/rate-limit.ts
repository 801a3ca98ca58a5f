/** Requests that one address may make (contract 7). */
export interface RateLimit {
  readonly perSecond: number;
  readonly perMinute: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { perSecond: 20, perMinute: 600 };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Gives a function that says whether one more request may be made now. */
export function createRateLimiter({ perSecond, perMinute }: RateLimit, now: () => number): () => boolean {
  let times: number[] = [];
  return () => {
    const atMs = now();
    times = times.filter((timeMs) => atMs - timeMs < MINUTE_MS);
    const lastSecond = times.filter((timeMs) => atMs - timeMs < SECOND_MS).length;
    if (lastSecond >= perSecond || times.length >= perMinute) return false;
    times.push(atMs);
    return true;
  };
}
