import { CommandError } from '../shell.ts';
import { nameServiceClient } from './access-wish.ts';
import { WHOLE_SERVICE } from './endpoints.ts';
import type { ServiceClient, ServiceSettings } from './management-api.ts';
import { byHand, keyOf, type RegisteredService, type State, settingsOf } from './read-state.ts';
import { keptThings, notesOn } from './remarks.ts';
import { isHashOf } from './tls-certificate.ts';
import { defaultTimeout, isLongEnough, type Wish } from './wish.ts';

/** One change of the security server, in the order in which they are made. */
export type Step =
  | { readonly change: 'add description'; readonly url: string; readonly endpoints: readonly string[] }
  | ({ readonly change: 'move description'; readonly from: string; readonly to: string } & EndpointChanges)
  | ({ readonly change: 'refresh description' } & EndpointChanges)
  /** Its SHA-256, hexadecimal. */
  | { readonly change: 'upload certificate'; readonly fingerprint: string }
  | { readonly change: 'set service'; readonly to: ServiceSettings; readonly from?: ServiceSettings }
  /** Made by hand: the description does not have it, an access right names it. */
  | { readonly change: 'add endpoint'; readonly endpoint: string }
  | {
      readonly change: 'give access';
      readonly endpoint: string;
      readonly serviceClients: readonly NamedServiceClient[];
    }
  | { readonly change: 'enable'; readonly notice?: string };

interface EndpointChanges {
  readonly added: readonly string[];
  readonly removed: readonly RemovedEndpoint[];
}

/** Access rights that were given for an endpoint alone go with it. */
export interface RemovedEndpoint {
  readonly endpoint: string;
  readonly loseAccess: readonly string[];
}

export interface NamedServiceClient extends ServiceClient {
  readonly name: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What is there already and stays, in words. */
  readonly kept: readonly string[];
  /** What the user should know besides, in words. */
  readonly notes: readonly string[];
}

/**
 * What has to change so that the security server has what is wished: nothing more, and nothing is ever taken away but
 * endpoints that the description no longer has. Throws CommandError when something of the client's stands in the way.
 */
export function makePlan(state: State, wish: Wish): Plan {
  const { registered } = state;
  refuseObstacles(state, wish);
  const settings = wishedSettings(registered, wish);
  const steps = [
    ...planDescription(registered, wish),
    ...planCertificate(state, wish),
    ...planSettings(registered, settings),
    ...planEndpoints(registered, wish),
    ...planAccess(state, wish),
    ...planEnabling(registered),
  ];
  return {
    steps,
    kept: keptThings(state, wish, new Set(steps.map(({ change }) => change))),
    notes: notesOn(state, wish, settings),
  };
}

function refuseObstacles({ registered, inTheWay }: State, { serviceCode, descriptionUrl }: Wish): void {
  if (registered !== undefined && registered.description.type !== 'OPENAPI3') {
    throw new CommandError(
      `The client has service ${serviceCode} from a description of type ${registered.description.type} (${registered.description.url}): delete that one in the security server, its access rights go with it, or choose another serviceCode in the adapter`,
    );
  }
  const [other] = inTheWay;
  if (other === undefined) return;
  const codes = other.services.map(({ service_code }) => service_code).join(', ');
  const same = other.url === descriptionUrl ? `address ${other.url}` : 'code, upper and lower case taken as the same,';
  throw new CommandError(
    `The client has a description of the same ${same} as service ${codes}: delete that one in the security server, or choose another ${other.url === descriptionUrl ? '--url' : 'serviceCode in the adapter'}`,
  );
}

function planDescription(registered: RegisteredService | undefined, wish: Wish): Step[] {
  if (registered === undefined) {
    return [{ change: 'add description', url: wish.descriptionUrl, endpoints: wish.endpoints }];
  }
  const { description } = registered;
  const changes = endpointChanges(registered, wish);
  if (description.url !== wish.descriptionUrl) {
    return [{ change: 'move description', from: description.url, to: wish.descriptionUrl, ...changes }];
  }
  const isUpToDate = changes.added.length === 0 && changes.removed.length === 0;
  return isUpToDate ? [] : [{ change: 'refresh description', ...changes }];
}

