import type { ProblemRule } from './definition.ts';
import type { ErrorOwner } from './errors.ts';

/** Who has to act on a declared problem, where the rule does not say: the caller below 500, the legacy system from there on. */
export function ownerOfRule({ owner, status }: ProblemRule): ErrorOwner {
  return owner ?? (status < 500 ? 'caller' : 'legacy');
}
