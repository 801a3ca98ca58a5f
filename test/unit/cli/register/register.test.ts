import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSecurityServer } from '../../../../examples/security-server/server.ts';
import type { AdapterDefinition } from '../../../../src/model/definition.ts';
import {
  answering,
  GLOBAL_GROUP,
  LOCAL_GROUP,
  OTHER_CLIENT,
  projectWith,
  type Registering,
  startRegistering,
} from '../../../support/registering.ts';
import { CLIENT, PROVIDER } from '../../../support/test-app.ts';

let world: Registering;
beforeEach(async () => {
  world = await startRegistering();
});
afterEach(() => world.close());

const client = () => {
  const [only] = world.api.configuration.clients;
  if (only === undefined) throw new Error('The double has no client');
  return only;
};
const description = () => {
  const [only, ...others] = client().descriptions;
  if (only === undefined || others.length > 0) throw new Error(`${client().descriptions.length} descriptions`);
  return only;
};
const endpoints = () => client().endpoints.map(({ method, path }) => `${method} ${path}`);
/** `GET /companies/* CAMBODIA:GOV:0002:tax`, sorted. */
const rights = () =>
  client()
    .rights.map(({ endpointId, serviceClientId }) => {
      const endpoint = client().endpoints.find(({ id }) => id === endpointId);
      return `${endpoint?.method} ${endpoint?.path} ${serviceClientId}`;
    })
    .sort();
const changes = () => world.api.log.filter(({ method }) => method !== 'GET');

/** The adapter without one of its operations, or with one more. */
const without =
  (operation: string) =>
  (adapter: AdapterDefinition): AdapterDefinition => ({
    ...adapter,
    operations: Object.fromEntries(Object.entries(adapter.operations).filter(([name]) => name !== operation)),
  });
const withBudget =
  (timeBudgetMs: number) =>
  (adapter: AdapterDefinition): AdapterDefinition => ({ ...adapter, limits: { ...adapter.limits, timeBudgetMs } });

describe('spean register, the first time', () => {
  it('adds the description, sets the service, gives access and enables it', async () => {
    const { code, out } = await world.register(['--access', CLIENT, '--timeout', '90']);
    expect(code).toBe(0);
    const url = `${world.served.url}/business-registry`;
    expect(description()).toMatchObject({
      url: `${url}/openapi.json`,
      type: 'OPENAPI3',
      disabled: false,
      service: { service_code: 'business-registry', url, timeout: 90 },
    });
    expect(endpoints()).toEqual(expect.arrayContaining(['* **', 'GET /companies/*', 'GET /.well-known/jwks.json']));
    expect(rights()).toEqual([`* ** ${CLIENT.replaceAll('/', ':')}`]);
    expect(out).toContain(`+ add description ${url}/openapi.json as service business-registry`);
    expect(out).toContain('+ give access to the whole service');
    expect(out).toContain(`/r1/${PROVIDER}/business-registry/`);
  });

  it('leaves a service that a consumer can call through the security servers', async () => {
    await world.register(['--access', CLIENT]);
    const securityServer = await startSecurityServer({
      services: world.api.services(),
      clients: [CLIENT, OTHER_CLIENT],
    });
    const call = (consumer: string) =>
      fetch(`${securityServer.url}/r1/${PROVIDER}/business-registry/.well-known/jwks.json`, {
        headers: { 'X-Road-Client': consumer },
      });
    try {
      expect(await (await call(CLIENT)).json()).toMatchObject({ keys: [{ kty: 'EC' }] });
      expect(await (await call(OTHER_CLIENT)).json()).toMatchObject({ type: expect.stringMatching(/access.?denied/i) });
    } finally {
      await securityServer.close();
    }
  });

  it('gives groups and single endpoints what is named for them', async () => {
    const { code } = await world.register([
      ...['--access', `global-group:${GLOBAL_GROUP}`],
      ...['--access', `local-group:${LOCAL_GROUP}#getCompany, GET /.well-known/jwks.json`],
      ...['--access', `${OTHER_CLIENT}#GET /companies/00012345`],
    ]);
    expect(code).toBe(0);
    const [group] = client().localGroups;
    expect(rights()).toEqual(
      [
        `* ** ${GLOBAL_GROUP.replaceAll('/', ':')}`,
        `GET /companies/* ${group?.id}`,
        `GET /.well-known/jwks.json ${group?.id}`,
        `GET /companies/00012345 ${OTHER_CLIENT.replaceAll('/', ':')}`,
      ].sort(),
    );
    expect(client().endpoints.find(({ path }) => path === '/companies/00012345')).toMatchObject({ generated: false });
  });

  it('warns that a client of single endpoints cannot verify what it gets', async () => {
    const { out } = await world.register(['--access', `${OTHER_CLIENT}#getCompany`]);
    expect(out).toContain(`${OTHER_CLIENT} may call single endpoints but not fetch the keys`);
    const again = await world.register(['--access', `${OTHER_CLIENT}#getCompany,GET /.well-known/jwks.json`]);
    expect(again.out).not.toContain('not fetch the keys');
  });

  it('says when nobody can call yet, as the client is not registered', async () => {
    expect((await world.register(['--dry-run'])).out).not.toContain('not REGISTERED');
    client().status = 'SAVED';
    const { code, out } = await world.register();
    expect(code).toBe(0);
    expect(out).toContain('The client is SAVED, not REGISTERED: nobody can call it');
  });

  it('chooses a timeout that leaves the adapter its time', async () => {
    const folder = projectWith(withBudget(90_000));
    await world.register([], { folder });
    expect(description().service.timeout).toBe(95);
    const { code, notes } = await world.register(['--timeout', '90'], { folder });
    expect(code).toBe(2);
    expect(notes).toContain('--timeout 90 is not longer than the 90 s that the adapter may take');
  });

  it('shows the plan and changes nothing with --dry-run', async () => {
    const { code, out } = await world.register(['--dry-run', '--access', CLIENT]);
    expect(code).toBe(0);
    expect(out).toContain('4 changes');
    expect(out).toContain('      GET /companies/*');
    expect(changes()).toEqual([]);
  });
});

