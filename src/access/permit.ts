import type { ClientRules } from '../model/allow-list.ts';
import { SpeanError } from '../model/errors.ts';
import type { AdmittedRequest } from '../model/exchange.ts';
import { matchesClient, parseIdentifier, sameIdentifier } from '../model/identifiers.ts';

/**
 * Lets a client call an operation. Each list that the rules have is demanded: the client stands on or below one of the
 * clients, and the represented party is one of those named. Throws SpeanError `client-refused`, which names no list:
 * who else may call is nobody's business.
 */
export function permit(request: AdmittedRequest, { clients, representedParties }: ClientRules): void {
  if (clients !== undefined && !clients.some((pattern) => matchesClient(pattern, request.clientParts))) {
    throw new SpeanError('client-refused', {
      detail: 'This client is not among those that may call this operation: ask the provider for access',
    });
  }
  if (representedParties === undefined) return;
  const party =
    request.representedParty === undefined ? [] : parseIdentifier('representedParty', request.representedParty);
  if (!representedParties.some((allowed) => sameIdentifier(allowed, party))) {
    throw new SpeanError('client-refused', {
      detail:
        request.representedParty === undefined
          ? 'This operation is called on behalf of a party: name it in X-Road-Represented-Party'
          : 'This operation may not be called on behalf of the party that X-Road-Represented-Party names',
    });
  }
}
