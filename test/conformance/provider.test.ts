/** Every clause of clauses.ts, through a security server of every release whose behaviour differs, to the adapter in workerd. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LegacyExchange, type LegacyServer, serveLegacy } from '../../examples/legacy/server.ts';
import { type SecurityServer, startSecurityServer } from '../../examples/security-server/server.ts';
import { atLeast, VERSIONS, type Version } from '../../examples/security-server/version.ts';
import type { Statement } from '../../src/envelope/statement.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { type BareWorkerd, startBareWorkerd } from '../support/bare-workerd.ts';
import { CLIENT, exchangeHeaders, PROVIDER, testEnvironment } from '../support/test-app.ts';
import { CLAUSES } from './clauses.ts';

const KHMER_CLIENT = `CAMBODIA/GOV/0002/${encodeURIComponent('ពន្ធ/ដារ ១')}`;
const SERVICE = `${PROVIDER}/things`;

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let adapter: BareWorkerd;
let legacy: LegacyServer;
/** What the legacy system was sent since the test began. */
let sent: () => readonly LegacyExchange[];
const servers = new Map<Version, SecurityServer>();

beforeAll(async () => {
  legacy = await serveLegacy(({ path, body }) => {
    if (path === '/large') {
      return { status: 200, contentType: 'text/csv', body: `ID\n${`${'x'.repeat(1000)}\n`.repeat(10_000)}` };
    }
    const id = new URL(path, 'http://legacy').searchParams.get('id') ?? /<Id>(.*)<\/Id>/.exec(body)?.[1] ?? 'form';
    const escaped = id.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return { status: 200, contentType: 'text/xml', body: `<T><Id>${escaped}</Id></T>` };
  });
  adapter = await startBareWorkerd(
    'test/worker/fixtures/things.ts',
    await testEnvironment({ TAX_OFFICE_URL: legacy.url }),
  );
  for (const version of VERSIONS) {
    servers.set(
      version,
      await startSecurityServer({
        version,
        clients: [CLIENT, KHMER_CLIENT],
        services: [
          { id: SERVICE, url: `${adapter.url}/things`, descriptionUrl: `${adapter.url}/things/openapi.json` },
          { id: `${PROVIDER}/slash`, url: `${adapter.url}/things/` },
        ],
      }),
    );
  }
}, 60_000);
afterAll(() => Promise.all([adapter.stop(), legacy.close(), ...[...servers.values()].map((server) => server.close())]));

