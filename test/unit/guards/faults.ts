import { documentOf, type TestedFormat } from '../../support/four-formats.ts';
import type { Behaviour } from '../../support/guarded-app.ts';

/** What comes of a write, as its repeat under the same key shows. */
export type WriteOutcome =
  /** It was surely not carried out: the repeat is sent. */
  | 'not done'
  /** Nobody can tell: the repeat is refused. */
  | 'unknown'
  /** The legacy system has dealt with it: the repeat gets the first answer. */
  | 'known';

export interface Expectation {
  /** The problem's code. */
  readonly problem: string;
  readonly status: number;
  /** Legacy calls of a read; a write has one. */
  readonly calls: number;
  /** What each legacy answer is in the read's statement; the last one in the write's. What is not read to its end is partial. */
  readonly src: readonly string[];
  /** The breaker counts it. */
  readonly failed: boolean;
  readonly write: WriteOutcome;
}

export interface Fault {
  readonly name: string;
  readonly behave: Behaviour;
  readonly expected: Expectation;
  /** Where a format has it otherwise. */
  readonly but?: Partial<Record<TestedFormat, Partial<Expectation>>>;
}

/** Limits under which every fault shows within small documents. */
export const FAULT_LIMITS = {
  legacyBytes: 100_000,
  streamedBytes: 100_000,
  attempts: 2,
  breakerFailures: 2,
  breakerOpenMs: 30_000,
} as const;

const bytes = (text: string) => new TextEncoder().encode(text);

/** Rejects when the call is given up, as `fetch` does. */
function givenUp({ signal }: Request): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** A body that has begun, and what happens then. */
function begun(
  format: TestedFormat,
  request: Request,
  then: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
): Response {
  const { opening, person, contentType } = documentOf(format);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes(opening + person));
      request.signal.addEventListener('abort', () => controller.error(request.signal.reason));
      then(controller);
    },
  });
  return new Response(body, { headers: { 'content-type': contentType } });
}

const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  () =>
    new Response('Something went wrong', { status: code, headers: { 'content-type': 'text/plain', ...headers } });

const SOAP_FAULT =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>No</faultstring></s:Fault></s:Body></s:Envelope>';

const unreachable = { problem: 'legacy-unreachable', status: 502, failed: true, write: 'unknown' } as const;
const timeout = { problem: 'legacy-timeout', status: 504, failed: true, write: 'unknown', calls: 1 } as const;
const refused = { problem: 'legacy-unexpected', status: 502, failed: false, write: 'known', calls: 1 } as const;

export const FAULTS: readonly Fault[] = [
  {
    name: 'nothing listens',
    behave: () => Promise.reject(new TypeError('fetch failed')),
    expected: { ...unreachable, calls: 2, src: [] },
  },
  {
    name: 'a connection that breaks in the body',
    behave: (format, request) =>
      begun(format, request, (controller) => queueMicrotask(() => controller.error(new TypeError('terminated')))),
    expected: { ...unreachable, calls: 2, src: ['200 partial', '200 partial'] },
  },
  {
    name: 'no answer at all',
    behave: (_, request) => givenUp(request),
    expected: { ...timeout, src: [] },
  },
  {
    name: 'an answer that stops in the body',
    behave: (format, request) => begun(format, request, () => {}),
    expected: { ...timeout, src: ['200 partial'] },
  },
  {
    name: 'an endless slow trickle',
    behave: (format, request, { after }) =>
      begun(format, request, (controller) => {
        const trickle = (): void => {
          if (request.signal.aborted) return;
          controller.enqueue(bytes(documentOf(format).person));
          after(1_000, trickle);
        };
        trickle();
      }),
    expected: { ...timeout, src: ['200 partial'] },
  },
  {
    name: '429 that says when to come back',
    behave: status(429, { 'retry-after': '3' }),
    expected: {
      problem: 'legacy-fault',
      status: 502,
      failed: false,
      calls: 2,
      src: ['429 partial', '429'],
      write: 'not done',
    },
  },
  {
    name: '429 that asks for more time than there is',
    behave: status(429, { 'retry-after': '3600' }),
    expected: { problem: 'legacy-fault', status: 502, failed: false, calls: 1, src: ['429'], write: 'not done' },
  },
  {
    name: '500 without a fault',
    behave: status(500),
    expected: { problem: 'legacy-fault', status: 502, failed: true, calls: 1, src: ['500'], write: 'unknown' },
  },
  {
    name: '500 with a well-formed page',
    behave: () =>
      new Response('<html><head/><body/></html>', {
        status: 500,
        headers: { 'content-type': 'application/xhtml+xml' },
      }),
    expected: { problem: 'legacy-fault', status: 502, failed: true, calls: 1, src: ['500'], write: 'unknown' },
  },
  ...[502, 503, 504].map(
    (code): Fault => ({
      name: `${code} of a gateway`,
      behave: status(code),
      expected: {
        problem: 'legacy-fault',
        status: 502,
        failed: true,
        calls: 2,
        src: [`${code} partial`, `${code}`],
        write: 'unknown',
      },
    }),
  ),
  {
    name: 'a SOAP fault with 500',
    behave: () => new Response(SOAP_FAULT, { status: 500, headers: { 'content-type': 'text/xml' } }),
    expected: { problem: 'legacy-fault', status: 502, failed: false, calls: 1, src: ['500'], write: 'known' },
    but: { csv: { failed: true, write: 'unknown' }, fixedWidth: { failed: true, write: 'unknown' } },
  },
  {
    name: 'an HTML page with 200',
    behave: () => new Response('<html><p>Down</p></html>', { headers: { 'content-type': 'text/html' } }),
    expected: { ...refused, src: ['200'] },
  },
  {
    name: 'a truncated document',
    behave: (format) => {
      const { opening, contentType } = documentOf(format);
      return new Response(`${opening}"So`, { headers: { 'content-type': contentType } });
    },
    expected: { ...refused, problem: 'legacy-malformed', src: ['200'] },
  },
  {
    name: 'more than the adapter takes',
    behave: (format) => {
      const { opening, person, contentType } = documentOf(format);
      return new Response(opening + person.repeat(30_000), { headers: { 'content-type': contentType } });
    },
    expected: { ...refused, problem: 'legacy-too-large', src: ['200 partial'] },
  },
  {
    name: 'a redirect elsewhere',
    behave: () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
    expected: { ...refused, src: ['302 partial'] },
  },
  {
    name: '401',
    behave: status(401, { 'www-authenticate': 'Basic realm="intranet"' }),
    expected: {
      problem: 'legacy-credentials-refused',
      status: 502,
      failed: true,
      calls: 1,
      src: ['401'],
      write: 'not done',
    },
  },
];
