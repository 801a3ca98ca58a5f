import type { LoadGenerator } from './load-generator.ts';
import type { StartedProcess } from './started-process.ts';
import { percentile } from './statistics.ts';

/** One request, to be sent again and again to one of the servers that are compared. */
export interface Contender {
  readonly name: string;
  readonly server: Pick<StartedProcess, 'port' | 'cpuMs'>;
  readonly request: string;
}

export interface ContestOptions {
  readonly rounds: number;
  /** How long one slice of load should take, seconds. */
  readonly sliceSeconds: number;
  readonly connections: number;
}

/** What one contender did in each round. */
export interface Score {
  readonly name: string;
  readonly requestsPerSecond: readonly number[];
  /** CPU time of the whole process for each request, milliseconds: waiting for a busy core is not in it. */
  readonly cpuMs: readonly number[];
  readonly p50Ms: readonly number[];
  readonly p99Ms: readonly number[];
  readonly bodyBytes: number;
}

/**
 * Sends the contenders short slices of load in turns, round after round, so that what disturbs the machine disturbs all
 * of them. A warm-up before the first round lets compilers settle, and tells how many requests make a slice.
 */
export async function runContest(
  contenders: readonly Contender[],
  load: LoadGenerator,
  { rounds, sliceSeconds, connections }: ContestOptions,
): Promise<Score[]> {
  const scores = contenders.map(({ name }) => ({
    name,
    requestsPerSecond: [] as number[],
    cpuMs: [] as number[],
    p50Ms: [] as number[],
    p99Ms: [] as number[],
    bodyBytes: 0,
  }));
  const counts = [];
  for (const contender of contenders) counts.push(await warmUp(contender, load, { sliceSeconds, connections }));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + turn) % contenders.length; // nobody always follows the same neighbour
      const { server, request } = contenders[at]!;
      const count = counts[at]!;
      const before = server.cpuMs();
      const { seconds, latenciesMs, bytes } = await load.send({ port: server.port, request, count, connections });
      const cpuMs = server.cpuMs() - before;
      const score = scores[at]!;
      score.requestsPerSecond.push(count / seconds);
      score.cpuMs.push(cpuMs / count);
      score.p50Ms.push(percentile(latenciesMs, 0.5));
      score.p99Ms.push(percentile(latenciesMs, 0.99));
      score.bodyBytes = bytes / count;
    }
  }
  return scores;
}

/** How long a contender is loaded before its rounds, seconds: compiled code is not what it will be before that. */
const WARM_UP_SECONDS = 1;

/** Ever longer loads. Gives the requests of a whole slice, each connection used alike. */
async function warmUp(
  { server, request }: Contender,
  load: LoadGenerator,
  { sliceSeconds, connections }: Pick<ContestOptions, 'sliceSeconds' | 'connections'>,
): Promise<number> {
  let spentSeconds = 0;
  for (let count = connections; ; count *= 2) {
    const { seconds } = await load.send({ port: server.port, request, count, connections });
    spentSeconds += seconds;
    if (spentSeconds >= WARM_UP_SECONDS) {
      return connections * Math.max(1, Math.round((count / seconds) * (sliceSeconds / connections)));
    }
  }
}