describe('spean register, again', () => {
  const access = [
    '--access',
    CLIENT,
    '--access',
    `local-group:${LOCAL_GROUP}#getCompany`,
    '--access',
    `${OTHER_CLIENT}#GET /x`,
  ];

  it('has nothing to do, and does nothing', async () => {
    await world.register(access);
    const before = changes().length;
    const { code, out } = await world.register(access);
    expect(code).toBe(0);
    expect(out).toMatch(/Nothing to do$/);
    expect(changes()).toHaveLength(before);
  });

  it('keeps a timeout and access rights that it was not asked about', async () => {
    await world.register(['--timeout', '300', '--access', CLIENT]);
    const { out } = await world.register();
    expect(out).toContain('Nothing to do');
    expect(out).toContain(`✓ access of ${CLIENT} to the whole service`);
    expect(description().service.timeout).toBe(300);
  });

  it('raises a timeout that the adapter has outgrown', async () => {
    await world.register(['--timeout', '60']);
    const { out } = await world.register([], { folder: projectWith(withBudget(80_000)) });
    expect(out).toContain('timeout 85 s');
    expect(description().service.timeout).toBe(85);
  });

  it('enables what was disabled, and says with which words it was', async () => {
    await world.register();
    Object.assign(description(), { disabled: true, disabled_notice: 'Moving house' });
    const { out } = await world.register();
    expect(out).toContain('enable service, which is disabled: "Moving house"');
    expect(out).toContain('1 change\n');
    expect(description().disabled).toBe(false);
  });

  it('moves the service to another address', async () => {
    await world.register();
    const moved = world.served.url.replace('127.0.0.1', 'localhost');
    const { code, out } = await world.register(['--url', `${moved}/business-registry/`]);
    expect(code).toBe(0);
    expect(out).toContain(`change description from ${world.served.url}/business-registry/openapi.json to ${moved}`);
    expect(description()).toMatchObject({
      url: `${moved}/business-registry/openapi.json`,
      service: { url: `${moved}/business-registry` },
    });
  });

  it('brings the endpoints up to date once what they take away is accepted', async () => {
    await world.register(['--access', `${OTHER_CLIENT}#getCompany`]);
    const folder = projectWith(without('getCompany'));
    world.served.use(await answering(without('getCompany')));

    const asked = await world.register([], { folder });
    expect(asked.code).toBe(1);
    expect(asked.out).toContain(`- GET /companies/*, and with it the access of ${OTHER_CLIENT}`);
    expect(asked.notes).toContain('The security server warns: deleting_endpoints');
    expect(asked.notes).toContain('access rights that were given for them alone go too');
    expect(asked.notes).toContain('GET /companies/*');
    expect(endpoints()).toContain('GET /companies/*');

    const accepted = await world.register(['--accept-warnings'], { folder });
    expect(accepted.code).toBe(0);
    expect(accepted.notes).toContain('The security server warns: deleting_endpoints');
    expect(endpoints()).not.toContain('GET /companies/*');
    expect(rights()).toEqual([]);
    expect((await world.register([], { folder })).out).toContain('Nothing to do');
  });

  it('says so when the deployment is older than the adapter here', async () => {
    world.served.use(await answering(without('getCompany')));
    const { code, notes } = await world.register();
    expect(code).toBe(2);
    expect(notes).toContain('has no GET /companies/*: it is not this version of the adapter; deploy it');
    expect(description().disabled).toBe(true);
    world.served.use(await answering());
    expect((await world.register(['--accept-warnings'])).code).toBe(0);
    expect(description().disabled).toBe(false);
  });
});

describe('spean register, after a failure in the middle', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('goes on from there when change %i got no answer, done or not', async (failing) => {
    const wished = [
      ...['--access', CLIENT, '--access', `local-group:${LOCAL_GROUP}#getCompany`],
      ...['--access', `${OTHER_CLIENT}#GET /companies/0*`],
    ];
    for (const isDone of [false, true]) {
      await world.close();
      world = await startRegistering();
      let change = 0;
      const cut: typeof fetch = async (input, init) => {
        if (init?.method !== 'GET') change += 1;
        if (change !== failing || init?.method === 'GET') return fetch(input, init);
        if (isDone) await fetch(input, init);
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
      };
      const broken = await world.register(wished, { fetch: cut });
      expect(broken.code).toBe(2);
      expect(broken.notes).toContain(`${failing - 1} of 7 changes are made: The security server cannot be reached`);
      expect((await world.register(wished)).code).toBe(0);
      expect(description().disabled).toBe(false);
      expect(rights()).toHaveLength(3);
      expect((await world.register(wished)).out).toContain('Nothing to do');
    }
  });
});
