import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { compileCatalogue } from '../../src/catalogue/compile.ts';
import { readSettings } from '../../src/config.ts';
import { createKeyRing } from '../../src/envelope/keys.ts';
import { createSealer } from '../../src/envelope/seal.ts';
import { verifyEnvelope } from '../../src/envelope/verify.ts';
import { openApiDocument } from '../../src/exchange/rest/openapi/document.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { adapterSources, generatedAdapters } from '../fixtures/generated-adapters.ts';
import { prepareAdapter } from '../harness/adapter.ts';
import { bundle, gzipBytes, SHIPPED_ENTRY } from '../harness/bundle.ts';
import { getRequest } from '../harness/contest.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { median, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { inTurns } from '../harness/timing.ts';
import { type PreparedWorker, prepareWorker } from '../harness/workerd.ts';

const STARTS = 9;
const CATALOGUE = { adapters: 100, operations: 50 };
const CATALOGUE_ROUNDS = 3;
const KIB = 1024;

/** Size, start, signing, and what a large catalogue costs at start. */
export async function footprintGroup(bench: Bench): Promise<GroupResult> {
  bench.note('bundle of ten adapters');
  const gzipKb = (await bundleSize(10)) / KIB;
  bench.note('starts');
  const { adapter, empty } = await startTimes(bench);
  const startup = median(adapter.map((value, index) => value - empty[index]!));
  bench.note('signing and verifying');
  const signing = await signingSpeeds(bench.settings);
  bench.note('a large catalogue');
  const catalogue = catalogueTimes();
  return {
    tables: [
      startTable(adapter, empty, startup, gzipKb),
      {
        title: 'Envelopes of a 2 KB answer per second, one core of Node',
        columns: ['', ...SUMMARY_COLUMNS],
        rows: Object.entries(signing).map(([name, values]) => [name, ...summaryCells(summarise(values))]),
        note: SPREAD_NOTE,
      },
      {
        title: `${CATALOGUE.adapters} adapters with ${CATALOGUE.operations} operations of 10 fields, ms in all`,
        columns: ['', 'median'],
        rows: Object.entries(catalogue).map(([name, values]) => [name, figure(median(values))]),
      },
    ],
    ratios: { 'bundle.gzip_kb': gzipKb, startup_ms: startup },
    figures: { gzipKb, adapterStartMs: adapter, emptyStartMs: empty, signing, catalogue },
  };
}

async function bundleSize(adapters: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'spean-bench-adapters-'));
  for (const [name, source] of adapterSources(generatedAdapters(adapters, 5), resolve('src/adapter.ts'))) {
    await writeFile(join(folder, name), source);
  }
  const replacing = { 'adapters/index.ts': relative(process.cwd(), join(folder, 'index.ts')) };
  const code = await bundle({ entry: SHIPPED_ENTRY, replacing, minify: true });
  await rm(folder, { recursive: true });
  return gzipBytes(code);
}

/** From starting the process to its first answer, ms: the adapter's, and in turns with it that of a worker that does nothing. */
async function startTimes({ settings, generator }: Bench): Promise<{ adapter: number[]; empty: number[] }> {
  const adapter = await prepareAdapter(settings);
  const empty = await prepareWorker({ code: 'export default { fetch: () => new Response("{}") };' });
  const times = { adapter: [] as number[], empty: [] as number[] };
  const startOnce = async (worker: PreparedWorker): Promise<number> => {
    const started = performance.now();
    const process = await worker.start();
    await generator.send({ port: process.port, request: getRequest('/health'), count: 1, connections: 1 });
    const ms = performance.now() - started;
    await process.stop();
    return ms;
  };
  for (let start = 0; start < STARTS; start++) {
    times.adapter.push(await startOnce(adapter));
    times.empty.push(await startOnce(empty));
  }
  await Promise.all([adapter.remove(), empty.remove()]);
  return times;
}

function startTable(adapter: readonly number[], empty: readonly number[], startup: number, gzipKb: number): Table {
  return {
    title: 'From starting workerd to the first answer, ms',
    columns: ['', ...SUMMARY_COLUMNS],
    rows: [
      ['the adapter', ...summaryCells(summarise(adapter))],
      ['a worker that does nothing', ...summaryCells(summarise(empty))],
    ],
    note: `the adapter's own part: ${figure(startup)} ms; bundle with ten adapters: ${figure(gzipKb)} KiB gzip`,
  };
}

async function signingSpeeds(settings: Readonly<Record<string, string>>): Promise<Record<string, number[]>> {
  const platform = nodePlatform({ log: () => undefined });
  const { signing, sealing } = readSettings(settings, []);
  const ring = await createKeyRing(signing, platform);
  const seal = createSealer({ ring, platform, options: sealing });
  const answer = { status: 200, headers: [], body: { text: 'x'.repeat(2_000) }, problem: false } as const;
  const digest = `sha-256=:${'A'.repeat(43)}=:`;
  const evidence = {
    issuer: 'CAMBODIA/GOV/0001/registry',
    audience: 'CAMBODIA/COM/CAMDEV21231832/CP1_API',
    service: 'CAMBODIA/GOV/0001/registry/companies',
    transactionId: 't',
    request: { method: 'GET', target: '/companies', digest },
    sources: [],
    mapping: { id: 'companies', digest },
    adapterVersion: '0.1.0',
  };
  const sealed = await seal(answer, evidence, { form: 'json' } as never);
  const envelope = new TextDecoder().decode(sealed.body ?? new Uint8Array());
  const verified = await verifyEnvelope(envelope, { keys: ring.publicKeySet });
  if (verified.verified !== true)
    throw new Error(`The envelope of the bench does not verify: ${JSON.stringify(verified)}`);
  return inTurns(
    {
      signed: () => seal(answer, evidence, { form: 'json' } as never),
      verified: () => verifyEnvelope(envelope, { keys: ring.publicKeySet }),
    },
    { rounds: 7, roundMs: 300 },
  );
}

function catalogueTimes(): Record<string, number[]> {
  const adapters = generatedAdapters(CATALOGUE.adapters, CATALOGUE.operations);
  const times: Record<string, number[]> = { compiled: [], 'described by OpenAPI': [] };
  for (let round = 0; round < CATALOGUE_ROUNDS; round++) {
    times.compiled!.push(elapsedMs(() => compileCatalogue(adapters, { formats, compileMapping })));
    times['described by OpenAPI']!.push(
      elapsedMs(() => {
        for (const adapter of adapters) openApiDocument(adapter, { serverUrl: 'https://spean.example/x' });
      }),
    );
  }
  return times;
}

function elapsedMs(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
