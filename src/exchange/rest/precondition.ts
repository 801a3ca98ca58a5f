import { SpeanError } from '../../model/errors.ts';
import type { ExchangeRequest } from '../../model/exchange.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Throws SpeanError `precondition-failed` for a precondition that cannot be known to hold (RFC 9110, 13.1.1 and 13.1.2):
 * no answer has an entity tag, so `If-Match` names none that is current, and whether something exists only the legacy
 * system knows. A write that were carried out all the same could overwrite what its consumer meant to protect.
 *
 * The others have no effect: `If-None-Match` with tags holds, and dates and ranges are ignored where there is no date to
 * compare and no part to give (13.1.3, 13.1.4, 14.2).
 */
export function requirePreconditions({ method, ifMatch, ifNoneMatch }: ExchangeRequest): void {
  const safe = SAFE_METHODS.has(method);
  if (ifMatch !== undefined && !(safe && ifMatch.trim() === '*')) throw unmet('If-Match');
  if (!safe && ifNoneMatch?.trim() === '*') throw unmet('If-None-Match');
}

function unmet(header: string): SpeanError {
  return new SpeanError('precondition-failed', {
    detail: `${header} cannot be checked, as answers here have no entity tags: send the request without it`,
  });
}
