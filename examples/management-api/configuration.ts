import { notFound } from './refusal.ts';

/** The server configuration of a security server, as far as services need it. */
export interface Configuration {
  readonly clients: Client[];
  /** Subsystems and global groups of the instance, with colons: what the global configuration knows. */
  readonly subsystems: readonly string[];
  readonly globalGroups: readonly string[];
  /** A number that was not given to anything yet. */
  readonly nextId: () => string;
}

export interface Client {
  /** `INSTANCE:CLASS:MEMBER:SUBSYSTEM`. */
  readonly id: string;
  status: string;
  readonly localGroups: readonly LocalGroup[];
  descriptions: Description[];
  endpoints: Endpoint[];
  rights: AccessRight[];
  /** Information system TLS certificates, DER. */
  readonly tlsCertificates: Buffer[];
}

export interface LocalGroup {
  readonly id: string;
  readonly code: string;
}

export interface Description {
  readonly id: string;
  url: string;
  readonly type: 'OPENAPI3' | 'REST';
  disabled: boolean;
  disabled_notice: string;
  refreshed_at: string;
  readonly service: Service;
}

/** Both types that are doubled have one service for each description (contract 3.2). */
export interface Service {
  service_code: string;
  url: string;
  timeout: number;
  /** Unset in a description that was just added (contract 4). */
  ssl_auth?: boolean;
}

export interface Endpoint {
  readonly id: string;
  service_code: string;
  readonly method: string;
  readonly path: string;
  generated: boolean;
}

export interface AccessRight {
  readonly endpointId: string;
  readonly serviceClientId: string;
  readonly type: ServiceClientType;
  readonly givenAt: string;
}

export type ServiceClientType = 'SUBSYSTEM' | 'GLOBALGROUP' | 'LOCALGROUP';

/** The endpoint that stands for the whole service. */
export const ANY_METHOD = '*';
export const ANY_PATH = '**';

export function findClient({ clients }: Configuration, id: string): Client {
  const client = clients.find((one) => one.id === id);
  if (client === undefined) throw notFound('client_not_found');
  return client;
}

export function findDescription({ clients }: Configuration, id: string): { client: Client; description: Description } {
  for (const client of clients) {
    const description = client.descriptions.find((one) => one.id === id);
    if (description !== undefined) return { client, description };
  }
  throw notFound('servicedescription_not_found');
}

/** By `INSTANCE:CLASS:MEMBER:SUBSYSTEM:code`. */
export function findService(configuration: Configuration, id: string): { client: Client; description: Description } {
  const at = id.lastIndexOf(':');
  const client = findClient(configuration, id.slice(0, at));
  const description = client.descriptions.find(({ service }) => service.service_code === id.slice(at + 1));
  if (description === undefined) throw notFound('service_not_found');
  return { client, description };
}

export function findEndpoint({ clients }: Configuration, id: string): { client: Client; endpoint: Endpoint } {
  for (const client of clients) {
    const endpoint = client.endpoints.find((one) => one.id === id);
    if (endpoint !== undefined) return { client, endpoint };
  }
  throw notFound('endpoint_not_found');
}

export function endpointsOfService({ endpoints }: Client, { service_code }: Service): Endpoint[] {
  return endpoints.filter((endpoint) => endpoint.service_code === service_code);
}

export function wholeService(client: Client, service: Service): Endpoint {
  const found = endpointsOfService(client, service).find(
    ({ method, path }) => method === ANY_METHOD && path === ANY_PATH,
  );
  if (found === undefined) throw notFound('base_endpoint_not_found');
  return found;
}
