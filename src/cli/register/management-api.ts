import type { Shell } from '../shell.ts';
import { ApiError, type CodeWithDetails, WarningsError } from './api-error.ts';
import { type ApiRequest, type Patience, type Send, sendPatiently } from './send.ts';

/** The API's own names, as it sends them (contract 7): what is here is what is used. */
export interface Client {
  /** `INSTANCE:CLASS:MEMBER:SUBSYSTEM`. */
  readonly id: string;
  readonly status?: string;
}

export interface Endpoint {
  readonly id: string;
  readonly method: string;
  /** `*` stands for a path parameter; method `*` with path `**` is the whole service. */
  readonly path: string;
  /** Made from the description, not by hand. */
  readonly generated: boolean;
}

export interface Service {
  /** `INSTANCE:CLASS:MEMBER:SUBSYSTEM:code`. */
  readonly id: string;
  readonly service_code: string;
  readonly url: string;
  /** Seconds; 0 is none. */
  readonly timeout: number;
  /** Whether the service's TLS certificate is checked; absent counts as true for https (contract 4). */
  readonly ssl_auth?: boolean | null;
  readonly endpoints?: readonly Endpoint[];
}

export interface ServiceDescription {
  readonly id: string;
  readonly url: string;
  readonly type: 'OPENAPI3' | 'REST' | 'WSDL';
  readonly disabled: boolean;
  readonly disabled_notice?: string;
  readonly services: readonly Service[];
}

export type ServiceClientType = 'SUBSYSTEM' | 'GLOBALGROUP' | 'LOCALGROUP';

export interface ServiceClient {
  /** `I:C:M:S` of a subsystem, `I:CODE` of a global group, a number of a local group. */
  readonly id: string;
  readonly service_client_type: ServiceClientType;
  readonly local_group_code?: string;
}

export interface ServiceSettings {
  readonly url: string;
  readonly timeout: number;
  readonly ssl_auth: boolean;
}

export interface ApiAccess {
  /** `https://host:4000`. */
  readonly origin: string;
  readonly apiKey: string;
  readonly send: Send;
  readonly patience?: Patience;
}

export type ManagementApi = ReturnType<typeof connectManagementApi>;

/**
 * The part of a security server's management API that registers a service: one function for each call, answers as the
 * API names things. Each throws ApiError with the reason in plain words; those that take `ignoreWarnings` throw
 * WarningsError when there are warnings and they are not ignored.
 */
