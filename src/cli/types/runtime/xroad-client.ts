// Written by "spean types". Calls REST services through an X-Road security server, and verifies who answered.
import { verifyEnvelope } from './verify-envelope.js';

export interface XRoadClientOptions {
  /** The consumer's own security server: `https://ss.agency.example`. */
  readonly securityServer: string;
  /** The consumer's subsystem, `INSTANCE/CLASS/MEMBER/SUBSYSTEM`: the header `X-Road-Client`. */
  readonly client: string;
  /** The provider's subsystem, written the same way. */
  readonly provider: string;
  /** The service code where the provider has registered another one than the adapter's own. */
  readonly serviceCode?: string;
  /** Where certificates or tests need a `fetch` of their own. */
  readonly fetch?: typeof fetch;
}

/** A verified answer. Keep `envelope`: it proves, years later and to a stranger, what was answered. */
export interface Answer<T> {
  readonly data: T;
  readonly status: number;
  /** The statement that was verified, as it was signed; absent where the service signs none. */
  readonly envelope?: string;
}

/** The service refused the call, or could not answer it (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** What went wrong, by its fixed name; `security-server` where a security server refused. */
  readonly code: string;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, problem: Readonly<Record<string, unknown>>) {
    // a security server's own words are its message; its detail is an id for its log
    super(`${status} ${code}: ${String(problem.message ?? problem.detail ?? problem.title ?? '')}`);
    this.status = status;
    this.code = code;
    this.problem = problem;
  }
}

/** The answer is not what the provider signed for this call: it must not be used. */
export class NotVerifiedError extends Error {
  override readonly name = 'NotVerifiedError';
  /** Which check failed, by its fixed name. */
  readonly reason: string;

  constructor(reason: string) {
    super(`The answer is not verified: ${reason}`);
    this.reason = reason;
  }
}

/** One operation of a service, as the client calls it. */
export interface OperationRoute {
  readonly method: string;
  /** `/companies/{registrationNumber}` */
  readonly path: string;
  /** Other inputs travel in a JSON body; else in the query. */
  readonly inBody: boolean;
  /** The service signs its answers. */
  readonly signed: boolean;
}

/** What stands in headers of one call, as X-Road has it: what is beyond visible ASCII is percent-encoded. */
export interface CallHeaders {
  /** `Idempotency-Key`: the same for every repeat of a write, and for nothing else. */
  readonly idempotencyKey?: string;
  /** `X-Road-UserId` */
  readonly userId?: string;
  /** `X-Road-Issue` */
  readonly issue?: string;
  /** `X-Road-Represented-Party`: `[CLASS/]CODE` */
  readonly representedParty?: string;
}

type Inputs = Readonly<Record<string, unknown>>;

const ENVELOPE_HEADER = 'x-evidence-jws';
const ENVELOPE_TYPES = /^application\/jose(?:\+json)?(?:;|$)/;
/** How old a statement may be when it arrives, seconds: clocks differ a little. */
const MAX_AGE_SECONDS = 300;

/** Calls the operations of one service. */
export class XRoadClient {
  readonly #options: XRoadClientOptions;
  /** The adapter's own, which its statements name however it was registered. */
  readonly #serviceCode: string;
  #keys: Promise<object> | undefined;

  constructor(options: XRoadClientOptions, serviceCode: string) {
    this.#options = options;
    this.#serviceCode = serviceCode;
  }

  /** Throws ProblemError and NotVerifiedError; what `fetch` throws where the security server does not answer. */
  async call<T>(route: OperationRoute, inputs: Inputs, headers: CallHeaders = {}): Promise<Answer<T>> {
    const { target, body } = requestOf(route, inputs);
    const nonce = crypto.randomUUID();
    const response = await this.#send(route.method, target, body, nonce, headers);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.headers.has('x-road-error')) throw problemOf(response.status, 'security-server', bytes);
    const isEnvelope = ENVELOPE_TYPES.test(response.headers.get('content-type') ?? '');
    const envelope = isEnvelope ? new TextDecoder().decode(bytes) : response.headers.get(ENVELOPE_HEADER);
    const verified = route.signed
      ? await this.#verify(route, target, body, nonce, response, envelope, bytes)
      : undefined;
    const data = isEnvelope ? verified?.data : parse(bytes);
    if (!response.ok) throw problemOf(response.status, undefined, bytes, data);
    return { data: data as T, status: response.status, ...(envelope !== null && { envelope }) };
  }

