/** A profile as the inspector gives it (Chrome DevTools Protocol, Profiler.Profile), as far as it is used. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that was running at each sample, by id. */
  readonly samples: readonly number[];
  /** Time before each sample, microseconds. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  /** Lines count from 0; -1 for what is not JavaScript. */
  readonly callFrame: { readonly functionName: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const SAMPLING_INTERVAL_US = 200;

/** Profiles the process behind an inspector while `work` runs. */
export async function takeCpuProfile(inspectorPort: number, work: () => Promise<void>): Promise<CpuProfile> {
  const targets = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const ask = inspectorClient(socket);
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  await ask('Profiler.start');
  await work();
  const { profile } = (await ask('Profiler.stop')) as { profile: CpuProfile };
  socket.close();
  return profile;
}

function inspectorClient(socket: WebSocket): (method: string, params?: object) => Promise<unknown> {
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  return (method, params = {}) =>
    new Promise((resolve) => {
      last++;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}

/** A function with the time spent in itself, microseconds, and the file that it, or whoever called it, is from. */
export interface SelfTime {
  readonly name: string;
  readonly file: string;
  readonly us: number;
}

/**
 * Self time by function. What is not JavaScript (fetch, crypto, timers) counts as its caller's. The garbage collector
 * and the runtime's own work stand by themselves under `(…)`; waiting is left out. `code` is a bundle that is not
 * minified: esbuild says in it which file each part is from.
 */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, code: string): SelfTime[] {
  const files = filesByLine(code);
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const fileOf = (id: number | undefined): string => {
    const frame = id === undefined ? undefined : byId.get(id)?.callFrame;
    if (frame === undefined) return '(runtime)';
    return frame.lineNumber < 0 ? fileOf(parents.get(id!)) : (files[frame.lineNumber] ?? '(runtime)');
  };
  const times = new Map<string, { name: string; file: string; us: number }>();
  for (const [at, id] of samples.entries()) {
    const name = byId.get(id)?.callFrame.functionName ?? '';
    if (name === '(idle)') continue;
    const file = name.startsWith('(') ? '(runtime)' : fileOf(id);
    const time = times.get(`${file} ${name}`) ?? { name, file, us: 0 };
    time.us += timeDeltas[at] ?? 0;
    times.set(`${file} ${name}`, time);
  }
  return [...times.values()].sort((a, b) => b.us - a.us);
}

/** The source file of each line of a bundle, from the comments that esbuild writes before each module. */
function filesByLine(code: string): string[] {
  let file = '(runtime)';
  return code.split('\n').map((line) => {
    file = /^\/\/ ((?:src|adapters|bench|node_modules)\/\S+)$/.exec(line)?.[1] ?? file;
    return file;
  });
}
