import type { Auth, Endpoint, Reference } from '../../model/definition.ts';
import { SpeanError } from '../../model/errors.ts';
import type { LegacyMessage, LegacyReply } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform } from '../../model/platform.ts';
import { type MeasuredBody, measureBody, type ReadBytes } from './reply-body.ts';

export interface CallContext {
  readonly endpoint: Endpoint;
  readonly resolve: (reference: Reference) => string;
  readonly platform: Platform;
  readonly limits: AdapterLimits;
  /** When the request was heard, milliseconds since the epoch: the time budget counts from there. */
  readonly heardAt: number;
}

/** A legacy call that has been answered: its reply to decode, and what the statement says of it. */
export interface LegacyCall {
  readonly reply: LegacyReply;
  /** When the answer's headers came, milliseconds since the epoch. */
  readonly at: number;
  measure(): Promise<ReadBytes>;
}

/**
 * One guarded HTTP call of a legacy endpoint. Only the endpoint's own origin is called: the path is appended to the
 * declared URL, redirects are refused (they would lead credentials and personal data elsewhere). Compression is not
 * asked for, so that the digest is over the bytes that the legacy system wrote.
 *
 * Throws SpeanError `legacy-timeout` when the time budget is used up, `legacy-unreachable` when there is no answer,
 * `legacy-unexpected` for a redirect.
 */
export async function callHttp(message: LegacyMessage, context: CallContext): Promise<LegacyCall> {
  const { endpoint, platform, limits } = context;
  const left = limits.timeBudgetMs - (platform.now() - context.heardAt);
  const timeout = AbortSignal.timeout(Math.max(left, 0));
  const failure = (cause: unknown): SpeanError => transportError(cause, timeout, limits.timeBudgetMs);

  const request = new Request(target(endpoint, message, context.resolve), {
    method: message.method,
    headers: headers(endpoint, message, context.resolve),
    redirect: 'manual',
    signal: timeout,
    ...(message.body === undefined ? {} : { body: message.body as BodyInit }),
  });
  const response = await platform.fetch(request).catch((cause: unknown) => {
    throw failure(cause);
  });
  const at = platform.now();
  if (isRedirect(response)) {
    await response.body?.cancel();
    throw new SpeanError('legacy-unexpected', {
      detail: `The legacy system answered with a redirect (HTTP ${response.status}): redirects are not followed, declare the final address`,
    });
  }
  const body: MeasuredBody = measureBody(response, limits, platform.createHash, failure);
  return {
    reply: { status: response.status, contentType: response.headers.get('content-type') ?? undefined, body },
    at,
    measure: body.measure,
  };
}

function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(response.status);
}

/** The endpoint's URL, one slash, the call's path, the query: the declared origin is never left. */
function target(endpoint: Endpoint, message: LegacyMessage, resolve: CallContext['resolve']): string {
  const base = resolve(endpoint.endpoint);
  const path = message.path === '' ? '' : `${base.endsWith('/') ? '' : '/'}${message.path.replace(/^\//, '')}`;
  const query = message.query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const address = `${base}${path}`;
  if (query === '') return address;
  return `${address}${address.includes('?') ? '&' : '?'}${query}`;
}

function headers(endpoint: Endpoint, message: LegacyMessage, resolve: CallContext['resolve']): Headers {
  const all = new Headers({ 'accept-encoding': 'identity', ...endpoint.headers });
  for (const [name, value] of message.headers) all.set(name, value);
  for (const [name, value] of credentials(endpoint.auth, resolve)) all.set(name, value);
  return all;
}

function credentials(auth: Auth | undefined, resolve: CallContext['resolve']): [string, string][] {
  switch (auth?.scheme) {
    case 'basic':
      return [['authorization', `Basic ${base64(`${resolve(auth.user)}:${resolve(auth.password)}`)}`]];
    case 'bearer':
      return [['authorization', `Bearer ${resolve(auth.token)}`]];
    case 'header':
      return [[auth.header, resolve(auth.value)]];
    default:
      return []; // a UsernameToken stands in the SOAP header, which the format writes
  }
}

/** RFC 7617, 2.1: the user-pass is encoded as UTF-8. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function transportError(cause: unknown, timeout: AbortSignal, budgetMs: number): SpeanError {
  if (timeout.aborted) {
    return new SpeanError('legacy-timeout', {
      detail: `The legacy system did not answer completely within ${budgetMs} ms`,
      cause,
    });
  }
  return new SpeanError('legacy-unreachable', { detail: 'No complete answer came from the legacy system', cause });
}
