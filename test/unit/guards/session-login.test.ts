import { describe, expect, it } from 'vitest';
import { secret, sessionLogin, variable } from '../../../src/adapter.ts';
import type { LoggedOutMarks, SessionAuth } from '../../../src/model/definition.ts';
import { GOOD_ANSWER, goodReply, type TestedFormat } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';

const fields = { user: variable('FOUR_FORMATS_USER'), password: secret('FOUR_FORMATS_PASSWORD'), realm: 'staff' };

const welcome = (session: string) =>
  new Response('<html>Welcome</html>', {
    headers: [
      ['content-type', 'text/html'],
      ['set-cookie', `JSESSIONID=${session}; Path=/; HttpOnly; Secure`],
      ['set-cookie', 'theme=blue; Max-Age=600'],
      ['set-cookie', 'old=; Max-Age=0'],
    ],
  });

/** A legacy system whose sessions end when it is told so; without one it answers `loggedOut`. */
async function sessionApp(
  loggedOut: (format: TestedFormat) => Response,
  { marks, ...auth }: Partial<SessionAuth> & { readonly marks?: LoggedOutMarks } = {},
  logIn: (count: number) => Response = (count) => welcome(`s${count}`),
) {
  const guarded = await guardedApp({
    auth: sessionLogin({
      loginUrl: variable('FOUR_FORMATS_LOGIN_URL'),
      ...(auth.json === undefined && { form: fields }),
      ...(marks && { loggedOut: marks }),
      ...auth,
    }),
    limits: { breakerFailures: 2 },
  });
  const logins: Request[] = [];
  const cookies: string[] = [];
  let alive = '';
  guarded.behave((format, request) => {
    if (request.url.startsWith('http://login.test/')) {
      logins.push(request);
      alive = `s${logins.length}`;
      return logIn(logins.length);
    }
    cookies.push(request.headers.get('cookie') ?? '');
    return cookies.at(-1)?.includes(`JSESSIONID=${alive}`) ? goodReply(format) : loggedOut(format);
  });
  return { ...guarded, logins, cookies, endSession: () => (alive = 'none') };
}

const unauthorized = () => new Response('', { status: 401 });
const toLoginPage = () =>
  new Response(null, { status: 302, headers: { location: 'http://legacy.test/login;jsessionid=1?x=1' } });
const loginPage = () =>
  new Response('<html>Log in</html>', { headers: { 'content-type': 'text/html; charset=utf-8' } });
const fault = () =>
  new Response(
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:SessionExpired</faultcode><faultstring>No</faultstring></s:Fault></s:Body></s:Envelope>',
    { status: 500, headers: { 'content-type': 'text/xml' } },
  );

