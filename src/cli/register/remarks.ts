import { nameServiceClient } from './access-wish.ts';
import { KEY_SET_ENDPOINT, WHOLE_SERVICE } from './endpoints.ts';
import type { ServiceSettings } from './management-api.ts';
import { byHand, type State, settingsOf } from './read-state.ts';
import type { Wish } from './wish.ts';

/** What is there already and stays, in words; `changes` are the kinds of steps that the plan has. */
export function keptThings({ client, registered }: State, wish: Wish, changes: ReadonlySet<string>): string[] {
  const kept = [`client ${wish.client}${client.status ? ` (${client.status})` : ''}`];
  if (registered === undefined) return kept;
  if (!changes.has('move description') && !changes.has('refresh description')) {
    kept.push(`description ${registered.description.url} with ${wish.endpoints.length} endpoints`);
  }
  if (!changes.has('set service')) kept.push(`service ${describeSettings(settingsOf(registered))}`);
  if (!changes.has('enable')) kept.push('service enabled');
  for (const serviceClient of registered.access.get(WHOLE_SERVICE) ?? []) {
    kept.push(`access of ${nameServiceClient(serviceClient)} to the whole service`);
  }
  for (const endpoint of [...wish.endpoints, ...byHand(registered)]) {
    for (const serviceClient of registered.access.get(endpoint) ?? []) {
      kept.push(`access of ${nameServiceClient(serviceClient)} to ${endpoint}`);
    }
  }
  return kept;
}

/** What the user should know besides, in words; `settings` are those that the service will have. */
export function notesOn({ client, ...state }: State, wish: Wish, settings: ServiceSettings): string[] {
  const notes: string[] = [];
  if (client.status !== undefined && client.status !== 'REGISTERED') {
    notes.push(
      `The client is ${client.status}, not REGISTERED: nobody can call it before a registration officer has seen to that`,
    );
  }
  if (settings.url.startsWith('http:')) {
    notes.push(
      'The service URL is http://: requests and answers can be read and changed between security server and adapter',
    );
  }
  if (settings.url.startsWith('https:') && !settings.ssl_auth) {
    notes.push(
      "TLS verification is off: calls are encrypted, but the security server takes any certificate for the adapter's",
    );
  }
  const strangers = wish.isSigned ? withoutKeys(state, wish) : [];
  if (strangers.length > 0) {
    notes.push(
      `${strangers.join(', ')} may call single endpoints but not fetch the keys that verify what is signed: add "#${KEY_SET_ENDPOINT}" to --access, or hand the key set over otherwise`,
    );
  }
  return notes;
}

/** Who is given access, but not to the key set: neither by this wish nor before. */
function withoutKeys(
  { registered, serviceClients }: Pick<State, 'registered' | 'serviceClients'>,
  { access }: Wish,
): string[] {
  const readers = new Set(
    access
      .filter(({ endpoints }) => endpoints === undefined || endpoints.includes(KEY_SET_ENDPOINT))
      .map(({ name }) => serviceClients.get(name)?.id),
  );
  for (const endpoint of [WHOLE_SERVICE, KEY_SET_ENDPOINT]) {
    for (const { id } of registered?.access.get(endpoint) ?? []) readers.add(id);
  }
  const names = access.filter(({ name }) => !readers.has(serviceClients.get(name)?.id)).map(({ name }) => name);
  return [...new Set(names)];
}

/** `https://… , timeout 60 s, TLS certificate verified`. */
export function describeSettings({ url, timeout, ssl_auth }: ServiceSettings): string {
  const tls = url.startsWith('https:') ? `TLS certificate ${ssl_auth ? 'verified' : 'not verified'}` : 'no TLS';
  return `${url}, timeout ${timeout === 0 ? 'none' : `${timeout} s`}, ${tls}`;
}
