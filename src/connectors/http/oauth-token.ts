import type { OAuth2Auth } from '../../model/definition.ts';
import { basicCredentials } from './basic-credentials.ts';
import type { LiveCall } from './call.ts';
import type { CredentialsParts, PresentContext } from './credentials.ts';
import { askForCredentials } from './credentials-call.ts';
import type { Grant } from './held-grant.ts';
import { noCredentials } from './no-credentials.ts';

/** A token that does not tell when it expires is used for so long, seconds. */
const UNTOLD_LIFETIME_SECONDS = 300;
/** A token is not used any more so long before it expires, or in the last tenth of its life where that is shorter. */
const RENEW_BEFORE_MS = 30_000;
/** RFC 6750, 2.1, as far as a header can hold it. */
const TOKEN = /^[\x21-\x7e]{1,8192}$/;

/**
 * Fetches an access token by client credentials (RFC 6749, 4.4.2); the client shows itself with HTTP Basic, its id and
 * secret form-encoded before that (2.3.1). Throws SpeanError `legacy-credentials-refused`.
 */
export async function fetchToken(
  { tokenUrl, clientId, clientSecret, scope }: OAuth2Auth,
  parts: CredentialsParts,
  context: PresentContext,
): Promise<Grant> {
  const { resolve, platform } = parts;
  const request = {
    url: resolve(tokenUrl),
    headers: [
      ['authorization', basicCredentials(formEncoded(resolve(clientId)), formEncoded(resolve(clientSecret)))],
      ['accept', 'application/json'],
      ['content-type', 'application/x-www-form-urlencoded'],
    ] as const,
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString(),
  };
  return askForCredentials(request, parts, context, async (answer) => {
    const { status } = answer.reply;
    if (status !== 200) throw noCredentials(`The token endpoint answered HTTP ${status}${await reasonOf(answer)}`);
    return readGrant(await readJson(answer), platform.now());
  });
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

function readGrant({ access_token: token, token_type: type, expires_in: lifetime }: TokenAnswer, now: number): Grant {
  if (typeof token !== 'string' || !TOKEN.test(token) || !/^bearer$/i.test(String(type))) {
    throw noCredentials('The token endpoint answered no bearer token');
  }
  const seconds = Number(lifetime ?? UNTOLD_LIFETIME_SECONDS);
  const lifetimeMs = (Number.isFinite(seconds) ? seconds : UNTOLD_LIFETIME_SECONDS) * 1000;
  return {
    lines: [['authorization', `Bearer ${token}`]],
    until: now + lifetimeMs - Math.min(RENEW_BEFORE_MS, lifetimeMs / 10),
  };
}

/** The members of a token endpoint's answer that are looked at (RFC 6749, 5.1 and 5.2). */
interface TokenAnswer {
  readonly access_token?: unknown;
  readonly token_type?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
}

/** What is no JSON object has no members. The parser's own message would quote the text, which may be a token. */
async function readJson({ reply }: LiveCall): Promise<TokenAnswer> {
  const text = new TextDecoder().decode(await reply.body.bytes());
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** The error codes of RFC 6749, 5.2; any other text of the answer's might hold anything. */
const REASONS: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

async function reasonOf(answer: LiveCall): Promise<string> {
  const { error } = await readJson(answer);
  return REASONS.has(error) ? ` (${error})` : '';
}
