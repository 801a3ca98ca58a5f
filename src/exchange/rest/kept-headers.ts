import { NOT_CALLED } from '../../model/errors.ts';
import type { KeptMark } from '../../model/legacy.ts';

/** What this cache is called in `Cache-Status`. */
const CACHE_NAME = 'spean';

/**
 * The headers of an answer that was made from a kept legacy answer: `Age` (RFC 9111, 5.1) and `Cache-Status` (RFC 9211,
 * 2). A last good copy has a `ttl` below zero, and `detail` names what became of the call; `fwd=stale` says that there
 * was one, `hit` that there was none.
 */
export function keptHeaders({ ageSeconds, ttlSeconds, after }: KeptMark): (readonly [string, string])[] {
  const reason = after === undefined || NOT_CALLED.has(after) ? 'hit' : 'fwd=stale';
  const detail = after === undefined ? '' : `; detail=${after}`;
  return [
    ['Age', String(ageSeconds)],
    ['Cache-Status', `${CACHE_NAME}; ${reason}; ttl=${ttlSeconds}${detail}`],
  ];
}
