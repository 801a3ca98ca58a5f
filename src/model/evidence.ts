/**
 * All that the statement of one exchange binds besides the answer itself, gathered on the way through the pipeline. Here
 * and below a member may be undefined instead of missing, so that all of them have one shape for the engine.
 */
export interface Evidence {
  /** The provider's subsystem from the settings, never from a header: `CAMBODIA/GOV/0001/population`. */
  readonly issuer: string;
  /** `X-Road-Client`, byte for byte, percent-encoding kept. */
  readonly audience: string;
  /** The full service id: `CAMBODIA/GOV/0001/population/getPerson/v1`. */
  readonly service: string;
  /** `X-Road-Request-Id`. */
  readonly transactionId: string;
  /** The consumer's, echoed. */
  readonly nonce?: string | undefined;
  readonly request: RequestEvidence;
  /** One per legacy call, in the order of the calls; none where the answer needed no call. */
  readonly sources: readonly SourceEvidence[];
  readonly mapping: MappingEvidence;
  readonly adapterVersion: string;
  readonly representedParty?: string | undefined;
  /** Personal data: present only where the adapter's settings ask for it. */
  readonly userId?: string | undefined;
  /** Rows of the legacy answer that were set aside as the adapter declares, and are not in the answer. */
  readonly setAside?: number | undefined;
}

/** Digests here and below are in RFC 9530 member syntax: `sha-256=:…:`. */
export interface RequestEvidence {
  /** `X-Road-Id`: the consumer's choice, may repeat. */
  readonly id?: string | undefined;
  readonly method: string;
  /** Service path and raw query: the part of the URL that consumer and adapter see alike. */
  readonly target: string;
  /** Of the body's octets; of the empty string where there is no body, so that "none" is bound too. */
  readonly digest: string;
  readonly contentType?: string | undefined;
  /** Of the signing input of the consumer's own signed request, where it sent one. */
  readonly jws?: string | undefined;
}

/** One legacy answer as it came, before decoding. */
export interface SourceEvidence {
  readonly system: string;
  readonly operation?: string | undefined;
  /** When the answer came, seconds since the epoch. */
  readonly at: number;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** Bytes that the digest covers. */
  readonly length: number;
  readonly digest: string;
  /** Reading stopped before the end; length and digest cover what was read. */
  readonly partial?: boolean | undefined;
  /** Where the bytes were loaded before this exchange: how long before, seconds. */
  readonly age?: number | undefined;
}

/** The definition that turned the legacy answer into this one. */
export interface MappingEvidence {
  readonly id: string;
  readonly revision?: string | undefined;
  /** Of the canonical form (RFC 8785) of the definition that was used. */
  readonly digest: string;
  /** Address of the description of the answer's data. */
  readonly schema?: string | undefined;
}

/** An answer as it leaves: nothing behind the seal changes status, headers or bytes. */
export interface SealedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array<ArrayBuffer> | null;
}
