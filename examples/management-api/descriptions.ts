import {
  ANY_METHOD,
  ANY_PATH,
  type Client,
  type Configuration,
  type Description,
  type Endpoint,
  endpointsOfService,
} from './configuration.ts';
import { isValidUrl, readOpenApi } from './read-open-api.ts';
import { badRequest, type Code, conflict, unlessIgnored } from './refusal.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_NOTICE = 'Out of order';
/** Refused as a service code since 7.7.0, in exactly this case (contract 3.3). */
const RESERVED = new Set([
  'listClients',
  'listMethods',
  'allowedMethods',
  'getWsdl',
  'getOpenAPI',
  'getSecurityServerMetrics',
  'getSecurityServerOperationalData',
  'getSecurityServerHealthData',
]);

export interface Wanted {
  readonly url: string;
  readonly serviceCode: string;
  readonly ignoreWarnings: boolean;
}

/** A new description with one service and its endpoints; it is disabled (contract 7, step 2). */
export async function addDescription(
  configuration: Configuration,
  client: Client,
  type: Description['type'],
  { url, serviceCode, ignoreWarnings }: Wanted,
  now: () => number,
): Promise<Description> {
  if (!isValidUrl(url)) throw badRequest('malformed_url', url);
  const read = type === 'REST' ? { baseUrl: url, operations: [], warnings: [] } : await readOpenApi(url);
  unlessIgnored(ignoreWarnings, validationWarnings(read.warnings));
  requireFree(client, url, serviceCode);
  const description: Description = {
    id: configuration.nextId(),
    url,
    type,
    disabled: true,
    disabled_notice: DEFAULT_NOTICE,
    refreshed_at: new Date(now()).toISOString(),
    service: {
      service_code: serviceCode,
      url: read.baseUrl,
      timeout: DEFAULT_TIMEOUT_SECONDS,
      ...(type === 'REST' && url.startsWith('https:') && { ssl_auth: true }),
    },
  };
  const operations = [{ method: ANY_METHOD, path: ANY_PATH }, ...read.operations];
  client.descriptions.push(description);
  client.endpoints.push(
    ...operations.map((one) => ({ ...one, id: configuration.nextId(), service_code: serviceCode, generated: true })),
  );
  return description;
}

/** Reads the description again, maybe at another address: endpoints come and go, URL, timeout and TLS stay (contract 3.2). */
export async function refreshDescription(
  configuration: Configuration,
  client: Client,
  description: Description,
  { url, serviceCode, ignoreWarnings }: Wanted,
  now: () => number,
): Promise<void> {
  if (description.type !== 'OPENAPI3') throw badRequest('wrong_servicedescription_type');
  if (!isValidUrl(url)) throw badRequest('malformed_url', url);
  const read = await readOpenApi(url);
  const present = endpointsOfService(client, description.service);
  const added = read.operations.filter((one) => !present.some((endpoint) => isSame(one, endpoint)));
  const removed = present.filter(
    (endpoint) =>
      endpoint.generated && endpoint.path !== ANY_PATH && !read.operations.some((one) => isSame(one, endpoint)),
  );
  unlessIgnored(ignoreWarnings, [
    ...validationWarnings(read.warnings),
    ...changeWarning('adding_endpoints', added),
    ...changeWarning('deleting_endpoints', removed),
  ]);
  requireFree(client, url, serviceCode, description);
  for (const endpoint of present) {
    if (read.operations.some((one) => isSame(one, endpoint))) endpoint.generated = true;
    endpoint.service_code = serviceCode;
  }
  const removedIds = new Set(removed.map(({ id }) => id));
  client.rights = client.rights.filter(({ endpointId }) => !removedIds.has(endpointId));
  client.endpoints = client.endpoints.filter(({ id }) => !removedIds.has(id));
  client.endpoints.push(
    ...added.map((one) => ({ ...one, id: configuration.nextId(), service_code: serviceCode, generated: true })),
  );
  description.url = url;
  description.service.service_code = serviceCode;
  description.refreshed_at = new Date(now()).toISOString();
}

/** Neither an address nor a code, whatever its case, stands twice in a client (contract 3.3). */
function requireFree({ descriptions }: Client, url: string, serviceCode: string, itself?: Description): void {
  if (RESERVED.has(serviceCode)) throw badRequest('service_code_reserved', serviceCode);
  const others = descriptions.filter((one) => one !== itself);
  if (others.some((one) => one.url === url)) throw conflict('url_already_exists', url);
  const same = others.find(({ service }) => service.service_code.toLowerCase() === serviceCode.toLowerCase());
  if (same !== undefined) throw conflict('service_code_already_exists', serviceCode, same.url);
}

function validationWarnings(metadata: readonly string[]): Code[] {
  return metadata.length === 0 ? [] : [{ code: 'openapi_validation_warnings', metadata }];
}

function changeWarning(code: string, endpoints: readonly Pick<Endpoint, 'method' | 'path'>[]): Code[] {
  return endpoints.length === 0 ? [] : [{ code, metadata: endpoints.map(({ method, path }) => `${method} ${path}`) }];
}

function isSame(a: Pick<Endpoint, 'method' | 'path'>, b: Pick<Endpoint, 'method' | 'path'>): boolean {
  return a.method === b.method && a.path === b.path;
}
