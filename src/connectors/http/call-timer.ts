import type { Platform } from '../../model/platform.ts';

/**
 * The time that a legacy call has, first until its answer begins, then until it ends. When the time is up the call ends,
 * so that the legacy system is not kept busy for nobody: by the signal that it was given, or else nobody waits for it any
 * longer, and the runtime ends it with the exchange. One timer serves both, as setting one is a call into the runtime:
 * when it rings early it is set again.
 */
export class CallTimer {
  readonly #platform: Pick<Platform, 'after' | 'now'>;
  #cancel: () => void;
  #ms: number;
  /** Milliseconds since the epoch. */
  #until: number;
  #expired = false;
  #giveUp: ((reason: Error) => void) | undefined;
  #controller: AbortController | undefined;
  #request: Request | undefined;

  /** Runs for `ms` milliseconds from `now`, milliseconds since the epoch. */
  constructor(platform: Pick<Platform, 'after' | 'now'>, ms: number, now: number) {
    this.#platform = platform;
    this.#ms = ms;
    this.#until = now + ms;
    this.#cancel = platform.after(ms, () => this.#ring());
  }

  /** What the promise gives, or a rejection when the time is up before; the signal sees to that where there is one. */
  within<T>(pending: Promise<T>): Promise<T> {
    if (this.#controller !== undefined) return pending;
    return new Promise((resolve, reject) => {
      if (this.#expired) reject(new Error(TIME_IS_UP));
      this.#giveUp = reject;
      pending.then(resolve, reject);
    });
  }

  /**
   * The call with a signal that aborts it. Held until the call has ended: Node's Request passes an abort on by a weak
   * reference to itself, so that one that has been collected would let its answer run on for ever.
   */
  sign(url: string, init: RequestInit): Request {
    this.#controller = new AbortController();
    this.#request = new Request(url, { ...init, signal: this.#controller.signal });
    return this.#request;
  }

  /** How long the call was given, milliseconds, where that time is up; undefined where it is not. */
  get expiredMs(): number | undefined {
    return this.#expired ? this.#ms : undefined;
  }

  /** Gives `ms` milliseconds from `now`, which is no less than what was left. */
  extend(ms: number, now: number): void {
    this.#ms = ms;
    this.#until = now + ms;
  }

  stop(): void {
    this.#cancel();
    this.#request = undefined;
  }

  #ring(): void {
    const left = this.#until - this.#platform.now();
    if (left > 0) {
      this.#cancel = this.#platform.after(left, () => this.#ring());
      return;
    }
    this.#expired = true;
    this.#controller?.abort();
    this.#giveUp?.(new Error(TIME_IS_UP));
  }
}

const TIME_IS_UP = 'The time of the call is up';
