import type { Auth, Endpoint, Reference } from '../../../model/definition.ts';
import type { Builders } from './builders.ts';
import { printBlock, printValue } from './print-value.ts';

/** Source that builds this endpoint. */
export function printEndpoint({ format, endpoint, auth, ...options }: Endpoint, builders: Builders): string {
  return builders.call(
    format,
    printBlock([
      ['endpoint', printReference(endpoint, builders)],
      ...Object.entries(options).map(([name, value]): [string, string] => [name, printValue(value)]),
      ...(auth === undefined ? [] : [['auth', printAuth(auth, builders)] as const]),
    ]),
  );
}

function printReference({ from, name }: Reference, builders: Builders): string {
  return builders.call(from, printValue(name));
}

function printAuth(auth: Auth, builders: Builders): string {
  const reference = (value: Reference) => printReference(value, builders);
  switch (auth.scheme) {
    case 'basic':
      return builders.call('basic', reference(auth.user), reference(auth.password));
    case 'bearer':
      return builders.call('bearer', reference(auth.token));
    case 'header':
      return builders.call('headerKey', printValue(auth.header), reference(auth.value));
    case 'usernameToken': {
      const type = auth.passwordType === 'digest' ? printValue('digest') : undefined;
      return builders.call('usernameToken', reference(auth.user), reference(auth.password), type);
    }
    case 'oauth2':
    case 'session': {
      const { scheme, ...options } = auth;
      const members = Object.entries(options).map(([name, value]) => [name, printMember(value, builders)] as const);
      return builders.call(scheme === 'oauth2' ? 'oauth2' : 'sessionLogin', printBlock(members));
    }
  }
}

/** A reference, or an object that may hold some, or what stands for itself. */
function printMember(value: unknown, builders: Builders): string {
  if (typeof value !== 'object' || value === null) return printValue(value);
  if ('from' in value) return printReference(value as Reference, builders);
  return printBlock(Object.entries(value).map(([name, item]) => [name, printMember(item, builders)] as const));
}
