import type { Shell } from '../shell.ts';
import { ApiError } from './api-error.ts';

/** As much of fetch() as the management API needs, so that a client with its own trusted certificates fits too. */
export type Send = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Uint8Array<ArrayBuffer>;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<Response>;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** The whole address. */
  readonly url: string;
  /** The value of the header `Authorization`. */
  readonly authorization: string;
  /** JSON, or the bytes of a file. */
  readonly body?: object | Uint8Array<ArrayBuffer>;
}

export interface Patience {
  /** How long one request may take: the security server itself may wait 30 s to connect to a description and 30 s to read it (contract 3.1). */
  readonly requestMs: number;
  /** How long all waits for one request's turn may take: the longest limit counts a minute (contract 7). */
  readonly rateLimitMs: number;
}

export const DEFAULT_PATIENCE: Patience = { requestMs: 90_000, rateLimitMs: 120_000 };

/** The first wait when the security server does not say how long; each next one is twice as long. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const TOO_MANY_REQUESTS = 429;

/**
 * Sends a request, and again when the security server says that there were too many: after Retry-After (RFC 9110,
 * 10.2.3) or else after waits that double. Throws ApiError when it does not answer, or has no time within the patience.
 */
export async function sendPatiently(
  request: ApiRequest,
  send: Send,
  { now, sleep, note }: Pick<Shell, 'now' | 'sleep' | 'note'>,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<Response> {
  let waitedMs = 0;
  for (let attempt = 0; ; attempt += 1) {
    const response = await sendOnce(request, send, patience.requestMs);
    if (response.status !== TOO_MANY_REQUESTS) return response;
    const waitMs = retryAfterMs(response.headers.get('retry-after'), now()) ?? backOffMs(attempt);
    if (waitedMs + waitMs > patience.rateLimitMs) {
      throw new ApiError('too_many_requests', [`asked to wait ${seconds(waitMs)}, waited ${seconds(waitedMs)}`]);
    }
    note(`The security server has had too many requests: going on in ${seconds(waitMs)}`);
    await sleep(waitMs);
    waitedMs += waitMs;
  }
}

async function sendOnce({ method, url, authorization, body }: ApiRequest, send: Send, requestMs: number) {
  const headers = { Authorization: authorization, Accept: 'application/json' };
  const init = {
    method,
    ...(body === undefined
      ? { headers }
      : { headers: { ...headers, 'Content-Type': contentType(body) }, body: encode(body) }),
    // The key must not travel on to wherever an answer points
    redirect: 'manual' as const,
    signal: AbortSignal.timeout(requestMs),
  };
  try {
    return await send(url, init);
  } catch (error) {
    throw noAnswer(error, new URL(url).origin, requestMs);
  }
}

function contentType(body: object): string {
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
}

function encode(body: object | Uint8Array<ArrayBuffer>): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? body : JSON.stringify(body);
}

/** Node's fetch says "fetch failed" and has the reason in the cause. */
function noAnswer(error: unknown, origin: string, requestMs: number): ApiError {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return new ApiError('no_answer', [`${origin} for ${seconds(requestMs)}`]);
  const reason = (cause ?? error) as NodeJS.ErrnoException;
  return new ApiError(isTlsCode(reason.code) ? 'tls_not_trusted' : 'not_reachable', [
    `${origin}: ${reason.code ?? reason.message ?? message}`,
  ]);
}

function isTlsCode(code: string | undefined): boolean {
  return /CERT|SIGNATURE|_SSL_|TLS/.test(code ?? '');
}

function backOffMs(attempt: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

/** Seconds or a date; undefined where there is neither. */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function seconds(durationMs: number): string {
  return `${Math.ceil(durationMs / 1000)} s`;
}
