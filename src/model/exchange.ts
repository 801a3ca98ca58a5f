import type { TraceContext } from './trace.ts';

/** One call as X-Road sees it, whatever protocol it came by. */
export interface ExchangeRequest {
  /** `X-Road-Client`, byte for byte. */
  readonly client: string;
  /** Its parts, percent-decoded: instance, member class, member code and, mostly, subsystem code. */
  readonly clientParts: readonly string[];
  /** `X-Road-Request-Id`: given by the consumer's security server, unique for each call (contract 1.3). */
  readonly transactionId: string;
  /** `X-Road-Id`: chosen by the consumer, may repeat. */
  readonly messageId?: string;
  readonly userId?: string;
  readonly issue?: string;
  readonly representedParty?: string;
  readonly method: string;
  /** The adapter's name: the first segment of the URL's path behind the path secret. */
  readonly adapter: string;
  /** The path behind the adapter's name and the query with its `?`, both raw: what consumer and adapter see alike. */
  readonly path: string;
  readonly query: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly nonce?: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** `Idempotency-Key`: the consumer's own, the same for every repeat of a write. */
  readonly idempotencyKey?: string;
  /** The consumer's own signed statement about its request, beside a body that is not one itself. */
  readonly signature?: string;
  readonly trace?: TraceContext;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly caller: Caller;
}

/** What the transport tells about who called: never from a header that a caller could write. */
export interface Caller {
  readonly address?: string;
  /** SHA-256 of the TLS client certificate, lower-case hex, when the platform verified one. */
  readonly certificate?: string;
  /** The path's secret segment, where the settings demand one. */
  readonly pathSecret?: string;
}

declare const ADMITTED: unique symbol;

/** A request whose caller may ask. Only `access/` makes one, so that a stage behind it cannot be reached without. */
export type AdmittedRequest = ExchangeRequest & { readonly [ADMITTED]: true };
