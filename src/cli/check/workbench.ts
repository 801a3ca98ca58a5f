import { type App, createApp } from '../../app.ts';
import { readSettings } from '../../config.ts';
import { createMemoryReplayStore } from '../../envelope/replay.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import type { JsonValue } from '../../model/json.ts';
import { createMemoryIdempotencyStore } from '../../platform/memory-idempotency.ts';
import { nodePlatform } from '../../platform/node.ts';

/** A consumer's request to one adapter. */
export interface WorkbenchRequest {
  readonly method: string;
  /** Path and query under the adapter's service URL. */
  readonly path: string;
  readonly body?: JsonValue;
}

/** A legacy call as it was made. */
export interface SentMessage {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type WorkbenchCall = (
  request: WorkbenchRequest,
  legacy: (sent: Request) => Response | Promise<Response>,
) => Promise<{ readonly response: Response; readonly sent: readonly SentMessage[] }>;

/** Who calls on the workbench: examples of inputs that come from the exchange have these values. */
export const WORKBENCH_EXCHANGE = {
  client: 'INSTANCE/CLASS/CONSUMER/SUBSYSTEM',
  userId: 'USER',
  issue: 'ISSUE',
  representedParty: 'CLASS/PARTY',
  messageId: 'MESSAGE',
  transactionId: 'TRANSACTION',
} as const;

const PROVIDER = 'INSTANCE/CLASS/PROVIDER/SUBSYSTEM';

/**
 * One adapter as a whole app in this process, with a throw-away key and invented settings where `environment` has
 * none, and a function in place of the legacy system. Throws DefinitionError.
 */
export async function openWorkbench(
  adapter: AdapterDefinition,
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkbenchCall> {
  // Whoever runs an example is the client that its allow-list would take; access rights are not what is being tried.
  const { allow: _, ...open } = adapter;
  const operations = Object.entries(adapter.operations).map(([name, { allow: __, ...operation }]) => [name, operation]);
  const definition = { ...open, operations: Object.fromEntries(operations) } as AdapterDefinition;
  const settings = readSettings({ ...(await inventedSettings(definition)), ...environment }, [definition]);
  let legacy: (sent: Request) => Response | Promise<Response>;
  const sent: SentMessage[] = [];
  const app: App = await createApp({
    adapters: [definition],
    settings,
    platform: nodePlatform({
      log: () => undefined,
      replayStore: createMemoryReplayStore({ now: Date.now }),
      idempotencyStore: createMemoryIdempotencyStore({ now: Date.now }),
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        const body = await request.clone().text();
        sent.push({ method: request.method, path: pathname + search, headers: request.headers, body });
        return legacy(request);
      },
    }),
  });
  return async ({ method, path, body }, answer) => {
    legacy = answer;
    sent.length = 0;
    const response = await app.request(`http://spean.invalid/${adapter.name}${path}`, {
      method,
      headers: {
        'X-Road-Client': WORKBENCH_EXCHANGE.client,
        'X-Road-Request-Id': crypto.randomUUID(),
        'X-Road-Id': WORKBENCH_EXCHANGE.messageId,
        'X-Road-UserId': WORKBENCH_EXCHANGE.userId,
        'X-Road-Issue': WORKBENCH_EXCHANGE.issue,
        'X-Road-Represented-Party': WORKBENCH_EXCHANGE.representedParty,
        'Idempotency-Key': crypto.randomUUID(),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { response, sent: [...sent] };
  };
}

/** Addresses are invented; every other variable and secret has its own name as its value, so that an example shows where it went. */
async function inventedSettings(adapter: AdapterDefinition): Promise<Record<string, string>> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const references = [...JSON.stringify(adapter).matchAll(/"from":"(?:variable|secret)","name":"([^"]+)"/g)];
  const addresses = Object.values(adapter.legacy).map(({ endpoint }) => [endpoint.name, 'http://legacy.invalid']);
  return {
    ...Object.fromEntries(references.map(([, name]) => [name, name])),
    ...Object.fromEntries(addresses),
    SPEAN_ENVIRONMENT: 'development',
    SPEAN_PROVIDER: PROVIDER,
    SPEAN_SIGNING_KEY: JSON.stringify({ kty, crv, x, y, d }),
  };
}
