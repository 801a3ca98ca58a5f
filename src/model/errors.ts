import type { JsonObject } from './json.ts';
import { describePlace, type Place } from './place.ts';
import type { SourceDocument, SourceRecord } from './source.ts';

/** Who has to act: the consumer, the adapter's integrator, the legacy system's owner, or whoever runs the network between. */
export type ErrorOwner = 'caller' | 'adapter' | 'legacy' | 'network';

interface ErrorRow {
  /** HTTP status (RFC 9110) of the problem document. */
  readonly status: number;
  readonly owner: ErrorOwner;
  /** The problem's `title` (RFC 9457, 3.1.3): the same for every occurrence. */
  readonly title: string;
}

/** Every error that the adapter can answer with. A new error is one row here; the compiler leads from there. */
export const ERRORS = {
  'client-missing': { status: 400, owner: 'caller', title: 'X-Road-Client header missing' },
  'header-malformed': { status: 400, owner: 'caller', title: 'X-Road header malformed' },
  'path-unknown': { status: 404, owner: 'caller', title: 'No such path' },
  'method-not-allowed': { status: 405, owner: 'caller', title: 'Method not offered here' },
  'target-too-long': { status: 414, owner: 'caller', title: 'Path and query too long' },
  'not-acceptable': { status: 406, owner: 'caller', title: 'No offered representation is acceptable' },
  'input-invalid': { status: 400, owner: 'caller', title: 'Input invalid' },
  'precondition-failed': { status: 412, owner: 'caller', title: 'Precondition cannot be checked' },
  'body-malformed': { status: 400, owner: 'caller', title: 'Request body malformed' },
  'media-type-unsupported': { status: 415, owner: 'caller', title: 'Media type not supported' },
  'body-too-large': { status: 413, owner: 'caller', title: 'Request body too large' },
  'request-unsigned': { status: 400, owner: 'caller', title: 'Signed request required' },
  'request-signature-invalid': { status: 400, owner: 'caller', title: 'Signed request not verified' },
  'request-replayed': { status: 409, owner: 'caller', title: 'Signed request received before' },
  'server-unrecognised': { status: 403, owner: 'network', title: 'Not called by the security server' },
  'client-refused': { status: 403, owner: 'caller', title: 'Client not allowed' },
  'idempotency-key-missing': { status: 400, owner: 'caller', title: 'Idempotency key missing' },
  'idempotency-key-reused': { status: 409, owner: 'caller', title: 'Idempotency key used for another request' },
  'request-running': { status: 409, owner: 'caller', title: 'The same request is being answered' },
  'outcome-unknown': { status: 409, owner: 'legacy', title: 'Whether the request was carried out is not known' },
  'client-limited': { status: 429, owner: 'caller', title: 'Too many calls' },
  'not-found': { status: 404, owner: 'caller', title: 'Not found' },
  'legacy-fault': { status: 502, owner: 'legacy', title: 'The legacy system reported a fault' },
  'legacy-malformed': { status: 502, owner: 'legacy', title: 'The legacy system answered a malformed document' },
  'legacy-unexpected': { status: 502, owner: 'legacy', title: 'The legacy system answered something unexpected' },
  'legacy-value-invalid': {
    status: 502,
    owner: 'legacy',
    title: 'The legacy system answered a value that is not as declared',
  },
  'legacy-too-large': { status: 502, owner: 'legacy', title: 'The legacy system answered more than the adapter takes' },
  'answer-too-large': { status: 502, owner: 'legacy', title: 'The answer is larger than the security server takes' },
  'legacy-unreachable': { status: 502, owner: 'network', title: 'The legacy system could not be reached' },
  'legacy-timeout': { status: 504, owner: 'legacy', title: 'The legacy system took too long' },
  'legacy-busy': { status: 503, owner: 'legacy', title: 'The legacy system has no room for this call' },
  'legacy-unavailable': { status: 503, owner: 'legacy', title: 'The legacy system has failed and is left alone' },
  'legacy-closed': { status: 503, owner: 'legacy', title: 'The legacy system is closed at this hour' },
  'legacy-credentials-refused': {
    status: 502,
    owner: 'adapter',
    title: 'The adapter has no credentials that the legacy system takes',
  },
  'signer-failed': { status: 503, owner: 'adapter', title: 'The answer could not be signed' },
  'adapter-failed': { status: 500, owner: 'adapter', title: 'The adapter failed' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** Ends in which the legacy operation was surely not called. */
export const NOT_CALLED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'legacy-busy',
  'legacy-unavailable',
  'legacy-closed',
]);

