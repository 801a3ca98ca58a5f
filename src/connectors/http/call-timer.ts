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
  #request: Request | undefined;

  /** Runs for `ms` milliseconds from now. */
  constructor(after: Platform['after'], ms: number) {
    this.#after = after;
    this.#ms = ms;
    this.#cancel = after(ms, this.#abort);
  }

  /**
   * Gives the request this timer's signal, and holds it until the call has ended: Node's Request passes an abort on by a
   * weak reference to itself, so that one that has been collected would let its answer run on for ever.
   */
  sign(url: string, init: RequestInit): Request {
    this.#request = new Request(url, { ...init, signal: this.#controller.signal });
    return this.#request;
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
    this.#request = undefined;
  }

  readonly #abort = (): void => {
    this.#controller.abort();
  };
}
