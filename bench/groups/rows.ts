import { LAST_ROW, type TableFormat } from '../fixtures/payment-tables.ts';
import type { Findings, Group } from '../group.ts';
import { bundle } from '../harness/bundle.ts';
import { runContest, type Score } from '../harness/contest.ts';
import { type LoadGenerator, startLoadGenerator } from '../harness/load-generator.ts';
import { companiesPath, exchangeRequest, getRequest, mediationWorker } from '../harness/mediation.ts';
import { startProgram } from '../harness/programs.ts';
import type { StartedProcess } from '../harness/started-process.ts';
import { pairedRatio, type Summary, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { startWorker, type WorkerParts } from '../harness/workerd.ts';

/** One lookup at a time: what is asked is how fast one goes, and what memory it takes. */
const CONTESTS: readonly { format: TableFormat; megabytes: number; rounds: number; sliceSeconds: number }[] = [
  { format: 'csv', megabytes: 1, rounds: 7, sliceSeconds: 0.3 },
  { format: 'csv', megabytes: 10, rounds: 7, sliceSeconds: 0.5 },
  { format: 'csv', megabytes: 100, rounds: 5, sliceSeconds: 0.1 },
  { format: 'fixed-width', megabytes: 1, rounds: 7, sliceSeconds: 0.3 },
  { format: 'fixed-width', megabytes: 10, rounds: 7, sliceSeconds: 0.5 },
];
const LOOKUP_PATHS: Readonly<Record<TableFormat, string>> = {
  csv: '/payment-export/payments',
  'fixed-width': '/settlement-file/settlements',
};
const LOOKUP = 'spean, last row looked up';
const PASS_THROUGH = 'workerd, streamed pass-through';

interface Result {
  readonly format: TableFormat;
  readonly megabytes: number;
  readonly scores: readonly Score[];
}

interface Memory {
  readonly megabytes: number;
  readonly name: string;
  readonly aboveIdleMb: Summary;
}

/** One row at the end of a table, through the adapter and beside the bare stream: megabytes per second, and memory. */
export const rowsGroup: Group = { title: 'One row out of a CSV or fixed-width answer', measure };

async function measure(): Promise<Findings> {
  const upstream = await startProgram('tools', 'upstream');
  const load = startLoadGenerator();
  const mediation = await mediationWorker(upstream.port);
  const passThrough = {
    code: await bundle({ entry: 'bench/workers/pass-through.ts' }),
    bindings: { UPSTREAM: `http://127.0.0.1:${upstream.port}` },
  };
  const results = await measureSpeed(mediation, passThrough, load);
  const memory = [
    ...(await measureMemory(LOOKUP, mediation, lookup, companiesRequest, load)),
    ...(await measureMemory(PASS_THROUGH, passThrough, table, getRequest(companiesPath(1)), load)),
  ];
  load.stop();
  await upstream.stop();
  const largest = results.find(({ format, megabytes }) => format === 'csv' && megabytes === 100)!;
  return {
    tables: [speedTable(results), memoryTable(memory)],
    ratios: { 'csv100m.lookup/passthrough': ratioOf(largest).median },
    raw: { results, memory },
  };
}

const companiesRequest = exchangeRequest(companiesPath(1));

function lookup(format: TableFormat, megabytes: number): string {
  return exchangeRequest(`${LOOKUP_PATHS[format]}/${LAST_ROW.number}?megabytes=${megabytes}`);
}

function table(format: TableFormat, megabytes: number): string {
  return getRequest(`/${format}?megabytes=${megabytes}`);
}

async function measureSpeed(mediation: WorkerParts, passThrough: WorkerParts, load: LoadGenerator): Promise<Result[]> {
  const [spean, bare] = [await startWorker(mediation), await startWorker(passThrough)];
  const results: Result[] = [];
  for (const { format, megabytes, rounds, sliceSeconds } of CONTESTS) {
    const contenders = [
      { name: LOOKUP, server: spean, request: lookup(format, megabytes) },
      { name: PASS_THROUGH, server: bare, request: table(format, megabytes) },
    ];
    results.push({
      format,
      megabytes,
      scores: await runContest(contenders, load, { rounds, sliceSeconds, connections: 1 }),
    });
  }
  await Promise.all([spean.stop(), bare.stop()]);
  return results;
}

const MEMORY_ROUNDS = 3;
const MEMORY_MEGABYTES = [1, 10, 100];

/** Peak while a table is read, above what a fresh process holds that has answered one small request. */
async function measureMemory(
  name: string,
  parts: WorkerParts,
  requestFor: typeof lookup,
  small: string,
  load: LoadGenerator,
): Promise<Memory[]> {
  const memory: Memory[] = [];
  for (const megabytes of MEMORY_MEGABYTES) {
    const above: number[] = [];
    for (let round = 0; round < MEMORY_ROUNDS; round++) {
      const server = await startWorker(parts);
      above.push(await peakAboveIdle(server, small, requestFor('csv', megabytes), load));
      await server.stop();
    }
    memory.push({ megabytes, name, aboveIdleMb: summarise(above) });
  }
  return memory;
}

async function peakAboveIdle(
  server: StartedProcess,
  small: string,
  large: string,
  load: LoadGenerator,
): Promise<number> {
  const { port } = server;
  await load.send({ port, request: small, count: 1, connections: 1 });
  const idleBytes = server.memory().nowBytes;
  await load.send({ port, request: large, count: 2, connections: 1 });
  return (server.memory().peakBytes - idleBytes) / 1e6;
}

function ratioOf({ scores: [looked, passed] }: Result): Summary {
  return pairedRatio(looked!.requestsPerSecond, passed!.requestsPerSecond);
}

function speedTable(results: readonly Result[]): Table {
  return {
    title: 'Megabytes of the legacy answer per second, one request at a time',
    columns: ['contender', ...SUMMARY_COLUMNS, '× pass-through', 'CPU ms/MB'],
    rows: results.flatMap((result) =>
      result.scores.map(({ name, requestsPerSecond, cpuMs }, at) => [
        `${result.format} ${result.megabytes} MB, ${name}`,
        ...summaryCells(summarise(requestsPerSecond.map((speed) => speed * result.megabytes))),
        at === 0 ? figure(ratioOf(result).median) : '1',
        figure(summarise(cpuMs).median / result.megabytes),
      ]),
    ),
    note: SPREAD_NOTE,
  };
}

function memoryTable(memory: readonly Memory[]): Table {
  return {
    title: 'Peak memory above idle for two CSV answers one after the other, MB (goal at 100 MB: under 64)',
    columns: ['contender', ...SUMMARY_COLUMNS],
    rows: memory.map(({ name, megabytes, aboveIdleMb }) => [`${megabytes} MB, ${name}`, ...summaryCells(aboveIdleMb)]),
  };
}
