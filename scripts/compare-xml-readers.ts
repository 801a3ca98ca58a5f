// The XML reader beside saxes, over as many generated and damaged documents as asked for, in one run:
//
//   node scripts/run.mjs scripts/compare-xml-readers.ts [count] [seed]
//
// Four in ten documents are damaged as texts, two in ten as bytes. Any difference that is not one of the named leniencies of saxes ends the run with 1.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import {
  arbitraryDamagedBytes,
  arbitraryDamagedDocument,
  arbitraryDocument,
  type Comparison,
  compareReaders,
  compareReadersOfBytes,
} from '../test/support/xml-differential.ts';

const DEFAULT_COUNT = 1_000_000;
const DAMAGED_TEXTS_SHARE = 0.4;
const DAMAGED_BYTES_SHARE = 0.2;
const BATCH = 10_000;

const [count = DEFAULT_COUNT, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const tally = { documents: 0, accepted: 0, refused: 0, excused: 0, different: 0 };

for (let batch = 0; tally.documents < count; batch++) {
  const size = Math.min(BATCH, count - tally.documents);
  const damaged = Math.round(size * DAMAGED_TEXTS_SHARE);
  const damagedBytes = Math.round(size * DAMAGED_BYTES_SHARE);
  for (const [arbitrary, numRuns] of [
    [arbitraryDamagedDocument, damaged],
    [arbitraryDocument, size - damaged - damagedBytes],
  ] as const) {
    for (const whole of fc.sample(arbitrary, { seed: seed + batch, numRuns })) tell(whole, compareReaders(whole));
  }
  for (const bytes of fc.sample(arbitraryDamagedBytes, { seed: seed + batch, numRuns: damagedBytes })) {
    tell(bytes.join(' '), compareReadersOfBytes(bytes));
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${tally.documents} documents`);
}
console.log(JSON.stringify({ seed, ...tally }));
process.exitCode = tally.different === 0 ? 0 : 1;

function tell(whole: string, { ours, theirs, excused }: Comparison): void {
  tally.documents++;
  tally[ours === 'refused' ? 'refused' : 'accepted']++;
  if (isDeepStrictEqual(ours, theirs)) return;
  if (excused) tally.excused++;
  else {
    tally.different++;
    console.log(JSON.stringify({ whole, ours, theirs }));
  }
}
