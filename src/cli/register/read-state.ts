import { CommandError } from '../shell.ts';
import type { AccessWish } from './access-wish.ts';
import { ApiError } from './api-error.ts';
import { endpointKey, KEY_SET_ENDPOINT, WHOLE_SERVICE } from './endpoints.ts';
import type {
  Client,
  Endpoint,
  ManagementApi,
  Service,
  ServiceClient,
  ServiceClientType,
  ServiceDescription,
  ServiceSettings,
} from './management-api.ts';
import type { Wish } from './wish.ts';

/** What the security server has, as far as the wish is concerned. */
export interface State {
  readonly client: Client;
  /** The one that has the wished service code, if any. */
  readonly registered?: RegisteredService;
  /** Descriptions of the client that stand in the way: those with the same address or almost the same code. */
  readonly inTheWay: readonly ServiceDescription[];
  /** Hashes of the certificates uploaded for the client; only where the wish has one. */
  readonly tlsCertificates: readonly string[];
  /** The API's own entry for each wished service client, by `AccessWish.name`. */
  readonly serviceClients: ReadonlyMap<string, ServiceClient>;
}

export interface RegisteredService {
  readonly description: ServiceDescription;
  readonly service: Service;
  readonly endpoints: readonly Endpoint[];
  /** Who has access, by endpoint key; only the endpoints that the wish names, those that it drops, the key set, and the whole service. */
  readonly access: ReadonlyMap<string, readonly ServiceClient[]>;
}

/** Reads all that a plan needs. Throws CommandError when the client is not there or someone who shall have access is unknown. */
export async function readState(wish: Wish, api: ManagementApi): Promise<State> {
  const client = await findClient(wish, api);
  const descriptions = await api.serviceDescriptions(wish.clientId);
  const description = descriptions.find(({ services }) =>
    services.some(({ service_code }) => service_code === wish.serviceCode),
  );
  return {
    client,
    ...(description && { registered: await readRegistered(description, wish, api) }),
    inTheWay: descriptions.filter((other) => other !== description && isInTheWay(other, wish)),
    tlsCertificates: wish.tlsCertificate === undefined ? [] : await api.tlsCertificates(wish.clientId),
    serviceClients: await findServiceClients(wish, api),
  };
}

async function findClient({ client, clientId }: Wish, api: ManagementApi): Promise<Client> {
  try {
    return await api.client(clientId);
  } catch (error) {
    if (!(error instanceof ApiError) || !/^client_not_found$|^not_the_management_api$/.test(error.code)) throw error;
    const others = (await api.clients()).map(({ id }) => id.replaceAll(':', '/'));
    throw new CommandError(
      `The security server has no client ${client}: a registration officer adds the subsystem under Clients and registers it; it has ${others.join(', ') || 'none'}`,
    );
  }
}

async function readRegistered(
  description: ServiceDescription,
  wish: Wish,
  api: ManagementApi,
): Promise<RegisteredService> {
  const service = await api.service(wish.serviceId);
  const endpoints = service.endpoints ?? [];
  const named = new Set(wish.access.flatMap((access) => access.endpoints ?? []));
  const access = new Map([[WHOLE_SERVICE, await api.serviceClientsOfService(service.id)]]);
  for (const endpoint of endpoints) {
    const key = keyOf(endpoint);
    const isDropped = endpoint.generated && key !== WHOLE_SERVICE && !wish.endpoints.includes(key);
    if (named.has(key) || key === KEY_SET_ENDPOINT || isDropped)
      access.set(key, await api.serviceClientsOfEndpoint(endpoint.id));
  }
  return { description, service, endpoints, access };
}

export function keyOf({ method, path }: Endpoint): string {
  return endpointKey(method, path);
}

/** An absent `ssl_auth` counts as true for https (contract 4). */
export function settingsOf({ service: { url, timeout, ssl_auth } }: RegisteredService): ServiceSettings {
  return { url, timeout, ssl_auth: url.startsWith('https:') && (ssl_auth ?? true) };
}

/** Endpoints that the description does not have. */
export function byHand(registered: RegisteredService | undefined): string[] {
  return (registered?.endpoints ?? []).filter(({ generated }) => !generated).map(keyOf);
}

/** A code that differs in case alone, or the address itself: the security server takes neither twice (contract 3.3). */
function isInTheWay({ url, services }: ServiceDescription, { serviceCode, descriptionUrl }: Wish): boolean {
  const isSameCode = services.some(({ service_code }) => service_code.toLowerCase() === serviceCode.toLowerCase());
  return isSameCode || url === descriptionUrl;
}

/** First among those who have access to anything of the client, then among all that the security server knows, who are many. */
async function findServiceClients({ access, clientId }: Wish, api: ManagementApi): Promise<Map<string, ServiceClient>> {
  const found = new Map<string, ServiceClient>();
  const search = (known: readonly ServiceClient[]): AccessWish[] => {
    for (const wish of access) {
      const meant = known.find((one) => isMeant(one, wish));
      if (meant !== undefined) found.set(wish.name, meant);
    }
    return access.filter(({ name }) => !found.has(name));
  };
  if (access.length === 0) return found;
  const missing = search(await api.serviceClientsOfClient(clientId));
  for (const type of new Set(missing.map((wish) => wish.type))) search(await api.candidates(clientId, type));
  const [unknown] = search([]);
  if (unknown === undefined) return found;
  throw new CommandError(`--access ${unknown.name}: ${UNKNOWN[unknown.type]}; check spelling and case`);
}

function isMeant({ id, service_client_type: type, local_group_code }: ServiceClient, wish: AccessWish): boolean {
  if (type !== wish.type) return false;
  return type === 'LOCALGROUP' ? local_group_code === wish.id : id === wish.id;
}

const UNKNOWN: Readonly<Record<ServiceClientType, string>> = {
  SUBSYSTEM: 'the security server knows no such subsystem, it has to be registered in the instance',
  GLOBALGROUP: 'the instance has no such global group, the central server keeps them',
  LOCALGROUP: 'the client has no such local group, make it in the security server under Local groups',
};
