import { adapters } from '../../adapters/index.ts';
import { type App, createApp } from '../../src/app.ts';
import type { CompileWhen } from '../../src/catalogue/compile.ts';
import { readSettings } from '../../src/config.ts';
import { createMemoryReplayStore } from '../../src/envelope/replay.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';
import type { Platform } from '../../src/model/platform.ts';
import { createMemoryIdempotencyStore } from '../../src/platform/memory-idempotency.ts';
import { nodePlatform } from '../../src/platform/node.ts';

export const PROVIDER = 'CAMBODIA/GOV/0001/registry';
export const CLIENT = 'CAMBODIA/COM/CAMDEV21231832/CP1_API';

/** What a security server always sends with a request (contract 1.3). */
export function exchangeHeaders(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'X-Road-Client': CLIENT,
    'x-road-id': 'CAMBODIA-6e7b0a52-3a53-4a3c-9b62-0c2f6d2f9d5e',
    'x-road-request-id': crypto.randomUUID(),
    ...more,
  };
}

/** A signing key of this run: private JWK, ES256. */
export async function freshKey(): Promise<JsonWebKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty, crv, x, y, d } as JsonWebKey;
}

/** The environment of a development deployment of this project's adapters. */
export async function testEnvironment(more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  return {
    SPEAN_ENVIRONMENT: 'development',
    SPEAN_PROVIDER: PROVIDER,
    SPEAN_SIGNING_KEY: JSON.stringify(await freshKey()),
    BUSINESS_REGISTRY_URL: 'http://registry.test/ws',
    BUSINESS_REGISTRY_USER: 'spean',
    BUSINESS_REGISTRY_PASSWORD: 'registry-password',
    TAX_OFFICE_URL: 'http://tax.test',
    TAX_OFFICE_USER: 'spean',
    TAX_OFFICE_PASSWORD: 'tax-password',
    ...more,
  };
}

export interface TestAppOptions {
  readonly legacy: (request: Request) => Response | Promise<Response>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly platform?: Partial<Platform>;
  readonly adapters?: readonly AdapterDefinition[];
  /** As a worker does it: `whenCalled`. */
  readonly compile?: CompileWhen;
}

/** The app in plain Node, with a function in place of the legacy systems; what it logs is kept. */
export async function testApp(
  options: TestAppOptions,
): Promise<{ app: App; log: Readonly<Record<string, unknown>>[] }> {
  const log: Readonly<Record<string, unknown>>[] = [];
  const definitions = options.adapters ?? adapters;
  const app = await createApp({
    adapters: definitions,
    settings: readSettings(await testEnvironment(options.environment), definitions),
    platform: nodePlatform({
      replayStore: createMemoryReplayStore({ now: Date.now }),
      idempotencyStore: createMemoryIdempotencyStore({ now: Date.now }),
      fetch: async (request) => options.legacy(request),
      log: (record) => log.push(record),
      ...options.platform,
    }),
    ...(options.compile && { compile: options.compile }),
  });
  return { app, log };
}
