/** What is measured inside one process, by name. */
export type Works = Readonly<Record<string, () => unknown>>;

export interface TurnOptions {
  readonly rounds: number;
  /** How long each one runs in each round, milliseconds of CPU time. */
  readonly sliceMs: number;
}

export interface Rate {
  readonly name: string;
  /** Runs per second of CPU time in each round: a slice in which others held the processor says the same. */
  readonly perSecond: readonly number[];
}

/**
 * Runs works one after the other in short slices, round after round, so that what disturbs the machine disturbs all of
 * them. A first round that is not counted lets the compiler settle.
 */
export async function runInTurns(works: Works, { rounds, sliceMs }: TurnOptions): Promise<Rate[]> {
  const rates = Object.keys(works).map((name) => ({ name, perSecond: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    for (const { name, perSecond } of rates) {
      const rate = await runSlice(works[name]!, sliceMs);
      if (round >= 0) perSecond.push(rate);
    }
  }
  return rates;
}

async function runSlice(work: () => unknown, sliceMs: number): Promise<number> {
  const started = threadCpuMs();
  let runs = 0;
  let elapsedMs: number;
  do {
    await work();
    runs++;
    elapsedMs = threadCpuMs() - started;
  } while (elapsedMs < sliceMs);
  return (runs / elapsedMs) * 1000;
}

/** Of this thread alone: what the garbage collector's own threads do beside it is not counted. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
