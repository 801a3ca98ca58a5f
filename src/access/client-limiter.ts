import { SpeanError } from '../model/errors.ts';
import type { AdapterLimits } from '../model/limits.ts';

/** So many clients are remembered; beyond it, those that are idle are forgotten, the longest known first. */
const REMEMBERED_CLIENTS = 10_000;
const MINUTE_MS = 60_000;

/** What one client has done with one adapter. */
interface Account {
  /** Calls that it may make at once, a fraction while they grow back. */
  tokens: number;
  /** When `tokens` was right, milliseconds since the epoch. */
  at: number;
  readonly running: Set<Call>;
}

/** A call under way. */
interface Call {
  /** It is over from then on, milliseconds since the epoch, whether it was counted out or not. */
  readonly until: number;
}

/**
 * Keeps one client from taking an adapter away from the others: a token bucket that holds a minute's calls, and a
 * bound on calls at the same time. A call counts until its time budget is over at the most: workerd drops a request whose
 * connection was reset without running its `finally`, and would have it counted for ever. Counts are those of one isolate
 * or process, so at the edge they are a floor, not an exact quota.
 */
export class ClientLimiter {
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();

  /** `now` in milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Counts a call in; what it returns counts it out. `key` is the client's, for one adapter. Throws SpeanError
   * `client-limited` with `Retry-After`.
   */
  enter(
    key: string,
    {
      clientCallsPerMinute,
      clientConcurrentCalls,
      timeBudgetMs,
    }: Pick<AdapterLimits, 'clientCallsPerMinute' | 'clientConcurrentCalls' | 'timeBudgetMs'>,
  ): () => void {
    const now = this.#now();
    const account = this.#accounts.get(key) ?? this.#open(key, now, clientCallsPerMinute);
    const grown = ((now - account.at) / MINUTE_MS) * clientCallsPerMinute;
    account.tokens = Math.min(clientCallsPerMinute, account.tokens + Math.max(0, grown));
    account.at = now;
    if (account.running.size >= clientConcurrentCalls) forgetLost(account, now);
    if (account.running.size >= clientConcurrentCalls) {
      throw limited(`${clientConcurrentCalls} calls of this client are being answered, its limit`, 1);
    }
    if (account.tokens < 1) {
      const seconds = Math.ceil(((1 - account.tokens) * 60) / clientCallsPerMinute);
      throw limited(`This client has made more than ${clientCallsPerMinute} calls a minute, its limit`, seconds);
    }
    account.tokens -= 1;
    const call = { until: now + timeBudgetMs };
    account.running.add(call);
    return () => {
      account.running.delete(call);
    };
  }

  #open(key: string, now: number, tokens: number): Account {
    if (this.#accounts.size >= REMEMBERED_CLIENTS) this.#forgetIdle(now);
    const account = { tokens, at: now, running: new Set<Call>() };
    this.#accounts.set(key, account);
    return account;
  }

  #forgetIdle(now: number): void {
    for (const [key, account] of this.#accounts) {
      forgetLost(account, now);
      if (account.running.size === 0) this.#accounts.delete(key);
      if (this.#accounts.size < REMEMBERED_CLIENTS) return;
    }
  }
}

function forgetLost({ running }: Account, now: number): void {
  for (const call of running) if (call.until <= now) running.delete(call);
}

function limited(detail: string, retryAfterSeconds: number): SpeanError {
  return new SpeanError('client-limited', { detail, headers: { 'Retry-After': String(retryAfterSeconds) } });
}
