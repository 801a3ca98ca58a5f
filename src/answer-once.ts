import type { OperationCall } from './catalogue/look-up.ts';
import { digestOf } from './envelope/digest.ts';
import type { Answer } from './envelope/seal.ts';
import type { OperationDefinition } from './model/definition.ts';
import { type ErrorCode, LegacyFaultError, NOT_CARRIED_OUT, SpeanError } from './model/errors.ts';
import type { SourceEvidence } from './model/evidence.ts';
import type { IdempotencyStore, StoredAnswer } from './model/idempotency.ts';
import { canonicalJson, type JsonObject, type JsonValue } from './model/json.ts';

/** A write that must not happen twice, by the key that its operation declares. */
export interface KeyedWrite {
  /** Client, service and operation: keys of different owners have nothing to do with each other. */
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly runsUntil: number;
  readonly keptUntil: number;
}

/** Behind the time budget, a write is surely over; milliseconds. */
const RUNNING_MARGIN_MS = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** While a write is under way, its repeat is told to come back after so many seconds. */
const RUNNING_RETRY_SECONDS = 5;

/**
 * The key of a call and the digest of its request, for an operation that declares an idempotency key. `body` is the
 * request's content, so that signing a repeat anew does not make it another request; on behalf of another party it
 * is another.
 *
 * Throws SpeanError `idempotency-key-missing`.
 */
export async function keyedWrite(
  { request, operation, pathParameters }: OperationCall,
  source: NonNullable<OperationDefinition['idempotencyKey']>,
  service: string,
  body: JsonValue | undefined,
  now: number,
): Promise<KeyedWrite> {
  const key =
    source === 'X-Road-Request-Id'
      ? request.transactionId
      : source === 'Idempotency-Key'
        ? request.idempotencyKey
        : inputText(source.input, pathParameters, body);
  if (key === undefined) {
    throw new SpeanError('idempotency-key-missing', {
      detail: 'This operation takes each write once: send the header Idempotency-Key, the same for every repeat',
    });
  }
  const { method, path, query, representedParty } = request;
  const party = representedParty === undefined ? '' : `\n${representedParty}`;
  const written = `${method} ${path}${query}\n${canonicalJson(body ?? null)}${party}`;
  return {
    owner: JSON.stringify([...request.clientParts, service, operation.name]),
    key,
    fingerprint: await digestOf(new TextEncoder().encode(written)),
    runsUntil: now + operation.limits.timeBudgetMs + RUNNING_MARGIN_MS,
    keptUntil: now + operation.limits.idempotencyDays * DAY_MS,
  };
}

/** The catalogue has seen to it that the input is there and is a single value. */
function inputText(name: string, path: Readonly<Record<string, string>>, body: JsonValue | undefined): string {
  return path[name] ?? String((body as JsonObject | undefined)?.[name]);
}

/** An answer with the legacy calls that it was made from. */
export interface OnceAnswer {
  readonly answer: Answer;
  /** Present where the answer was given before: the calls of that time. */
  readonly repeated?: readonly SourceEvidence[];
}

/** How a write is carried out; a failure is explained as a problem only where its outcome is known by that. */
export interface WriteSteps {
  readonly carryOut: () => Promise<Answer>;
  readonly explain: (error: unknown) => Answer;
  /** The first answer as it stands in this exchange: a problem names the exchange that it is answered in. */
  readonly again: (first: Answer) => Answer;
  /** Evidence of the legacy calls made so far. */
  readonly sources: () => Promise<readonly SourceEvidence[]>;
}

/**
 * Carries a write out unless its key has been seen: then it gives the first answer again, and never calls the legacy
 * system. What is claimed but not settled when the process dies is told as an unknown outcome afterwards.
 *
 * Throws what `carryOut` throws, and SpeanError `idempotency-key-reused`, `request-running`, `outcome-unknown`.
 */
export async function answerOnce(write: KeyedWrite, store: IdempotencyStore, steps: WriteSteps): Promise<OnceAnswer> {
  const { owner, key, fingerprint, runsUntil, keptUntil } = write;
  const claim = await store.claim(owner, key, { fingerprint, runsUntil, keptUntil });
  if (claim.state === 'answered')
    return { answer: steps.again(restored(claim.answer)), repeated: claim.answer.sources };
  if (claim.state !== 'claimed') throw refusal(claim.state);
  // what is known is told also where it cannot be kept: a repeat then hears that the outcome is not known
  const settle = async (answer: Answer): Promise<void> => {
    const kept = await stored(answer, steps);
    await store.settle(owner, key, kept).catch(() => store.abandon(owner, key).catch(() => undefined));
  };
  let answer: Answer;
  try {
    answer = await steps.carryOut();
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome === 'not-done') await store.release(owner, key);
    else if (outcome === 'unknown') await store.abandon(owner, key);
    else await settle(steps.explain(error));
    throw error;
  }
  await settle(answer);
  return { answer };
}

async function stored({ status, headers, body, problem }: Answer, { sources }: WriteSteps): Promise<StoredAnswer> {
  const json: string | undefined = body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);
  return { status, headers, json, problem, sources: await sources() };
}

/** The same bytes again; a problem as its value, since it names the exchange. */
function restored({ status, headers, json, problem }: StoredAnswer): Answer {
  const body = json === undefined ? undefined : problem ? JSON.parse(json) : new TextEncoder().encode(json);
  return { status, headers, body, problem };
}

const UNKNOWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['legacy-unreachable', 'legacy-timeout', 'adapter-failed']);

/**
 * Whether a failed write was carried out. A connection that breaks tells nothing, and neither does a 5xx without a
 * fault, which may come from a proxy in between; a 4xx says that the request was not carried out (RFC 9110, 15.5). A
 * fault, a value that means an error, and an answer that cannot be read are outcomes: the legacy system has dealt with
 * the request, and a repeat must not make it do so again.
 */
function outcomeOf(error: unknown): 'not-done' | 'unknown' | 'known' {
  if (!(error instanceof SpeanError) || UNKNOWN.has(error.code)) return 'unknown';
  if (NOT_CARRIED_OUT.has(error.code)) return 'not-done';
  const { cause } = error;
  if (!(cause instanceof LegacyFaultError) || cause.facts.names.length > 0) return 'known';
  return cause.facts.httpStatus >= 500 ? 'unknown' : 'not-done';
}

function refusal(state: 'running' | 'unknown' | 'conflict'): SpeanError {
  switch (state) {
    case 'conflict':
      return new SpeanError('idempotency-key-reused', {
        detail: 'This key came with another request before: a repeat has the same path, body and represented party',
      });
    case 'running':
      return new SpeanError('request-running', {
        detail: 'The first request with this key is still being answered',
        headers: { 'Retry-After': String(RUNNING_RETRY_SECONDS) },
      });
    case 'unknown':
      return new SpeanError('outcome-unknown', {
        detail:
          'The first request with this key was sent to the legacy system, and no answer came. Ask the provider whether it was carried out, before sending it again under a new key',
      });
  }
}
