import type { LoadGenerator } from './load-generator.ts';
import type { StartedProcess } from './started-process.ts';

/** A server that answers the same question as its neighbours. */
export interface Contender {
  readonly name: string;
  readonly process: StartedProcess;
  readonly request: string;
}

export interface ContestPlan {
  readonly connections: number;
  readonly rounds: number;
  /** How long each contender is asked in a round, seconds, as far as whole requests allow. */
  readonly sliceSeconds: number;
}

/** One contender's figures, a value for each round. */
export interface Measured {
  readonly name: string;
  readonly perSecond: readonly number[];
  readonly cpuMsPerRequest: readonly number[];
  readonly latenciesMs: readonly number[];
  readonly bodyBytes: number;
}

/** Requests before anything is measured: compilers of JavaScript need to have seen the code run. */
const WARM_UP_REQUESTS = 400;
/** A contender that takes long for one request is not warmed up for longer than this, seconds. */
const WARM_UP_SECONDS = 2;

/** Asks all contenders in turns, a slice each, round after round, so that whatever slows the machine slows all of them. */
export async function contest(
  contenders: readonly Contender[],
  generator: LoadGenerator,
  { connections, rounds, sliceSeconds }: ContestPlan,
): Promise<readonly Measured[]> {
  const counts = new Map<Contender, number>();
  for (const contender of contenders) {
    const perSecond = await warmUp(contender, generator, connections);
    counts.set(contender, Math.max(connections, Math.round(perSecond * sliceSeconds)));
  }
  const measured = contenders.map(({ name }) => ({
    name,
    perSecond: [] as number[],
    cpuMsPerRequest: [] as number[],
    latenciesMs: [] as number[],
    bodyBytes: 0,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const count = counts.get(contender) ?? connections;
      const cpuBefore = contender.process.cpuMs();
      const { port } = contender.process;
      const result = await generator.send({ port, request: contender.request, count, connections });
      const figures = measured[index]!;
      figures.perSecond.push(count / result.seconds);
      figures.cpuMsPerRequest.push((contender.process.cpuMs() - cpuBefore) / count);
      figures.latenciesMs.push(...result.latenciesMs);
      figures.bodyBytes = Math.round(result.bytes / count);
    }
  }
  return measured;
}

async function warmUp(contender: Contender, generator: LoadGenerator, connections: number): Promise<number> {
  const { port } = contender.process;
  const first = await generator.send({ port, request: contender.request, count: connections, connections });
  const affordable = Math.round((connections / first.seconds) * WARM_UP_SECONDS);
  const count = Math.max(connections, Math.min(WARM_UP_REQUESTS, affordable));
  const { seconds } = await generator.send({ port, request: contender.request, count, connections });
  return count / seconds;
}

/** A GET as a security server would send it. */
export function getRequest(path: string, accept = '*/*'): string {
  const headers = [
    'Host: adapter.test',
    'X-Road-Client: CAMBODIA/COM/CAMDEV21231832/CP1_API',
    'X-Road-Id: CAMBODIA-6e7b0a52-3a53-4a3c-9b62-0c2f6d2f9d5e',
    'X-Road-Request-Id: 0b8f6a1e-7c2d-4c0b-9e1a-7f5f0a0f4c11',
    `Accept: ${accept}`,
  ];
  return `GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`;
}
