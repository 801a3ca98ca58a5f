import type { Platform } from '../../model/platform.ts';

/**
 * The time that a legacy call has, first until its answer begins, then until it ends. When the time is up the signal
 * aborts the call itself, so that the legacy system is not kept busy for nobody. One timer serves both, as setting one
 * is a call into the runtime: when it rings early it is set again.
 */
export class CallTimer {
  readonly #controller = new AbortController();
  readonly #platform: Pick<Platform, 'after' | 'now'>;
  #cancel: () => void;
  #ms: number;
  /** Milliseconds since the epoch. */
  #until: number;
  #request: Request | undefined;

  /** Runs for `ms` milliseconds from `now`, milliseconds since the epoch. */
  constructor(platform: Pick<Platform, 'after' | 'now'>, ms: number, now: number) {
    this.#platform = platform;
    this.#ms = ms;
    this.#until = now + ms;
    this.#cancel = platform.after(ms, () => this.#ring());
  }

  /** What aborts the call when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Holds the request until the call has ended: Node's Request passes an abort on by a weak reference to itself, so that
   * one that has been collected would let its answer run on for ever.
   */
  hold(request: Request): Request {
    this.#request = request;
    return this.#request;
  }

  /** How long the call was given, milliseconds, where that time is up; undefined where it is not. */
  get expiredMs(): number | undefined {
    return this.#controller.signal.aborted ? this.#ms : undefined;
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
    if (left > 0) this.#cancel = this.#platform.after(left, () => this.#ring());
    else this.#controller.abort();
  }
}
