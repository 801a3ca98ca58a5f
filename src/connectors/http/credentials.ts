import type { Auth, Reference } from '../../model/definition.ts';
import type { HeaderLines, LiveCall } from './call.ts';

/** How the adapter shows itself to one legacy endpoint. */
export interface Credentials {
  /**
   * What to send with a call that ends at `deadline`, milliseconds since the epoch; a promise only where it has to be
   * fetched. Throws SpeanError `legacy-credentials-refused`, `legacy-timeout` or `legacy-unreachable`.
   */
  present(deadline: number): HeaderLines | Promise<HeaderLines>;
  /** Whether an answer means that what was presented is good no more, and that asking anew may help. */
  hasExpired(answer: LiveCall): boolean;
  /** Forgets what was presented, so that it is fetched anew; what has been fetched since stays. */
  forget(presented: HeaderLines): void;
}

/** Credentials that do not change while the adapter runs. */
export function fixedCredentials(auth: Auth | undefined, resolve: (reference: Reference) => string): Credentials {
  const lines = fixedLines(auth, resolve);
  return { present: () => lines, hasExpired: () => false, forget: () => {} };
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

/** RFC 7617, 2.1: the user-pass is encoded as UTF-8. */
export function basicCredentials(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}
