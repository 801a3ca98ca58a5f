import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapters as shipped } from '../../adapters/index.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { authReferences } from '../../src/model/auth-references.ts';
import { generatedAdapter } from '../fixtures/generated-adapters.ts';
import type { Findings, Group } from '../group.ts';
import { bundle, gzipBytes, SHIPPED_ENTRY } from '../harness/bundle.ts';
import { type LoadGenerator, startLoadGenerator } from '../harness/load-generator.ts';
import { getRequest, mediationSettings } from '../harness/mediation.ts';
import { ROOT } from '../harness/root.ts';
import { type Summary, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { type PreparedWorker, prepareWorker } from '../harness/workerd.ts';

const ADAPTERS = 10;
const GENERATED = { operations: 8, fields: 16 };
const ROUNDS = 15;
const EMPTY_WORKER = 'export default { fetch: () => new Response("alive") };';

interface Start {
  /** From spawning the process to its first answer. */
  readonly wallMs: number;
  /** CPU time that the process has used when it listens, its module loaded, and with its first answer; all threads. */
  readonly loadedCpuMs: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** The bundle with ten adapters: its size, and what its start takes beyond that of an empty worker. */
export const startGroup: Group = { title: 'Bundle and start-up with ten adapters', measure };

async function measure(): Promise<Findings> {
  const code = await bundleOfTen();
  const load = startLoadGenerator();
  const spean = await prepareWorker({ code, bindings: await settingsOfTen(), objects: readDeployment(ROOT).objects });
  const empty = await prepareWorker({ code: EMPTY_WORKER });
  const starts: { spean: Start; empty: Start }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    starts.push({ spean: await startOnce(spean, load), empty: await startOnce(empty, load) });
  }
  load.stop();
  await Promise.all([spean.remove(), empty.remove()]);
  const beyond = (figureOf: (start: Start) => number): Summary =>
    summarise(starts.map((round) => figureOf(round.spean) - figureOf(round.empty)));
  const cpuMs = beyond((start) => start.cpuMs);
  const sizes = { minifiedBytes: code.length, gzipBytes: gzipBytes(code) };
  return {
    tables: [
      table({
        'CPU until the module is loaded, ms': beyond((start) => start.loadedCpuMs),
        'CPU until the first answer, ms': cpuMs,
        'wall clock to the first answer, ms': beyond((start) => start.wallMs),
        'resident memory, MB': beyond((start) => start.residentBytes / 1e6),
      }),
      sizeTable(sizes),
    ],
    ratios: { startup_ms: cpuMs.median, 'bundle.gzip_kb': sizes.gzipBytes / 1000 },
    raw: { starts, sizes },
  };
}

/** The project's own adapters and generated ones, ten together, as one deployment. */
async function bundleOfTen(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spean-bench-'));
  const list = join(folder, 'adapters.ts');
  const own = join(ROOT, 'adapters/index.ts');
  const generated = Array.from({ length: ADAPTERS - shipped.length }, (_, index) => generatedAdapter(index, GENERATED));
  await writeFile(
    list,
    `import { adapters as own } from ${JSON.stringify(own)};\nexport const adapters = [...own, ...${JSON.stringify(generated)}];\n`,
  );
  const code = await bundle({ entry: SHIPPED_ENTRY, replacing: { 'adapters/index.ts': list } });
  await rm(folder, { recursive: true });
  return code;
}

async function settingsOfTen(): Promise<Readonly<Record<string, string>>> {
  const endpoints = shipped.flatMap(({ legacy }) => Object.values(legacy));
  return {
    ...(await mediationSettings(1)),
    ...Object.fromEntries(endpoints.map(({ endpoint }) => [endpoint.name, 'http://127.0.0.1:1'])),
    ...Object.fromEntries(
      endpoints.flatMap(({ auth }) => authReferences(auth).values).map(({ name }) => [name, 'bench']),
    ),
  };
}

async function startOnce(worker: PreparedWorker, load: LoadGenerator): Promise<Start> {
  const spawned = performance.now();
  const server = await worker.start();
  const loadedCpuMs = server.cpuMs();
  await load.send({ port: server.port, request: getRequest('/health'), count: 1, connections: 1 });
  const wallMs = performance.now() - spawned;
  const start = { wallMs, loadedCpuMs, cpuMs: server.cpuMs(), residentBytes: server.memory().nowBytes };
  await server.stop();
  return start;
}

function table(rows: Readonly<Record<string, Summary>>): Table {
  return {
    title: 'Start-up beyond that of an empty worker',
    columns: ['', ...SUMMARY_COLUMNS],
    rows: Object.entries(rows).map(([name, summary]) => [name, ...summaryCells(summary)]),
    note: SPREAD_NOTE,
  };
}

function sizeTable({ minifiedBytes, gzipBytes: zipped }: { minifiedBytes: number; gzipBytes: number }): Table {
  return {
    title: 'Bundle with ten adapters',
    columns: ['', 'KB'],
    rows: [
      ['minified', figure(minifiedBytes / 1000)],
      ['gzip', figure(zipped / 1000)],
    ],
  };
}
