import { describe, expect, it } from 'vitest';
import { oauth2, secret, variable } from '../../../src/adapter.ts';
import { GOOD_ANSWER, goodReply } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';
import { exchangeHeaders } from '../../support/test-app.ts';

const auth = oauth2({
  tokenUrl: variable('FOUR_FORMATS_LOGIN_URL'),
  clientId: variable('FOUR_FORMATS_USER'),
  clientSecret: secret('FOUR_FORMATS_PASSWORD'),
  scope: 'people.read',
});

/** What the form-encoded id and secret make (RFC 6749, 2.3.1). */
const BASIC = `Basic ${Buffer.from('spean%26co:pass+w%C3%B6rd%25').toString('base64')}`;

const token = (text: string, more: object = { expires_in: 3_600 }) =>
  Response.json({ access_token: text, token_type: 'Bearer', ...more });

type Answer = (request: Request, count: number) => Response | Promise<Response>;

/** An app before a token endpoint and a legacy system, each told how many requests it has had. */
async function oauthApp(tokens: Answer, legacy: Answer = () => goodReply('xml'), limits = {}) {
  const guarded = await guardedApp({ auth, limits });
  const asked: { token: Request[]; legacy: string[] } = { token: [], legacy: [] };
  guarded.behave((_, request) => {
    if (request.url.startsWith('http://login.test/')) {
      asked.token.push(request);
      return tokens(request, asked.token.length);
    }
    asked.legacy.push(request.headers.get('authorization') ?? '');
    return legacy(request, asked.legacy.length);
  });
  return { ...guarded, asked };
}

