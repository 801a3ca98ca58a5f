import type { Platform } from '../../model/platform.ts';

/**
 * The time that a legacy call has, first until its answer begins, then until it ends. When the time is up the signal
 * aborts the call itself, so that the legacy system is not kept busy for nobody.
 */
export class CallTimer {
  readonly #controller = new AbortController();
  readonly #after: Platform['after'];
  #cancel: () => void;
  #ms: number;

  /** Runs for `ms` milliseconds from now. */
  constructor(after: Platform['after'], ms: number) {
    this.#after = after;
    this.#ms = ms;
    this.#cancel = after(ms, this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How long the call was given, milliseconds, where that time is up; undefined where it is not. */
  get expiredMs(): number | undefined {
    return this.#controller.signal.aborted ? this.#ms : undefined;
  }

  /** Gives `ms` milliseconds from now. */
  restart(ms: number): void {
    this.#cancel();
    this.#ms = ms;
    this.#cancel = this.#after(ms, this.#abort);
  }

  stop(): void {
    this.#cancel();
  }

  readonly #abort = (): void => {
    this.#controller.abort();
  };
}
