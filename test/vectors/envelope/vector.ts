import type { JsonObject } from '../../../src/model/json.ts';

/** One vector, as its file holds it. */
export interface EnvelopeVector {
  readonly name: string;
  readonly description: string;
  readonly envelope: string;
  /** What the verifier trusts: the issuer's key set, or a pinned certificate in PEM. */
  readonly jwks?: { readonly keys: readonly JsonObject[] };
  readonly certificate?: string;
  /** The body beside the envelope; UTF-8. */
  readonly body?: string;
  readonly expected?: {
    readonly issuer?: string;
    readonly audience?: string;
    readonly service?: string;
    readonly transaction?: string;
    /** `body` is UTF-8. */
    readonly request?: {
      readonly id?: string;
      readonly method?: string;
      readonly target?: string;
      readonly body?: string;
    };
    readonly status?: number;
    readonly nonce?: string;
  };
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly maxAgeSeconds?: number;
  readonly maxBytes?: number;
  /** `verified`, or the reason of the refusal. */
  readonly result: string;
  /** Of an invalid vector: the valid one that it differs from in one thing. */
  readonly pair?: string;
}
