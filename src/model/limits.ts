/** Every limit with its unit and its safe default; an adapter or an operation may set its own. */
export interface AdapterLimits {
  /** Largest request body taken, bytes. */
  readonly requestBytes: number;
  /** Largest legacy answer taken as a whole, bytes; row formats that are streamed count against `streamedBytes`. */
  readonly legacyBytes: number;
  /** Largest legacy answer read as a stream of rows, bytes. */
  readonly streamedBytes: number;
  /** Largest answer given, bytes: under the 10 MiB at which a security server's message log refuses (contract 1.6). */
  readonly answerBytes: number;
  /** From hearing the request to the last byte of the legacy answer, milliseconds: shorter than the service's 60 s (contract 1.6). */
  readonly timeBudgetMs: number;
  /**
   * From sending a call to the headers of its answer, for each attempt, milliseconds: connecting is in it, as fetch()
   * does not tell when it has connected.
   */
  readonly firstByteMs: number;
  /** For fetching a token or logging in, milliseconds and bytes of the answer; the time is part of the budget. */
  readonly credentialsMs: number;
  readonly credentialsBytes: number;
  /** Attempts of a call that is declared safe; others are never repeated. */
  readonly attempts: number;
  /** Calls that a legacy endpoint gets at the same time, and calls that wait for their turn, for each isolate or process. */
  readonly legacyConcurrentCalls: number;
  readonly legacyQueuedCalls: number;
  /** How long a call waits for its turn at the most, milliseconds. */
  readonly legacyQueueMs: number;
  /** So many failed calls in a row, and the endpoint is left alone for so long, milliseconds. */
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
  /** Element depth of a legacy XML document. */
  readonly xmlDepth: number;
  readonly xmlElements: number;
  readonly xmlAttributes: number;
  /** Length of a name and of one run of text, characters. */
  readonly xmlNameLength: number;
  readonly xmlTextLength: number;
  /** Parts of a multipart answer, and bytes of one part's headers. */
  readonly multipartParts: number;
  readonly multipartHeaderBytes: number;
  /** Rows of a legacy answer, and bytes of one row. */
  readonly rows: number;
  readonly rowBytes: number;
  /** Most rows in one answer. */
  readonly answerRows: number;
  /** Calls that one client may make in a minute, and at the same time, for each isolate or process. */
  readonly clientCallsPerMinute: number;
  readonly clientConcurrentCalls: number;
  /** How long a write is remembered by its idempotency key, days. */
  readonly idempotencyDays: number;
  /** Most issues listed in one problem. */
  readonly issues: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: AdapterLimits = {
  requestBytes: 1 * MIB,
  legacyBytes: 8 * MIB,
  streamedBytes: 256 * MIB,
  answerBytes: 9 * MIB,
  timeBudgetMs: 50_000,
  firstByteMs: 30_000,
  credentialsMs: 10_000,
  credentialsBytes: 64 * KIB,
  attempts: 2,
  legacyConcurrentCalls: 20,
  legacyQueuedCalls: 100,
  legacyQueueMs: 10_000,
  breakerFailures: 5,
  breakerOpenMs: 30_000,
  xmlDepth: 100,
  xmlElements: 200_000,
  xmlAttributes: 100,
  xmlNameLength: 1_000,
  xmlTextLength: 8 * MIB,
  multipartParts: 100,
  multipartHeaderBytes: 8 * KIB,
  rows: 5_000_000,
  rowBytes: 1 * MIB,
  answerRows: 50_000,
  clientCallsPerMinute: 6_000,
  clientConcurrentCalls: 100,
  idempotencyDays: 7,
  issues: 50,
};
