/** Takes the place of `src/connectors/http/call-timer.ts`: a call has all the time in the world. */
import type { CallTimer as Shipped } from '../../../src/connectors/http/call-timer.ts';

export class CallTimer implements Pick<Shipped, keyof Shipped> {
  readonly expiredMs = undefined;
  readonly signal = null as unknown as AbortSignal;
  hold(request: Request): Request {
    return request;
  }
  extend(): void {}
  stop(): void {}
}
