import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTROL_FD, type StartedProcess, startServer } from './started-process.ts';

/** A bundled worker with its variables and secrets. */
export interface WorkerParts {
  readonly code: string;
  readonly bindings?: Readonly<Record<string, string>>;
}

/** The program itself: the one in `.bin` is a Node shim, and stopping the shim would leave workerd behind. */
function workerdProgram(): string {
  const platform = { x64: 'linux-64', arm64: 'linux-arm64' }[process.arch as string];
  return createRequire(import.meta.url).resolve(`@cloudflare/workerd-${platform}/bin/workerd`);
}

/** Date and flags of the deployment, so that what is measured runs as what is shipped. */
async function compatibility(): Promise<{ date: string; flags: string }> {
  const toml = await readFile(fileURLToPath(new URL('../../wrangler.toml', import.meta.url)), 'utf8');
  const [, date] = /^compatibility_date = "([\d-]+)"$/m.exec(toml) ?? [];
  const [, flags] = /^compatibility_flags = (\[.*\])$/m.exec(toml) ?? [];
  if (date === undefined || flags === undefined) {
    throw new Error('wrangler.toml has no compatibility_date and compatibility_flags: expected each on one line');
  }
  return { date, flags };
}

async function configuration({ bindings = {} }: WorkerParts): Promise<string> {
  const { date, flags } = await compatibility();
  const texts = Object.entries(bindings).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
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
  compatibilityDate = "${date}",
  compatibilityFlags = ${flags},
  bindings = [${texts.join(', ')}],
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
  await writeFile(path, await configuration(parts));
  const command = [workerdProgram(), 'serve', `--control-fd=${CONTROL_FD}`, path];
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
