/** The double of the management API is as strict as the contract says (sections 3 and 7). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManagementApiDouble, startManagementApi } from '../../../examples/management-api.ts';

const CLIENT = 'CAMBODIA:GOV:0001:registry';
const SERVICE = `/services/${CLIENT}:companies`;

let api: ManagementApiDouble;
let key: string;
let clock: number;
/** What a GET of each path of a description's server answers: a document, or where to go instead. */
let documents: Record<string, object | string>;
let descriptions: ReturnType<typeof createServer>;
let host: string;

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 23, 8);
  documents = { '/openapi.json': openApi({ '/companies/{id}': ['get'], '/companies': ['get', 'post'] }) };
  descriptions = createServer((request, response) => {
    const found = documents[request.url ?? ''];
    if (found === undefined) response.writeHead(404).end();
    else if (typeof found === 'string') response.writeHead(302, { location: found }).end();
    else response.end(JSON.stringify(found));
  });
  await new Promise<void>((resolve) => descriptions.listen(0, '127.0.0.1', resolve));
  host = `http://127.0.0.1:${(descriptions.address() as AddressInfo).port}`;
  api = await startManagementApi({
    clients: [{ id: CLIENT.replaceAll(':', '/'), localGroups: ['partners'] }],
    subsystems: ['CAMBODIA/GOV/0002/tax'],
    administrator: { user: 'admin', password: 'secret' },
    now: () => clock,
  });
  key = api.createApiKey('XROAD_SERVICE_ADMINISTRATOR');
});
afterEach(async () => {
  descriptions.close();
  await api.close();
});

