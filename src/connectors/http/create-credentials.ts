import type { Auth, Reference } from '../../model/definition.ts';
import { basicCredentials } from './basic-credentials.ts';
import type { HeaderLines } from './call.ts';
import type { Credentials, CredentialsParts } from './credentials.ts';
import { HeldGrant } from './held-grant.ts';
import { fetchToken } from './oauth-token.ts';
import { isLoggedOut, logIn } from './session-login.ts';

const UNAUTHORIZED = 401;

/** What an endpoint's `auth` comes to. Tokens and sessions are those of one isolate or process. */
export function createCredentials(auth: Auth | undefined, parts: CredentialsParts): Credentials {
  switch (auth?.scheme) {
    case 'oauth2': {
      const grant = new HeldGrant((context) => fetchToken(auth, parts, context), parts.platform);
      return {
        present: (context) => grant.present(context),
        judge: ({ reply }) => (reply.status === UNAUTHORIZED ? 'refused' : 'taken'),
        forget: (presented) => grant.forget(presented),
      };
    }
    case 'session': {
      const grant = new HeldGrant((context) => logIn(auth, parts, context), parts.platform);
      const loginUrl = parts.resolve(auth.loginUrl);
      return {
        present: (context) => grant.present(context),
        judge: (answer, names) => isLoggedOut(auth.loggedOut ?? {}, { ...parts, loginUrl }, answer, names),
        forget: (presented) => grant.forget(presented),
      };
    }
    default: {
      const lines = fixedLines(auth, parts.resolve);
      return { present: () => lines, judge: () => 'taken', forget: () => {} };
    }
  }
}

function fixedLines(auth: Auth | undefined, resolve: (reference: Reference) => string): HeaderLines {
  switch (auth?.scheme) {
    case 'basic':
      return [['authorization', basicCredentials(resolve(auth.user), resolve(auth.password))]];
    case 'bearer':
      return [['authorization', `Bearer ${resolve(auth.token)}`]];
    case 'header':
      return [[auth.header, resolve(auth.value)]];
    default:
      return []; // a UsernameToken stands in the SOAP header, which the format writes
  }
}