export function connectManagementApi(access: ApiAccess, shell: Pick<Shell, 'now' | 'sleep' | 'note'>) {
  const call = async (method: ApiRequest['method'], path: string, body?: ApiRequest['body']): Promise<unknown> => {
    const request = {
      method,
      url: `${access.origin}/api/v1${path}`,
      authorization: `X-Road-ApiKey token=${access.apiKey}`,
      ...(body && { body }),
    };
    return readAnswer(await sendPatiently(request, access.send, shell, access.patience));
  };
  const get = async <T extends Named>(path: string): Promise<T> => asNamed<T>(await call('GET', path));
  const list = async <T extends Named>(path: string): Promise<readonly T[]> => {
    const items = await call('GET', path);
    if (!Array.isArray(items)) throw new ApiError('not_the_management_api', ['no list']);
    return items.map((item) => asNamed<T>(item));
  };
  const part = encodeURIComponent;

  return {
    client: (id: string) => get<Client>(`/clients/${part(id)}`),
    clients: () => list<Client>('/clients?internal_search=true&show_members=false'),
    serviceDescriptions: (clientId: string) =>
      list<ServiceDescription>(`/clients/${part(clientId)}/service-descriptions`),
    service: (id: string) => get<Service>(`/services/${part(id)}`),
    serviceClientsOfService: (id: string) => list<ServiceClient>(`/services/${part(id)}/service-clients`),
    serviceClientsOfEndpoint: (id: string) => list<ServiceClient>(`/endpoints/${part(id)}/service-clients`),
    serviceClientsOfClient: (id: string) => list<ServiceClient>(`/clients/${part(id)}/service-clients`),
    candidates: (clientId: string, type: ServiceClientType) =>
      list<ServiceClient>(`/clients/${part(clientId)}/service-client-candidates?service_client_type=${type}`),

    tlsCertificates: async (clientId: string): Promise<readonly string[]> => {
      const certificates = await call('GET', `/clients/${part(clientId)}/tls-certificates`);
      if (!Array.isArray(certificates)) throw new ApiError('not_the_management_api', ['no list']);
      return certificates.map(({ hash }: { hash?: unknown }) => String(hash));
    },
    addTlsCertificate: (clientId: string, certificate: Uint8Array<ArrayBuffer>) =>
      call('POST', `/clients/${part(clientId)}/tls-certificates`, certificate),
    addDescription: (clientId: string, url: string, serviceCode: string, ignoreWarnings: boolean) =>
      call('POST', `/clients/${part(clientId)}/service-descriptions`, {
        url,
        rest_service_code: serviceCode,
        type: 'OPENAPI3',
        ignore_warnings: ignoreWarnings,
      }),
    moveDescription: (id: string, url: string, serviceCode: string, ignoreWarnings: boolean) =>
      call('PATCH', `/service-descriptions/${part(id)}`, {
        url,
        rest_service_code: serviceCode,
        new_rest_service_code: serviceCode,
        type: 'OPENAPI3',
        ignore_warnings: ignoreWarnings,
      }),
    refreshDescription: (id: string, ignoreWarnings: boolean) =>
      call('PUT', `/service-descriptions/${part(id)}/refresh`, { ignore_warnings: ignoreWarnings }),
    enableDescription: (id: string) => call('PUT', `/service-descriptions/${part(id)}/enable`),
    updateService: (id: string, settings: ServiceSettings, ignoreWarnings: boolean) =>
      call('PATCH', `/services/${part(id)}`, { ...settings, ignore_warnings: ignoreWarnings }),
    addEndpoint: (serviceId: string, serviceCode: string, method: string, path: string) =>
      call('POST', `/services/${part(serviceId)}/endpoints`, { service_code: serviceCode, method, path }),
    allowOnService: (id: string, items: readonly ServiceClient[]) =>
      call('POST', `/services/${part(id)}/service-clients`, { items: items.map(named) }),
    allowOnEndpoint: (id: string, items: readonly ServiceClient[]) =>
      call('POST', `/endpoints/${part(id)}/service-clients`, { items: items.map(named) }),
  };
}

/** What everything that the API lists has. */
interface Named {
  readonly id: string;
}

/** A server of another kind may well answer JSON. */
function asNamed<T extends Named>(value: unknown): T {
  if (typeof (value as Partial<Named> | null | undefined)?.id === 'string') return value as T;
  throw new ApiError('not_the_management_api', ['no id']);
}

function named({ id, service_client_type }: ServiceClient): object {
  return { id, service_client_type };
}

/** Codes for answers whose body has none. */
const STATUS_CODES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  413: 'request_too_large',
};

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok) {
    if (text === '' || body !== undefined) return body;
    throw new ApiError('not_the_management_api', [`HTTP ${response.status} without JSON`]);
  }
  const { error, warnings } = (body ?? {}) as {
    error?: CodeWithDetails | null;
    warnings?: readonly CodeWithDetails[] | null;
  };
  if (warnings && warnings.length > 0) throw new WarningsError(warnings);
  if (error?.code) throw new ApiError(error.code, details(error));
  const code = STATUS_CODES[response.status] ?? (response.status < 500 ? 'not_the_management_api' : 'internal_error');
  throw new ApiError(code, [`HTTP ${response.status}`]);
}

function details({ metadata, validation_errors }: CodeWithDetails): string[] {
  const fields = Object.entries(validation_errors ?? {}).map(([field, codes]) => `${field} ${codes.join(' ')}`);
  return [...(metadata ?? []), ...fields];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
