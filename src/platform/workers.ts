import type { Caller } from '../model/exchange.ts';
import type { Platform, RunningHash } from '../model/platform.ts';
import { objectIdempotencyStore } from './idempotency-object.ts';
import type { ObjectNamespace } from './objects.ts';
import { objectReplayStore } from './replay-object.ts';

/** workerd's hashing stream (Cloudflare Workers runtime API), as far as it is used. */
interface DigestStreamLike extends WritableStream<Uint8Array<ArrayBuffer>> {
  readonly digest: Promise<ArrayBuffer>;
}
interface CryptoWithDigestStream {
  readonly DigestStream: new (algorithm: 'SHA-256') => DigestStreamLike;
}

/** A binding that reaches a server: a VPC service, a client certificate (mTLS). */
interface Fetcher {
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
}

/**
 * The platform on Cloudflare Workers and on workerd. `outgoingBindings` names, by origin, the bindings of the environment
 * that take calls to it; every other call goes to the public network.
 */
export function workersPlatform(
  environment: Readonly<Record<string, unknown>>,
  outgoingBindings: ReadonlyMap<string, string>,
): Platform {
  const { REPLAY, IDEMPOTENCY } = environment as Readonly<Record<string, ObjectNamespace | undefined>>;
  const direct: Fetcher = { fetch: (request, init) => fetch(request, init) };
  const towards = (url: string): Fetcher => {
    if (outgoingBindings.size === 0) return direct;
    const binding = environment[outgoingBindings.get(new URL(url).origin) ?? ''] as Fetcher | undefined;
    return binding ?? direct;
  };
  return {
    fetch: (request) => towards(request.url).fetch(request),
    fetchUrl: (url, init) => towards(url).fetch(url, init),
    now: () => Date.now(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => crypto.getRandomValues(bytes),
    log: (record) => console.log(JSON.stringify(record)),
    createHash: digestStreamHash,
    ...(REPLAY && { replayStore: objectReplayStore(REPLAY) }),
    ...(IDEMPOTENCY && { idempotencyStore: objectIdempotencyStore(IDEMPOTENCY) }),
  };
}

function digestStreamHash(): RunningHash {
  const { DigestStream } = crypto as unknown as CryptoWithDigestStream;
  const stream = new DigestStream('SHA-256');
  const writer = stream.getWriter();
  return {
    update: (bytes) => writer.write(bytes),
    digest: async () => {
      await writer.close();
      return new Uint8Array(await stream.digest);
    },
  };
}

/** What Cloudflare tells of a request's connection (`request.cf`), as far as it is used. */
interface ConnectionFacts {
  readonly tlsClientAuth?: {
    readonly certPresented?: string;
    readonly certFingerprintSHA256?: string;
  };
  /** `address:port`, from a workerd of one's own that listens on a network: there the header is anyone's. */
  readonly clientIp?: string;
}

/**
 * Who called, by the transport. The address header is Cloudflare's own, which overwrites what a caller sends; on premises
 * the front before the worker does the same, on a Unix socket that nobody else may open. A workerd that listens on the
 * network itself passes on whatever header a caller writes, and tells the connection's address apart from it. Where there
 * is no `cf` no address is known. A TLS handshake proves possession of the presented certificate's key, so a pinned
 * fingerprint needs no authority behind it.
 */
export function callerOf(request: Request): Caller {
  const { cf } = request as Request & { readonly cf?: ConnectionFacts };
  const address = addressOf(request.headers, cf);
  const certificate =
    cf?.tlsClientAuth?.certPresented === '1' ? cf.tlsClientAuth.certFingerprintSHA256?.toLowerCase() : undefined;
  return {
    ...(address === undefined ? {} : { address }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function addressOf(headers: Headers, cf: ConnectionFacts | undefined): string | undefined {
  // a listener for IPv4 and IPv6 alike tells an IPv4 address as ::ffff:10.0.0.5 (RFC 4291, 2.5.5.2)
  if (cf?.clientIp !== undefined)
    return cf.clientIp.replace(/:\d+$/, '').replace(/^\[(?:::ffff:(?=.*\.))?(.*)\]$/, '$1');
  return cf === undefined ? undefined : (headers.get('cf-connecting-ip') ?? undefined);
}
