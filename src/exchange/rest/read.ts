import { SpeanError } from '../../model/errors.ts';
import type { Caller, ExchangeRequest } from '../../model/exchange.ts';
import { readExchange } from './headers.ts';
import { mayHaveBody, readRequestBody } from './request-body.ts';
import { callerThrough, type ServiceUrl } from './service-url.ts';

/** Longest path and query, characters: a security server's own limit is 8 KiB for all headers with them. */
export const TARGET_CHARACTERS = 8 * 1024;

/**
 * Hears a REST call as a security server sends it (contract 1), its URL taken apart. Path, query and body are kept
 * exactly as they came; whether the secret in the path is the right one, `access` decides. `requestBytes` is the largest
 * body taken.
 *
 * Throws SpeanError `client-missing`, `header-malformed`, `target-too-long`, `body-too-large`, `body-malformed` or
 * `media-type-unsupported`. Cookies are not looked at: the security server shares them among consumers (contract 1.5).
 */
export async function hear(
  request: Request,
  url: ServiceUrl,
  caller: Caller,
  requestBytes: number,
): Promise<ExchangeRequest> {
  const { adapter, path, query } = url;
  const { method } = request;
  const known = { method, adapter, path, query, body: NO_BODY, caller: callerThrough(url, caller) };
  const exchange = readExchange(request.headers, known);
  if (path.length + query.length > TARGET_CHARACTERS) {
    throw new SpeanError('target-too-long', {
      detail: `Path and query have more than ${TARGET_CHARACTERS} characters`,
    });
  }
  return mayHaveBody(method) ? { ...exchange, body: await readRequestBody(request, requestBytes) } : exchange;
}

const NO_BODY = new Uint8Array();
