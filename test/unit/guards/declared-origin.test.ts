/** Nothing that a consumer writes leads a legacy call off its declared address, or adds to its headers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardedApp } from '../../support/guarded-app.ts';
import { exchangeHeaders } from '../../support/test-app.ts';

const NASTY = [
  '.',
  '..',
  '%2e%2e',
  '.%2E',
  '../admin',
  '..%2fadmin',
  '%2f',
  'a/../../b',
  '//elsewhere.test/x',
  'http://elsewhere.test/',
  '@elsewhere.test',
  ':80@elsewhere.test',
  '\\\\elsewhere.test',
  'a\r\nHost: elsewhere.test',
  'a%0d%0aX-Injected: 1',
  '?x=1',
  'a?x=1&y=2',
  '#fragment',
  ';jsessionid=1',
  'a b',
  '\t',
  'ខ្មែរ',
  '\u0000',
  '\ud800',
];

const VALUES = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc
    .array(fc.constantFrom('.', '/', '%', '2', 'e', 'f', '\\', ':', '@', '?', '#'), { minLength: 1 })
    .map((parts) => parts.join('')),
);

/** The value as a whole path segment: percent-encoded unless it stands alone as a surrogate, which no URL can hold. */
const segment = (value: string) => encodeURIComponent(value.toWellFormed());

describe('a value in the path of a legacy call', () => {
  it.each([
    ['a whole segment', 'xml', (id: string) => `people/${id}`],
    ['a part of one', 'csv', (id: string) => `people-${id}.csv`],
  ] as const)('is %s and nothing else', async (_, format, expectedPath) => {
    const { app, requests } = await guardedApp({ limits: { clientCallsPerMinute: 1_000_000 } });
    await fc.assert(
      fc.asyncProperty(VALUES, async (value) => {
        requests.length = 0;
        const url = `http://spean.test/four-formats/${format}/${segment(value)}`;
        const response = await app.request(url, { headers: exchangeHeaders() });
        const [request] = requests;
        if (request === undefined) {
          expect([400, 404]).toContain(response.status);
          return;
        }
        expect(request.url).toBe(`http://legacy.test/base/${expectedPath(segment(value))}`);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a value in the query of a legacy call', () => {
  it('stays that value', async () => {
    const { app, requests } = await guardedApp({ limits: { clientCallsPerMinute: 1_000_000 } });
    await fc.assert(
      fc.asyncProperty(VALUES, async (value) => {
        requests.length = 0;
        const headers = exchangeHeaders({ 'content-type': 'application/json', 'Idempotency-Key': crypto.randomUUID() });
        const body = JSON.stringify({ id: value });
        await app.request('http://spean.test/four-formats/csv', { method: 'POST', headers, body });
        const [request] = requests;
        if (request === undefined) return;
        const { origin, pathname, searchParams } = new URL(request.url);
        expect([origin, pathname, [...searchParams]]).toEqual(['http://legacy.test', '/base/import', [['id', value]]]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a consumer's headers", () => {
  it('go nowhere', async () => {
    const { app, requests } = await guardedApp();
    const headers = exchangeHeaders({
      authorization: 'Bearer of-the-consumer',
      cookie: 'session=1',
      forwarded: 'host=elsewhere.test',
      'x-forwarded-host': 'elsewhere.test',
      'x-forwarded-proto': 'https',
      'x-http-method-override': 'DELETE',
      'x-original-url': '/admin',
      'accept-encoding': 'gzip',
    });
    for (const format of ['soap', 'xml', 'csv', 'fixedWidth']) {
      await app.request(`http://spean.test/four-formats/${format}/1`, { headers });
    }
    const sent = requests.map((request) => [...request.headers.keys()].sort());
    expect(sent).toEqual([
      ['accept-encoding', 'content-type', 'soapaction'],
      ['accept-encoding'],
      ['accept-encoding'],
      ['accept-encoding'],
    ]);
    expect(requests.map((request) => request.headers.get('accept-encoding'))).toEqual(new Array(4).fill('identity'));
  });
});
