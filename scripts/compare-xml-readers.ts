// The XML reader beside saxes, over as many generated and damaged documents as asked for, in one run:
//
//   node scripts/run.mjs scripts/compare-xml-readers.ts [count] [seed]
//
// Six in ten documents are damaged. Any difference that is not one of the named leniencies of saxes ends the run with 1.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { arbitraryDamagedDocument, arbitraryDocument, compareReaders } from '../test/support/xml-differential.ts';

const DEFAULT_COUNT = 1_000_000;
const DAMAGED_SHARE = 0.6;
const BATCH = 10_000;

const [count = DEFAULT_COUNT, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const tally = { documents: 0, accepted: 0, refused: 0, excused: 0, different: 0 };

for (let batch = 0; tally.documents < count; batch++) {
  const size = Math.min(BATCH, count - tally.documents);
  const damaged = Math.round(size * DAMAGED_SHARE);
  for (const [arbitrary, numRuns] of [
    [arbitraryDamagedDocument, damaged],
    [arbitraryDocument, size - damaged],
  ] as const) {
    for (const whole of fc.sample(arbitrary, { seed: seed + batch, numRuns })) compare(whole);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${tally.documents} documents`);
}
console.log(JSON.stringify({ seed, ...tally }));
process.exitCode = tally.different === 0 ? 0 : 1;

function compare(whole: string): void {
  const { ours, theirs, excused } = compareReaders(whole);
  tally.documents++;
  tally[ours === 'refused' ? 'refused' : 'accepted']++;
  if (isDeepStrictEqual(ours, theirs)) return;
  if (excused) tally.excused++;
  else {
    tally.different++;
    console.log(JSON.stringify({ whole, ours, theirs }));
  }
}
