import type { CacheRule } from '../../model/definition.ts';
import { type ErrorCode, SpeanError } from '../../model/errors.ts';
import type { KeptMark, LegacyMessage } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import { callHttp, type HeaderLines, type LegacyCall, type LiveCall, type SendContext } from './call.ts';
import type { CallOutcome } from './circuit-breaker.ts';
import type { Verdict } from './credentials.ts';
import type { EndpointGuards } from './legacy-guards.ts';
import { asRefusal, faultNames, isOutage, outcomeOf } from './outcome.ts';
import type { KeptReply } from './reply-cache.ts';
import { isPassing, mayPass, waitBefore } from './retry.ts';

export interface GuardedContext {
  readonly guards: EndpointGuards;
  readonly limits: AdapterLimits;
  /** When the request was heard, milliseconds since the epoch: the time budget counts from there. */
  readonly heardAt: number;
  /** The operation changes nothing, so the call may be repeated. */
  readonly safe: boolean;
  /** Present where answers may be kept: for how long, and what tells this call from others. */
  readonly cache: { readonly rule: CacheRule; readonly key: string } | undefined;
  /** The message anew, for another attempt: a nonce in it serves once. */
  readonly encodeAnew: () => LegacyMessage | Promise<LegacyMessage>;
  /** Takes every answer of the legacy operation in its order, for the statement. */
  readonly answered: (call: AnsweredCall) => void;
}

/** A legacy answer, new or kept. */
export interface AnsweredCall extends LegacyCall {
  /** Present where the answer was kept from an earlier call. */
  readonly kept?: KeptMark;
}

/** Reads an answer to what the operation wants of it; throws where it cannot. */
export type ReadAnswer<T> = (call: AnsweredCall) => Promise<T>;

/**
 * Calls a legacy endpoint as its guards allow: a kept answer first, then opening hours, breaker, a place in the queue,
 * and attempts within one time budget. Reading the answer is part of the call: it holds its place until then, and what
 * comes of it is the breaker's to know.
 *
 * Throws what `read` throws, and SpeanError `legacy-closed`, `legacy-unavailable` and `legacy-busy` (nothing was
 * sent), `legacy-credentials-refused`, `legacy-timeout`, `legacy-unreachable`, `legacy-unexpected` for a redirect.
 */
export function callGuarded<T>(message: LegacyMessage, context: GuardedContext, read: ReadAnswer<T>): Promise<T> {
  const { cache, guards } = context;
  const kept = cache && guards.cache.get(cache.key);
  if (cache === undefined || kept === undefined) return callLive(message, context, read);
  return callBehindCache(message, context, read, kept, cache.rule);
}

async function callBehindCache<T>(
  message: LegacyMessage,
  context: GuardedContext,
  read: ReadAnswer<T>,
  kept: KeptReply,
  rule: CacheRule,
): Promise<T> {
  const { answered, guards } = context;
  const { now } = guards.platform;
  const give = (after?: ErrorCode): Promise<T> => {
    const call = keptCall(kept, rule, now(), after);
    answered(call);
    return read(call);
  };
  if (now() < kept.at + rule.seconds * 1000) return give();
  try {
    return await callLive(message, context, read);
  } catch (error) {
    const goodUntil = kept.at + (rule.lastGoodSeconds ?? 0) * 1000;
    if (!isOutage(error) || now() >= goodUntil) throw error;
    return give(error.code);
  }
}

async function callLive<T>(message: LegacyMessage, context: GuardedContext, read: ReadAnswer<T>): Promise<T> {
  const { guards, limits, heardAt } = context;
  const now = guards.platform.now();
  const deadline = heardAt + limits.timeBudgetMs;
  requireOpen(guards.untilOpenMs(now));
  guards.breaker.check(now);
  const entering = guards.gate.enter(limits, deadline);
  const lease = entering instanceof Promise ? await entering : entering;
  try {
    return await attempt(message, { context, deadline, number: 1, renewed: false }, read);
  } finally {
    guards.gate.leave(lease);
  }
}

function requireOpen(untilOpenMs: number): void {
  if (untilOpenMs === 0) return;
  throw new SpeanError('legacy-closed', {
    detail: 'The legacy system takes calls at its opening hours only: Retry-After says when it opens',
    headers: { 'Retry-After': String(Math.ceil(untilOpenMs / 1000)) },
  });
}

interface Attempt {
  readonly context: GuardedContext;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** From 1. */
  readonly number: number;
  /** The credentials have been asked for anew on this call's account. */
  readonly renewed: boolean;
}

async function attempt<T>(message: LegacyMessage, current: Attempt, read: ReadAnswer<T>): Promise<T> {
  const { context, deadline } = current;
  const { guards, limits } = context;
  const { now } = guards.platform;
  const settle = guards.breaker.begin(limits, now(), deadline);
  let call: LiveCall;
  let presented: HeaderLines;
  try {
    const presenting = guards.credentials.present({ deadline, limits });
    presented = presenting instanceof Promise ? await presenting : presenting;
    call = await callHttp(message, sendContext(current, presented));
  } catch (error) {
    settle(outcomeOf(error), now());
    return againAfter(error, current, read);
  }
  context.answered(call);
  const answer: Answered = { call, presented, settle };
  const verdict = guards.credentials.judge(call, []);
  if (mayRenew(verdict, current)) return renew(answer, current, read);
  const { status } = call.reply;
  if (mayPass(status)) {
    const retryAfter = call.headers.get('retry-after') ?? undefined;
    const wait = isPassing(status, retryAfter) ? waitForNext(retryAfter, current) : undefined;
    if (wait !== undefined) {
      settle(status === 429 ? 'answered' : 'failed', now());
      if (guards.breaker.state(now()) === 'closed') {
        await call.end();
        return again(wait, { ...current, number: current.number + 1 }, read);
      }
    }
  }
  return readAnswer(answer, verdict, current, read);
}

