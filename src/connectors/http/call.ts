import type { Endpoint } from '../../model/definition.ts';
import type { LegacyMessage, LegacyReply } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform } from '../../model/platform.ts';
import { CallTimer } from './call-timer.ts';
import { type ReadBytes, ReplyBody } from './reply-body.ts';
import { transportError } from './transport-error.ts';

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** Where one call goes and what it may cost. */
export interface SendContext {
  readonly endpoint: Pick<Endpoint, 'headers'>;
  /** The endpoint's URL, as the deployment sets it. */
  readonly url: string;
  /** What the adapter shows itself with. */
  readonly credentials: HeaderLines;
  readonly platform: Platform;
  readonly limits: Pick<AdapterLimits, 'firstByteMs' | 'legacyBytes' | 'streamedBytes'>;
  /** When the request's time budget is used up, milliseconds since the epoch. */
  readonly deadline: number;
  /** An answer of at most so many bytes is kept whole for the cache. */
  readonly keepBytes: number;
}

/** A legacy call that has been answered: its reply to decode, and what the statement says of it. */
export interface LegacyCall {
  readonly reply: LegacyReply;
  /** When the answer's headers came, milliseconds since the epoch. */
  readonly at: number;
  /** What was read of the answer; ends the call where nobody wanted its body. */
  measure(): Promise<ReadBytes>;
}

/** An answer that has just come. */
export interface LiveCall extends LegacyCall {
  readonly isRedirect: boolean;
  readonly headers: Headers;
  /** The whole answer where it was read to its end and is small enough to be kept. */
  whole(): Uint8Array<ArrayBuffer> | undefined;
  /** Ends the call: what has not been read will not be. A promise only where there is something to wait for. */
  end(): Promise<void> | undefined;
}

/**
 * One HTTP call of a legacy endpoint. Only the endpoint's own address is called: the path is appended to the declared
 * URL, redirects are not followed (they would lead credentials and personal data elsewhere). Compression is not asked
 * for, so that the digest is over the bytes that the legacy system wrote.
 *
 * Throws SpeanError `legacy-timeout` when the time for the first byte or the time budget is used up, and
 * `legacy-unreachable` when there is no answer; reading the body throws the same.
 */
export async function callHttp(message: LegacyMessage, context: SendContext): Promise<LiveCall> {
  const { platform, limits, deadline } = context;
  const now = platform.now();
  const left = Math.max(0, deadline - now);
  const timer = new CallTimer(platform, Math.min(left, limits.firstByteMs), now);
  try {
    const response = await answerOf(message, context, timer);
    const at = platform.now();
    timer.extend(Math.max(0, deadline - at), at);
    return new AnsweredHttpCall(response, at, new ReplyBody(response, context, timer));
  } catch (cause) {
    timer.stop();
    throw transportError(cause, timer);
  }
}

class AnsweredHttpCall implements LiveCall {
  readonly reply: LegacyReply;
  readonly at: number;
  readonly isRedirect: boolean;
  readonly headers: Headers;
  readonly #body: ReplyBody;

  constructor({ status, type, headers }: Response, at: number, body: ReplyBody) {
    this.reply = { status, contentType: headers.get('content-type') ?? undefined, body };
    this.at = at;
    this.isRedirect = type === 'opaqueredirect' || REDIRECTS.has(status);
    this.headers = headers;
    this.#body = body;
  }

  measure(): Promise<ReadBytes> {
    return this.#body.measure();
  }

  whole(): Uint8Array<ArrayBuffer> | undefined {
    return this.#body.whole();
  }

  end(): Promise<void> | undefined {
    return this.#body.end();
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function answerOf(message: LegacyMessage, context: SendContext, timer: CallTimer): Promise<Response> {
  const url = targetUrl(context.url, message);
  const init: RequestInit = {
    method: message.method,
    headers: headersOf(message, context),
    redirect: 'manual',
    body: (message.body as BodyInit | undefined) ?? null,
  };
  const { fetch, fetchUrl } = context.platform;
  return timer.within(fetchUrl === undefined ? fetch(timer.sign(url, init)) : fetchUrl(url, init));
}

/** The endpoint's URL, one slash, the call's path, the query: the declared origin is never left. */
export function targetUrl(base: string, { path: appended, query: parameters }: LegacyMessage): string {
  const path = appended === '' ? '' : `${base.endsWith('/') ? '' : '/'}${appended.replace(/^\//, '')}`;
  const query = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const address = `${base}${path}`;
  if (query === '') return address;
  return `${address}${address.includes('?') ? '&' : '?'}${query}`;
}

interface MadeHeaders extends Pick<SendContext, 'endpoint' | 'credentials'> {
  readonly headers: Headers;
}

/** By the list that a message brings: most formats bring the very same with each, and the runtime copies what is made. */
const made = new WeakMap<HeaderLines, MadeHeaders>();

function headersOf(message: LegacyMessage, { endpoint, credentials }: SendContext): Headers {
  const known = made.get(message.headers);
  if (known?.endpoint === endpoint && known.credentials === credentials) return known.headers;
  const headers = new Headers(headerRecord(message, endpoint, credentials));
  made.set(message.headers, { endpoint, credentials, headers });
  return headers;
}

/** Later ones take the place of earlier ones of the same name. */
function headerRecord(
  message: LegacyMessage,
  endpoint: SendContext['endpoint'],
  credentials: HeaderLines,
): Record<string, string> {
  const all: Record<string, string> = Object.create(null); // `__proto__` is a name like any other
  all['accept-encoding'] = 'identity';
  for (const [name, value] of Object.entries(endpoint.headers ?? {})) all[name.toLowerCase()] = value;
  for (const [name, value] of message.headers) all[name.toLowerCase()] = value;
  for (const [name, value] of credentials) all[name.toLowerCase()] = value;
  return all;
}
