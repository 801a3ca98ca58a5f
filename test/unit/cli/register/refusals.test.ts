import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../../../src/app.ts';
import { spean } from '../../../support/cli-shell.ts';
import { answering, projectWith, type Registering, startRegistering } from '../../../support/registering.ts';
import { CLIENT, PROVIDER } from '../../../support/test-app.ts';

let world: Registering;
beforeEach(async () => {
  world = await startRegistering();
});
afterEach(async () => {
  expect(world.printed.join('\n')).not.toContain(world.apiKey);
  await world.close();
});

/** What the command says when it cannot do its work. */
async function refusal(more: readonly string[] = [], shell: Parameters<Registering['register']>[1] = {}) {
  const { code, notes } = await world.register(more, shell);
  expect(code).toBe(2);
  return notes;
}

/** A call of the management API by hand. */
const byHand = (method: string, path: string, body: object) =>
  fetch(`${world.api.url}/api/v1${path}`, {
    method,
    headers: { Authorization: `X-Road-ApiKey token=${world.apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const addByHand = (type: string, url: string, rest_service_code: string) =>
  byHand('POST', `/clients/${PROVIDER.replaceAll('/', ':')}/service-descriptions`, { type, url, rest_service_code });

/** A security server that always says the same, and keeps nothing. */
const saying =
  (status: number, body?: object, headers: Record<string, string> = {}): typeof fetch =>
  async () =>
    new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

describe('the API key', () => {
  it('is asked for when it is not set, with the role that it needs', async () => {
    expect(await refusal([], { env: {} })).toContain(
      'Set SPEAN_API_KEY to an API key of the security server with the role XROAD_SERVICE_ADMINISTRATOR',
    );
  });

  it('is refused without being shown when no header could hold it', async () => {
    const notes = await refusal([], { env: { SPEAN_API_KEY: `${world.apiKey}\nX-Other: 1` } });
    expect(notes).toContain('SPEAN_API_KEY has characters that no API key has');
  });

  it('is told to be unknown', async () => {
    const notes = await refusal([], { env: { SPEAN_API_KEY: 'c0ffee00-0000-4000-8000-000000000000' } });
    expect(notes).toContain('The security server does not know the API key');
    expect(notes).not.toContain('c0ffee00');
  });

  it('is told to lack a role', async () => {
    const env = { SPEAN_API_KEY: world.api.createApiKey('XROAD_REGISTRATION_OFFICER') };
    expect(await refusal([], { env })).toContain('it needs the role XROAD_SERVICE_ADMINISTRATOR');
  });

  it('is hidden even where a server throws it back', async () => {
    const echo: typeof fetch = async (_input, init) => {
      const Authorization = new Headers(init?.headers).get('authorization');
      return Response.json({ status: 400, error: { code: Authorization, metadata: [Authorization] } }, { status: 400 });
    };
    for (const more of [[], ['--json'], ['--dry-run']]) {
      expect(await refusal(more, { fetch: echo })).toContain('[SPEAN_API_KEY]');
    }
  });

  it('does not follow a redirect to another host', async () => {
    const seen: string[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(String(request.headers.authorization));
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const redirecting = createServer((_request, response) => response.writeHead(302, { location }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    expect(await refusal(['--security-server', origin])).toContain('not the management API');
    expect(seen).toEqual([]);
    elsewhere.close();
    redirecting.close();
  });

  it('does not travel in the clear', async () => {
    const notes = await refusal(['--security-server', 'http://ss.agency.example:4000']);
    expect(notes).toContain('over http:// the API key could be read on the way');
  });
});

describe('the way to the security server', () => {
  it.each([
    ['not there', () => fetch('http://127.0.0.1:1/'), 'cannot be reached: check the address and the port'],
    ['not one', saying(200), 'is not the management API'],
    ['of another kind', saying(200, { id: 'x' }), 'is not the management API'],
    ['another one', saying(404, { message: 'Not found' }), 'is not the management API'],
    ['at its end', saying(500), 'failed on its own: see its log'],
    ['full', saying(413), 'takes no request over 50 KB'],
    ['silent', () => Promise.reject(new DOMException('', 'TimeoutError')), 'has not answered in time'],
  ] satisfies [string, typeof fetch, string][])('tells what to do when it is %s', async (_name, send, words) => {
    expect(await refusal([], { fetch: send })).toContain(words);
  });

  it('passes on a code of a later release', async () => {
    const send = saying(409, { status: 409, error: { code: 'moon_phase', metadata: ['waning'] } });
    expect(await refusal([], { fetch: send })).toBe('The security server refuses (moon_phase: waning)');
  });

  it('names the field that it does not take', async () => {
    const error = {
      code: 'validation_failure',
      validation_errors: { 'serviceDescriptionAdd.url': ['Size', 'NotNull'] },
    };
    const notes = await refusal([], { fetch: saying(400, { status: 400, error }) });
    expect(notes).toContain('validation_failure: serviceDescriptionAdd.url Size NotNull');
  });
});

describe('what is asked for', () => {
  it.each([
    [['--client', 'CAMBODIA/GOV/0001'], '--client CAMBODIA/GOV/0001 is no subsystem'],
    [
      ['--client', 'CAMBODIA/GOV/0001/other'],
      `has no client CAMBODIA/GOV/0001/other: a registration officer adds the subsystem under Clients and registers it; it has ${PROVIDER}`,
    ],
    [['--url', 'ftp://agency.example/x'], '--url ftp://agency.example/x is no address'],
    [['--url', 'http://agency.example/x?y=1'], '--url takes host and path only'],
    [['--url', `http://agency.example/${'x'.repeat(250)}`], '--url is too long'],
    [['--verify-tls'], '--verify-tls needs an https:// address'],
    [['--timeout', '1001'], '--timeout takes whole seconds from 0'],
    [['--timeout', '50'], '--timeout 50 is not longer than the 50 s that the adapter may take'],
    [
      ['--access', 'CAMBODIA/GOV/0003/unknown'],
      '--access CAMBODIA/GOV/0003/unknown: the security server knows no such subsystem',
    ],
    [['--access', 'CAMBODIA/GOV/0002/TAX'], 'check spelling and case'],
    [['--access', 'CAMBODIA/GOV/0002'], 'access is given to subsystems, not to members'],
    [['--access', 'local-group:nobody'], '--access local-group:nobody: the client has no such local group'],
    [['--access', 'global-group:CAMBODIA/nobody'], 'the instance has no such global group'],
    [['--access', 'global-group:ministries'], 'a global group has an instance and a code'],
    [['--access', `${CLIENT}#getNothing`], 'has no such operation; it has getCompany'],
    [['--ca', 'README.md'], '--ca README.md holds no certificate in PEM'],
    [['--ca', 'nothing.pem'], '--ca nothing.pem cannot be read: ENOENT'],
  ])('is refused with a reason: %j', async (more, words) => {
    expect(await refusal(more)).toContain(words);
    expect(world.api.log.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('is refused when the adapter has mistakes', async () => {
    const folder = projectWith((adapter) => ({ ...adapter, name: 'Not A Name' }));
    const { code, notes } = await spean(
      [
        'register',
        'Not A Name',
        '--security-server',
        world.api.url,
        '--client',
        PROVIDER,
        '--url',
        'http://x.example/y',
      ],
      { folder, env: { SPEAN_API_KEY: world.apiKey } },
    );
    expect(code).toBe(2);
    expect(notes).toContain('run "spean check Not A Name"');
  });
});

describe('what stands in the way', () => {
  const descriptionUrl = () => `${world.served.url}/business-registry/openapi.json`;

  it('is a service of the same code from a description of another type', async () => {
    await addByHand('REST', 'http://old.agency.example/', 'business-registry');
    expect(await refusal()).toContain('from a description of type REST (http://old.agency.example/): delete that one');
  });

  it('is a service whose code differs in case alone', async () => {
    await addByHand('REST', 'http://old.agency.example/', 'Business-Registry');
    expect(await refusal()).toContain('upper and lower case taken as the same, as service Business-Registry');
  });

  it('is the same address under another code', async () => {
    await addByHand('OPENAPI3', descriptionUrl(), 'companies');
    expect(await refusal()).toContain(`of the same address ${descriptionUrl()} as service companies`);
  });

  it('is a description that the security server cannot fetch', async () => {
    const notes = await refusal(['--url', 'http://127.0.0.1:1/business-registry']);
    expect(notes).toContain(
      '0 of 3 changes are made: The security server could not fetch or read the OpenAPI description',
    );
    expect(notes).toContain('try it with curl on the security server itself');
  });

  it('is a description of an OpenAPI version that the security server does not know', async () => {
    world.served.use(rewriting(await answering(), (document) => ({ ...document, openapi: '3.2.0' })));
    expect(await refusal()).toContain('The security server takes OpenAPI 3.0, and 3.1.0 from X-Road 7.4 on');
  });

  it('is a service code that X-Road keeps for itself', async () => {
    const folder = projectWith((adapter) => ({ ...adapter, serviceCode: 'listMethods' }));
    expect(await refusal([], { folder })).toContain("The service code is a name of one of X-Road's own services");
  });
});

describe('a warning of the security server', () => {
  it('stops with its meaning, and goes on only when it is accepted', async () => {
    world.served.use(rewriting(await answering(), ({ info: _, ...document }) => document));
    const stopped = await world.register();
    expect(stopped.code).toBe(1);
    expect(stopped.notes).toContain('The security server warns: openapi_validation_warnings');
    expect(stopped.notes).toContain('parser finds the OpenAPI description not quite valid');
    expect(stopped.notes).toContain('0 of 3 changes are made');
    expect(world.api.configuration.clients[0]?.descriptions).toEqual([]);
    const accepted = await world.register(['--accept-warnings']);
    expect(accepted.code).toBe(0);
    expect(accepted.notes).toContain('openapi_validation_warnings');
  });

  it('of a later release is shown as it is', async () => {
    const warned: typeof fetch = async (input, init) =>
      init?.method === 'POST'
        ? Response.json({ status: 400, warnings: [{ code: 'moon_phase', metadata: ['waning'] }] }, { status: 400 })
        : fetch(input, init);
    const { notes } = await world.register([], { fetch: warned });
    expect(notes).toContain('The security server warns: moon_phase');
    expect(notes).toContain('in words of a later release');
    expect(notes).toContain('waning');
  });
});

/** An app whose OpenAPI description is changed on its way. */
function rewriting(app: App, change: (document: Record<string, unknown>) => object): App {
  const request: App['request'] = async (...given) => {
    const response = await app.request(...given);
    if (!String(given[0]).endsWith('/openapi.json')) return response;
    return Response.json(change((await response.json()) as Record<string, unknown>));
  };
  return { request } as App;
}
