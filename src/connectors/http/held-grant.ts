import type { Platform } from '../../model/platform.ts';
import type { HeaderLines } from './call.ts';
import type { PresentContext } from './credentials.ts';
import { noCredentials } from './no-credentials.ts';

/** What was fetched to be shown with calls: a token, or the cookies of a session. */
export interface Grant {
  readonly lines: HeaderLines;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

interface Fetching {
  readonly grant: Promise<Grant>;
  /** Nobody waits for it any longer than this, milliseconds since the epoch. */
  readonly until: number;
}

/**
 * A grant that is fetched once for all calls that ask meanwhile, and kept until it expires. Whoever waits for another
 * call's fetch waits with a clock of its own: workerd drops a request whose client has gone, and its fetch with it, so
 * that the promise of it may never settle.
 */
export class HeldGrant {
  readonly #fetch: (context: PresentContext) => Promise<Grant>;
  readonly #platform: Pick<Platform, 'now' | 'after'>;
  #held: Grant | undefined;
  #fetching: Fetching | undefined;

  constructor(fetch: (context: PresentContext) => Promise<Grant>, platform: Pick<Platform, 'now' | 'after'>) {
    this.#fetch = fetch;
    this.#platform = platform;
  }

  /** Throws what the fetch throws, and SpeanError `legacy-credentials-refused` where it does not end in time. */
  present(context: PresentContext): HeaderLines | Promise<HeaderLines> {
    const held = this.#held;
    return held !== undefined && this.#platform.now() < held.until ? held.lines : this.#obtain(context);
  }

  forget(presented: HeaderLines): void {
    if (this.#held?.lines === presented) this.#held = undefined;
  }

  async #obtain(context: PresentContext): Promise<HeaderLines> {
    const now = this.#platform.now();
    const others = this.#fetching;
    if (others === undefined || now >= others.until) return this.#fetchAnew(context, now);
    const grant = await this.#within(Math.min(others.until, context.deadline) - now, others.grant);
    if (grant !== undefined) return grant.lines;
    if (this.#platform.now() >= context.deadline) throw noCredentials('They did not come in time');
    return this.present(context);
  }

  async #fetchAnew(context: PresentContext, now: number): Promise<HeaderLines> {
    const until = Math.min(context.deadline, now + context.limits.credentialsMs);
    const fetching = { grant: this.#fetch({ ...context, deadline: until }), until };
    this.#fetching = fetching;
    try {
      this.#held = await fetching.grant;
      return this.#held.lines;
    } finally {
      if (this.#fetching === fetching) this.#fetching = undefined;
    }
  }

  /** What the promise gives within so many milliseconds. */
  async #within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
    const cancel = this.#platform.after(ms, () => resolve(undefined));
    try {
      return await Promise.race([promise, tooLate]);
    } finally {
      cancel();
    }
  }
}
