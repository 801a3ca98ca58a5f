import { SpeanError } from '../../model/errors.ts';
import type { Caller, ExchangeRequest } from '../../model/exchange.ts';
import { readExchangeHeaders } from './headers.ts';
import { readRequestBody } from './request-body.ts';
import { splitServiceUrl } from './service-url.ts';

/** Longest path and query, characters: a security server's own limit is 8 KiB for all headers with them. */
export const TARGET_CHARACTERS = 8 * 1024;

export interface HearOptions {
  /** The URL's first segment is a secret, before the adapter's name; whether it is the right one, `access` decides. */
  readonly pathSecret: boolean;
  /** Largest request body taken, bytes. */
  readonly requestBytes: number;
}

/**
 * Hears a REST call as a security server sends it (contract 1). Path, query and body are kept exactly as they came.
 * Throws SpeanError `client-missing`, `header-malformed`, `target-too-long`, `body-too-large`, `body-malformed` or
 * `media-type-unsupported`. Cookies are not looked at: the security server shares them among consumers (contract 1.5).
 */
export async function hear(request: Request, caller: Caller, options: HearOptions): Promise<ExchangeRequest> {
  const { pathSecret, adapter, path, query } = splitServiceUrl(request.url, options.pathSecret);
  const headers = readExchangeHeaders(request.headers);
  if (path.length + query.length > TARGET_CHARACTERS) {
    throw new SpeanError('target-too-long', {
      detail: `Path and query have more than ${TARGET_CHARACTERS} characters`,
    });
  }
  const body = await readRequestBody(request, options.requestBytes);
  return {
    ...headers,
    method: request.method,
    adapter,
    path,
    query,
    body,
    caller: { ...caller, ...(pathSecret !== undefined && { pathSecret }) },
  };
}
