import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from '../../onpremises/workerd-config.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { workerdProgram } from '../../scripts/build/workerd-program.ts';
import { ROOT } from './root.ts';
import { CONTROL_FD, type StartedProcess, startServer } from './started-process.ts';

/** A bundled worker with its variables and secrets. */
export interface WorkerParts {
  readonly code: string;
  readonly bindings?: Readonly<Record<string, string>>;
  /** Durable Objects of wrangler.toml whose classes the code exports; they are held in memory. */
  readonly objects?: Deployment['objects'];
  /** With workerd's inspector, for a CPU profile. */
  readonly inspected?: true;
}

const quoted = (text: string): string => JSON.stringify(text);
const listed = (items: readonly string[]): string => `[${items.join(', ')}]`;

/** Date and flags are the deployment's, so that what is measured runs as what is shipped. */
function configuration({ bindings = {}, objects = [] }: WorkerParts): string {
  const { compatibilityDate, compatibilityFlags } = readDeployment(ROOT);
  const texts = Object.entries(bindings).map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`);
  const spaces = objects.map(
    ({ binding, className }) => `(name = ${quoted(binding)}, durableObjectNamespace = ${quoted(className)})`,
  );
  const classes = objects.map(
    ({ className }) => `(className = ${quoted(className)}, uniqueKey = ${quoted(className)}, enableSql = true)`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "local", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = ${quoted(compatibilityDate)},
  compatibilityFlags = ${listed(compatibilityFlags.map(quoted))},
  durableObjectNamespaces = ${listed(classes)},
  durableObjectStorage = (inMemory = void),
  bindings = ${listed([...texts, ...spaces])},
  globalOutbound = "local",
);
`;
}

/** A worker written down for workerd, to be started as often as wanted. */
export interface PreparedWorker {
  start(): Promise<StartedProcess>;
  remove(): Promise<void>;
}

export async function prepareWorker(parts: WorkerParts): Promise<PreparedWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'spean-bench-'));
  await writeFile(join(folder, 'worker.mjs'), parts.code);
  const path = join(folder, 'config.capnp');
  await writeFile(path, configuration(parts));
  const inspector = parts.inspected === true ? ['--inspector-addr=127.0.0.1:0'] : [];
  const command = [workerdProgram(), 'serve', `--control-fd=${CONTROL_FD}`, ...inspector, path];
  return {
    start: () => startServer('contender', command),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A prepared worker that is started once; stopping it removes what was written. */
export async function startWorker(parts: WorkerParts): Promise<StartedProcess> {
  const prepared = await prepareWorker(parts);
  const started = await prepared.start();
  return {
    ...started,
    stop: async () => {
      await started.stop();
      await prepared.remove();
    },
  };
}