/** An answer that has just come, what was shown with the call, and where its outcome is told. */
interface Answered {
  readonly call: LiveCall;
  readonly presented: HeaderLines;
  readonly settle: (outcome: CallOutcome, at: number) => void;
}

/** Once for each call, and only where the call has done nothing or may be repeated. */
function mayRenew(verdict: Verdict, { renewed, context }: Attempt): boolean {
  return !renewed && (verdict === 'refused' || (verdict === 'doubtful' && context.safe));
}

/** The call anew with new credentials. What becomes of that is the breaker's to know: an account can be locked. */
async function renew<T>({ call, presented, settle }: Answered, current: Attempt, read: ReadAnswer<T>): Promise<T> {
  const { credentials, platform } = current.context.guards;
  settle('unknown', platform.now());
  await call.end();
  credentials.forget(presented);
  return again(0, { ...current, renewed: true }, read);
}

/** Another attempt where nothing, or only the beginning of an answer came; else throws the error. */
async function againAfter<T>(error: unknown, current: Attempt, read: ReadAnswer<T>): Promise<T> {
  const { breaker, platform } = current.context.guards;
  const wait = isUnreachable(error) ? waitForNext(undefined, current) : undefined;
  if (wait === undefined || breaker.state(platform.now()) !== 'closed') throw error;
  return again(wait, { ...current, number: current.number + 1 }, read);
}

/** How long to wait before the next attempt, milliseconds; undefined where there is none. */
function waitForNext(retryAfter: string | undefined, { number, deadline, context }: Attempt): number | undefined {
  const { safe, limits, guards } = context;
  if (!safe || number >= limits.attempts) return undefined;
  const wait = waitBefore(number + 1, retryAfter, guards.platform);
  return guards.platform.now() + wait < deadline ? wait : undefined;
}

async function again<T>(waitMs: number, next: Attempt, read: ReadAnswer<T>): Promise<T> {
  const { guards, encodeAnew } = next.context;
  if (waitMs > 0) await new Promise<void>((resolve) => guards.platform.after(waitMs, resolve));
  return attempt(await encodeAnew(), next, read);
}

async function readAnswer<T>(answer: Answered, verdict: Verdict, current: Attempt, read: ReadAnswer<T>): Promise<T> {
  const { call, presented, settle } = answer;
  const { credentials, platform } = current.context.guards;
  try {
    if (call.isRedirect) throw redirected(call.reply.status);
    const value = await read(call);
    settle('answered', platform.now());
    if (current.context.cache !== undefined) await keep(call, current.context);
    return value;
  } catch (cause) {
    const told = verdict === 'taken' ? credentials.judge(call, faultNames(cause)) : verdict;
    if (told !== verdict && mayRenew(told, current)) return renew(answer, current, read);
    if (told !== 'taken') credentials.forget(presented);
    const error = asRefusal(cause, told === 'refused');
    settle(outcomeOf(error), platform.now());
    if (isDeclared(error)) await keep(call, current.context);
    return againAfter(error, current, read);
  } finally {
    const ending = call.end();
    if (ending !== undefined) await ending;
  }
}

function redirected(status: number): SpeanError {
  return new SpeanError('legacy-unexpected', {
    detail: `The legacy system answered with a redirect (HTTP ${status}): redirects are not followed, declare the final address`,
  });
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SpeanError && error.code === 'legacy-unreachable';
}

/** The legacy system answered as it should, if only that there is no such thing. */
function isDeclared(error: unknown): boolean {
  return error instanceof SpeanError && (error.declared || error.code === 'not-found');
}

function sendContext({ context, deadline }: Attempt, credentials: HeaderLines): SendContext {
  const { guards, limits, cache } = context;
  const { endpoint, url, platform } = guards;
  const keepBytes = cache === undefined ? 0 : guards.cache.limits.entryBytes;
  return { endpoint, url, platform, credentials, limits, deadline, keepBytes };
}

/** Only whole answers are kept, and no error statuses. */
async function keep(call: LiveCall, { cache, guards }: GuardedContext): Promise<void> {
  const { status, contentType } = call.reply;
  const bytes = cache && status >= 200 && status < 300 ? call.whole() : undefined;
  if (cache === undefined || bytes === undefined) return;
  guards.cache.put(cache.key, { status, contentType, bytes, read: await call.measure(), at: call.at });
}

function keptCall(kept: KeptReply, rule: CacheRule, now: number, after: ErrorCode | undefined): AnsweredCall {
  const { status, contentType, bytes, read, at } = kept;
  const ageSeconds = Math.floor((now - at) / 1000);
  return {
    reply: {
      status,
      contentType,
      body: {
        bytes: async () => bytes,
        async *chunks() {
          yield bytes;
        },
      },
    },
    at,
    measure: async () => read,
    kept: { ageSeconds, ttlSeconds: rule.seconds - ageSeconds, ...(after === undefined ? {} : { after }) },
  };
}
