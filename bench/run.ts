/**
 * Speed, side by side: `npm run bench` runs every group and writes bench/results.json; `npm run bench -- --only NAME`
 * runs one. docs/performance.md says what is measured and how to read it.
 */
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GOALS, type Goal, meets, type RatioKey, type Ratios } from './goals.ts';
import type { Findings } from './group.ts';
import { groups } from './groups/index.ts';
import { pinning } from './harness/started-process.ts';
import { figure, printTable, type Table } from './harness/table.ts';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const names = only === undefined ? Object.keys(groups) : [only];
if (only !== undefined && groups[only] === undefined) {
  console.error(`There is no group ${only}: choose one of ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}

const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  pinned: pinning(),
  loadAverageAtStart: loadavg()[0] ?? 0,
};
console.log(
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.pinned ? 'contenders on a core of their own' : 'processes not pinned'}, load average ${figure(machine.loadAverageAtStart)}\n`,
);
if (machine.loadAverageAtStart > 0.5)
  console.log('Something else runs on this machine: trust the ratios, not the figures\n');

const measured = new Map<string, Findings>();
for (const name of names) {
  console.log(`${groups[name]?.title} (${name}) …\n`);
  try {
    const findings = await runGroup(name);
    for (const table of findings.tables) console.log(printTable(table));
    measured.set(name, findings);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1; // the other groups' figures are worth having all the same
  }
}

const ratios: Ratios = Object.assign({}, ...[...measured.values()].map((findings) => findings.ratios));
console.log(printTable(goalTable(ratios)));
await writeFile(RESULTS, `${JSON.stringify(results(ratios), undefined, 2)}\n`);
console.log(`Written to ${RESULTS}`);

/** In a process of its own: heap and compiled code of one group say nothing about the next. */
async function runGroup(name: string): Promise<Findings> {
  const child = fork(fileURLToPath(new URL('processes/group.ts', import.meta.url)), [name]);
  return new Promise((resolve, reject) => {
    child.once('message', (findings) => resolve(findings as Findings));
    child.once('exit', (code) => reject(new Error(`The group ${name} ended with ${code} before its findings`)));
  });
}

function results(ratios: Ratios): object {
  return {
    at: new Date().toISOString(),
    machine,
    ratios: Object.fromEntries(keys().map((key) => [key, ratios[key] ?? null])),
    groups: Object.fromEntries([...measured].map(([name, { raw }]) => [name, raw])),
  };
}

function goalTable(ratios: Ratios): Table {
  return {
    title: 'Goals',
    columns: ['key', 'measured', 'goal', 'verdict', 'what'],
    rows: keys().flatMap((key) => {
      const value = ratios[key];
      const goal: Goal = GOALS[key];
      if (value === undefined) return [];
      return [[key, figure(value), `${goal.bound} ${goal.value}`, meets(key, value) ? 'met' : 'MISSED', goal.what]];
    }),
  };
}

function keys(): RatioKey[] {
  return Object.keys(GOALS) as RatioKey[];
}
