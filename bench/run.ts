/**
 * Everything that docs/performance.md says is measured here, side by side in one run:
 *
 *   npm run bench                     all groups; bench/results.json
 *   npm run bench -- --only soap      one group
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { footprintGroup } from './groups/footprint.ts';
import { growthGroup } from './groups/growth.ts';
import { guardsGroup } from './groups/guards.ts';
import { readersGroup } from './groups/readers.ts';
import { rowsGroup } from './groups/rows.ts';
import { soapGroup } from './groups/soap.ts';
import { adapterSettings } from './harness/adapter.ts';
import type { Group } from './harness/group.ts';
import { startLoadGenerator } from './harness/load-generator.ts';
import { pinning, startServer } from './harness/started-process.ts';
import { figure, printTable } from './harness/table.ts';

const GROUPS: Readonly<Record<string, Group>> = {
  soap: soapGroup,
  rows: rowsGroup,
  readers: readersGroup,
  guards: guardsGroup,
  footprint: footprintGroup,
  growth: growthGroup,
};

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const UPSTREAM = fileURLToPath(new URL('processes/upstream.ts', import.meta.url));

const { values } = parseArgs({ options: { only: { type: 'string' } } });
if (values.only !== undefined && GROUPS[values.only] === undefined) {
  console.error(`There is no group ${values.only}: expected one of ${Object.keys(GROUPS).join(', ')}`);
  process.exit(2);
}
const chosen = Object.entries(GROUPS).filter(([name]) => values.only === undefined || values.only === name);

const generator = startLoadGenerator();
const upstream = await startServer('tools', [process.execPath, UPSTREAM]);
const bench = {
  generator,
  upstream,
  settings: await adapterSettings(upstream.port),
  note: (line: string) => console.error(`· ${line}`),
};
const started = performance.now();
const ratios: Record<string, number> = {};
const figures: Record<string, object> = {};
for (const [name, group] of chosen) {
  const result = await group(bench);
  for (const table of result.tables) console.log(printTable(table));
  Object.assign(ratios, result.ratios);
  figures[name] = result.figures;
}
generator.stop();
await upstream.stop();

console.log(
  printTable({
    title: 'Goals',
    columns: ['key', 'measured'],
    rows: Object.entries(ratios).map(([key, value]) => [key, figure(value)]),
  }),
);
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, pinned: pinning() };
const seconds = Math.round((performance.now() - started) / 1000);
if (values.only === undefined) {
  const results = { measuredAt: new Date().toISOString(), seconds, machine, ratios, figures };
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`Kept in bench/results.json after ${seconds} s`);
}
