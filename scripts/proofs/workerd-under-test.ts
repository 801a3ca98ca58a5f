import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { capnpConfiguration } from '../../onpremises/capnp-text.ts';
import { workerService } from '../../onpremises/workerd-config.ts';
import { readDeployment } from '../build/deployment.ts';
import { workerdProgram } from '../build/workerd-program.ts';

/** Where workerd says that it listens: `--control-fd`, one JSON object a line. */
const CONTROL_FD = 3;
const START_TIMEOUT_MS = 20_000;
const ROOT = resolve(import.meta.dirname, '../..');

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

function configuration(folder: string, variables: Readonly<Record<string, string>>): string {
  const deployment = readDeployment(ROOT);
  const { objects } = deployment;
  return capnpConfiguration({
    services: [
      workerService('worker', 'worker.js', deployment, {
        bindings: [
          ...Object.entries(variables).map(([name, text]) => ({ name, text })),
          ...objects.map(({ binding, className }) => ({ name: binding, durableObjectNamespace: className })),
        ],
        durableObjectNamespaces: objects.map(({ className }) => ({ className, uniqueKey: className, enableSql: true })),
        durableObjectStorage: { localDisk: 'storage' },
        globalOutbound: 'outside',
      }),
      { name: 'storage', disk: { path: join(folder, 'storage'), writable: true } },
      { name: 'outside', network: { allow: ['public', 'private'] } },
    ],
    sockets: [{ name: 'http', address: '127.0.0.1:0', http: {}, service: 'worker' }],
  });
}

async function startWorkerd(config: string, cwd: string): Promise<RunningWorkerd> {
  const child = spawn(workerdProgram(), ['serve', `--control-fd=${CONTROL_FD}`, '-I', cwd, config], {
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
