import { bundle, SHIPPED_ENTRY } from './bundle.ts';
import type { StartedProcess } from './started-process.ts';
import { type PreparedWorker, prepareWorker, startWorker } from './workerd.ts';

/** The bench's own legacy systems in place of the deployment's. */
const ADAPTERS = { 'adapters/index.ts': 'bench/adapters.ts' } as const;

/** The shipped worker without what the guards' group sets aside: log records, metrics, guards of legacy calls. */
export const BARE = {
  ...ADAPTERS,
  'src/platform/workers.ts': 'bench/workers/silent-platform.ts',
  'src/observe/metrics.ts': 'bench/workers/no-metrics.ts',
  'src/observe/exchange-record.ts': 'bench/workers/no-record.ts',
  'src/connectors/http/guarded-call.ts': 'bench/workers/unguarded-call.ts',
} as const;

export async function shippedCode(replacing: Readonly<Record<string, string>> = ADAPTERS): Promise<string> {
  return bundle({ entry: SHIPPED_ENTRY, replacing, minify: true });
}

export async function startAdapter(
  settings: Readonly<Record<string, string>>,
  replacing?: Readonly<Record<string, string>>,
): Promise<StartedProcess> {
  return startWorker({ code: await shippedCode(replacing), bindings: settings });
}

export async function prepareAdapter(settings: Readonly<Record<string, string>>): Promise<PreparedWorker> {
  return prepareWorker({ code: await shippedCode(), bindings: settings });
}

/** A development deployment that reaches the upstream. */
export async function adapterSettings(upstreamPort: number): Promise<Record<string, string>> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return {
    SPEAN_ENVIRONMENT: 'development',
    SPEAN_PROVIDER: 'CAMBODIA/GOV/0001/registry',
    SPEAN_SIGNING_KEY: JSON.stringify({ kty, crv, x, y, d }),
    COMPANY_DIRECTORY_URL: `http://127.0.0.1:${upstreamPort}/soap`,
    PAYMENT_EXPORT_URL: `http://127.0.0.1:${upstreamPort}`,
  };
}
