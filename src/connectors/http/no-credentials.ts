import { SpeanError } from '../../model/errors.ts';

/**
 * The error for credentials that were not to be had. It is never `legacy-timeout` or `legacy-unreachable`: those leave
 * open what became of a write, and here the legacy operation was not called. `why` is told to the consumer, so it quotes
 * nothing that was sent or answered.
 */
export function noCredentials(why: string, cause?: unknown): SpeanError {
  return new SpeanError('legacy-credentials-refused', {
    detail: `The credentials for the legacy system could not be fetched. ${why}`,
    cause,
  });
}
