import { describe, expect, it } from 'vitest';
import { businessRegistry } from '../../adapters/business-registry/adapter.ts';
import { DefinitionError } from '../../src/catalogue/compile.ts';
import { exampleCases } from '../../src/cli/check/example-cases.ts';
import { SettingsError } from '../../src/model/settings.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const COMPANY = 'http://spean.test/business-registry/companies/00012345';
const example = exampleCases('.', 'business-registry').find(({ name }) => name === 'company');
const company = () =>
  new Response(new Uint8Array(example?.read('reply.xml') ?? []), {
    headers: { 'content-type': 'text/xml; charset=utf-8' },
  });

describe('createApp()', () => {
  it('answers in plain Node as it does in workerd', async () => {
    const { app } = await testApp({ legacy: company });
    const response = await app.request(COMPANY, { headers: exchangeHeaders() });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(example?.answer.body);
    expect(response.headers.get('x-evidence-jws')?.split('.')).toHaveLength(3);
  });

  it('calls a legacy system that cannot be reached 502, and one that is too slow 504', async () => {
    const unreachable = await testApp({ legacy: () => Promise.reject(new TypeError('fetch failed: 10.0.0.7:8080')) });
    const refused = await unreachable.app.request(COMPANY, { headers: exchangeHeaders() });
    expect(refused.status).toBe(502);
    const problem = await refused.text();
    expect(JSON.parse(problem)).toMatchObject({ code: 'legacy-unreachable', owner: 'network' });
    expect(problem).not.toContain('10.0.0.7');

    const slow = await testApp({
      adapters: [{ ...businessRegistry, limits: { timeBudgetMs: 50 } }],
      legacy: (request) =>
        new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason))),
    });
    const late = await slow.app.request(COMPANY, { headers: exchangeHeaders() });
    expect(late.status).toBe(504);
    expect(await late.json()).toMatchObject({ code: 'legacy-timeout', owner: 'legacy' });
    expect(late.headers.get('x-evidence-jws')).not.toBeNull();
  });

  it('tells nothing of a defect of its own but that there is one', async () => {
    const { app, log } = await testApp({
      legacy: company,
      platform: {
        createHash: () => {
          throw new Error('secret inside');
        },
        random: () => {
          throw new Error('secret inside');
        },
      },
    });
    const response = await app.request(COMPANY, { headers: exchangeHeaders() });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log.at(-1)).toMatchObject({ statusCode: 500, faultCode: 'adapter-failed', faultOwner: 'adapter' });
    expect(log.at(-1)?.faultStack).toEqual(expect.arrayContaining(['Error', expect.stringContaining('at ')]));
    expect(JSON.stringify(log)).not.toContain('secret inside');
  });

  it('logs one record per exchange, without bodies, paths, secrets or user ids', async () => {
    const { app, log } = await testApp({ legacy: company });
    await app.request(`${COMPANY}?x=secret-query`, {
      headers: exchangeHeaders({ 'X-Road-UserId': 'KH1234567890', Authorization: 'Bearer secret-token' }),
    });
    await app.request(COMPANY, { headers: exchangeHeaders({ 'X-Road-UserId': 'KH1234567890' }) });
    const records = log.filter((record) => 'requestInTs' in record);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({
      operation: 'getCompany',
      statusCode: 200,
      succeeded: true,
      clientMemberCode: 'CAMDEV21231832',
      serviceCode: 'business-registry',
      legacy: [{ operation: 'GetCompanyDetails', status: 200, digest: expect.stringMatching(/^sha-256=:/) }],
    });
    const text = JSON.stringify(log);
    for (const private_ of ['KH1234567890', 'secret', '00012345', 'ខ្មែរ', 'Sok Dara', 'registry-password'])
      expect(text).not.toContain(private_);
  });

  it('answers a client that is not on the list with a signed refusal, and does not call the legacy system', async () => {
    const listed = { ...businessRegistry, allow: { clients: ['CAMBODIA/GOV'] } };
    const { getCompany } = listed.operations;
    const open = { ...listed, operations: { getCompany: { ...getCompany, allow: { clients: ['CAMBODIA/COM'] } } } };
    const outcomes = [];
    for (const adapter of [listed, open]) {
      let calls = 0;
      const { app, log } = await testApp({
        adapters: [adapter],
        legacy: () => {
          calls++;
          return company();
        },
      });
      const response = await app.request(COMPANY, { headers: exchangeHeaders() });
      const { code } = await response.json();
      outcomes.push([response.status, code, calls, log[0]?.faultCode, response.headers.has('x-evidence-jws')]);
    }
    expect(outcomes).toEqual([
      [403, 'client-refused', 0, 'client-refused', true],
      [200, undefined, 1, undefined, true],
    ]);
  });

  it('refuses to start with mistakes, all of them at once', async () => {
    const broken = { ...businessRegistry, name: 'Bad Name', limits: { rows: -1 } };
    await expect(testApp({ legacy: company, adapters: [broken] })).rejects.toThrow(DefinitionError);
    await expect(testApp({ legacy: company, environment: { SPEAN_SIGNING_KEY: '{"kty":"EC"}' } })).rejects.toThrow(
      SettingsError,
    );
  });

  it('starts all the same where it compiles when called; what has mistakes fails, and the log tells them', async () => {
    const { getCompany } = businessRegistry.operations;
    const wrong = { ...getCompany, problems: [{ absent: '.', status: 200 }] };
    const adapter = { ...businessRegistry, operations: { ...businessRegistry.operations, getCompany: wrong } };
    const { app, log } = await testApp({ legacy: company, adapters: [adapter], compile: 'whenCalled' });
    const response = await app.request(COMPANY, { headers: exchangeHeaders() });
    expect([response.status, (await response.json()).code]).toEqual([500, 'adapter-failed']);
    const mistake = { adapter: 'business-registry', place: 'operations.getCompany.problems.0' };
    expect(log[0]?.definitionMistakes).toEqual([expect.objectContaining(mistake)]);
    const ready = await app.request('http://spean.test/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, mistakes: [mistake] });
  });

  it('publishes its keys and its description for the security server', async () => {
    const { app } = await testApp({ legacy: company });
    const keys = await app.request('http://spean.test/business-registry/.well-known/jwks.json');
    expect(keys.headers.get('cache-control')).toContain('max-age=300');
    const jwks = await keys.json();
    expect(jwks.keys).toHaveLength(1);
    expect(jwks.keys[0]).not.toHaveProperty('d');
    const document = await (await app.request('http://spean.test/business-registry/openapi.json')).json();
    expect(document.servers).toEqual([{ url: 'http://spean.test/business-registry' }]);
    expect((await app.request('http://spean.test/nothing/openapi.json')).status).toBe(404);
    expect((await app.request('http://spean.test/health')).status).toBe(200);
  });

  it('lets nobody in who is not the security server', async () => {
    let called = 0;
    const { app, log } = await testApp({
      environment: { SPEAN_SECURITY_SERVER_ADDRESSES: '10.0.0.5', SPEAN_PATH_SECRET: 'a-secret-of-22-characters' },
      legacy: () => {
        called++;
        return company();
      },
    });
    const ask = (path: string, address?: string) =>
      app.request(
        `http://spean.test${path}`,
        { headers: exchangeHeaders() },
        address === undefined ? {} : { caller: { address } },
      );
    const path = '/business-registry/companies/00012345';
    const allowed = await ask(`/a-secret-of-22-characters${path}`, '10.0.0.5');
    expect(allowed.status).toBe(200);
    expect(allowed.headers.has('x-evidence-jws')).toBe(true);
    for (const [url, address] of [
      [`/a-secret-of-22-characters${path}`, undefined],
      [`/a-secret-of-22-characters${path}`, '10.0.0.6'],
      [`/a-secret-of-22-character${path}`, '10.0.0.5'],
      ['/wrong/business-registry/openapi.json', '10.0.0.5'],
      ['/wrong/business-registry/.well-known/jwks.json', '10.0.0.5'],
    ] as const) {
      const response = await ask(url, address);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'server-unrecognised' });
      expect(response.headers.has('x-evidence-jws')).toBe(false);
    }
    expect(called).toBe(1);
    expect(JSON.stringify(log)).not.toContain('a-secret');
  });
});
