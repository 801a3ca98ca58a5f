// Random requests and random legacy answers against this project's adapters, in one process:
//
//   node scripts/run.mjs scripts/fuzz.ts [count] [seed]
//
// Every request must be answered: with the declared success, or with a problem that has a code, and never one of the
// adapter's own failure. Anything else is printed with the seed that repeats it, and the run ends with 1.
import fc from 'fast-check';
import { fuzzOnce, openFuzzTarget } from '../test/support/fuzz-target.ts';

const DEFAULT_COUNT = 200_000;
const BATCH = 5_000;

const [count = DEFAULT_COUNT, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const target = await openFuzzTarget();
const outcomes = new Map<string, number>();
let failures = 0;

process.on('unhandledRejection', (reason) => {
  failures++;
  console.log(`Unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`);
});

for (let done = 0; done < count; done += BATCH) {
  const size = Math.min(BATCH, count - done);
  for (const shot of fc.sample(target.shots, { seed: seed + done, numRuns: size })) {
    const { outcome, complaint } = await fuzzOnce(target, shot);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (complaint === undefined) continue;
    failures++;
    console.log(JSON.stringify({ complaint, shot }));
  }
}
console.log(`${count} requests, seed ${seed}`);
for (const [outcome, times] of [...outcomes].sort((a, b) => b[1] - a[1]))
  console.log(`${String(times).padStart(8)}  ${outcome}`);
process.exitCode = failures === 0 ? 0 : 1;