function openApi(paths: Record<string, readonly string[]>): object {
  const operation = { responses: { 200: { description: 'Fine' } } };
  const item = (path: string, methods: readonly string[]) => ({
    ...(path.includes('{') && {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    }),
    ...Object.fromEntries(methods.map((method) => [method, operation])),
  });
  return {
    openapi: '3.0.3',
    info: { title: 'Companies', version: '1' },
    servers: [{ url: '/service' }],
    paths: Object.fromEntries(Object.entries(paths).map(([path, methods]) => [path, item(path, methods)])),
  };
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/api/v1${path.replaceAll(':', '%3A')}`, {
    method,
    headers: { Authorization: `X-Road-ApiKey token=${key}`, 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const add = (more: object = {}) =>
  call('POST', `/clients/${CLIENT}/service-descriptions`, {
    url: `${host}/openapi.json`,
    type: 'OPENAPI3',
    rest_service_code: 'companies',
    ...more,
  });
const errorOf = async (answer: ReturnType<typeof call>) => {
  const { status, body } = await answer;
  return `${status} ${body?.error?.code ?? body?.warnings?.map(({ code }: { code: string }) => code).join(' ')}`;
};

describe('a description that is added', () => {
  it('is disabled, has one service with the first server as its URL, and an endpoint for each operation', async () => {
    const { status, body } = await add();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      disabled: true,
      disabled_notice: 'Out of order',
      services: [{ id: `${CLIENT}:companies`, url: `${host}/service`, timeout: 60 }],
    });
    expect(body.services[0]).not.toHaveProperty('ssl_auth');
    expect(body.services[0].endpoints.map(({ method, path }: Record<string, string>) => `${method} ${path}`)).toEqual([
      '* **',
      'GET /companies/*',
      'GET /companies',
      'POST /companies',
    ]);
  });

  it('follows a redirect of the description', async () => {
    documents['/moved'] = `${host}/openapi.json`;
    expect((await add({ url: `${host}/moved` })).status).toBe(201);
  });

  it('is refused twice, by address and by code in any case', async () => {
    await add();
    expect(await errorOf(add({ rest_service_code: 'other' }))).toBe('409 url_already_exists');
    documents['/2.json'] = documents['/openapi.json'] ?? '';
    expect(await errorOf(add({ url: `${host}/2.json`, rest_service_code: 'Companies' }))).toBe(
      '409 service_code_already_exists',
    );
  });

  it.each([
    [{ url: 'ftp://agency.example/x' }, '400 malformed_url'],
    [{ url: 'http://127.0.0.1:1/openapi.json' }, '400 openapi_parsing_error'],
    [{ rest_service_code: undefined }, '400 missing_parameter'],
    [{ rest_service_code: 'with_underscore' }, '400 validation_failure'],
    [{ rest_service_code: 'getOpenAPI' }, '400 service_code_reserved'],
  ])('is refused with %j as %s', async (more, expected) => {
    expect(await errorOf(add(more))).toBe(expected);
  });

  it.each([
    ['no description', '/none', '400 openapi_parsing_error'],
    ['OpenAPI 3.1.1', '/new', '400 unsupported_openapi_version'],
    ['an incomplete one', '/incomplete', '400 openapi_validation_warnings'],
  ])('is refused where there is %s', async (_what, path, expected) => {
    documents['/new'] = { ...openApi({}), openapi: '3.1.1' };
    documents['/incomplete'] = { ...openApi({}), info: undefined } as object;
    expect(await errorOf(add({ url: host + path }))).toBe(expected);
  });
});

describe('a description that is refreshed', () => {
  const refresh = async (ignore_warnings: boolean) => {
    const [description] = api.configuration.clients[0]?.descriptions ?? [];
    return call('PUT', `/service-descriptions/${description?.id}/refresh`, { ignore_warnings });
  };
  const giveAccess = async (path: string) => {
    const endpoint = api.configuration.clients[0]?.endpoints.find((one) => one.path === path);
    const item = { id: 'CAMBODIA:GOV:0002:tax', service_client_type: 'SUBSYSTEM' };
    return call('POST', `/endpoints/${endpoint?.id}/service-clients`, { items: [item] });
  };

  it('warns of endpoints that come and go, and takes away access to those only when told to', async () => {
    await add();
    expect((await giveAccess('/companies/*')).status).toBe(200);
    documents['/openapi.json'] = openApi({ '/companies': ['get', 'post'], '/owners': ['get'] });
    expect(await errorOf(refresh(false))).toBe('400 adding_endpoints deleting_endpoints');
    expect(api.configuration.clients[0]?.rights).toHaveLength(1);
    expect((await refresh(true)).status).toBe(200);
    expect(api.configuration.clients[0]?.rights).toEqual([]);
  });

  it('keeps what was set for the service, and endpoints that were added by hand', async () => {
    await add();
    await call('PATCH', SERVICE, { url: `${host}/other`, timeout: 90, ssl_auth: false });
    await call('POST', `${SERVICE}/endpoints`, { service_code: 'companies', method: 'GET', path: '/by-hand' });
    expect((await refresh(false)).body).toMatchObject({ services: [{ url: `${host}/other`, timeout: 90 }] });
    expect(api.configuration.clients[0]?.endpoints.map(({ path }) => path)).toContain('/by-hand');
  });
});

describe('a service', () => {
  it.each([
    [{ url: 'http://x.example/', timeout: 60 }, '400 validation_failure'],
    [{ url: 'http://x.example/', timeout: 1001, ssl_auth: false }, '400 validation_failure'],
    [{ url: 'http://x.example/', timeout: 60, ssl_auth: true }, '400 invalid_https_url'],
    [{ url: 'https://127.0.0.1:1/', timeout: 60, ssl_auth: true }, '400 internal_server_ssl_error'],
  ])('is not set to %j: %s', async (body, expected) => {
    await add();
    expect(await errorOf(call('PATCH', SERVICE, body))).toBe(expected);
  });

  it('gives access to all who are named or to none', async () => {
    await add();
    const known = { id: 'CAMBODIA:GOV:0002:tax', service_client_type: 'SUBSYSTEM' };
    const unknown = { id: 'CAMBODIA:GOV:0009:none', service_client_type: 'SUBSYSTEM' };
    const give = (...items: object[]) => call('POST', `${SERVICE}/service-clients`, { items });
    expect(await errorOf(give(known, unknown))).toBe('400 service_client_not_found');
    expect((await call('GET', `${SERVICE}/service-clients`)).body).toEqual([]);
    expect((await give(known)).status).toBe(200);
    expect(await errorOf(give(known))).toBe('409 duplicate_accessright');
  });
});

describe('who may call it', () => {
  it('has a key with a role that fits', async () => {
    expect((await call('GET', '/clients', undefined, { Authorization: 'X-Road-ApiKey token=x' })).status).toBe(401);
    key = api.createApiKey('XROAD_REGISTRATION_OFFICER');
    expect((await call('GET', `/clients/${CLIENT}`)).status).toBe(200);
    expect((await add()).status).toBe(403);
  });

  it('gets a key as a system administrator alone', async () => {
    const make = (user: string) =>
      call('POST', '/api-keys', ['XROAD_SERVICE_ADMINISTRATOR'], { Authorization: `Basic ${btoa(user)}` });
    expect((await make('admin:wrong')).status).toBe(401);
    const { body } = await make('admin:secret');
    key = body.key;
    expect((await add()).status).toBe(201);
  });

  it('makes at most 20 requests a second and 600 a minute, of at most 50 KB', async () => {
    const statuses = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => call('GET', '/clients')));
      return answers.filter(({ status }) => status === 429).length;
    };
    expect(await statuses(21)).toBe(1);
    for (let second = 1; second < 30; second += 1) {
      clock += 1_000;
      expect(await statuses(20)).toBe(0);
    }
    clock += 1_000;
    expect(await statuses(1)).toBe(1);
    clock += 60_000;
    expect((await add({ url: `${host}/${'x'.repeat(60_000)}` })).status).toBe(413);
  });
});
