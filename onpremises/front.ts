/**
 * The front: it owns the listeners and never restarts when the worker does. While the worker is exchanged it lets the
 * requests under way finish, holds new ones, and passes them on when the new worker answers, so that no request is cut.
 */

/** How long a request is held: with the worker's own time budget it stays near the security server's 60 s (contract 1.6). */
const HOLD_LIMIT_MS = 30_000;
/** How long `hold` waits for requests under way: the longest a legacy call may take. */
const DRAIN_LIMIT_MS = 65_000;
const RELEASE_LIMIT_MS = 30_000;
const POLL_MS = 20;

/** Beside the adapters (docs/operations.md). */
const OPERATIONS_PATHS = ['/health', '/ready', '/metrics'];

interface FrontEnvironment {
  readonly WORKER: { fetch(request: Request | string): Promise<Response> };
}
interface Connection {
  /** What workerd tells of the connection: `address:port`. */
  readonly cf?: { readonly clientIp?: string };
}
interface Context {
  waitUntil(work: Promise<unknown>): void;
}
/** workerd's stream that keeps a known length, so that the answer keeps its Content-Length. */
interface LengthStreams {
  readonly FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
}

/** `held`: nothing passes until told. `closed`: the worker did not answer; whoever comes looks whether it does again. */
let state: 'open' | 'held' | 'closed' = 'closed';
/**
 * Requests under way. workerd drops one whose connection is reset before its answer begins, without running what stands
 * behind it here, so each counts as long as a legacy call may take at the most.
 */
const running = new Set<Call>();
interface Call {
  /** It is over from then on, milliseconds since the epoch, whether anything has told so or not. */
  until: number;
}

/** For the security server. */
export default {
  async fetch(request: Request, environment: FrontEnvironment, context: Context): Promise<Response> {
    if (!(await opens(environment, HOLD_LIMIT_MS)))
      return problem('The adapter is being exchanged and did not come back in time');
    const call = { until: Date.now() + DRAIN_LIMIT_MS };
    running.add(call);
    try {
      const response = await environment.WORKER.fetch(forwarded(request));
      return counted(response, call, context);
    } catch {
      running.delete(call);
      if (state === 'open') state = 'closed';
      return problem('The adapter stopped before it answered');
    }
  },
};

/** For operators: nothing but the operations endpoints, so that this listener is no way around the security server. */
export const operations = {
  async fetch(request: Request, environment: FrontEnvironment): Promise<Response> {
    if (!OPERATIONS_PATHS.includes(new URL(request.url).pathname)) return new Response('Not found\n', { status: 404 });
    return environment.WORKER.fetch(forwarded(request)).catch(() => problem('The adapter does not run'));
  },
};

/** For the start script, on a Unix socket: `/hold` answers when nothing is under way, `/release` when the worker answers. */
export const control = {
  async fetch(request: Request, environment: FrontEnvironment): Promise<Response> {
    if (new URL(request.url).pathname === '/hold') {
      state = 'held';
      const drained = await within(DRAIN_LIMIT_MS, isDrained);
      return new Response(`${running.size} requests under way\n`, { status: drained ? 200 : 504 });
    }
    if (state === 'held') state = 'closed';
    const open = await opens(environment, RELEASE_LIMIT_MS);
    return new Response(open ? 'open\n' : 'the worker does not answer\n', { status: open ? 200 : 504 });
  },
};

function isDrained(): boolean {
  const now = Date.now();
  for (const call of running) if (call.until <= now) running.delete(call);
  return running.size === 0;
}

/** Waits until the way is open. Each request waits by its own timer: workerd ties a promise to the request that made it. */
function opens(environment: FrontEnvironment, limitMs: number): Promise<boolean> {
  return within(limitMs, async () => {
    if (state === 'closed' && (await answers(environment)) && state === 'closed') state = 'open';
    return state === 'open';
  });
}

/** Any answer will do: a worker that refuses its settings says so itself. */
function answers({ WORKER }: FrontEnvironment): Promise<boolean> {
  return WORKER.fetch('http://worker/health').then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}

async function within(limitMs: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end; await pause()) {
    if (await isSo()) return true;
  }
  return isSo();
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/**
 * With the connection's own address in the header in which the worker expects it; a caller's is overwritten. A listener for
 * IPv4 and IPv6 alike, which `*` is, tells an IPv4 address as ::ffff:10.0.0.5 (RFC 4291, 2.5.5.2).
 */
function forwarded(request: Request): Request {
  const headers = new Headers(request.headers);
  const clientIp = (request as Connection).cf?.clientIp ?? '';
  const address = clientIp.replace(/:\d+$/, '').replace(/^\[(?:::ffff:(?=.*\.))?(.*)\]$/, '$1');
  headers.set('cf-connecting-ip', address);
  return new Request(request, { headers, redirect: 'manual' });
}

/** An answer is under way until its last byte has left, or cannot leave any more. */
function counted(response: Response, call: Call, context: Context): Response {
  if (response.body === null) {
    running.delete(call);
    return response;
  }
  call.until = Number.POSITIVE_INFINITY;
  const length = response.headers.get('content-length');
  const { FixedLengthStream } = globalThis as unknown as LengthStreams;
  const { readable, writable } =
    length === null ? new TransformStream<Uint8Array, Uint8Array>() : new FixedLengthStream(Number(length));
  const sent = response.body
    .pipeTo(writable)
    .catch(() => undefined)
    .finally(() => running.delete(call));
  context.waitUntil(sent);
  return new Response(readable, response);
}

function problem(detail: string): Response {
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store, no-transform',
    'retry-after': '5',
  };
  return Response.json({ title: 'The adapter is not available', status: 503, detail }, { status: 503, headers });
}