describe('an endpoint that needs a log-in', () => {
  it('is called with the cookies that the log-in set, for as long as a session is used', async () => {
    const { read, logins, cookies, platform } = await sessionApp(unauthorized);
    for (const wait of [0, 899_000, 1_000]) {
      await platform.pass(wait);
      expect(await read('soap')).toMatchObject({ status: 200, body: GOOD_ANSWER });
    }
    expect(cookies).toEqual(['s1', 's1', 's2'].map((session) => `JSESSIONID=${session}; theme=blue`));
    const [login] = logins;
    expect([login?.method, login?.headers.get('content-type')]).toEqual(['POST', 'application/x-www-form-urlencoded']);
    expect(Object.fromEntries(new URLSearchParams(await login?.text()))).toEqual({
      user: 'spean&co',
      password: 'pass wörd%',
      realm: 'staff',
    });
  });

  it('may answer its log-in with a redirect to another page than that of the log-in', async () => {
    const home = (count: number) =>
      new Response(null, { status: 302, headers: { location: '/home', 'set-cookie': `JSESSIONID=s${count}; Path=/` } });
    const { read, cookies } = await sessionApp(unauthorized, {}, home);
    expect(await read('xml')).toMatchObject({ status: 200, body: GOOD_ANSWER });
    expect(cookies).toEqual(['JSESSIONID=s1']);
  });

  it('takes its log-in as JSON where so declared', async () => {
    const { read, logins } = await sessionApp(unauthorized, { json: fields });
    expect((await read('xml')).status).toBe(200);
    expect(logins[0]?.headers.get('content-type')).toBe('application/json');
    expect(await logins[0]?.json()).toEqual({ user: 'spean&co', password: 'pass wörd%', realm: 'staff' });
  });

  it.each<[string, () => Response, LoggedOutMarks | undefined, TestedFormat]>([
    ['401', unauthorized, undefined, 'csv'],
    ['a redirect to the log-in page', toLoginPage, undefined, 'xml'],
    [
      'a redirect to the declared page',
      () => new Response(null, { status: 303, headers: { location: '/signin' } }),
      { page: '/signin' },
      'xml',
    ],
    ['the declared status', () => new Response('', { status: 440 }), { status: 440 }, 'fixedWidth'],
    ['the declared fault', fault, { fault: 'SessionExpired' }, 'soap'],
  ])('is logged in to once more after %s, for reads and writes', async (_, loggedOut, marks, format) => {
    const { read, write, logins, endSession, breaker } = await sessionApp(loggedOut, marks && { marks });
    await read(format);
    endSession();
    expect(await read(format)).toMatchObject({ status: 200, body: GOOD_ANSWER });
    endSession();
    expect(await write(format, 'key-1')).toMatchObject({ status: 201, body: GOOD_ANSWER });
    expect([logins.length, await breaker(format)]).toEqual([3, 'closed']);
  });

  it('repeats only what is safe after a log-in page with 200, which does not tell what was done', async () => {
    const { read, write, endSession, cookies } = await sessionApp(loginPage, { marks: { contentType: 'text/html' } });
    await read('xml');
    endSession();
    expect(await read('xml')).toMatchObject({ status: 200, body: GOOD_ANSWER });
    endSession();
    cookies.length = 0;
    expect(await write('xml', 'key-1')).toMatchObject({ status: 502, body: { code: 'legacy-unexpected' } });
    expect(cookies).toHaveLength(1);
    expect(await write('xml', 'key-2')).toMatchObject({ status: 201, body: GOOD_ANSWER });
  });

  it('does not take every redirect for one to the log-in page', async () => {
    const elsewhere = () => new Response(null, { status: 302, headers: { location: '/moved' } });
    const { read, endSession, logins } = await sessionApp(elsewhere);
    await read('xml');
    endSession();
    expect(await read('xml')).toMatchObject({ body: { code: 'legacy-unexpected' } });
    expect(logins).toHaveLength(1);
  });

  it.each<[string, () => Response]>([
    ['401', unauthorized],
    ['a redirect to the log-in page', toLoginPage],
    ['the declared fault', fault],
  ])('is left alone when it answers %s to every session', async (_, loggedOut) => {
    const { behave, read, breaker } = await sessionApp(loggedOut, { marks: { fault: 'SessionExpired' } });
    behave((_format, request) => (request.url.includes('/login') ? welcome('s') : loggedOut()));
    for (let index = 0; index < 2; index++) {
      expect(await read('soap')).toMatchObject({
        status: 502,
        calls: 4,
        body: { code: 'legacy-credentials-refused' },
      });
    }
    expect(await breaker('soap')).toBe('open');
  });

  it.each<[string, () => Response, string]>([
    ['is refused', () => new Response('marked-secret', { status: 403 }), 'The log-in was answered with HTTP 403'],
    ['sets no cookie', () => new Response('marked-secret'), 'The log-in set no cookie'],
    ['leads back to the log-in page', toLoginPage, 'The log-in led back to the log-in page'],
    [
      'goes unanswered',
      () => {
        throw new TypeError('marked-secret');
      },
      'Who gives them out did not answer',
    ],
  ])('is not called where the log-in %s', async (_, logIn, why) => {
    const { read, cookies, log } = await sessionApp(unauthorized, {}, logIn);
    const { status, body } = await read('xml');
    expect([status, body.code]).toEqual([502, 'legacy-credentials-refused']);
    expect(body.detail).toBe(`The credentials for the legacy system could not be fetched. ${why}`);
    expect(cookies).toEqual([]);
    expect(JSON.stringify([body, log])).not.toContain('marked-secret');
  });
});
