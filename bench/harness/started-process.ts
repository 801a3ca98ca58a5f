import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { processCpuMs, processMemory } from './process-figures.ts';

/** A server of the run: a contender or the upstream. */
export interface StartedProcess {
  readonly port: number;
  /** Of the inspector (Chrome DevTools Protocol), where the process was started with one. */
  readonly inspectorPort: number | undefined;
  /** CPU time used so far, all threads, milliseconds. */
  cpuMs(): number;
  memory(): ReturnType<typeof processMemory>;
  stop(): Promise<void>;
}

/** What is measured has a core of its own; everything that measures shares the other one. */
export type Core = 'contender' | 'tools';
const CORES: Readonly<Record<Core, string>> = { contender: '0', tools: '1' };

/** Where the listening port is told, as workerd does with `--control-fd`: a line `{"event":"listen","port":…}`. */
export const CONTROL_FD = 3;
const START_TIMEOUT_MS = 20_000;

const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** Whether processes are held to their cores: it needs `taskset` (util-linux) and two cores. */
export function pinning(): boolean {
  return canPin;
}

/** A group that fails, or is stopped, leaves nothing running. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program on its core. */
export function spawnOn(core: Core, command: readonly string[], stdio: StdioOptions): ChildProcess {
  const [program = '', ...rest] = canPin ? ['taskset', '-c', CORES[core], ...command] : command;
  const child = spawn(program, rest, { stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts a server and waits until it listens. Throws with what it wrote to its error output when it ends before. */
export async function startServer(core: Core, command: readonly string[]): Promise<StartedProcess> {
  const child = spawnOn(core, command, ['ignore', 'ignore', 'pipe', 'pipe']);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ports = await listeningPorts(child, command).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const pid = child.pid ?? 0;
  return {
    ...ports,
    cpuMs: () => processCpuMs(pid),
    memory: () => processMemory(pid),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

type Ports = Pick<StartedProcess, 'port' | 'inspectorPort'>;

async function listeningPorts(child: ChildProcess, command: readonly string[]): Promise<Ports> {
  let complaints = '';
  child.stderr?.on('data', (piece) => {
    complaints += piece;
  });
  const failed = new Promise<never>((_, reject) => {
    const fail = (what: string): void => reject(new Error(`${command.join(' ')} ${what}:\n${complaints}`));
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code} before it listened`));
    setTimeout(() => fail(`did not listen within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS).unref();
  });
  const lines = createInterface({ input: child.stdio[CONTROL_FD] as Readable });
  const listening = new Promise<Ports>((resolve) => {
    let inspectorPort: number | undefined;
    lines.on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port: number };
      if (event === 'listen-inspector') inspectorPort = port;
      if (event === 'listen') resolve({ port, inspectorPort });
    });
  });
  return Promise.race([listening, failed]);
}