  #send(
    method: string,
    target: string,
    body: string | undefined,
    nonce: string,
    { idempotencyKey, userId, issue, representedParty }: CallHeaders = {},
  ): Promise<Response> {
    const {
      securityServer,
      client,
      provider,
      serviceCode = this.#serviceCode,
      fetch = globalThis.fetch,
    } = this.#options;
    const service = `${provider}/${serviceCode}`.split('/').map(encodeOnce).join('/');
    return fetch(`${securityServer.replace(/\/$/, '')}/r1/${service}${target}`, {
      method,
      headers: {
        'X-Road-Client': client,
        'X-Road-Id': crypto.randomUUID(),
        'X-Evidence-Nonce': nonce,
        // a plain body with its statement in a header, where the service offers that
        Accept: 'application/json, application/jose+json;q=0.9',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
        ...(userId !== undefined && { 'X-Road-UserId': userId }),
        ...(issue !== undefined && { 'X-Road-Issue': issue }),
        ...(representedParty !== undefined && { 'X-Road-Represented-Party': representedParty }),
      },
      ...(body !== undefined && { body }),
    });
  }

  async #verify(
    { method }: OperationRoute,
    target: string,
    body: string | undefined,
    nonce: string,
    response: Response,
    envelope: string | null,
    bytes: Uint8Array,
  ): Promise<{ readonly data?: unknown }> {
    const transaction = response.headers.get('x-road-request-id');
    const options = {
      now: Date.now(),
      maxAgeSeconds: MAX_AGE_SECONDS,
      ...(response.headers.has(ENVELOPE_HEADER) && { body: bytes }),
      expected: {
        issuer: this.#options.provider,
        audience: this.#options.client,
        service: `${this.#options.provider}/${this.#serviceCode}`,
        ...(transaction !== null && { transaction }),
        request: { method, target, body: new TextEncoder().encode(body ?? '') },
        status: response.status,
        nonce,
      },
    };
    let verdict = await verifyEnvelope(envelope, { ...options, keys: await this.#keySet() });
    if (!verdict.verified && verdict.reason === 'key-unknown') {
      this.#keys = undefined; // the provider may have begun to sign with its next key
      verdict = await verifyEnvelope(envelope, { ...options, keys: await this.#keySet() });
    }
    if (!verdict.verified) throw new NotVerifiedError(verdict.reason ?? 'unknown');
    return verdict;
  }

  /** The provider's public keys, through the security server: nobody else can say which they are. */
  #keySet(): Promise<object> {
    this.#keys ??= this.#send('GET', '/.well-known/jwks.json', undefined, crypto.randomUUID()).then(
      async (response) => {
        if (!response.ok)
          throw problemOf(response.status, 'keys-missing', new Uint8Array(await response.arrayBuffer()));
        return (await response.json()) as object;
      },
    );
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }
}

/** A part of an identifier may be percent-encoded already, as it is in `X-Road-Client`. */
function encodeOnce(part: string): string {
  return encodeURIComponent(part).replace(/%25(?=[0-9A-Fa-f]{2})/g, '%');
}

function requestOf({ path, inBody }: OperationRoute, inputs: Inputs): { target: string; body: string | undefined } {
  const others = new Map(Object.entries(inputs).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = others.get(name);
    others.delete(name);
    return encodeURIComponent(String(value));
  });
  if (inBody) return { target: filled, body: JSON.stringify(Object.fromEntries(others)) };
  const pairs = [...others].flatMap(([name, value]) => [value].flat().map((item) => [name, item] as const));
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return { target: query.length === 0 ? filled : `${filled}?${query.join('&')}`, body: undefined };
}

function problemOf(status: number, code: string | undefined, bytes: Uint8Array, data?: unknown): ProblemError {
  const problem = (data ?? parse(bytes) ?? {}) as Readonly<Record<string, unknown>>;
  return new ProblemError(status, code ?? String(problem.code ?? 'unknown'), problem);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
