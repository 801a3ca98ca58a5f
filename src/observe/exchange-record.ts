import { type ErrorCode, LegacyFaultError, type SpeanError } from '../model/errors.ts';
import type { SourceEvidence } from '../model/evidence.ts';
import type { ExchangeRequest } from '../model/exchange.ts';
import { issueFacts } from '../model/issue-facts.ts';

/** What is known of an exchange when it has been answered. */
export interface ExchangeFacts {
  readonly request: ExchangeRequest;
  /** The provider's service id: `INSTANCE/CLASS/MEMBER/SUBSYSTEM/serviceCode`. */
  readonly service: string;
  readonly operation: string | undefined;
  /** Milliseconds since the epoch. */
  readonly requestInTs: number;
  readonly responseOutTs: number;
  /** Milliseconds spent in each stage that was reached. */
  readonly stages: Readonly<Record<string, number | undefined>>;
  readonly statusCode: number;
  readonly responseSize: number;
  readonly legacy: readonly SourceEvidence[];
  /** Why a last good copy was answered with, where one was. */
  readonly lastGoodAfter: ErrorCode | undefined;
  readonly error: SpeanError | undefined;
  /** This exchange's span in the caller's trace, 16 hexadecimal digits, where the caller has one. */
  readonly spanId: string | undefined;
}

/**
 * One structured record per exchange, with the field names and units of X-Road's operational monitoring where it has
 * them; a member that is undefined is left out of the log. No bodies, no paths or queries (they hold identifiers of
 * people), no user ids, no legacy texts.
 */
export function exchangeRecord(facts: ExchangeFacts): Readonly<Record<string, unknown>> {
  const { request, error } = facts;
  const { trace } = request;
  const [representedPartyCode, representedPartyClass] = request.representedParty?.split('/').reverse() ?? NO_PARTY;
  const [clientXRoadInstance, clientMemberClass, clientMemberCode, clientSubsystemCode] = request.clientParts;
  const [serviceXRoadInstance, serviceMemberClass, serviceMemberCode, serviceSubsystemCode, serviceCode] =
    facts.service.split('/');
  const record = {
    requestInTs: facts.requestInTs,
    responseOutTs: facts.responseOutTs,
    xRequestId: request.transactionId,
    messageId: request.messageId,
    clientXRoadInstance,
    clientMemberClass,
    clientMemberCode,
    clientSubsystemCode,
    serviceXRoadInstance,
    serviceMemberClass,
    serviceMemberCode,
    serviceSubsystemCode,
    serviceCode,
    representedPartyClass,
    representedPartyCode,
    adapter: request.adapter,
    operation: facts.operation,
    restMethod: request.method,
    requestSize: request.body.byteLength,
    responseSize: facts.responseSize,
    statusCode: facts.statusCode,
    succeeded: facts.statusCode < 400,
    faultCode: error?.code,
    faultOwner: error?.owner,
    faultIssues: error?.issues.length,
    stages: facts.stages,
    legacy: facts.legacy,
    lastGoodAfter: facts.lastGoodAfter,
  };
  if (trace === undefined && error === undefined) return record;
  return {
    ...record,
    ...(error !== undefined && explanation(error)),
    ...(trace !== undefined && { traceId: trace.traceId, spanId: facts.spanId, parentSpanId: trace.parentId }),
  };
}

/** So many issues of one answer, and frames of one stack, are told. */
const MOST_TOLD = 10;
/** A word or a short number, as programs compare them; another fault code may be a sentence or an id, and name a person. */
const NAME_LIKE = /^(?:[A-Za-z_][\w.-]{0,63}|\d{1,5})$/;

/**
 * What the integrator and the legacy system's owner need to mend a failure. A caller has their own mistakes in the
 * problem: those quote the request. An unknown error's message may quote data, so only its kind and stack are told.
 */
function explanation({ code, owner, detail, issues, cause }: SpeanError): Readonly<Record<string, unknown>> {
  if (owner === 'caller') return {};
  return {
    faultDetail: detail,
    faultMessages: issues.length === 0 ? undefined : issues.slice(0, MOST_TOLD).map(issueFacts),
    faultNames:
      cause instanceof LegacyFaultError ? cause.facts.names.filter((name) => NAME_LIKE.test(name)) : undefined,
    faultStack: code === 'adapter-failed' && cause instanceof Error ? stackOf(cause) : undefined,
  };
}

function stackOf({ name, stack = '' }: Error): readonly string[] {
  return [name, ...(stack.match(/(?<=^ +)at .*/gm) ?? []).slice(0, MOST_TOLD)];
}

/** In place of `[CLASS/]CODE`, percent-encoding kept. */
const NO_PARTY: readonly string[] = [];
