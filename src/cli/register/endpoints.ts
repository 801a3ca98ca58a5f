import { openApiDocument } from '../../exchange/rest/openapi/document.ts';
import type { AdapterDefinition, OperationDefinition } from '../../model/definition.ts';

/** The path at which every adapter serves its description, and the one of its key set. */
export const DESCRIPTION_PATH = '/openapi.json';
export const KEY_SET_ENDPOINT = 'GET /.well-known/jwks.json';
/** The endpoint that stands for the whole service: every security server makes it (contract 3.2). */
export const WHOLE_SERVICE = '* **';

/** How an endpoint is written: `GET /companies/*`. A path parameter is `*`, as a security server imports it (contract 3.2). */
export function endpointKey(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace(/\{[^/]*\}/g, '*')}`;
}

export function operationEndpoint({ method, path }: OperationDefinition): string {
  return endpointKey(method, path);
}

/** The endpoints that a security server makes from an adapter's description, in its order, but for the whole service. */
export function endpointsOf(adapter: AdapterDefinition, serviceUrl: string): string[] {
  const { paths } = openApiDocument(adapter, { serverUrl: serviceUrl }) as { paths: Record<string, object> };
  const keys = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => endpointKey(method, path)),
  );
  return [...new Set(keys)];
}
