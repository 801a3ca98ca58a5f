import type { ErrorCode } from './errors.ts';

/** What is sent to a legacy endpoint, before address and credentials. */
export interface LegacyMessage {
  readonly method: 'GET' | 'POST';
  /** Appended to the endpoint's URL; holes are filled and percent-encoded already. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** A legacy answer, its bytes not yet read. */
export interface LegacyReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: LegacyBody;
}

/** The bytes of a legacy answer: read once, one way or the other. Limits, time budget and digest are the connector's. */
export interface LegacyBody {
  /** All of it. Throws SpeanError `legacy-too-large`, `legacy-timeout` or `legacy-unreachable`. */
  bytes(): Promise<Uint8Array>;
  /** Piece by piece, same errors; a reader that stops early ends the call. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** How old an answer is that was kept from an earlier call, and why it is given again. */
export interface KeptMark {
  readonly ageSeconds: number;
  /** How much longer it would be given; below zero for a last good copy. */
  readonly ttlSeconds: number;
  /** A last good copy: what became of the call. */
  readonly after?: ErrorCode;
}
