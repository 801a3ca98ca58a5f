/** So many runs go by before the first one that counts. */
const WARM_UP_RUNS = 3;

/** Runs per second of some work in this process, over about `ms` milliseconds. */
export async function runsPerSecond(work: () => unknown, ms: number): Promise<number> {
  const started = performance.now();
  let runs = 0;
  while (performance.now() - started < ms) {
    await work();
    runs++;
  }
  return (runs * 1000) / (performance.now() - started);
}

/** Several kinds of work in turns; runs per second of each, a value for each round. */
export async function inTurns<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const speeds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) for (let run = 0; run < WARM_UP_RUNS; run++) await works[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) speeds[name].push(await runsPerSecond(works[name], roundMs));
  }
  return speeds;
}
