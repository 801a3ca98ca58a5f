import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Where workerd says that it listens: `--control-fd`, one JSON object a line. */
const CONTROL_FD = 3;
const START_TIMEOUT_MS = 20_000;

export interface RunningWorkerd {
  readonly url: string;
  readonly pid: number;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
}

export interface PreparedWorkerd {
  /** Starts it on the same storage as before. */
  start(): Promise<RunningWorkerd>;
}

/** The worker as `wrangler deploy` would upload it, in workerd itself, with its Durable Objects on disk. */
export function prepareWorkerd(bindings: Readonly<Record<string, string>>): PreparedWorkerd {
  const folder = mkdtempSync(join(tmpdir(), 'spean-proof-'));
  const options = ['wrangler', 'deploy', '--dry-run', '--outdir', folder];
  execFileSync(process.execPath, ['scripts/run.mjs', ...options], { stdio: 'ignore' });
  mkdirSync(join(folder, 'storage'));
  const config = join(folder, 'config.capnp');
  writeFileSync(config, configuration(folder, bindings));
  return { start: () => startWorkerd(config, folder) };
}

function configuration(folder: string, bindings: Readonly<Record<string, string>>): string {
  const toml = readFileSync('wrangler.toml', 'utf8');
  const [, date] = /^compatibility_date = "([\d-]+)"$/m.exec(toml) ?? [];
  const [, flags] = /^compatibility_flags = (\[.*\])$/m.exec(toml) ?? [];
  const objects = [...toml.matchAll(/^name = "([A-Z]+)"\nclass_name = "(\w+)"$/gm)];
  const module = readdirSync(folder).find((name) => name.endsWith('.js')) ?? 'worker.js';
  const list = (items: readonly string[]) => `[${items.join(', ')}]`;
  const text = JSON.stringify;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "storage", disk = (path = ${text(join(folder, 'storage'))}, writable = true)),
    (name = "outside", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed ${text(module)})],
  compatibilityDate = ${text(date)},
  compatibilityFlags = ${flags},
  globalOutbound = "outside",
  durableObjectStorage = (localDisk = "storage"),
  durableObjectNamespaces = ${list(objects.map(([, , name]) => `(className = ${text(name)}, uniqueKey = ${text(name)}, enableSql = true)`))},
  bindings = ${list([
    ...objects.map(([, binding, name]) => `(name = ${text(binding)}, durableObjectNamespace = ${text(name)})`),
    ...Object.entries(bindings).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
  ])},
);
`;
}

/** The program itself: the one in `.bin` is a Node shim, and killing the shim would leave workerd behind. */
function workerdProgram(): string {
  const architecture = process.arch === 'arm64' ? 'arm64' : '64';
  return createRequire(import.meta.url).resolve(`@cloudflare/workerd-${process.platform}-${architecture}/bin/workerd`);
}

async function startWorkerd(config: string, cwd: string): Promise<RunningWorkerd> {
  const child = spawn(workerdProgram(), ['serve', `--control-fd=${CONTROL_FD}`, config], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await listeningPort(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  let complaints = '';
  child.stderr?.on('data', (piece) => {
    complaints += piece;
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`workerd ${what}:\n${complaints}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    child.once('exit', (code) => fail(`ended with ${code} before it listened`));
    createInterface({ input: child.stdio[CONTROL_FD] as Readable }).on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port?: number };
      if (event !== 'listen' || port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
  });
}
