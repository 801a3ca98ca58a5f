import type { LoggedOutMarks, LoginFields, Reference, SessionAuth } from '../../model/definition.ts';
import type { HeaderLines } from './call.ts';
import type { CredentialsParts, JudgedAnswer, PresentContext, Verdict } from './credentials.ts';
import { askForCredentials } from './credentials-call.ts';
import type { Grant } from './held-grant.ts';
import { noCredentials } from './no-credentials.ts';

/** How long a session is used where the definition does not say, minutes: half of the 30 that servlet containers have. */
const DEFAULT_SESSION_MINUTES = 15;
const MINUTE_MS = 60_000;
const UNAUTHORIZED = 401;

/**
 * Logs in and gives the cookies that the answer sets. The answer may be a page or a redirect to one, other than to the
 * log-in page. Cookies' attributes are not looked at: they go to the declared endpoint and nowhere else. Throws
 * SpeanError `legacy-credentials-refused`.
 */
export async function logIn(auth: SessionAuth, parts: CredentialsParts, context: PresentContext): Promise<Grant> {
  const { resolve, platform } = parts;
  const loginUrl = resolve(auth.loginUrl);
  const request = { url: loginUrl, ...loginBody(auth, resolve) };
  return askForCredentials(request, parts, context, async (answer) => {
    const { status } = answer.reply;
    if (status >= 400) throw noCredentials(`The log-in was answered with HTTP ${status}`);
    if (answer.isRedirect && leadsToLoginPage(auth.loggedOut ?? {}, { url: loginUrl, loginUrl }, answer)) {
      throw noCredentials('The log-in led back to the log-in page');
    }
    const cookies = readCookies(answer.headers);
    if (cookies === '') throw noCredentials('The log-in set no cookie');
    const minutes = auth.minutes ?? DEFAULT_SESSION_MINUTES;
    return { lines: [['cookie', cookies]], until: platform.now() + minutes * MINUTE_MS };
  });
}

function loginBody(
  { form, json }: SessionAuth,
  resolve: CredentialsParts['resolve'],
): { readonly headers: HeaderLines; readonly body: string } {
  const filled = (fields: LoginFields): [string, string][] =>
    Object.entries(fields).map(([name, value]) => [name, textOf(value, resolve)]);
  return json === undefined
    ? {
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: new URLSearchParams(filled(form ?? {})).toString(),
      }
    : { headers: [['content-type', 'application/json']], body: JSON.stringify(Object.fromEntries(filled(json))) };
}

function textOf(value: Reference | string, resolve: CredentialsParts['resolve']): string {
  return typeof value === 'string' ? value : resolve(value);
}

/** RFC 6265, 4.2.1: names and values as they were set. An empty value is how old systems delete a cookie. */
function readCookies(headers: Headers): string {
  const cookies = new Map<string, string>();
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
    if (name !== '' && value.trim() !== '') cookies.set(name, value.trim());
    else cookies.delete(name);
  }
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

interface Addresses {
  /** The address that was called, against which a redirect is read. */
  readonly url: string;
  readonly loginUrl: string;
}

/** What an answer says of the session that it was asked in. */
export function isLoggedOut(
  marks: LoggedOutMarks,
  addresses: Addresses,
  answer: JudgedAnswer,
  faultNames: readonly string[],
): Verdict {
  const { status, contentType } = answer.reply;
  if (status === UNAUTHORIZED || status === marks.status) return 'refused';
  if (marks.fault !== undefined && faultNames.includes(marks.fault)) return 'refused';
  if (answer.isRedirect) return leadsToLoginPage(marks, addresses, answer) ? 'refused' : 'taken';
  return marks.contentType !== undefined && mediaType(contentType) === mediaType(marks.contentType)
    ? 'doubtful'
    : 'taken';
}

function leadsToLoginPage(
  { page }: LoggedOutMarks,
  { url, loginUrl }: Addresses,
  { headers }: Pick<JudgedAnswer, 'headers'>,
): boolean {
  const target = URL.parse(headers.get('location') ?? '', url)?.pathname;
  return target !== undefined && withoutSession(target) === (page ?? URL.parse(loginUrl)?.pathname);
}

/** Servlet containers write the session into the path of a client whose cookies they do not know yet. */
function withoutSession(path: string): string {
  return path.replace(/;jsessionid=[^/]*/i, '');
}

function mediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase();
}
