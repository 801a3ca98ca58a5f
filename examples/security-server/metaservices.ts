import { Failure } from './failure.ts';
import { callProvider, type ProviderResponse } from './provider-client.ts';
import type { Service } from './server.ts';

/** The runtime fetch of a description has its own limit (contract 3.4). */
const DESCRIPTION_TIMEOUT_MS = 30_000;

/** `listMethods`: answered by the provider's security server from its own configuration (contract 3.4). */
export function listMethods(services: readonly Service[], subsystem: string): ProviderResponse {
  const service = services
    .filter(({ id, disabled }) => id.startsWith(`${subsystem}/`) && disabled !== true)
    .map(({ id, descriptionUrl }) => {
      const [xroad_instance, member_class, member_code, subsystem_code, service_code] = id.split('/');
      const service_type = descriptionUrl === undefined ? 'REST' : 'OPENAPI';
      return {
        object_type: 'SERVICE',
        xroad_instance,
        member_class,
        member_code,
        subsystem_code,
        service_code,
        service_type,
      };
    });
  return json({ service });
}

/** `getOpenAPI`: a plain GET of the description's URL, exactly 200, its servers reduced to their paths (contract 3.4). */
export async function getOpenApi(
  services: readonly Service[],
  subsystem: string,
  query: string,
): Promise<ProviderResponse> {
  const code = new URLSearchParams(query).get('serviceCode') ?? '';
  const service = services.find(({ id }) => id === `${subsystem}/${code}`);
  if (service === undefined) throw new Failure('server.serverproxy', 'unknown_service', `Unknown service: ${code}`);
  if (service.descriptionUrl === undefined)
    throw new Failure('server.serverproxy', 'service_type', 'Invalid service type');
  const host = new URL(service.descriptionUrl).host;
  const headers = [
    ['Host', host],
    ['Connection', 'Keep-Alive'],
  ] as const;
  const call = { method: 'GET', url: service.descriptionUrl, headers, body: undefined };
  const response = await callProvider(call, DESCRIPTION_TIMEOUT_MS);
  if (response.status !== 200)
    throw new Failure('server.serverproxy', 'internal_error', 'Failed reading service description');
  const document = JSON.parse(response.body.toString('utf8')) as { servers?: { url: string }[] };
  for (const server of document.servers ?? []) {
    if (!server.url.includes('{')) server.url = new URL(server.url, service.descriptionUrl).pathname;
  }
  return json(document);
}

function json(body: unknown): ProviderResponse {
  return {
    status: 200,
    reason: 'OK',
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify(body)),
  };
}
