import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { adapters } from '../../adapters/index.ts';
import type { App } from '../../src/app.ts';
import { ERRORS } from '../../src/model/errors.ts';
import { exchangeHeaders, testApp } from './test-app.ts';

/** One request, and what the legacy system answers if it is asked. */
export interface Shot {
  readonly method: string;
  /** Path and query behind the host. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly reply: { readonly status: number; readonly contentType: string; readonly body: string };
}

export interface FuzzTarget {
  readonly app: App;
  readonly shots: fc.Arbitrary<Shot>;
  setReply(reply: Shot['reply']): void;
}

const ROUTES = [
  '/business-registry/companies/00012345',
  '/business-registry/companies?name=ABC',
  '/business-registry/companies/00012345/filings',
  '/tax-payments/taxpayers/001234567/payments?year=2024',
  '/tax-payments/payments/P-000123?year=2024',
  '/tax-payments/taxpayers/001234567/payments',
  '/business-registry/openapi.json',
  '/health',
];
const BODIES = [
  '{"year":2024,"kind":"annual","turnoverRiel":"1.50"}',
  '{"paidOn":"2024-03-31","amountRiel":"1250.50"}',
];
/** Pieces that readers of URLs, headers, JSON, XML and CSV stumble over. */
const PIECES = [
  ...[
    '',
    '/',
    '//',
    '..',
    '%2e%2e',
    '%2F',
    '%',
    '%zz',
    '?',
    '&',
    '=',
    '+',
    '#',
    ';',
    ',',
    '"',
    "'",
    '<',
    '>',
    '&amp;',
    ']]>',
    '\\',
  ],
  ...[
    '\u0000',
    '\r\n',
    '\n',
    '\t',
    ' ',
    '\ufeff',
    '\u200b',
    'ក',
    '😀',
    '__proto__',
    'constructor',
    '[]',
    '{}',
    'null',
    '-0',
    '1e999',
  ],
  ...[
    '<!DOCTYPE a>',
    '<?xml version="1.0" encoding="utf-16"?>',
    '<a xmlns:x="">',
    '&#0;',
    '&e;',
    'xsi:nil="true"',
    '99999999999999999999',
  ],
];
const TYPES = [
  'text/xml',
  'application/xml',
  'text/csv; charset=utf-8',
  'application/json',
  'text/html',
  'multipart/related; boundary=x',
  '',
];

/** The replies of all examples: what the readers are made for. */
function exampleReplies(): string[] {
  return readdirSync('adapters', { recursive: true, encoding: 'utf8' })
    .filter((name) => /reply\.(?:xml|csv)$/.test(name))
    .map((name) => readFileSync(join('adapters', name), 'utf8'));
}

/** A text with some pieces put in, and some of it taken out. */
function spoiled(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.constantFrom(...PIECES));
  return fc.tuple(text, fc.array(change, { maxLength: 3 })).map(([whole, changes]) =>
    changes.reduce((result, [at, cut, piece]) => {
      const index = at % (result.length + 1);
      return result.slice(0, index) + piece + result.slice(index + cut);
    }, whole),
  );
}

const header = fc.tuple(
  fc.constantFrom(
    'X-Road-Client',
    'X-Road-Request-Id',
    'X-Road-Id',
    'X-Road-UserId',
    'X-Road-Represented-Party',
    'Accept',
    'Content-Type',
    'X-Evidence-Nonce',
    'X-Evidence-JWS',
    'traceparent',
    'Idempotency-Key',
  ),
  spoiled(fc.constantFrom('CAMBODIA/GOV/1/a', 'application/json', 'application/jose+json', 'a.b.c', 'KH1', '*/*')),
);

export async function openFuzzTarget(): Promise<FuzzTarget> {
  let reply: Shot['reply'] = { status: 200, contentType: 'text/xml', body: '' };
  const limits = { clientCallsPerMinute: 1_000_000_000, breakerFailures: 1_000_000_000 }; // what they refuse is not reached
  const { app } = await testApp({
    adapters: adapters.map((adapter) => ({ ...adapter, limits })),
    legacy: () => new Response(reply.body, { status: reply.status, headers: { 'content-type': reply.contentType } }),
    platform: {
      // no second attempt is waited for, and no breaker stays open for long
      after: (ms, act) => {
        const timer = setTimeout(act, ms < 6_000 ? 0 : ms);
        return () => clearTimeout(timer);
      },
    },
  });
  const shots = fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
    // mostly as they should be, so that what comes behind them is reached
    target: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ROUTES) },
      { weight: 1, arbitrary: spoiled(fc.constantFrom(...ROUTES)).map((target) => `/${target.replace(/^\/+/, '')}`) },
    ),
    headers: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(header, { maxLength: 2 }) },
    ),
    body: fc.option(spoiled(fc.constantFrom(...BODIES)), { nil: undefined }),
    reply: fc.record({
      status: fc.constantFrom(200, 200, 200, 200, 201, 204, 404, 500),
      contentType: fc.constantFrom(...TYPES),
      body: spoiled(fc.constantFrom(...exampleReplies())),
    }),
  });
  return {
    app,
    shots,
    setReply: (next) => {
      reply = next;
    },
  };
}

/** Makes one request. `complaint` says what must never happen. */
export async function fuzzOnce(
  { app, setReply }: FuzzTarget,
  { method, target, headers, body, reply }: Shot,
): Promise<{ readonly outcome: string; readonly complaint?: string }> {
  setReply({
    ...reply,
    body: reply.status === 204 ? '' : reply.body,
    status: reply.status === 204 ? 200 : reply.status,
  });
  const request = requestOf(method, target, headers, body);
  if (request === undefined) return { outcome: 'no request that HTTP has' };
  const response = await app.fetch(request, {});
  const text = await response.text();
  if (response.ok) return { outcome: `${response.status}` };
  const { code } = parse(text);
  const outcome = `${response.status} ${code}`;
  if (method === 'HEAD') return { outcome: `${response.status} (HEAD)` };
  if (typeof code !== 'string' || !(code in ERRORS))
    return { outcome, complaint: `no problem with a code: ${text.slice(0, 300)}` };
  if (code === 'adapter-failed' || code === 'signer-failed') return { outcome, complaint: 'the adapter failed' };
  return { outcome };
}

function requestOf(
  method: string,
  target: string,
  more: Shot['headers'],
  body: string | undefined,
): Request | undefined {
  const withBody = body !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(method);
  try {
    const headers = new Headers(exchangeHeaders(withBody ? { 'Content-Type': 'application/json' } : {}));
    for (const [name, value] of more) headers.append(name, value);
    return new Request(`http://spean.test${target}`, { method, headers, ...(withBody && { body }) });
  } catch {
    return undefined; // a header or URL that no client can send
  }
}

/** A problem, out of its envelope where it came in one. */
function parse(text: string): { readonly code?: unknown } {
  const compact = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(text)?.[1];
  const document = compact === undefined ? parseJson(text) : { payload: compact };
  if (typeof document.payload !== 'string') return document;
  const statement = parseJson(Buffer.from(document.payload, 'base64url').toString());
  return (statement.data ?? {}) as { readonly code?: unknown };
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
