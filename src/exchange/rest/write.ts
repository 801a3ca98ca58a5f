import type { SealedAnswer } from '../../model/evidence.ts';
import { isTransactionId } from './headers.ts';
import { codedError, PROBLEM_TYPE, problemDocument } from './problem.ts';

/**
 * Headers that an answer must not carry: a security server would pass them on to the consumer or, for Set-Cookie,
 * replay them in the calls of other consumers (contract 1.4, 1.5); the rest belong to the connection (RFC 9110, 7.6.1)
 * or are the runtime's to set. No content coding: the bytes answered are the bytes that X-Road signs.
 */
const NEVER_SENT = new Set([
  'set-cookie',
  'server',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
]);

/** Statuses whose response has no content (RFC 9110, 6.4.1). */
const WITHOUT_CONTENT = new Set([204, 205, 304]);

/**
 * The HTTP response for an answer; for HEAD the one to GET without its body. Headers that must not reach the security
 * server are left out, and the response tells every intermediary to leave its bytes alone.
 */
export function speak(answer: SealedAnswer, method: string): Response {
  // as a record, which the runtime takes in one call
  const headers: Record<string, string> = Object.create(null); // `__proto__` is a name like any other
  for (const [given, value] of answer.headers) {
    const name = given.toLowerCase();
    if (mayBeSent(name)) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  headers['cache-control'] = untransformed(headers['cache-control']);
  headers['x-content-type-options'] = 'nosniff';
  const bare = method === 'HEAD' || WITHOUT_CONTENT.has(answer.status);
  return new Response(bare ? null : answer.body, {
    status: answer.status,
    headers,
  });
}

/** The answer to OPTIONS, given the methods that a path offers as `Allow` lists them. Not a statement, so not sealed. */
export function speakOptions(allow: string): Response {
  return speak({ status: 204, headers: [['Allow', `${allow}, OPTIONS`]], body: null }, 'OPTIONS');
}

/**
 * The problem for a request that was not even heard: without a client there is nobody to address a statement to.
 * `requestId` is as it came, so it is repeated only where it is well-formed.
 */
export function speakProblem(error: unknown, method: string, requestId?: string): Response {
  const coded = codedError(error);
  const known = requestId !== undefined && isTransactionId(requestId) ? requestId : undefined;
  const body = new TextEncoder().encode(JSON.stringify(problemDocument(coded, known)));
  const headers = [...Object.entries(coded.headers), ['Content-Type', PROBLEM_TYPE] as const];
  return speak({ status: coded.status, headers, body }, method);
}

/** `name` in lower case. */
function mayBeSent(name: string): boolean {
  return !name.startsWith('x-road-') && !NEVER_SENT.has(name);
}

/** Cloudflare compresses JSON unless it is told not to transform it. */
function untransformed(cacheControl = 'no-store'): string {
  return /\bno-transform\b/i.test(cacheControl) ? cacheControl : `${cacheControl}, no-transform`;
}
