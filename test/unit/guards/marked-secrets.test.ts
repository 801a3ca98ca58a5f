/**
 * Marked secrets and personal values go through every path; what comes out to consumers, operators and logs is searched
 * for them. A value is public only where an operation's output declares it. Names are not looked for: a problem names
 * unknown parameters and members to the consumer who wrote them, and elements and columns of a document that it refuses;
 * and the log names a fault to whoever has to declare it.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  basic,
  bearer,
  date,
  headerKey,
  oauth2,
  secret,
  sessionLogin,
  usernameToken,
  variable,
} from '../../../src/adapter.ts';
import type { AdapterDefinition, Auth } from '../../../src/model/definition.ts';
import { documentOf, fourFormats, type TestedFormat } from '../../support/four-formats.ts';
import { type Behaviour, guardedApp } from '../../support/guarded-app.ts';
import { exchangeHeaders } from '../../support/test-app.ts';

/** Every mark holds this, in letters and digits only, so that no encoding but base64 hides it. */
const MARK = 'zq7mark';
const PUBLIC = 'Sok';
const mark = (what: string) => `${MARK}${what}`;

const user = variable('FOUR_FORMATS_USER');
const password = secret('FOUR_FORMATS_PASSWORD');
const loginUrl = variable('FOUR_FORMATS_LOGIN_URL');

const ENVIRONMENT = {
  FOUR_FORMATS_URL: `http://${mark('host')}.internal/${mark('path')}`,
  FOUR_FORMATS_LOGIN_URL: `http://${mark('login')}.internal/login`,
  FOUR_FORMATS_USER: mark('user'),
  FOUR_FORMATS_PASSWORD: mark('password'),
};

const AUTHS: readonly (readonly [string, Auth | undefined, TestedFormat])[] = [
  ['no credentials', undefined, 'fixedWidth'],
  ['HTTP Basic', basic(user, password), 'csv'],
  ['a bearer token', bearer(password), 'xml'],
  ['a header key', headerKey('X-Key', password), 'xml'],
  ['a UsernameToken in clear', usernameToken(user, password, 'text'), 'soap'],
  ['a UsernameToken digest', usernameToken(user, password, 'digest'), 'soap'],
  ['OAuth 2', oauth2({ tokenUrl: loginUrl, clientId: user, clientSecret: password }), 'xml'],
  ['a session', sessionLogin({ loginUrl, form: { user, password, note: mark('literal') } }), 'xml'],
];

/** What whoever gives out credentials answers: a token and a cookie at once, so that it serves both kinds. */
const grant = () =>
  Response.json(
    { access_token: mark('token'), token_type: 'Bearer', expires_in: 1, note: mark('note') },
    { headers: { 'set-cookie': `SID=${mark('session')}` } },
  );

const LEAKY_HEADERS = {
  'set-cookie': `SID=${mark('cookie')}`,
  server: mark('server'),
  location: `http://${mark('location')}.internal/`,
  'www-authenticate': `Basic realm="${mark('realm')}"`,
  'x-road-id': mark('xroad'),
  'x-internal': mark('header'),
};

const answer = (text: string, init: ResponseInit = {}, contentType = 'text/xml') =>
  new Response(text, { ...init, headers: { ...LEAKY_HEADERS, 'content-type': contentType } });

const soapFault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:${mark('code')}</faultcode><faultstring>${mark('string')}</faultstring><detail><${mark('Detail')}>${mark('stack')}</${mark('Detail')}></detail></s:Fault></s:Body></s:Envelope>`;

/** Answers well, with more than was asked for. */
const good: Behaviour = (format) => {
  const { good: text, contentType } = documentOf(format);
  const more =
    format === 'soap' || format === 'xml'
      ? text.replace(
          '<Person>',
          `<!--${mark('comment')}--><Person secret="${mark('attribute')}"><Other>${mark('other')}</Other>`,
        )
      : format === 'csv'
        ? `Name,Other\r\n${PUBLIC},${mark('other')}\r\n`
        : text;
  return answer(more, {}, contentType);
};

const PATHS: readonly (readonly [string, Behaviour])[] = [
  ['a good answer', good],
  ['a fault', () => answer(soapFault, { status: 500 })],
  ['a fault with 200', () => answer(soapFault)],
  ['a bare error', () => answer(`at ${mark('trace')}(Main.java:1)`, { status: 500 }, 'text/plain')],
  ['a gateway error', () => answer(mark('gateway'), { status: 503 }, 'text/plain')],
  ['a refusal', () => answer(mark('refusal'), { status: 403 })],
  ['refused credentials', () => answer(mark('unauthorized'), { status: 401 })],
  ['a redirect', () => answer('', { status: 302 })],
  ['a page', () => answer(`<html>${mark('page')}</html>`, {}, 'text/html')],
  ['another document', () => answer(`<Other a="${mark('a')}">${mark('text')}</Other>`)],
  ['a cut document', (format) => answer(`${documentOf(format).opening}<Cut "${mark('cut')}`)],
  ['a wrong value', (format) => answer(documentOf(format).good.replaceAll(/Sok {7}|Sok/g, mark('val')))],
  ['an unknown charset', () => answer('x', {}, `text/xml; charset=x-unknown; note=${mark('parameter')}`)],
  ['bytes of no charset', () => answer(`${mark('bytes')}\u0000`, {}, 'text/xml; charset=utf-16')],
  ['a transport error', () => Promise.reject(new TypeError(`connect ${mark('address')}`))],
];