function endpointChanges({ endpoints, access }: RegisteredService, wish: Wish): EndpointChanges {
  const present = new Set(endpoints.filter(({ generated }) => generated).map(keyOf));
  return {
    added: wish.endpoints.filter((endpoint) => !present.has(endpoint)),
    removed: [...present]
      .filter((endpoint) => endpoint !== WHOLE_SERVICE && !wish.endpoints.includes(endpoint))
      .map((endpoint) => ({ endpoint, loseAccess: (access.get(endpoint) ?? []).map(nameServiceClient) })),
  };
}

/** Where the wish is silent, what is there stays, as long as it works. */
function wishedSettings(registered: RegisteredService | undefined, wish: Wish): ServiceSettings {
  const current = registered && settingsOf(registered);
  const isHttps = wish.serviceUrl.startsWith('https:');
  const keptTimeout = current !== undefined && isLongEnough(current.timeout, wish) ? current.timeout : undefined;
  const keptTls = current?.url.startsWith('https:') ? current.ssl_auth : true;
  return {
    url: wish.serviceUrl,
    timeout: wish.timeout ?? keptTimeout ?? defaultTimeout(wish),
    ssl_auth: isHttps && (wish.verifyTls ?? keptTls),
  };
}

/** Before the service is set, as the security server tries the connection then. */
function planCertificate({ tlsCertificates }: State, { tlsCertificate }: Wish): Step[] {
  if (tlsCertificate === undefined || tlsCertificates.some((hash) => isHashOf(hash, tlsCertificate))) return [];
  return [{ change: 'upload certificate', fingerprint: tlsCertificate.fingerprint }];
}

function planSettings(registered: RegisteredService | undefined, to: ServiceSettings): Step[] {
  if (registered === undefined) return [{ change: 'set service', to }];
  const from = settingsOf(registered);
  const isSame = from.url === to.url && from.timeout === to.timeout && from.ssl_auth === to.ssl_auth;
  return isSame ? [] : [{ change: 'set service', to, from }];
}

function planEndpoints(registered: RegisteredService | undefined, { access, endpoints }: Wish): Step[] {
  const present = new Set([WHOLE_SERVICE, ...endpoints, ...byHand(registered)]);
  const named = new Set(access.flatMap((one) => one.endpoints ?? []));
  return [...named].filter((key) => !present.has(key)).map((endpoint) => ({ change: 'add endpoint', endpoint }));
}

function planAccess({ registered, serviceClients }: State, wish: Wish): Step[] {
  const { access } = wish;
  // Access to an endpoint that the description drops goes with it, even where the endpoint is added again by hand
  const dropped = new Set(registered && endpointChanges(registered, wish).removed.map(({ endpoint }) => endpoint));
  const wanted = new Map<string, Map<string, NamedServiceClient>>();
  for (const { name, endpoints = [WHOLE_SERVICE] } of access) {
    const serviceClient = serviceClients.get(name);
    if (serviceClient === undefined) continue;
    for (const endpoint of endpoints) {
      if (hasAccess(registered, endpoint, serviceClient) && !dropped.has(endpoint)) continue;
      const missing = wanted.get(endpoint) ?? new Map();
      wanted.set(endpoint, missing.set(serviceClient.id, { ...serviceClient, name }));
    }
  }
  return [...wanted].map(([endpoint, missing]) => ({
    change: 'give access',
    endpoint,
    serviceClients: [...missing.values()],
  }));
}

function hasAccess(registered: RegisteredService | undefined, endpoint: string, { id }: ServiceClient): boolean {
  return registered?.access.get(endpoint)?.some((one) => one.id === id) ?? false;
}

function planEnabling(registered: RegisteredService | undefined): Step[] {
  if (registered === undefined) return [{ change: 'enable' }];
  const { disabled, disabled_notice: notice } = registered.description;
  return disabled ? [{ change: 'enable', ...(notice && { notice }) }] : [];
}
