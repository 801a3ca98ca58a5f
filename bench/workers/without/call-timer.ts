/** Takes the place of `src/connectors/http/call-timer.ts`: a call has all the time in the world. */
const NEVER = new AbortController().signal;

export class CallTimer {
  readonly signal = NEVER;
  readonly expiredMs = undefined;
  restart(): void {}
  stop(): void {}
}
