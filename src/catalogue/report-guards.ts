import type { Report } from '../model/contracts.ts';
import type { AdapterDefinition, Auth, FormatName, OpeningHours, OperationDefinition } from '../model/definition.ts';
import { createOpeningClock } from '../model/opening-clock.ts';

/** Reports what cannot be meant in the guards of an adapter's endpoints. */
export function reportEndpointGuards({ legacy }: AdapterDefinition, report: Report): void {
  for (const [name, { hours, auth, format }] of Object.entries(legacy)) {
    if (hours !== undefined) reportHours(hours, (message) => report(`legacy.${name}.hours`, message));
    if (auth !== undefined) reportAuth(auth, format, (place, message) => report(`legacy.${name}.${place}`, message));
  }
}

function reportHours(hours: OpeningHours, report: (message: string) => void): void {
  try {
    createOpeningClock(hours);
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
  }
}

function reportAuth(auth: Auth, format: FormatName, report: Report): void {
  if (auth.scheme === 'usernameToken' && format !== 'soap') {
    report('auth', 'A UsernameToken stands in a SOAP header: this endpoint is not called by SOAP');
  }
  if (auth.scheme !== 'session') return;
  const { form, json, minutes, loggedOut } = auth;
  if ((form === undefined) === (json === undefined)) report('auth', 'A log-in posts exactly one of "form" and "json"');
  if (minutes !== undefined && !(minutes > 0)) report('auth.minutes', 'A session is used for more than 0 minutes');
  if (loggedOut?.page?.startsWith('/') === false) {
    report('auth.loggedOut.page', 'The log-in page is a path, and starts with a slash');
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
