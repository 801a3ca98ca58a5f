import type { Auth, LoginFields, Reference } from './definition.ts';

export interface AuthReferences {
  /** Addresses that credentials are fetched from. */
  readonly urls: readonly Reference[];
  readonly values: readonly Reference[];
}

/** The settings that an endpoint's credentials are made of. */
export function authReferences(auth: Auth | undefined): AuthReferences {
  switch (auth?.scheme) {
    case 'basic':
    case 'usernameToken':
      return { urls: [], values: [auth.user, auth.password] };
    case 'bearer':
      return { urls: [], values: [auth.token] };
    case 'header':
      return { urls: [], values: [auth.value] };
    case 'oauth2':
      return { urls: [auth.tokenUrl], values: [auth.clientId, auth.clientSecret] };
    case 'session':
      return { urls: [auth.loginUrl], values: loginReferences({ ...auth.form, ...auth.json }) };
    case undefined:
      return { urls: [], values: [] };
  }
}

function loginReferences(fields: LoginFields): readonly Reference[] {
  return Object.values(fields).filter((value) => typeof value !== 'string');
}