describe('an endpoint with OAuth 2 client credentials', () => {
  it('is called with a token that was asked for as RFC 6749 says', async () => {
    const { read, asked } = await oauthApp(() => token('one'));
    expect(await read('xml')).toMatchObject({ status: 200, body: GOOD_ANSWER, src: ['200'] });
    expect(asked.legacy).toEqual(['Bearer one']);
    const [request] = asked.token;
    expect([request?.method, request?.url, request?.headers.get('authorization')]).toEqual([
      'POST',
      'http://login.test/login',
      BASIC,
    ]);
    expect([request?.headers.get('content-type'), request?.headers.get('accept')]).toEqual([
      'application/x-www-form-urlencoded',
      'application/json',
    ]);
    expect(await request?.text()).toBe('grant_type=client_credentials&scope=people.read');
  });

  it('gets a new token shortly before the old one expires, and not earlier', async () => {
    const { read, asked, platform } = await oauthApp((_, count) => token(`t${count}`));
    await read('xml');
    await platform.pass(3_569_000);
    await read('xml');
    await platform.pass(1_000);
    await read('xml');
    expect(asked.legacy).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it.each([
    [{}, 300_000],
    [{ expires_in: '60' }, 60_000],
    [{ expires_in: null }, 300_000],
    [{ expires_in: 'soon' }, 300_000],
  ])('uses a token that says %j of its lifetime for all but the last tenth of %i ms', async (more, ms) => {
    const { read, asked, platform } = await oauthApp((_, count) => token(`t${count}`, more));
    await read('xml');
    await platform.pass(ms * 0.9 - 1);
    await read('xml');
    await platform.pass(1);
    await read('xml');
    expect(asked.legacy).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  it('asks for one token for calls that come together', async () => {
    const { app, asked } = await oauthApp(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return token('one');
    });
    const ask = () => app.request('http://spean.test/four-formats/xml/1', { headers: exchangeHeaders() });
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
    expect([asked.token.length, asked.legacy.length]).toEqual([1, 20]);
  });

  it("does not wait for ever for another call's token", async () => {
    const { app, asked, platform } = await oauthApp((_, count) =>
      count === 1 ? new Promise(() => {}) : token('second'),
    );
    const ask = () => app.request('http://spean.test/four-formats/xml/1', { headers: exchangeHeaders() });
    ask(); // its fetch ignores the abort, as that of a request whose client has gone would
    const second = ask();
    await expect.poll(() => asked.token.length).toBe(1);
    await expect.poll(() => platform.timers()).toBe(2);
    await platform.pass(10_000);
    expect((await second).status).toBe(200);
    expect(asked.legacy).toEqual(['Bearer second']);
  });

  it.each(['read', 'write'] as const)('gets a new token once when a %s is answered with 401', async (what) => {
    const { read, write, asked, log } = await oauthApp(
      (_, count) => token(`t${count}`),
      (request) =>
        request.headers.get('authorization') === 'Bearer t1' ? new Response('', { status: 401 }) : goodReply('xml'),
    );
    const asking = what === 'read' ? read('xml') : write('xml', 'key-1');
    expect(await asking).toMatchObject({ body: GOOD_ANSWER, src: ['401 partial', '200'] });
    expect(asked.legacy).toEqual(['Bearer t1', 'Bearer t2']);
    expect(log.at(-1)).toMatchObject({ succeeded: true });
  });

  it('is left alone when it refuses every token', async () => {
    const { read, asked, breaker } = await oauthApp(
      (_, count) => token(`t${count}`),
      () => new Response('', { status: 401 }),
      { breakerFailures: 3 },
    );
    for (let index = 0; index < 3; index++) {
      expect(await read('xml')).toMatchObject({ status: 502, body: { code: 'legacy-credentials-refused' } });
    }
    expect([await breaker('xml'), asked.legacy.length]).toEqual(['open', 6]);
    expect(await read('xml')).toMatchObject({ status: 503, calls: 0 });
  });

  const LEAK = 'marked-secret-of-the-token-endpoint';
  it.each<[string, Answer, string]>([
    [
      'refuses the client',
      () => Response.json({ error: 'invalid_client', error_description: LEAK }, { status: 401 }),
      'The token endpoint answered HTTP 401 (invalid_client)',
    ],
    [
      'refuses the way of asking',
      () => Response.json({ error: 'unsupported_grant_type' }, { status: 400 }),
      'The token endpoint answered HTTP 400 (unsupported_grant_type)',
    ],
    ['answers an empty token', () => token(''), 'The token endpoint answered no bearer token'],
    [
      'answers a token that is a number',
      () => Response.json({ access_token: 12345, token_type: 'Bearer' }),
      'The token endpoint answered no bearer token',
    ],
    [
      'answers a token of a kind that only begins alike',
      () => Response.json({ access_token: LEAK, token_type: 'BearerX' }),
      'The token endpoint answered no bearer token',
    ],
    [
      'answers a token that no header holds',
      () => token('t'.repeat(8193)),
      'The token endpoint answered no bearer token',
    ],
    ['refuses in words of its own', () => new Response(LEAK, { status: 400 }), 'The token endpoint answered HTTP 400'],
    ['fails', () => new Response(LEAK, { status: 500 }), 'The token endpoint answered HTTP 500'],
    [
      'redirects',
      () => new Response(null, { status: 302, headers: { location: `http://elsewhere.test/${LEAK}` } }),
      'The token endpoint answered HTTP 302',
    ],
    ['answers no JSON', () => new Response(LEAK), 'The token endpoint answered no bearer token'],
    ['answers null', () => new Response('null'), 'The token endpoint answered no bearer token'],
    [
      'answers a token of another kind',
      () => Response.json({ access_token: LEAK, token_type: 'mac' }),
      'The token endpoint answered no bearer token',
    ],
    [
      'answers a token that would break a header',
      () => token(`${LEAK}\r\nX: 1`),
      'The token endpoint answered no bearer token',
    ],
    ['answers without end', () => new Response(LEAK.repeat(10_000)), 'Who gives them out did not answer'],
    ['is not there', () => Promise.reject(new TypeError(LEAK)), 'Who gives them out did not answer'],
  ])('is not called while the token endpoint %s, and nothing of that leaks', async (_, tokens, why) => {
    const { read, write, asked, log } = await oauthApp(tokens);
    const { status, body } = await read('xml');
    expect([status, body.code, body.owner]).toEqual([502, 'legacy-credentials-refused', 'adapter']);
    expect(body.detail).toBe(`The credentials for the legacy system could not be fetched. ${why}`);
    await write('xml', 'key-1');
    expect(asked.legacy).toEqual([]);
    expect(JSON.stringify([body, log])).not.toContain('marked-secret');
    expect(await write('xml', 'key-1')).toMatchObject({ body: { code: 'legacy-credentials-refused' }, status: 502 });
  });

  it('gives up on a token endpoint that says nothing in good time', async () => {
    const { read, platform } = await oauthApp(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const since = platform.now();
    expect(await read('xml')).toMatchObject({ status: 502, body: { code: 'legacy-credentials-refused' } });
    expect(platform.now() - since).toBe(10_000);
  });
});
