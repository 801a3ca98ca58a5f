import { describe, expect, it } from 'vitest';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const TOKEN = 'operations-token-0123456789';
const PRODUCTION = {
  SPEAN_ENVIRONMENT: 'production',
  SPEAN_PATH_SECRET: 'path-secret-0123456789abcdef',
  SPEAN_OPERATIONS_TOKEN: TOKEN,
  SPEAN_OPERATIONS_ADDRESSES: '10.1.1.1',
};
const SERVICE = `http://spean.test/${PRODUCTION.SPEAN_PATH_SECRET}`;
const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

const company = () =>
  new Response(
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><f:FindCompaniesResponse xmlns:f="http://registry.example.gov.kh/ws"/></s:Body></s:Envelope>',
    { headers: { 'content-type': 'text/xml' } },
  );

const production = (environment: Record<string, string> = {}) =>
  testApp({ legacy: company, environment: { ...PRODUCTION, ...environment } });

describe('the operations endpoints', () => {
  it.each(['/ready', '/metrics'])('%s answers an operator only, and hides from everyone else', async (path) => {
    const { app } = await production();
    const ask = async (init?: RequestInit, address?: string) =>
      (await app.request(`http://spean.test${path}`, init, address === undefined ? {} : { caller: { address } }))
        .status;
    expect([await ask(bearer), await ask({}, '10.1.1.1')]).toEqual([200, 200]);
    expect(await ask()).toBe(404);
    expect(await ask({ headers: { authorization: `Bearer ${TOKEN}x` } })).toBe(404);
    expect(await ask({}, '10.1.1.2')).toBe(404);
    const throughX = { headers: { ...bearer.headers, 'X-Road-Client': 'CAMBODIA/GOV/1/A' } };
    expect(await ask(throughX)).toBe(404);
    const asService = { headers: exchangeHeaders(bearer.headers) };
    expect((await app.request(`${SERVICE}${path}`, asService)).status).toBe(404);
  });

  it('are closed in production where nobody is named, and open in development', async () => {
    const closed = await production({ SPEAN_OPERATIONS_TOKEN: '', SPEAN_OPERATIONS_ADDRESSES: '' });
    expect((await closed.app.request('http://spean.test/metrics')).status).toBe(404);
    const { app } = await testApp({ legacy: company });
    expect((await app.request('http://spean.test/metrics')).status).toBe(200);
  });

  it('refuse a token that could be guessed', async () => {
    await expect(production({ SPEAN_OPERATIONS_TOKEN: 'short' })).rejects.toThrow('SPEAN_OPERATIONS_TOKEN is not');
  });

  it('tell readiness: adapters, keys, and legacy systems only when asked', async () => {
    const asked: string[] = [];
    const { app } = await testApp({
      legacy: (request) => {
        asked.push(`${request.method} ${request.url}`);
        if (request.url.includes('tax')) throw new TypeError('refused');
        expect(request.headers.has('authorization')).toBe(false);
        return new Response('', { status: 405 });
      },
    });
    const ready = await (await app.request('http://spean.test/ready')).json();
    expect(ready).toMatchObject({ ready: true, adapters: ['business-registry', 'tax-payments'], warnings: [] });
    expect(ready.keys).toEqual([{ kid: expect.stringMatching(/^[\w-]{43}$/) }]);
    const calm = { breaker: 'closed', running: 0, queued: 0, open: true };
    expect(ready.legacy).toEqual([
      { adapter: 'business-registry', endpoint: 'legacy', ...calm },
      { adapter: 'tax-payments', endpoint: 'exports', ...calm },
      { adapter: 'tax-payments', endpoint: 'intake', ...calm },
    ]);
    expect(asked).toEqual([]);
    const probed = await (await app.request('http://spean.test/ready?probe')).json();
    expect(probed.legacy).toMatchObject([
      { adapter: 'business-registry', endpoint: 'legacy', reachable: true },
      { adapter: 'tax-payments', endpoint: 'exports', reachable: false },
      { adapter: 'tax-payments', endpoint: 'intake', reachable: false },
    ]);
    expect(asked).toContain('HEAD http://registry.test/ws');
  });

  it('count exchanges by what came of them, and name nobody', async () => {
    const { app } = await production();
    const get = (path: string, headers = exchangeHeaders()) => app.request(`${SERVICE}${path}`, { headers });
    await get('/business-registry/companies?name=Sokha-the-person');
    await get('/business-registry/companies?name=Sokha-the-person');
    await get('/business-registry/companies?name=S');
    await get('/business-registry/people/1');
    await get('/made-up-by-a-stranger/companies');
    await app.request(`${SERVICE}/business-registry/companies`);
    const metrics = await (await app.request('http://spean.test/metrics', bearer)).text();
    const labels = 'adapter="business-registry",operation="findCompanies",client_class="COM"';
    expect(metrics).toContain(`spean_exchanges_total{${labels},outcome="answered",owner="none",code="none"} 2\n`);
    expect(metrics).toContain(
      `spean_exchanges_total{${labels},outcome="problem",owner="caller",code="input-invalid"} 1\n`,
    );
    expect(metrics).toContain('adapter="unknown",operation="unknown",client_class="unknown",outcome="problem"');
    expect(metrics).toContain('spean_refused_total{code="client-missing"} 1\n');
    expect(metrics).toContain(
      'spean_legacy_calls_total{adapter="business-registry",operation="findCompanies",status="2xx"} 2',
    );
    expect(metrics).toMatch(/spean_exchange_duration_seconds_bucket\{[^}]*le="\+Inf"\} 3\n/);
    expect(metrics).toMatch(/spean_signing_key_info\{kid="[\w-]{43}",alg="ES256",active="true"\} 1\n/);
    expect(metrics).not.toMatch(/Sokha|stranger|CAMDEV|CP1_API/);
  });
});
