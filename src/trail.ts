import type { OperationCall } from './catalogue/look-up.ts';
import type { AnsweredCall } from './connectors/http/guarded-call.ts';
import type { Carriage } from './envelope/carriage.ts';
import { DIGEST_OF_NOTHING, digestMember, digestOf } from './envelope/digest.ts';
import type { SpeanError } from './model/errors.ts';
import type { Evidence, SealedAnswer, SourceEvidence } from './model/evidence.ts';
import type { ExchangeRequest } from './model/exchange.ts';
import { canonicalJson } from './model/json.ts';
import type { Settings } from './model/settings.ts';
import type { ExchangeFacts } from './observe/exchange-record.ts';

/** What the adapter's own build is called in statements. */
export const ADAPTER_VERSION = '0.1.0';

/** What is timed, in its order. */
export type Stage = 'mapIn' | 'call' | 'mapOut' | 'seal';

/** What is learnt on a request's way, for the statement and for the log. One per exchange; the only thing that changes while it runs. */
export class Trail {
  readonly heardAt: number;
  /** How the answer will be carried, once that is known. */
  carriage: Carriage | undefined;
  setAside = 0;
  /** Digest of the signing input of the consumer's signed request. */
  signedRequest: string | undefined;
  /** This exchange's span in the caller's trace, 16 hexadecimal digits, where the caller has one. */
  spanId: string | undefined;
  readonly #request: ExchangeRequest;
  readonly #settings: Pick<Settings, 'provider' | 'sealing'>;
  readonly #now: () => number;
  readonly #stages: Record<Stage, number | undefined> = {
    mapIn: undefined,
    call: undefined,
    mapOut: undefined,
    seal: undefined,
  };
  #stageSince: number;
  #call: OperationCall | undefined;
  #service: string | undefined;
  readonly #answers: AnsweredCall[] = [];
  #sources: readonly SourceEvidence[] | undefined;
  #error: SpeanError | undefined;

  constructor(request: ExchangeRequest, settings: Pick<Settings, 'provider' | 'sealing'>, now: () => number) {
    this.#request = request;
    this.#settings = settings;
    this.#now = now;
    this.heardAt = now();
    this.#stageSince = this.heardAt;
  }

  found(call: OperationCall): OperationCall {
    this.#call = call;
    this.#service = undefined;
    return call;
  }

  /** One call of the legacy operation, each attempt by itself. */
  answered(call: AnsweredCall): void {
    this.#answers.push(call);
  }

  /** The answer is one that was given before: these calls were made then. */
  repeats(sources: readonly SourceEvidence[]): void {
    const now = Math.floor(this.#now() / 1000);
    this.#sources = sources.map((source) => ({ ...source, age: now - source.at }));
  }

  failed(error: SpeanError): SpeanError {
    this.#error = error;
    return error;
  }

  /** Ends a stage: what has passed since the last one is its time. A repeated call adds to its stages. */
  reached(stage: Stage): void {
    const now = this.#now();
    this.#stages[stage] = (this.#stages[stage] ?? 0) + now - this.#stageSince;
    this.#stageSince = now;
  }

  /** What the statement binds besides the answer. Reads the legacy answer's digest, so its body must have been used. */
  evidence(): Promise<Evidence> {
    return this.#evidenceWith(undefined);
  }

  /** The evidence, as long as it will be at the most after a write: one answer, and one that refused held credentials. */
  expectedEvidence(): Promise<Evidence> {
    const reply = { at: EXPECTED_AT, status: 200, length: EXPECTED_BYTES, digest: DIGEST_OF_NOTHING, partial: true };
    const source = { ...this.#sourceName(), ...reply };
    const scheme = this.#call?.operation.endpoint.auth?.scheme;
    return this.#evidenceWith(scheme === 'oauth2' || scheme === 'session' ? [source, source] : [source]);
  }

  async #evidenceWith(expected: readonly SourceEvidence[] | undefined): Promise<Evidence> {
    const sources = expected ?? (await this.sources());
    const request = this.#request;
    const hasBody = request.body.byteLength > 0;
    return {
      issuer: this.#settings.provider,
      audience: request.client,
      service: this.service,
      transactionId: request.transactionId,
      nonce: request.nonce,
      request: {
        id: request.messageId,
        method: request.method,
        target: request.path + request.query,
        digest: hasBody ? await digestOf(request.body) : DIGEST_OF_NOTHING,
        contentType: hasBody ? request.contentType : undefined,
        jws: this.signedRequest,
      },
      sources,
      mapping: await this.#mapping(),
      adapterVersion: ADAPTER_VERSION,
      representedParty: request.representedParty,
      userId: this.#settings.sealing.stateUserId ? request.userId : undefined,
      setAside: this.setAside === 0 ? undefined : this.setAside,
    };
  }

  /** What is known of the exchange, once the answer is sealed and that stage has been reached. */
  facts(sealed: SealedAnswer): ExchangeFacts {
    return {
      request: this.#request,
      service: this.service,
      operation: this.#call?.operation.name,
      requestInTs: this.heardAt,
      responseOutTs: this.#stageSince,
      stages: this.#stages,
      statusCode: sealed.status,
      responseSize: sealed.body?.byteLength ?? 0,
      legacy: this.#sources ?? [],
      lastGoodAfter: this.#answers.at(-1)?.kept?.after,
      error: this.#error,
      spanId: this.spanId,
    };
  }

  /** The provider's service id: `INSTANCE/CLASS/MEMBER/SUBSYSTEM/serviceCode`. */
  get service(): string {
    this.#service ??= `${this.#settings.provider}/${this.#call?.adapter.definition.serviceCode ?? this.#request.adapter}`;
    return this.#service;
  }

  /** Evidence of the legacy calls. Reads the answers' digests, so their bodies must have been used. */
  async sources(): Promise<readonly SourceEvidence[]> {
    if (this.#sources !== undefined) return this.#sources;
    const sources: SourceEvidence[] = [];
    const { system, operation } = this.#sourceName();
    for (const answer of this.#call === undefined ? [] : this.#answers) {
      const { length, sha256, partial } = await answer.measure();
      sources.push({
        system,
        operation,
        at: Math.floor(answer.at / 1000),
        status: answer.reply.status,
        length,
        digest: digestMember(sha256),
        partial: partial || undefined,
        age: answer.kept?.ageSeconds,
      });
    }
    this.#sources = sources;
    return sources;
  }

  #sourceName(): Pick<SourceEvidence, 'system' | 'operation'> {
    const call = this.#call;
    if (call === undefined) return { system: '' };
    const { definition, endpointName } = call.operation;
    return {
      system: call.adapter.definition.name,
      operation: 'operation' in definition.call ? definition.call.operation : endpointName,
    };
  }

  /** Before an operation was found there is no mapping: the digest of nothing says so. */
  async #mapping(): Promise<Evidence['mapping']> {
    const call = this.#call;
    if (call === undefined) return { id: '', digest: DIGEST_OF_NOTHING };
    const { definition } = call.adapter;
    return { id: call.operation.name, revision: definition.revision, digest: await definitionDigest(definition) };
  }
}

/** As many digits as they will have at the most. */
const EXPECTED_AT = 9_999_999_999;
const EXPECTED_BYTES = 9_999_999_999;

/** Digests by definition: a definition does not change while it is used. */
const digests = new WeakMap<object, Promise<string>>();

/** SHA-256 of a definition's canonical form (RFC 8785), in RFC 9530 member syntax. */
export function definitionDigest(definition: object): Promise<string> {
  let digest = digests.get(definition);
  if (digest === undefined) {
    digest = digestOf(new TextEncoder().encode(canonicalJson(definition)));
    digests.set(definition, digest);
  }
  return digest;
}
