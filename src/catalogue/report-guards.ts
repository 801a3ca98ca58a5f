import type { Report } from '../model/contracts.ts';
import type { AdapterDefinition, OperationDefinition } from '../model/definition.ts';
import { createOpeningClock } from '../model/opening-clock.ts';

/** Reports what cannot be meant in the guards of an adapter's endpoints. */
export function reportEndpointGuards({ legacy }: AdapterDefinition, report: Report): void {
  for (const [name, { hours }] of Object.entries(legacy)) {
    if (hours === undefined) continue;
    try {
      createOpeningClock(hours);
    } catch (error) {
      report(`legacy.${name}.hours`, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Reports a lifetime of answers that cannot be meant; `safe` says whether the operation changes nothing. */
export function reportCacheRule({ cache }: OperationDefinition, safe: boolean, report: Report): void {
  if (cache === undefined) return;
  if (!safe) report('cache', 'Answers are kept of safe operations only: a write has to reach the legacy system');
  for (const [name, value] of Object.entries(cache)) {
    if (!Number.isSafeInteger(value) || value <= 0) report(`cache.${name}`, 'A lifetime is a whole number of seconds');
  }
  if (cache.lastGoodSeconds !== undefined && cache.lastGoodSeconds <= cache.seconds) {
    report('cache.lastGoodSeconds', 'A last good answer is older than the lifetime: expected more than "seconds"');
  }
}
