import type { Auth } from '../../../model/definition.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { SourceElement } from '../wsdl/source-element.ts';

const SECURITY_EXTENSION = /\/oasis-200401-wss-wssecurity-secext-1\.0\.xsd$/;

export function isSecurityHeader({ local, namespace }: SourceElement): boolean {
  return local === 'Security' && SECURITY_EXTENSION.test(namespace);
}

/**
 * What the WS-Security headers of sample requests show of the adapter's credentials: a UsernameToken by reference to
 * settings, never the sample's own. Signatures, encryption and other tokens are told.
 */
export function readAuth(headers: readonly SourceElement[], prefix: string, notes: Notes): Auth | undefined {
  let auth: Auth | undefined;
  for (const block of headers.filter(isSecurityHeader).flatMap(({ children }) => children)) {
    if (block.local === 'UsernameToken') auth = tokenAuth(block, prefix, notes) ?? auth;
    else if (block.local !== 'Timestamp') {
      const consequence = 'Requests carry no such token, signature or encryption: the system may refuse them';
      notes.cannot(block.place, `wsse:Security with ${block.local}`, consequence);
    }
  }
  return auth;
}

function tokenAuth(token: SourceElement, prefix: string, notes: Notes): Auth | undefined {
  const password = token.children.find(({ local }) => local === 'Password');
  if (password === undefined) {
    notes.cannot(token.place, 'wsse:UsernameToken without a password', 'Requests carry no such token');
    return undefined;
  }
  const isDigest = password.attributes.get('Type')?.endsWith('#PasswordDigest') === true;
  const user = { from: 'variable', name: `${prefix}_USER` } as const;
  const secret = { from: 'secret', name: `${prefix}_PASSWORD` } as const;
  notes.ask(
    'legacy.auth',
    'The sample request has a UsernameToken: which user does the adapter have?',
    `${user.name} and ${secret.name}, the password as ${isDigest ? 'digest' : 'text'}`,
    `wsse:UsernameToken at ${token.place}`,
  );
  return { scheme: 'usernameToken', user, password: secret, passwordType: isDigest ? 'digest' : 'text' };
}
