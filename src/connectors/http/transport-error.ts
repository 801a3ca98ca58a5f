import { SpeanError } from '../../model/errors.ts';
import type { CallTimer } from './call-timer.ts';

/** What the transport throws, as an error with a code: the call's time was up, or there was no answer. */
export function transportError(cause: unknown, { expiredMs }: Pick<CallTimer, 'expiredMs'>): SpeanError {
  if (cause instanceof SpeanError) return cause;
  if (expiredMs !== undefined) {
    return new SpeanError('legacy-timeout', {
      detail: `The legacy system did not answer completely within the ${expiredMs} ms that were left for it`,
      cause,
    });
  }
  return new SpeanError('legacy-unreachable', { detail: 'No complete answer came from the legacy system', cause });
}