/** A raw HTTP call: `fetch` would fold dot segments and choose headers of its own. */
function raw(
  base: string,
  path: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
) {
  return new Promise<Answered>((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const call = httpRequest(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(options.body);
  });
}

const covered = new Set<string>();

/** A test of one clause, for each release. */
function clause(id: string, title: string, run: (ask: Ask, version: Version) => Promise<void>): void {
  covered.add(id);
  it.each(VERSIONS)(`${id}: ${title} (%s)`, async (version) => {
    const { url } = servers.get(version) as SecurityServer;
    const before = legacy.received.length;
    sent = () => legacy.received.slice(before);
    await run(
      (path, { service = SERVICE, headers, ...options } = {}) =>
        raw(url, `/r1/${service}${path}`, { ...options, headers: { 'X-Road-Client': CLIENT, ...headers } }),
      version,
    );
  });
}
type Ask = (
  path: string,
  options?: { method?: string; headers?: Record<string, string | string[]>; body?: string; service?: string },
) => Promise<Answered>;

const json = ({ body }: Answered): Record<string, unknown> => JSON.parse(body);

/** The statement of an answer, decoded and not verified. */
function statementOf({ headers }: Answered): Statement {
  const [, payload = ''] = String(headers['x-evidence-jws']).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

describe('URL and methods', () => {
  clause('url-join', 'with and without a slash at the end of the service URL', async (ask) => {
    for (const service of [SERVICE, `${PROVIDER}/slash`]) {
      expect(json(await ask('/things/7', { service }))).toEqual({ id: '7' });
    }
  });
  clause('url-escapes', 'a value is decoded once', async (ask) => {
    expect(json(await ask('/things/%E1%9E%81%2B%3F'))).toEqual({ id: 'ខ+?' });
  });
  clause('url-slash', 'an encoded slash is part of the value', async (ask) => {
    expect(json(await ask('/things/a%2Fb'))).toEqual({ id: 'a/b' });
  });
  clause('url-dots', 'no dot segment leads elsewhere', async (ask) => {
    const answers = await Promise.all(
      ['/things/../things/7', '/../things/things/7', '/things/%2e%2e/7'].map((path) => ask(path)),
    );
    expect(answers.map(({ status }) => status >= 400)).toEqual([true, true, true]);
    expect(sent()).toEqual([]);
  });
  clause('url-free-text', 'free text travels in a query, whatever the release', async (ask, version) => {
    const inPath = await ask('/things/a%20b');
    expect(inPath.status).toBe(atLeast(version, '7.6.3') ? 500 : 200);
    expect(inPath.headers['x-road-error'] === undefined).toBe(!atLeast(version, '7.6.3'));
    expect(json(await ask('/things/7?tags=a%20b'))).toEqual({ id: '7' });
  });
  clause('query-order', 'the statement names the query as it was sent', async (ask) => {
    const answer = await ask('/things/7?tags=b&tags=%61');
    expect(statementOf(answer)).toMatchObject({ req: { target: '/things/7?tags=b&tags=%61' } });
  });
  clause('query-repeated', 'twice only for lists', async (ask) => {
    expect((await ask('/things/7?tags=a&tags=b')).status).toBe(200);
    const refused = await ask('/things/7?tags=a', { method: 'DELETE' });
    expect([refused.status, json(refused).code]).toEqual([400, 'input-invalid']);
  });
  clause('query-unknown', 'named in the refusal', async (ask) => {
    const refused = await ask('/things/7?colour=red');
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('colour');
    expect(sent()).toEqual([]);
  });
  clause('methods', 'another one is refused with those that there are', async (ask) => {
    for (const method of ['PUT', 'PATCH']) {
      const refused = await ask('/things/7', { method });
      expect([refused.status, refused.headers.allow]).toEqual([405, expect.stringContaining('GET')]);
    }
  });
  clause('head', 'as GET, without a body', async (ask) => {
    const head = await ask('/things/7', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect(head.headers['content-type']).toContain('json');
  });
  clause('options', 'tells the methods and calls nobody', async (ask) => {
    const options = await ask('/things/7', { method: 'OPTIONS' });
    expect([options.status, String(options.headers.allow)]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS']);
    expect(sent()).toEqual([]);
  });
  clause('body-methods', 'a body of DELETE is not looked at', async (ask) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': '10' };
    expect((await ask('/things/7', { method: 'DELETE', body: '{"id":"8"}', headers })).status).toBe(200);
    expect(statementOf(await ask('/things/7', { method: 'DELETE' }))).toMatchObject({
      req: { digest: 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' },
    });
  });
  clause('body-empty', 'a POST without a body says what is missing', async (ask) => {
    const refused = await ask('/things', { method: 'POST', headers: { 'Content-Length': '0' } });
    expect(refused.status).toBe(400);
    expect(sent()).toEqual([]);
  });
});

describe('Request headers', () => {
  clause('client', 'stated byte for byte', async (ask) => {
    expect(statementOf(await ask('/things/7'))).toMatchObject({ aud: CLIENT, iss: PROVIDER, svc: SERVICE });
  });
  clause('client-khmer', 'parts are decoded one by one', async (ask) => {
    const answer = await ask('/things/7', { headers: { 'X-Road-Client': KHMER_CLIENT } });
    expect(answer.status).toBe(200);
    expect(statementOf(answer)).toMatchObject({ aud: KHMER_CLIENT });
  });
  clause('client-missing', 'refused, unsigned', async () => {
    const answer = await raw(adapter.url, '/things/things/7');
    expect([answer.status, json(answer).code]).toEqual([400, 'client-missing']);
    expect(answer.headers['x-evidence-jws']).toBeUndefined();
  });
  clause('header-twice', 'refused, named', async () => {
    const headers = { ...exchangeHeaders(), 'X-Road-UserId': ['KH1', 'KH2'] };
    const answer = await raw(adapter.url, '/things/things/7', { headers });
    expect([answer.status, json(answer).code]).toEqual([400, 'header-malformed']);
    expect(answer.body).toContain('X-Road-Userid');
  });
  clause('request-id', 'in the statement, and in every problem', async (ask) => {
    const answer = await ask('/things/7');
    expect(statementOf(answer)).toMatchObject({ txn: answer.headers['x-road-request-id'] });
    const problem = await ask('/nothing');
    expect(json(problem).requestId).toBe(problem.headers['x-road-request-id']);
  });
  clause('message-id', 'any text will do', async (ask) => {
    const answer = await ask('/things/7', { headers: { 'x-road-id': 'my message 1' } });
    expect(statementOf(answer)).toMatchObject({ req: { id: 'my message 1' } });
  });
  clause('represented-party', 'read by its grammar, logged and stated', async (ask) => {
    const answer = await ask('/things/7', { headers: { 'X-Road-Represented-Party': 'COM/123' } });
    expect(JSON.stringify(statementOf(answer))).toContain('COM/123');
    const wrong = await ask('/things/7', { headers: { 'X-Road-Represented-Party': 'A/B/C' } });
    expect(wrong.status).toBe(400);
  });
  clause('no-service-header', 'the service is known by its URL', async (ask) => {
    expect(statementOf(await ask('/things/7'))).toMatchObject({ svc: SERVICE });
  });
  clause('accept-missing', 'counts as JSON', async (ask) => {
    expect((await ask('/things/7')).headers['content-type']).toBe('application/json');
  });
  clause('cookies', 'neither read nor set', async (ask) => {
    const answer = await ask('/things/7', { headers: { Cookie: 'session=other' } });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined]);
    expect(sent()[0]?.headers.cookie).toBeUndefined();
  });
  clause('headers-unknown', 'none travels on', async (ask) => {
    const headers = { Authorization: 'Bearer x', 'X-Forwarded-For': '1.2.3.4', Origin: 'https://x', 'X-Other': 'y' };
    expect((await ask('/things/7', { headers })).status).toBe(200);
    for (const name of Object.keys(headers)) expect(sent()[0]?.headers[name.toLowerCase()]).toBeUndefined();
  });
});

describe('Responses', () => {
  clause('no-x-road-headers', 'the adapter answers none', async () => {
    const answer = await raw(adapter.url, '/things/things/7', { headers: exchangeHeaders() });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-road-'))).toEqual([]);
  });
  clause('no-coding', 'though the security server offers gzip', async (ask) => {
    const answer = await ask('/things/7', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['cache-control']).toContain('no-transform');
  });
  clause('status', 'problems keep theirs, and are signed', async (ask) => {
    const problem = await ask('/nothing');
    expect([problem.status, problem.headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(statementOf(problem)).toMatchObject({ res: { status: 404 } });
  });
  clause('not-stored', 'an answer belongs to one transaction', async (ask) => {
    expect((await ask('/things/7')).headers['cache-control']).toContain('no-store');
  });
  clause('size', 'refused before the message log would', async (ask) => {
    expect(DEFAULT_LIMITS.answerBytes).toBeLessThan(10 * 1024 * 1024);
    const refused = await ask('/large');
    expect([refused.status, json(refused).code, refused.headers['x-road-error']]).toEqual([
      502,
      'answer-too-large',
      undefined,
    ]);
  });
  clause('digest', 'over the bytes that arrive', async (ask) => {
    const answer = await ask('/things/7');
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(answer.body))).toString(
      'base64',
    );
    expect(answer.headers['repr-digest']).toBe(`sha-256=:${digest}:`);
  });
});

describe('Descriptions', () => {
  const described = async () => JSON.parse((await raw(adapter.url, '/things/openapi.json')).body);
  clause('description-open', 'without any header of X-Road', async () => {
    expect((await raw(adapter.url, '/things/openapi.json')).status).toBe(200);
  });
  clause('description-version', 'one that every release takes', async () => {
    expect((await described()).openapi).toBe('3.0.3');
  });
  clause('description-self-contained', 'no reference leads out', async () => {
    const references = [...JSON.stringify(await described()).matchAll(/"\$ref":"([^"]*)"/g)].map(
      ([, target]) => target,
    );
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((target) => !target?.startsWith('#/'))).toEqual([]);
  });
  clause('description-server', 'one, absolute', async () => {
    expect((await described()).servers).toEqual([expect.objectContaining({ url: `${adapter.url}/things` })]);
  });
  clause('description-metaservice', 'through getOpenAPI', async (_, version) => {
    const { url } = servers.get(version) as SecurityServer;
    const answer = await raw(url, `/r1/${PROVIDER}/getOpenAPI?serviceCode=things`, {
      headers: { 'X-Road-Client': CLIENT },
    });
    expect([answer.status, json(answer).openapi]).toEqual([200, '3.0.3']);
  });
  clause('description-keys', 'among the paths, and there', async (ask) => {
    expect(Object.keys((await described()).paths)).toContain('/.well-known/jwks.json');
    expect(json(await ask('/.well-known/jwks.json'))).toHaveProperty('keys');
  });
});

describe('Errors', () => {
  clause('provider-errors', 'are the adapter’s own, without X-Road-Error', async (ask) => {
    expect((await ask('/nothing')).headers['x-road-error']).toBeUndefined();
  });
  clause('error-form', 'a security server’s looks otherwise', async (ask, version) => {
    const refused = await ask('/things/7', { headers: { 'X-Road-Client': 'CAMBODIA/GOV/404/unknown' } });
    const code = String(refused.headers['x-road-error']);
    expect(code).toMatch(atLeast(version, '7.8.0') ? /^(?:client|server)\./ : /^(?:Client|Server)\./);
    expect(json(refused)).toHaveProperty('type', code);
  });
});

describe('docs/conformance.md', () => {
  it('has a test for every clause, and no test without one', () => {
    expect([...covered].sort()).toEqual(CLAUSES.map(({ id }) => id).sort());
  });

  it('lists every clause as it is tested', () => {
    const page = readFileSync('docs/conformance.md', 'utf8');
    for (const { id, statement, answer } of CLAUSES) expect(page).toContain(`| \`${id}\` | ${statement} | ${answer} |`);
    expect(page.match(/^\| `/gm)).toHaveLength(CLAUSES.length);
  });
});
