import { SpeanError } from '../model/errors.ts';
import type { AdmittedRequest, Caller, ExchangeRequest } from '../model/exchange.ts';
import type { SecurityServerMarks } from '../model/settings.ts';
import { equalInConstantTime } from './equal-in-constant-time.ts';

/**
 * Lets a request in whose caller is our security server. Throws SpeanError `server-unrecognised`, which does not tell
 * which mark failed. Where no mark is configured everyone is let in; settings refuse that in production.
 */
export function admit(request: ExchangeRequest, marks: SecurityServerMarks): AdmittedRequest {
  recognise(request.caller, marks);
  return request as AdmittedRequest;
}

/** The same for what the security server fetches outside of exchanges: descriptions and keys. */
export function recognise(caller: Caller, marks: SecurityServerMarks): void {
  const recognised =
    among(caller.address, marks.addresses) &&
    among(caller.certificate, marks.certificates) &&
    (marks.pathSecret === undefined || equalInConstantTime(caller.pathSecret ?? '', marks.pathSecret));
  if (!recognised) {
    throw new SpeanError('server-unrecognised', {
      detail: 'The request did not come from the security server that this adapter stands behind',
    });
  }
}

function among(value: string | undefined, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}
