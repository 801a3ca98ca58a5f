/** The simulator against a provider that only echoes: each test names the clause of X-Road's behaviour that it holds. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type SecurityServer,
  type SecurityServerOptions,
  startSecurityServer,
} from '../../../examples/security-server/server.ts';
import { VERSIONS, type Version } from '../../../examples/security-server/version.ts';
import { rawCall } from '../../support/raw-call.ts';

const CLIENT = 'CAMBODIA/COM/CAMDEV21231832/CP1_API';
const SERVICE = 'CAMBODIA/GOV/0001/registry/companies';
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Setup {
  readonly provider?: RequestListener;
  readonly base?: string;
  readonly options?: Partial<SecurityServerOptions>;
  readonly service?: Partial<SecurityServerOptions['services'][number]>;
}

async function setUp({ provider, base = '', options = {}, service = {} }: Setup = {}): Promise<{
  server: SecurityServer;
  seen: IncomingMessage[];
  call: (path?: string, init?: RequestInit) => Promise<Response>;
}> {
  const seen: IncomingMessage[] = [];
  const upstream: Server = createServer((request, response) => {
    seen.push(request);
    (provider ?? ((_, reply) => reply.end('ok')))(request, response);
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}${base}`;
  const server = await startSecurityServer({
    clients: [CLIENT],
    services: [{ id: SERVICE, url, ...service }],
    ...options,
  });
  stops.push(
    () => server.close(),
    () => {
      upstream.closeAllConnections();
      upstream.close();
    },
  );
  const call = (path = '', init: RequestInit = {}) =>
    fetch(`${server.url}/r1/${SERVICE}${path}`, { ...init, headers: { 'X-Road-Client': CLIENT, ...init.headers } });
  return { server, seen, call };
}

describe('toward the provider', () => {
  it.each([
    ['', '/pets?a=%20b', '/pets?a=%20b'],
    ['/svc', '/pets', '/svc/pets'],
    ['/svc/', '/pets', '/svc/pets'],
    ['/svc', '', '/svc'],
    ['/svc', '/a%2Fb/%E1%9E%80', '/svc/a%2Fb/%E1%9E%80'],
  ])('joins %s and %s to %s (1.1)', async (base, path, target) => {
    const { seen, call } = await setUp({ base });
    await call(path);
    expect(seen[0]?.url).toBe(target);
  });

  it('takes headers out, adds ids, and passes everything else, X-Road-Service not being sent (1.3)', async () => {
    const { seen, call } = await setUp();
    await call('/x', {
      headers: {
        'X-Road-Request-Id': 'mine',
        'X-Road-Request-Hash': 'mine',
        'X-Custom': 'a',
        Authorization: 'b',
        'X-Road-UserId': 'c',
      },
    });
    const headers = seen[0]?.headers ?? {};
    expect(headers).toMatchObject({
      'x-road-client': CLIENT,
      'x-custom': 'a',
      authorization: 'b',
      'x-road-userid': 'c',
      connection: 'Keep-Alive',
    });
    expect(headers['x-road-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-road-id']).toMatch(/^CAMBODIA-[0-9a-f-]{36}$/);
    expect(headers['user-agent']).toMatch(/^Apache-HttpClient\/4\.5\.14/);
    expect(headers).not.toHaveProperty('x-road-service');
    expect(headers).not.toHaveProperty('x-road-request-hash');
  });

  it('keeps the consumer’s X-Road-Id (1.3)', async () => {
    const { seen, call } = await setUp();
    await call('/x', { headers: { 'X-Road-Id': 'not-a-uuid' } });
    expect(seen[0]?.headers['x-road-id']).toBe('not-a-uuid');
  });

  it.each([
    ['POST', true],
    ['PUT', true],
    ['PATCH', true],
    ['DELETE', false],
  ])('attaches the body of %s: %s (1.2)', async (method, attached) => {
    let body = '';
    const { seen, call } = await setUp({
      provider: async (request, response) => {
        for await (const part of request) body += part;
        response.end();
      },
    });
    await call('/x', { method, body: 'abc' });
    expect(body).toBe(attached ? 'abc' : '');
    expect(seen[0]?.headers['content-length']).toBe(attached ? '3' : undefined);
    expect(seen[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('replays a provider’s cookie to the provider for every consumer (1.5)', async () => {
    const { seen, call } = await setUp({
      provider: (_, response) => response.setHeader('Set-Cookie', 'a=1; Path=/').end(),
    });
    const first = await call('/x');
    expect(first.headers.get('set-cookie')).toContain('a=1');
    await call('/y');
    expect([seen[0]?.headers.cookie, seen[1]?.headers.cookie]).toEqual([undefined, 'a=1']);
  });
});

describe('toward the consumer', () => {
  it('drops and replaces headers, but not X-Road-Service and X-Road-Error of the provider (1.4)', async () => {
    const { call } = await setUp({
      provider: (_, response) =>
        response
          .writeHead(418, 'Odd', {
            'X-Road-Id': 'x',
            'X-Road-Request-Hash': 'x',
            'X-Road-Error': 'mine',
            Server: 'secret',
            'X-Kept': '1',
          })
          .end('body'),
    });
    const response = await call('/x', { headers: { 'X-Road-Id': 'id-1' } });
    expect([response.status, await response.text()]).toEqual([418, 'body']);
    expect(response.headers.get('x-road-id')).toBe('id-1');
    expect(response.headers.get('x-road-service')).toBe(SERVICE);
    expect(response.headers.get('x-road-error')).toBe('mine');
    expect(response.headers.get('server')).toBeNull();
    expect(response.headers.get('x-kept')).toBe('1');
  });

  it('gives the request hash over what was forwarded (1.7)', async () => {
    const { server, call } = await setUp();
    const response = await call('/x?y=1', { method: 'POST', body: 'abc' });
    const sent = server.log[0]?.sent;
    const added = new Set(['content-length', 'host', 'connection', 'user-agent', 'cookie', 'accept-encoding']);
    const headers = (sent?.headers ?? []).filter(
      ([name]) => !added.has(name.toLowerCase()) || name === 'accept-encoding',
    );
    const lines = ['POST', `/r1/${SERVICE}/x?y=1`, ...headers.map(([name, value]) => `${name}:${value}`)].map(
      (line) => `${line}\r\n`,
    );
    const sha512 = (...parts: (string | Buffer)[]) =>
      parts.reduce((hash, part) => hash.update(part), createHash('sha512')).digest();
    const expected = sha512(sha512(lines.join('')), sha512('abc')).toString('base64');
    expect(response.headers.get('x-road-request-hash')).toBe(expected);
  });

  it('decodes gzip and deflate and takes their headers out (1.4)', async () => {
    for (const [coding, bytes] of [
      ['gzip', gzipSync('hello')],
      ['deflate', deflateSync('hello')],
    ] as const) {
      const { server, call } = await setUp({
        provider: (_, response) => response.setHeader('Content-Encoding', coding).end(bytes),
      });
      expect(await (await call('/x')).text()).toBe('hello');
      expect(server.log[0]?.got?.headers.map(([name]) => name.toLowerCase())).not.toContain('content-encoding');
    }
  });

  it('passes redirects through (1.4)', async () => {
    const { call } = await setUp({ provider: (_, response) => response.writeHead(302, { Location: '/else' }).end() });
    expect((await call('/x', { redirect: 'manual' })).status).toBe(302);
  });
});

describe('what the servers refuse themselves', () => {
  const fault = async (response: Response) => [
    response.status,
    response.headers.get('x-road-error'),
    (await response.json()).type,
  ];

  it.each<[Version, string]>([
    ['7.4.2', 'Server.ServerProxy.NetworkError'],
    ['7.8.0', 'server.serverproxy.network_error'],
  ])('an unreachable provider, in the words of %s (1.8, 6)', async (version, code) => {
    const { call } = await setUp({ options: { version }, service: { url: 'http://127.0.0.1:1' } });
    expect(await fault(await call('/x'))).toEqual([500, code, code]);
  });

  it('a silent provider, after the service timeout (1.6)', async () => {
    const { call } = await setUp({ provider: () => undefined, service: { timeoutSeconds: 0.1 } });
    expect(await fault(await call('/x'))).toEqual([500, 'Server.ServerProxy.IOError', 'Server.ServerProxy.IOError']);
  });

  it('a body over the message log’s limit, both ways (1.6)', async () => {
    const { seen, call } = await setUp({
      provider: (_, response) => response.end('x'.repeat(200)),
      options: { messageLogLimitBytes: 100 },
    });
    expect((await fault(await call('/x', { method: 'POST', body: 'x'.repeat(101) })))[1]).toBe(
      'Server.ServerProxy.LoggingFailed',
    );
    expect(seen).toHaveLength(0);
    expect((await fault(await call('/x')))[1]).toBe('Server.ServerProxy.LoggingFailed');
    expect(seen).toHaveLength(1);
  });

  it('clients that are missing, malformed or unknown (1.3, 6)', async () => {
    const { call } = await setUp();
    expect((await fetch(`${(await setUp()).server.url}/r1/${SERVICE}`)).status).toBe(400);
    expect((await call('', { headers: { 'X-Road-Client': 'A/B' } })).status).toBe(400);
    expect((await fault(await call('', { headers: { 'X-Road-Client': 'A/B/C/D' } })))[1]).toBe(
      'Server.ClientProxy.UnknownMember',
    );
  });

  it('services that are unknown, disabled or not allowed, in XML where that is accepted (1.8, 6)', async () => {
    const { server, call } = await setUp({ service: { disabled: true } });
    expect((await fault(await call('/x')))[1]).toBe('Server.ServerProxy.ServiceDisabled');
    const unknown = await fetch(`${server.url}/r1/CAMBODIA/GOV/0001/registry/other`, {
      headers: { 'X-Road-Client': CLIENT, Accept: 'text/xml' },
    });
    expect(await unknown.text()).toContain('<type>Server.ServerProxy.UnknownService</type>');
    const closed = await setUp({ service: { allowed: [] } });
    expect((await fault(await closed.call('/x')))[1]).toBe('Server.ServerProxy.AccessDenied');
  });

  it.each<[Version, string, string, boolean]>([
    ['7.2.2', 'GET', '/a/b', true],
    ['7.8.0', 'GET', '/a/b', true],
    ['7.8.0', 'HEAD', '/a/b', false],
    ['7.8.0', 'PUT', '/a/b', true],
    ['7.8.0', 'GET', '/a/b%2Fc', false],
    ['7.8.0', 'GET', '/a/b/c', false],
    ['7.8.0', 'GET', '/deep/b/c', true],
    ['7.8.0', 'GET', '/star/*', true],
    ['7.8.0', 'GET', '/star/b', false],
    ['7.5.1', 'GET', '/x/../a/b', true],
    ['7.5.1', 'GET', '/a/b%23/c', false],
    ['7.6.3', 'GET', '/a/b%23/c', true],
    ['7.5.1', 'GET', '/a/%2e%2e/b', false],
    ['7.6.3', 'GET', '/../a/b', false],
    ['7.7.1', 'GET', '/../a/b', false],
  ])(
    'endpoints without a right, by the decoded path: %s %s %s is let through: %s (1.1)',
    async (version, method, path, through) => {
      const endpoints = [
        { method: 'GET', path: '/a/*' },
        { method: '*', path: '/deep/**' },
        { method: 'PUT', path: '/a/*' },
        { method: 'GET', path: '/star/\\*' },
      ];
      const { seen, server } = await setUp({ options: { version }, service: { endpoints } });
      await rawCall(server.url, `/r1/${SERVICE}${path}`, { method, headers: { 'X-Road-Client': CLIENT } });
      expect(seen).toHaveLength(through ? 1 : 0);
    },
  );

  it.each(VERSIONS)('free text in a path as %s does (1.1)', async (version) => {
    const { seen, call } = await setUp({ options: { version } });
    const response = await call('/a%20b');
    const trapped = ['7.6.3', '7.7.1', '7.8.0'].includes(version);
    expect(response.status).toBe(trapped ? 500 : 200);
    expect(seen).toHaveLength(trapped ? 0 : 1);
    expect((await call('/%E1%9E%80?q=a%20b')).status).toBe(200);
  });
});

describe('metaservices (3.4)', () => {
  const ask = async (server: SecurityServer, service: string) =>
    fetch(`${server.url}/r1/CAMBODIA/GOV/0001/registry/${service}`, { headers: { 'X-Road-Client': CLIENT } });

  it('list methods from the configuration, without asking the provider', async () => {
    const { server, seen } = await setUp();
    const { service } = await (await ask(server, 'listMethods')).json();
    expect(service).toEqual([expect.objectContaining({ service_code: 'companies', service_type: 'REST' })]);
    expect(seen).toHaveLength(0);
  });

  it('fetch a description without X-Road headers, and keep only the path of its servers', async () => {
    const provider: RequestListener = (_, response) =>
      response.end(JSON.stringify({ openapi: '3.0.3', servers: [{ url: 'https://host.example/base/svc' }] }));
    const { seen, server } = await setUp({ provider });
    const described = await startSecurityServer({
      clients: [CLIENT],
      services: [{ id: SERVICE, url: 'http://127.0.0.1:1', descriptionUrl: await urlOf(server, seen) }],
    });
    stops.push(() => described.close());
    const document = await (await ask(described, 'getOpenAPI?serviceCode=companies')).json();
    expect(document.servers).toEqual([{ url: '/base/svc' }]);
    expect(Object.keys(seen.at(-1)?.headers ?? {}).filter((name) => name.startsWith('x-road'))).toEqual([]);
    expect((await ask(server, 'getOpenAPI?serviceCode=companies')).headers.get('x-road-error')).toContain(
      'ServiceType',
    );
  });
});

/** The provider's own address, learnt from a call to it. */
async function urlOf(server: SecurityServer, seen: IncomingMessage[]): Promise<string> {
  await fetch(`${server.url}/r1/${SERVICE}/openapi.json`, { headers: { 'X-Road-Client': CLIENT } });
  return `http://${seen[0]?.headers.host}/openapi.json`;
}