/** Names become dates in the operations that are to meet wrong values, and an input a number. */
function withStrictTypes(definition: AdapterDefinition): AdapterDefinition {
  const strict = JSON.parse(JSON.stringify(definition), (_, value) =>
    value?.type === 'text' && value.at === 'Name' ? date('Name') : value,
  );
  return strict;
}

function withAuth(definition: AdapterDefinition, format: TestedFormat, auth: Auth | undefined): AdapterDefinition {
  const endpoint = definition.legacy[format];
  if (auth === undefined || endpoint === undefined) return definition;
  return { ...definition, legacy: { ...definition.legacy, [format]: { ...endpoint, auth } } };
}

const consumersOwn = exchangeHeaders({
  authorization: `Bearer ${mark('consumer')}`,
  cookie: `SID=${mark('consumercookie')}`,
  'x-road-userid': mark('userid'),
  'X-Internal': mark('consumerheader'),
});

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const method of METHODS) {
    vi.spyOn(console, method).mockImplementation((...values) => void printed.push(values.map(String).join(' ')));
  }
});
afterEach(() => vi.restoreAllMocks());

/** A statement says what was asked, which its consumer wrote: that part is taken out, and the rest is searched. */
async function told(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'x-evidence-jws');
  const [, payload = ''] = (response.headers.get('x-evidence-jws') ?? '').split('.');
  const { req, ...statement } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const { target: _, ...request } = req;
  return JSON.stringify([headers, statement, request, await response.text()]);
}

const withoutFaultNames = ({ faultNames: _, ...record }: Readonly<Record<string, unknown>>) => record;

const BASE64_MARKS = [ENVIRONMENT.FOUR_FORMATS_PASSWORD, `${mark('user')}:${mark('password')}`].map((text) =>
  btoa(text).replace(/=+$/, ''),
);

function expectNoMarks(text: string): void {
  const found = [...text.matchAll(new RegExp(`${MARK}\\w*`, 'gi'))].map(([word]) => word);
  expect(found).toEqual([]);
  for (const encoded of BASE64_MARKS) expect(text).not.toContain(encoded);
}

describe.each(AUTHS)('with %s', (_, auth, format) => {
  it.each(PATHS)('%s tells no secret and no personal value', async (path, behaviour) => {
    const definition = withAuth(fourFormats(), format, auth);
    const adapter = path === 'a wrong value' ? withStrictTypes(definition) : definition;
    const { app, behave, log, platform, requests } = await guardedApp({ adapter, environment: ENVIRONMENT });
    behave((asked, request, fake) => (request.url.endsWith('/login') ? grant() : behaviour(asked, request, fake)));

    const ask = async (url: string, init: RequestInit) => told(await platform.finish(app.request(url, init)));
    const outputs = [
      await ask(`http://spean.test/four-formats/${format}/${mark('id')}?unknown=${mark('query')}`, {
        headers: consumersOwn,
      }),
      await ask(`http://spean.test/four-formats/${format}/${mark('id')}`, { headers: consumersOwn }),
      await ask(`http://spean.test/four-formats/${format}`, {
        method: 'POST',
        headers: { ...consumersOwn, 'content-type': 'application/json', 'Idempotency-Key': mark('key') },
        body: JSON.stringify({ id: mark('bodyid') }),
      }),
      await ask(`http://spean.test/four-formats/${format}`, {
        method: 'POST',
        headers: { ...consumersOwn, 'content-type': 'application/json', 'Idempotency-Key': mark('key2') },
        body: JSON.stringify({ id: [mark('list')], unknown: mark('member') }),
      }),
      await ask(`http://spean.test/four-formats/${format}`, {
        method: 'POST',
        headers: { ...consumersOwn, 'content-type': 'application/json', 'Idempotency-Key': mark('key3') },
        body: `{"id": "${mark('broken')}`,
      }),
    ];
    const watched = await Promise.all(
      ['/metrics', '/ready', '/ready?probe'].map(async (url) => (await app.request(`http://spean.test${url}`)).text()),
    );
    expect(JSON.stringify(requests.map(({ url }) => url))).toContain(MARK);
    expect(log).toHaveLength(outputs.length);
    expect(outputs[1]?.includes(PUBLIC)).toBe(path === 'a good answer');
    expectNoMarks(JSON.stringify([outputs, watched, log.map(withoutFaultNames), printed]));
  });
});
