import { randomBytes } from 'node:crypto';
import { createTestHarness } from 'wrangler';
import { startBusinessRegistry } from './legacy/business-registry.ts';
import { startTaxOffice } from './legacy/tax-office.ts';
import { startSecurityServer } from './security-server/server.ts';

/** The provider's subsystem of the examples, and a consumer's that is registered. */
export const PROVIDER = 'CAMBODIA/GOV/0001/registry';
export const CLIENT = 'CAMBODIA/COM/CAMDEV21231832/CP1_API';

export interface StackOptions {
  /** Variables of the worker beyond the stack's own. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly version?: NonNullable<Parameters<typeof startSecurityServer>[0]>['version'];
}

export type Stack = Awaited<ReturnType<typeof startStack>>;

/**
 * Everything between a consumer and two legacy systems, on this machine and on free ports: the stand-ins, the adapter
 * in workerd through wrangler's local mode, and the security-server simulator in front of it. Keys, passwords and the
 * path secret are made for this run.
 */
export async function startStack(options: StackOptions = {}) {
  const user = 'spean';
  const password = randomBytes(12).toString('base64url');
  const pathSecret = randomBytes(16).toString('hex');
  const registry = await startBusinessRegistry({ user, password });
  const taxOffice = await startTaxOffice({ user, password });
  const worker = createTestHarness({
    workers: [
      {
        configPath: 'wrangler.toml',
        vars: {
          SPEAN_ENVIRONMENT: 'production',
          SPEAN_PROVIDER: PROVIDER,
          BUSINESS_REGISTRY_URL: registry.url,
          BUSINESS_REGISTRY_USER: user,
          TAX_OFFICE_URL: taxOffice.url,
          TAX_OFFICE_USER: user,
          ...options.vars,
        },
        secrets: {
          SPEAN_SIGNING_KEY: await signingKey(),
          SPEAN_PATH_SECRET: pathSecret,
          BUSINESS_REGISTRY_PASSWORD: password,
          TAX_OFFICE_PASSWORD: password,
        },
      },
    ],
  });
  const { url: workerUrl } = await worker.listen();
  const serviceUrl = (adapter: string) => new URL(`/${pathSecret}/${adapter}`, workerUrl).href;
  const securityServer = await startSecurityServer({
    ...(options.version === undefined ? {} : { version: options.version }),
    clients: [CLIENT],
    services: ['business-registry', 'tax-payments'].map((adapter) => ({
      id: `${PROVIDER}/${adapter}`,
      url: serviceUrl(adapter),
      descriptionUrl: `${serviceUrl(adapter)}/openapi.json`,
    })),
  });
  return {
    registry,
    taxOffice,
    securityServer,
    worker,
    serviceUrl,
    /** The address at which a consumer calls an adapter through the security servers. */
    consumerUrl: (adapter: string, path: string) => `${securityServer.url}/r1/${PROVIDER}/${adapter}${path}`,
    async close() {
      await Promise.all([securityServer.close(), worker.close(), registry.close(), taxOffice.close()]);
    },
  };
}

async function signingKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return JSON.stringify({ kty, crv, x, y, d });
}
