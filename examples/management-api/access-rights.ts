import type { AccessRight, Client, Configuration, ServiceClientType } from './configuration.ts';
import { badRequest, conflict } from './refusal.ts';

/** `ServiceClient` of the API's description. */
export interface ServiceClient {
  readonly id: string;
  readonly service_client_type: ServiceClientType;
  readonly local_group_code?: string;
  readonly rights_given_at?: string;
}

export function serviceClientsOf(client: Client, endpointId: string): ServiceClient[] {
  return client.rights
    .filter((right) => right.endpointId === endpointId)
    .map(({ serviceClientId, type, givenAt }) => ({
      ...describe(client, serviceClientId, type),
      rights_given_at: givenAt,
    }));
}

/** Whoever has access to anything of the client, each once. */
export function allServiceClients(client: Client): ServiceClient[] {
  const first = new Map(client.rights.map((right) => [right.serviceClientId, right] as const).reverse());
  return [...first.values()].map(({ serviceClientId, type }) => describe(client, serviceClientId, type));
}

/** All or none: one who is unknown or has the right already stops the request. */
export function allow(
  configuration: Configuration,
  client: Client,
  endpointId: string,
  items: readonly ServiceClient[],
  now: () => number,
): void {
  const rights = items.map(({ id, service_client_type: type }): AccessRight => {
    if (!isKnown(configuration, client, id, type)) throw badRequest('service_client_not_found', String(id));
    const isDouble = client.rights.some((one) => one.endpointId === endpointId && one.serviceClientId === id);
    if (isDouble) throw conflict('duplicate_accessright');
    return { endpointId, serviceClientId: id, type, givenAt: new Date(now()).toISOString() };
  });
  client.rights.push(...rights);
}

/** Who could be given access, of one type or of all. */
export function candidates(configuration: Configuration, client: Client, type: string | null): ServiceClient[] {
  const all: ServiceClient[] = [
    ...configuration.subsystems.map((id) => describe(client, id, 'SUBSYSTEM')),
    ...configuration.globalGroups.map((id) => describe(client, id, 'GLOBALGROUP')),
    ...client.localGroups.map(({ id }) => describe(client, id, 'LOCALGROUP')),
  ];
  return all.filter(({ service_client_type }) => type === null || service_client_type === type);
}

function describe(client: Client, id: string, type: ServiceClientType): ServiceClient {
  const group = type === 'LOCALGROUP' ? client.localGroups.find((one) => one.id === id) : undefined;
  return { id, service_client_type: type, ...(group && { local_group_code: group.code }) };
}

function isKnown(configuration: Configuration, client: Client, id: string, type: ServiceClientType): boolean {
  return candidates(configuration, client, type).some((one) => one.id === id);
}
