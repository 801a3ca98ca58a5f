import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import type { Role } from '../../examples/management-api/routes.ts';
import {
  type ManagementApiDouble,
  type ManagementApiOptions,
  startManagementApi,
} from '../../examples/management-api.ts';
import type { Shell } from '../../src/cli/shell.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';
import { type CommandResult, spean, temporaryFolder } from './cli-shell.ts';
import { type ServedApp, serveApp } from './serve-app.ts';
import { CLIENT, PROVIDER, testApp } from './test-app.ts';

export const OTHER_CLIENT = 'CAMBODIA/GOV/0002/tax';
export const GLOBAL_GROUP = 'CAMBODIA/ministries';
export const LOCAL_GROUP = 'partners';

/** An adapter that is up, the double of a management API that knows who may be given access, and a key for it. */
export interface Registering {
  readonly api: ManagementApiDouble;
  readonly served: ServedApp;
  readonly apiKey: string;
  /** Everything that commands printed. */
  readonly printed: string[];
  /** The clock of the double, and a way to wait that costs no time. */
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Runs `spean register business-registry` with what it needs, and more. */
  register(more?: readonly string[], shell?: Partial<Shell>): Promise<CommandResult>;
  close(): Promise<void>;
}

export async function startRegistering(
  options: Partial<ManagementApiOptions> & { readonly roles?: readonly Role[] } = {},
): Promise<Registering> {
  let waitedMs = 0;
  const now = () => Date.now() + waitedMs;
  const sleep = async (durationMs: number) => {
    waitedMs += durationMs;
  };
  const served = await serveApp(await answering());
  const api = await startManagementApi({
    clients: [{ id: PROVIDER, localGroups: [LOCAL_GROUP] }],
    subsystems: [CLIENT, OTHER_CLIENT],
    globalGroups: [GLOBAL_GROUP],
    now,
    ...options,
  });
  const apiKey = api.createApiKey(...(options.roles ?? ['XROAD_SERVICE_ADMINISTRATOR']));
  const printed: string[] = [];
  return {
    api,
    served,
    apiKey,
    printed,
    now,
    sleep,
    async register(more = [], shell = {}) {
      const target = ['--security-server', api.url, '--client', PROVIDER, '--url', `${served.url}/business-registry`];
      const result = await spean(['register', 'business-registry', ...target, ...more], {
        env: { SPEAN_API_KEY: apiKey },
        fetch,
        now,
        sleep,
        ...shell,
      });
      printed.push(result.out, result.notes);
      return result;
    },
    async close() {
      await Promise.all([api.close(), served.close()]);
    },
  };
}

/** The app with the business registry as it is, or as it is made here. */
export async function answering(change: (adapter: AdapterDefinition) => AdapterDefinition = (adapter) => adapter) {
  const { app } = await testApp({
    legacy: () => new Response('', { status: 503 }),
    adapters: adapters.map((adapter) => (adapter.name === 'business-registry' ? change(adapter) : adapter)),
  });
  return app;
}

/** A project folder whose business registry is changed. */
export function projectWith(change: (adapter: AdapterDefinition) => AdapterDefinition): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'adapters'));
  const adapter = adapters.find(({ name }) => name === 'business-registry');
  if (adapter === undefined) throw new Error('The example adapter is gone');
  writeFileSync(
    join(folder, 'adapters', 'index.ts'),
    `export const adapters = [${JSON.stringify(change(adapter))}];\n`,
  );
  return folder;
}
