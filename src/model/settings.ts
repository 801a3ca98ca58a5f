import type { JsonObject } from './json.ts';

/** What a deployment sets: read once at start, then frozen. */
export interface Settings {
  /** A production start without a mark of the security server is refused. */
  readonly production: boolean;
  /** The provider's subsystem as X-Road writes it: `INSTANCE/CLASS/MEMBER/SUBSYSTEM`. It is the statement's issuer. */
  readonly provider: string;
  /** The address under which the security server reaches this deployment; without it, the request's own. */
  readonly publicUrl?: string;
  readonly securityServer: SecurityServerMarks;
  readonly operations: OperationsSettings;
  readonly signing: SigningSettings;
  readonly sealing: SealingSettings;
  /** Keys with which clients sign their requests, by `X-Road-Client`. */
  readonly clientKeys: ReadonlyMap<string, ClientKeys>;
  /** Bindings that reach a server instead of the public network, by the origin of its URL: a VPC service, a client certificate. */
  readonly outgoingBindings: ReadonlyMap<string, string>;
  /** Variables and secrets that adapters refer to, by name. */
  readonly references: ReadonlyMap<string, string>;
}

/** How the security server is recognised. Each kind that is configured is demanded; `X-Road-Client` alone proves nothing. */
export interface SecurityServerMarks {
  /** IP addresses, compared as text. */
  readonly addresses?: readonly string[];
  /** SHA-256 fingerprints of TLS client certificates, lower-case hex. */
  readonly certificates?: readonly string[];
  /** The secret segment before the adapter's name in the service URL. */
  readonly pathSecret?: string;
  /**
   * The TLS front before this deployment lets nobody in without exactly the security server's certificate. Nothing of it
   * shows in a request, so nothing is compared: it is the word of whoever configured the front.
   */
  readonly pinnedByFront?: true;
}

/** Who may read readiness and metrics: whoever has the token, or comes from one of the addresses. */
export interface OperationsSettings {
  readonly token?: string;
  /** IP addresses, compared as text. */
  readonly addresses?: readonly string[];
}

/** A client's JWK Set (RFC 7517, 5). */
export interface ClientKeys {
  readonly keys: readonly JsonObject[];
}

export interface SealingSettings {
  /** What becomes of an answer that cannot be signed. */
  readonly whenSignerFails: 'refuse' | 'unsigned';
  /** Whether statements hold the request's target, which may name a person, or its digest. */
  readonly requestTarget: 'plain' | 'digest';
  /** Whether statements name the user of `X-Road-UserId`, which is personal data. */
  readonly stateUserId: boolean;
}

/** Keys as JWKs (RFC 7517), not yet imported or checked: that is the envelope's business. */
export interface SigningSettings {
  /** The active key: private, or public where a remote signer holds the private half. */
  readonly active: JsonObject;
  /** Public keys that will sign later, published ahead of time. */
  readonly next: readonly JsonObject[];
  /** Public keys that have signed, kept so that their envelopes stay verifiable. */
  readonly retired: readonly JsonObject[];
  /** PEM chain, leaf first: the JAdES-B-B profile. */
  readonly certificateChain?: string;
  readonly remote?: { readonly url: string; readonly token: string };
}

/** Thrown at start when settings have mistakes: all of them at once. No message repeats a secret's value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`Settings have ${mistakes.length} mistake(s):\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}
