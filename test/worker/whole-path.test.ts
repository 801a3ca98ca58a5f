/** The whole path: a consumer, the security-server simulator, the adapter in workerd, the legacy stand-ins. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_CALLS } from '../../examples/calls.ts';
import { CLIENT, PROVIDER, type Stack, startStack } from '../../examples/stack.ts';
import { type VerifyOptions, verifyEnvelope } from '../../src/envelope/verify.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

type Init = { method?: string; headers?: Record<string, string>; body?: string };

async function consume(adapter: string, path: string, { headers, ...init }: Init = {}) {
  return fetch(stack.consumerUrl(adapter, path), { ...init, headers: { 'X-Road-Client': CLIENT, ...headers } });
}

async function keys(adapter: string): Promise<VerifyOptions['keys']> {
  return (await consume(adapter, '/.well-known/jwks.json')).json();
}

async function verified(
  adapter: string,
  response: Response,
  body: Uint8Array,
  expected: VerifyOptions['expected'] = {},
) {
  const header = response.headers.get('x-evidence-jws');
  const options = {
    keys: await keys(adapter),
    expected: { issuer: PROVIDER, audience: CLIENT, status: response.status, ...expected },
    ...(header === null ? {} : { body }),
  };
  return verifyEnvelope(header ?? body, options);
}

describe('calls through the security server', () => {
  it.each(DEMO_CALLS.map((call) => [call.title, call] as const))('%s', async (_, call) => {
    const response = await consume(call.adapter, call.path, {
      method: call.method,
      headers: {
        ...(call.accept === undefined ? {} : { Accept: call.accept }),
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    expect(response.status).toBe(call.status);
    const result = await verified(call.adapter, response, body, {
      request: { method: call.method, target: call.path },
    });
    expect(result).toMatchObject({ verified: true });
    if (!result.verified) return;
    const data = result.data ?? JSON.parse(new TextDecoder().decode(body));
    expect(call.check?.(data as never)).toBeUndefined();
  });
});

describe('bad input', () => {
  const json = { 'Content-Type': 'application/json' };
  const filing = { method: 'POST', headers: json };
  const filings = '/companies/00012345/filings';
  it.each<[string, string, Init, number, string]>([
    ['an unknown path', '/people/1', {}, 404, 'path-unknown'],
    ['a trailing slash', '/companies/', {}, 404, 'path-unknown'],
    ['a method that is not offered', '/companies/00012345', { method: 'DELETE' }, 405, 'method-not-allowed'],
    ['a missing query parameter', '/companies', {}, 400, 'input-invalid'],
    ['an unknown query parameter', '/companies?name=Khmer&x=1', {}, 400, 'input-invalid'],
    ['a repeated query parameter', '/companies?name=Khmer&name=x', {}, 400, 'input-invalid'],
    ['a malformed path parameter', '/companies/12', {}, 400, 'input-invalid'],
    ['a body that is no JSON', filings, { ...filing, body: '{' }, 400, 'body-malformed'],
    ['a body with a member twice', filings, { ...filing, body: '{"year":1,"year":2}' }, 400, 'body-malformed'],
    [
      'a body of another media type',
      filings,
      { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body: '<a/>' },
      415,
      'media-type-unsupported',
    ],
    [
      'an Accept that cannot be met',
      '/companies/00012345',
      { headers: { Accept: 'text/html' } },
      406,
      'not-acceptable',
    ],
    ['characters that XML cannot hold', '/companies?name=a%00b', {}, 400, 'input-invalid'],
  ])('%s is a signed problem, and the legacy system is not called', async (_, path, init, status, code) => {
    const before = stack.registry.received.length;
    const response = await consume('business-registry', path, init);
    const body = new Uint8Array(await response.arrayBuffer());
    const problem = JSON.parse(new TextDecoder().decode(body));
    expect(problem).toMatchObject({
      status,
      code,
      owner: 'caller',
      requestId: response.headers.get('x-road-request-id'),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
    expect(await verified('business-registry', response, body)).toMatchObject({ verified: true });
    expect(stack.registry.received).toHaveLength(before);
  });

  it('a body that is too large is refused unsigned: its digest could not be stated', async () => {
    const response = await consume('business-registry', filings, {
      ...filing,
      body: `{"note":"${'x'.repeat(1_100_000)}"}`,
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body-too-large', owner: 'caller' });
    expect(response.headers.get('x-evidence-jws')).toBeNull();
  });

  it.each([
    ['no X-Road-Client', {}, 'client-missing'],
    ['a malformed one', { 'X-Road-Client': 'CAMBODIA/COM' }, 'header-malformed'],
    ['two of them', { 'X-Road-Client': `${CLIENT}, ${CLIENT}` }, 'header-malformed'],
  ])('%s is 400', async (_, headers, code) => {
    const response = await fetch(`${stack.serviceUrl('business-registry')}/companies/00012345`, {
      headers: { 'x-road-request-id': '1', ...(headers as Record<string, string>) },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
  });
});

describe('a legacy system that misbehaves', () => {
  it.each([
    ['an HTML page with status 200', 'business-registry', '/companies/90000002', 'legacy-unexpected'],
    ['XML that is cut off', 'business-registry', '/companies/90000003', 'legacy-malformed'],
    ['a missing element', 'business-registry', '/companies/90000004', 'legacy-value-invalid'],
    ['HTTP 503', 'business-registry', '/companies/90000005', 'legacy-fault'],
    [
      'CSV that is cut off inside a cell',
      'tax-payments',
      '/taxpayers/001234567/payments?year=2092',
      'legacy-malformed',
    ],
    ['a row without a cell', 'tax-payments', '/taxpayers/001234567/payments?year=2093', 'legacy-malformed'],
    ['HTTP 500', 'tax-payments', '/taxpayers/001234567/payments?year=2094', 'legacy-fault'],
  ])('%s is a signed 502 that tells nothing of its inside', async (_, adapter, path, code) => {
    const response = await consume(adapter, path);
    const body = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(body);
    expect(JSON.parse(text)).toMatchObject({ status: 502, code, owner: 'legacy' });
    expect(text).not.toMatch(/<html|java|Internal Error|Sok Dara/i);
    expect(await verified(adapter, response, body)).toMatchObject({ verified: true });
  });
});

describe('what the security server fetches and finds', () => {
  it('the description through getOpenAPI, without the path secret', async () => {
    const url = `${stack.securityServer.url}/r1/${PROVIDER}/getOpenAPI?serviceCode=business-registry`;
    const document = await (await fetch(url, { headers: { 'X-Road-Client': CLIENT } })).json();
    expect(document).toMatchObject({ openapi: '3.0.3', servers: [{ url: '/business-registry' }] });
  });

  it('nothing without the path secret', async () => {
    const bare = new URL(stack.serviceUrl('business-registry')).origin;
    for (const path of [
      '/business-registry/openapi.json',
      '/x/business-registry/openapi.json',
      '/x/business-registry/companies/00012345',
    ]) {
      const response = await fetch(bare + path, { headers: { 'X-Road-Client': CLIENT, 'x-road-request-id': '1' } });
      expect([403, 404]).toContain(response.status);
      expect(await response.text()).not.toContain('openapi');
    }
  });

  it('no header of X-Road from the adapter, no cookie, nothing compressed', () => {
    for (const { answered } of stack.securityServer.log) {
      for (const [name] of answered?.headers ?? []) {
        expect(name.toLowerCase()).not.toMatch(/^(x-road-|set-cookie$|content-encoding$|server$)/);
      }
    }
  });

  it('HEAD as GET without a body, OPTIONS as the methods', async () => {
    const head = await consume('business-registry', '/companies/00012345', { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('content-type')]).toEqual([200, '', 'application/json']);
    const options = await consume('business-registry', '/companies/00012345', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });
});

describe('two exchanges at once', () => {
  it('are never mixed in an envelope', async () => {
    const numbers = ['00012345', '00000007', '00100200', '00200001', '00200005'];
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const number = numbers[index % numbers.length] ?? '';
        const nonce = `nonce-${index}`;
        const response = await consume('business-registry', `/companies/${number}`, {
          headers: { 'X-Evidence-Nonce': nonce },
        });
        const body = new Uint8Array(await response.arrayBuffer());
        const transaction = response.headers.get('x-road-request-id') ?? '';
        const result = await verified('business-registry', response, body, {
          nonce,
          transaction,
          request: { target: `/companies/${number}` },
        });
        return result.verified && JSON.parse(new TextDecoder().decode(body)).registrationNumber === number;
      }),
    );
    expect(answers.filter((right) => right)).toHaveLength(100);
  });
});
