import { describe, expect, it } from 'vitest';
import { fourFormats, GOOD_ANSWER, goodReply } from '../../support/four-formats.ts';
import { type Behaviour, guardedApp } from '../../support/guarded-app.ts';

/** Fails with this answer once, then answers well. */
function onceThenWell(first: () => Response): Behaviour {
  let calls = 0;
  return (format) => (calls++ === 0 ? first() : goodReply(format));
}

const unavailable = (retryAfter?: string) => () =>
  new Response('', { status: 503, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) });

describe('a legacy call that fails for the moment', () => {
  it('is made again where the operation is safe, and the statement tells both', async () => {
    const { behave, read } = await guardedApp();
    behave(onceThenWell(unavailable()));
    expect(await read('xml')).toMatchObject({
      status: 200,
      body: GOOD_ANSWER,
      calls: 2,
      src: ['503 partial', '200'],
    });
  });

  it.each<[string, Behaviour]>([
    ['a status', () => unavailable()()],
    ['a connection that breaks', () => Promise.reject(new TypeError('fetch failed'))],
  ])('is made as many times as declared, and not once more: %s', async (_, behaviour) => {
    for (const attempts of [1, 3]) {
      const { behave, read } = await guardedApp({ limits: { attempts, breakerFailures: 100 } });
      behave(behaviour);
      expect(await read('xml')).toMatchObject({ status: 502, calls: attempts });
    }
  });

  it.each([
    [429, '1', 2],
    [429, undefined, 1],
    [428, '1', 1],
    [500, '1', 1],
    [501, '1', 1],
    [502, undefined, 2],
    [504, undefined, 2],
    [505, undefined, 1],
  ])('is made again after a status that says so: %i with Retry-After %s', async (status, retryAfter, calls) => {
    const { behave, read } = await guardedApp();
    behave(
      onceThenWell(() => new Response('', { status, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) })),
    );
    expect(await read('xml')).toMatchObject({ status: calls === 2 ? 200 : 502, calls });
  });

  it('is not made again once the breaker is open, which too many calls alone never open', async () => {
    const { behave, read, breaker } = await guardedApp({ limits: { breakerFailures: 1 } });
    behave(onceThenWell(() => new Response('', { status: 429, headers: { 'retry-after': '1' } })));
    expect(await read('xml')).toMatchObject({ status: 200, calls: 2 });
    behave(onceThenWell(unavailable()));
    expect(await read('xml')).toMatchObject({ status: 502, calls: 1 });
    expect(await breaker('xml')).toBe('open');
  });

  it('is not made again where the time that Retry-After names is beyond the budget', async () => {
    const { behave, read, platform } = await guardedApp({ limits: { timeBudgetMs: 10_000 } });
    const since = platform.now();
    behave(onceThenWell(unavailable('10')));
    expect(await read('xml')).toMatchObject({ status: 502, calls: 1 });
    expect(platform.now() - since).toBeLessThan(10_000);
  });

  it('is not made again where a GET is declared to change something', async () => {
    const { operations, ...rest } = fourFormats();
    const readXml = { ...operations.readXml!, safe: false };
    const { behave, read } = await guardedApp({ adapter: { ...rest, operations: { ...operations, readXml } } });
    behave(onceThenWell(unavailable()));
    expect(await read('xml')).toMatchObject({ status: 502, calls: 1 });
  });

  it('is not made before the time that Retry-After names, in seconds or as a date', async () => {
    const { behave, read, platform } = await guardedApp();
    for (const retryAfter of ['7', new Date(platform.now() + 7_000 + 10_000).toUTCString()]) {
      const since = platform.now();
      behave(onceThenWell(unavailable(retryAfter)));
      expect(await read('xml')).toMatchObject({ status: 200, calls: 2 });
      expect(platform.now() - since).toBeGreaterThanOrEqual(7_000);
      expect(platform.now() - since).toBeLessThan(20_000);
    }
  });

  it('shares one time budget with its repeats', async () => {
    const { behave, read, platform } = await guardedApp({ limits: { timeBudgetMs: 10_000, attempts: 100 } });
    const since = platform.now();
    behave(async (_, __, { after }) => {
      await new Promise<void>((resolve) => after(900, resolve));
      throw new TypeError('fetch failed');
    });
    const { body, calls } = await read('csv');
    expect(body.code).toMatch(/^legacy-(unreachable|timeout)$/);
    expect(calls).toBeGreaterThan(2);
    expect(platform.now() - since).toBeLessThanOrEqual(10_000);
  });

  it('is written anew for each attempt: a nonce in it serves once', async () => {
    const { secret, soap, usernameToken, variable } = await import('../../../src/adapter.ts');
    const adapter = fourFormats();
    const endpoint = soap({
      endpoint: variable('FOUR_FORMATS_URL'),
      namespace: 'urn:four',
      auth: usernameToken(variable('BUSINESS_REGISTRY_USER'), secret('BUSINESS_REGISTRY_PASSWORD'), 'digest'),
    });
    const { behave, read, requests } = await guardedApp({
      adapter: { ...adapter, legacy: { ...adapter.legacy, soap: endpoint } },
    });
    behave(onceThenWell(unavailable()));
    expect(await read('soap')).toMatchObject({ status: 200, calls: 2 });
    const bodies = await Promise.all(requests.map((request) => request.text()));
    const nonces = bodies.map((body) => /Nonce[^>]*>([^<]+)/.exec(body)?.[1]);
    expect(nonces.every((nonce) => nonce !== undefined)).toBe(true);
    expect(new Set(nonces).size).toBe(2);
  });
});
