import { describe, expect, it } from 'vitest';
import { decodeStatement } from '../../support/decode-statement.ts';
import { fourFormats, GOOD_ANSWER, goodReply } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';
import { exchangeHeaders } from '../../support/test-app.ts';

const cache = { seconds: 60, lastGoodSeconds: 3_600 };
const down = () => Promise.reject(new TypeError('fetch failed'));

const marks = ({ headers }: { headers: Headers }) => [headers.get('age'), headers.get('cache-status')];

describe('an answer that may be kept', () => {
  it.each(['soap', 'xml', 'csv', 'fixedWidth'] as const)(
    'is given again during its lifetime with its age, and asked for anew after it (%s)',
    async (format) => {
      const { read, platform } = await guardedApp({ cache });
      const first = await read(format);
      expect([first.calls, ...marks(first)]).toEqual([1, null, null]);
      await platform.pass(45_000);
      const again = await read(format);
      expect([again.body, again.calls, ...marks(again)]).toEqual([GOOD_ANSWER, 0, '45', 'spean; hit; ttl=15']);
      await platform.pass(15_000);
      expect(await read(format)).toMatchObject({ calls: 1, body: GOOD_ANSWER });
    },
  );

  it('carries its age in the statement, and its own transaction', async () => {
    const { app, read, platform } = await guardedApp({ cache });
    await read('xml');
    await platform.pass(10_000);
    const headers = exchangeHeaders();
    const response = await app.request('http://spean.test/four-formats/xml/1', { headers });
    const { src, txn } = decodeStatement(response) as unknown as { src: readonly { age: number }[]; txn: string };
    expect([src.map(({ age }) => age), txn]).toEqual([[10], headers['x-road-request-id']]);
  });

  it('is read as it was when it came: in the charset of its content type', async () => {
    const { behave, read } = await guardedApp({ cache });
    const bytes = Uint8Array.from('<Reply><Person><Name>Jos\u00e9</Name></Person></Reply>', (letter) =>
      letter.charCodeAt(0),
    );
    behave(() => new Response(bytes, { headers: { 'content-type': 'text/xml; charset=iso-8859-1' } }));
    const first = await read('xml');
    expect(first.body).toEqual({ people: [{ name: 'José' }] });
    expect(await read('xml')).toMatchObject({ calls: 0, body: first.body, src: first.src });
  });

  it('may be that there is no such thing, where that is declared', async () => {
    const { operations, ...rest } = fourFormats({ cache });
    const problems = [{ absent: 'Person', status: 404, title: 'Nobody' }] as const;
    const readXml = { ...operations.readXml!, problems };
    const { behave, read, platform } = await guardedApp({
      adapter: { ...rest, operations: { ...operations, readXml } },
    });
    behave(() => new Response('<Reply/>', { headers: { 'content-type': 'text/xml' } }));
    expect(await read('xml')).toMatchObject({ calls: 1, status: 404, body: { title: 'Nobody' } });
    expect(await read('xml')).toMatchObject({ calls: 0, status: 404, body: { title: 'Nobody' } });
    await platform.pass(60_000);
    behave(goodReply);
    expect(await read('xml')).toMatchObject({ calls: 1, body: GOOD_ANSWER });
  });

  it('is not given for other inputs', async () => {
    const { read } = await guardedApp({ cache });
    await read('xml', '1');
    expect(await read('xml', '2')).toMatchObject({ calls: 1 });
  });

  it('stands in, marked as stale, while the legacy system cannot be asked, and not for ever', async () => {
    const { behave, read, platform, log } = await guardedApp({ cache });
    await read('xml');
    behave(down);
    await platform.pass(100_000);
    const stale = await read('xml');
    expect([stale.status, stale.body, stale.calls]).toEqual([200, GOOD_ANSWER, 2]);
    const [age, status] = marks(stale);
    expect([Number(age), status]).toEqual([100, 'spean; fwd=stale; ttl=-40; detail=legacy-unreachable']);
    expect(log.at(-1)).toMatchObject({ succeeded: true, lastGoodAfter: 'legacy-unreachable' });
    await platform.pass(3_600_000);
    expect(await read('xml')).toMatchObject({ status: 502, body: { code: 'legacy-unreachable' } });
  });

  it('stands in while the breaker is open, without a call', async () => {
    const { behave, read, platform, breaker } = await guardedApp({ cache, limits: { breakerFailures: 2 } });
    await read('xml');
    behave(down);
    await platform.pass(100_000);
    await read('xml');
    expect(await breaker('xml')).toBe('open');
    const stale = await read('xml');
    expect([stale.status, stale.calls]).toEqual([200, 0]);
    expect(marks(stale)[1]).toBe('spean; hit; ttl=-40; detail=legacy-unavailable');
  });

  it.each([
    ['an error status', () => new Response('', { status: 500 })],
    ['a document that cannot be read', () => new Response('<Reply>', { headers: { 'content-type': 'text/xml' } })],
  ])('is never %s', async (_, bad) => {
    const { behave, read } = await guardedApp({ cache });
    behave(bad);
    expect((await read('xml')).status).toBe(502);
    behave(goodReply);
    expect(await read('xml')).toMatchObject({ status: 200, calls: 1 });
  });

  it('does not stand in for an answer that says something', async () => {
    const { behave, read, platform } = await guardedApp({ cache });
    await read('xml');
    behave(() => new Response('<Other/>', { headers: { 'content-type': 'text/xml' } }));
    await platform.pass(100_000);
    expect(await read('xml')).toMatchObject({ status: 502, body: { code: 'legacy-unexpected' } });
  });
});