/** Ends in which it was surely not carried out: a write may be sent again. */
export const NOT_CARRIED_OUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...NOT_CALLED,
  'legacy-credentials-refused',
]);

/** One thing that is wrong with an input or a legacy value. */
export interface Issue {
  /** The public name of the field, dotted from the root: `directors.2.since`. */
  readonly field?: string;
  /** Where the value stands in the legacy document. */
  readonly place?: Place;
  /** What was expected, and what stood there where that may be told. */
  readonly message: string;
}

/** What a problem says beyond its code's row. Nothing here may hold a secret, a personal value or a stack trace. */
export interface ErrorFacts {
  /** The problem's `detail`: this occurrence, in words that help its owner. */
  readonly detail?: string | undefined;
  /** The problem's `title` and status where an adapter declares its own, such as 404 for a fault. */
  readonly title?: string | undefined;
  readonly status?: number;
  readonly owner?: ErrorOwner;
  readonly issues?: readonly Issue[];
  /** The adapter declares this outcome: the legacy system has answered as it should. */
  readonly declared?: true;
  /** What a declared problem tells in a typed form: the problem's member `details`. */
  readonly details?: JsonObject | undefined;
  /** Response headers that the status demands, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only: what went wrong inside. */
  readonly cause?: unknown;
}

/** An error with a stable code; one handler turns it into a problem document. */
export class SpeanError extends Error {
  override readonly name = 'SpeanError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly owner: ErrorOwner;
  readonly title: string;
  readonly detail: string | undefined;
  readonly declared: boolean;
  readonly issues: readonly Issue[];
  readonly details: JsonObject | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    super(facts.detail ?? facts.title ?? ERRORS[code].title, { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? ERRORS[code].status;
    this.owner = facts.owner ?? ERRORS[code].owner;
    this.title = facts.title ?? ERRORS[code].title;
    this.detail = facts.detail;
    this.declared = facts.declared ?? false;
    this.issues = facts.issues ?? [];
    this.details = facts.details;
    this.headers = facts.headers ?? {};
  }
}

/** Why a document could not be read: it breaks its syntax, its bytes are not of its charset, or it is beyond a limit. */
export type DocumentFailure = 'malformed' | 'undecodable' | 'limit';

/**
 * A document that is refused, with its place. The readers of `syntax/` and `formats/` throw it without knowing whose
 * document it is; the stage that called them turns it into a coded error. The message never quotes the document's
 * text content, which may be personal; names of elements and columns may stand in it.
 */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly failure: DocumentFailure;
  readonly place: Place;

  constructor(failure: DocumentFailure, message: string, place: Place = {}) {
    const where = describePlace(place);
    super(where === '' ? message : `${message} (${where})`);
    this.failure = failure;
    this.place = place;
  }
}

/** What a legacy system said went wrong: a SOAP fault or an HTTP status that is no answer. */
export interface FaultFacts {
  readonly httpStatus: number;
  /** Fault code and subcodes without prefix, and the local names of the fault's detail elements. */
  readonly names: readonly string[];
  /** The detail that a problem rule reads, where the fault has it. */
  readonly detail?: FaultDetail | undefined;
}

/** One element of a fault's detail, its positions read as a rule's fields ask. */
export interface FaultDetail {
  readonly name: string;
  readonly record: SourceRecord;
  readonly document: SourceDocument;
}

/** Thrown while decoding; the mapping turns it into the problem that the adapter declares, or into `legacy-fault`. */
export class LegacyFaultError extends Error {
  override readonly name = 'LegacyFaultError';
  readonly facts: FaultFacts;

  constructor(facts: FaultFacts) {
    super(`The legacy system reported a fault: HTTP ${facts.httpStatus} ${facts.names.join(' ')}`.trim());
    this.facts = facts;
  }
}
