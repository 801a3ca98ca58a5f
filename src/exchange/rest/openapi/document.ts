import type { AdapterDefinition } from '../../../model/definition.ts';
import type { JsonObject } from '../../../model/json.ts';
import { compact } from './compact.ts';
import { ENVELOPE_HEADERS, ENVELOPE_PARAMETERS, ENVELOPE_SCHEMAS, PARAMETERS, SCHEMAS } from './components.ts';
import { headerReferences, operationObject } from './operation.ts';
import type { NamedParts } from './schema.ts';

export interface OpenApiOptions {
  /** The adapter's service URL as the security server reaches it, absolute and without a trailing slash. */
  readonly serverUrl: string;
}

/**
 * Describes an adapter in OpenAPI 3.0.3: self-contained, in the definition's order, so that every X-Road release since
 * 7.2 imports it (contract 3.2) and a diff shows only what changed. Expects a definition that compiles.
 */
export function openApiDocument(adapter: AdapterDefinition, options: OpenApiOptions): JsonObject {
  const signed = adapter.envelope !== 'off';
  const parts: NamedParts = { schemas: new Map(), responses: new Map() };
  const paths = new Map<string, Record<string, JsonObject>>();
  for (const [name, operation] of Object.entries(adapter.operations)) {
    const item = paths.get(operation.path) ?? {};
    item[operation.method] = operationObject(name, operation, adapter, parts);
    paths.set(operation.path, item);
  }
  return {
    openapi: '3.0.3',
    info: compact({ title: adapter.title, description: adapter.description, version: adapter.revision ?? '1' }),
    servers: [{ url: options.serverUrl }],
    paths: { ...Object.fromEntries(paths), ...ownPaths(signed) },
    components: {
      schemas: { ...Object.fromEntries(parts.schemas), ...SCHEMAS, ...(signed && ENVELOPE_SCHEMAS) },
      responses: Object.fromEntries([...parts.responses].sort(([a], [b]) => (a < b ? -1 : 1))),
      parameters: { ...PARAMETERS, ...(signed && ENVELOPE_PARAMETERS) },
      ...(signed && { headers: ENVELOPE_HEADERS }),
    },
  };
}

/** What every adapter offers besides its operations; listed so that access rights for single endpoints can name them. */
function ownPaths(signed: boolean): JsonObject {
  return {
    '/.well-known/jwks.json': {
      get: describedGet('The keys that signed statements are verified with', signed, {
        $ref: '#/components/schemas/KeySet',
      }),
    },
    '/openapi.json': { get: describedGet('This description', signed, { type: 'object' }) },
  };
}

function describedGet(summary: string, signed: boolean, schema: JsonObject): JsonObject {
  return {
    summary,
    parameters: headerReferences(signed),
    responses: { '200': { description: summary, content: { 'application/json': { schema } } } },
  };
}
