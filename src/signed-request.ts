import type { OperationCall } from './catalogue/look-up.ts';
import { readRequestEnvelope } from './envelope/request-envelope.ts';
import { EVIDENCE_HEADER } from './envelope/seal.ts';
import { Refusal } from './envelope/verify-reason.ts';
import { readJsonBody } from './exchange/rest/input.ts';
import { SpeanError } from './model/errors.ts';
import type { ExchangeRequest } from './model/exchange.ts';
import type { JsonValue } from './model/json.ts';
import type { ReplayStore } from './model/replay.ts';
import type { ClientKeys } from './model/settings.ts';

/** A request's body, and the digest of the consumer's signing input where it signed its request. */
export interface RequestContent {
  readonly body: JsonValue | undefined;
  readonly jws?: string;
}

/** What signed requests are judged by. */
export interface RequestTrust {
  readonly clientKeys: ReadonlyMap<string, ClientKeys>;
  readonly replayStore: ReplayStore | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Reads a request's body, out of the consumer's envelope where it signed its request: the envelope is the body itself,
 * or stands in the header `X-Evidence-JWS` beside it. Whether it may or must, the operation says.
 *
 * Throws SpeanError `request-unsigned`, `request-signature-invalid` with the verifier's reason, `request-replayed`, and
 * what reading a body throws.
 */
export async function readRequestContent(
  { request, operation }: OperationCall,
  service: string,
  trust: RequestTrust,
): Promise<RequestContent> {
  const policy = operation.definition.signedRequest;
  const inBody = isEnvelope(request.contentType);
  const envelope = inBody ? request.body : request.signature;
  if (policy === undefined || envelope === undefined) {
    if (policy === 'required') {
      throw new SpeanError('request-unsigned', {
        detail: `This operation takes signed requests only: as application/jose+json or application/jose, or with the header ${EVIDENCE_HEADER}`,
      });
    }
    return plainContent({ request, operation });
  }
  const { claims, digest } = await verify(envelope, request, service, trust, inBody ? undefined : request.body);
  const plain = inBody ? claims.data : undefined;
  return { body: operation.inBody && !inBody ? readJsonBody(request) : plain, jws: digest };
}

/** The content of a request to an operation that takes no signed ones. Throws what reading a body throws. */
export function plainContent({ request, operation }: Pick<OperationCall, 'request' | 'operation'>): RequestContent {
  return { body: operation.inBody ? readJsonBody(request) : undefined };
}

function isEnvelope(contentType: string | undefined): boolean {
  return /^application\/jose(\+json)?\s*(;|$)/i.test(contentType ?? '');
}

async function verify(
  envelope: string | Uint8Array,
  request: ExchangeRequest,
  service: string,
  { clientKeys, replayStore, now }: RequestTrust,
  body: Uint8Array | undefined,
) {
  const keys = clientKeys.get(request.client);
  if (keys === undefined || replayStore === undefined) {
    throw new SpeanError('request-signature-invalid', { detail: 'No keys of this client are known here' });
  }
  const { client, method } = request;
  const received = { client, service, method, target: request.path + request.query, ...(body && { body }) };
  const signed = await readRequestEnvelope(envelope, { keys, received, now: now() }).catch(refuse);
  const seen = await replayStore.remember(client, signed.claims.jti, signed.rememberUntil);
  if (seen === 'new') return signed;
  throw new SpeanError('request-replayed', { detail: 'A request with this jti has been received before' });
}

function refuse(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  throw new SpeanError('request-signature-invalid', { detail: `${error.reason}: ${error.message}` });
}
