import { fileURLToPath } from 'node:url';
import { COMPANY_COUNTS, type SoapSize } from '../fixtures/company-documents.ts';
import { startAdapter } from '../harness/adapter.ts';
import { bundle } from '../harness/bundle.ts';
import { type Contender, contest, getRequest, type Measured } from '../harness/contest.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { type StartedProcess, startServer } from '../harness/started-process.ts';
import { median, pairedRatio, percentile, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

const PLAN = { connections: 8, rounds: 7, sliceSeconds: 0.6 };
const SIGNED_HEADER = 'spean, signed in a header';
const SIGNED_BODY = 'spean, signed as the body';
const PASS_THROUGH = 'workerd, bytes passed through';
const NODE_SOAP = 'express + node-soap, unsigned';
const XML2JS = 'fastify + xml2js, unsigned';

/** SOAP answers of four sizes through the whole adapter, beside what people use today. */
export async function soapGroup(bench: Bench): Promise<GroupResult> {
  const started = await startContenders(bench);
  const results = new Map<SoapSize, readonly Measured[]>();
  for (const [size, count] of Object.entries(COMPANY_COUNTS) as [SoapSize, number][]) {
    bench.note(`SOAP ${size}`);
    results.set(size, await contest(askFor(started, count), bench.generator, PLAN));
  }
  for (const process of Object.values(started)) await process.stop();
  const ratio = (size: SoapSize, other: string): number => {
    const of = (name: string) => results.get(size)!.find((measured) => measured.name === name)!.perSecond;
    return pairedRatio(of(SIGNED_HEADER), of(other)).median;
  };
  const signed10k = results.get('10k')!.find(({ name }) => name === SIGNED_HEADER)!;
  return {
    tables: [...results].map(([size, measured]) => soapTable(size, measured)),
    ratios: {
      'soap10k.signed/passthrough': ratio('10k', PASS_THROUGH),
      'soap10k.signed/node-soap': ratio('10k', NODE_SOAP),
      'soap1m.signed/node-soap': ratio('1m', NODE_SOAP),
      'soap10k.cpu_ms': median(signed10k.cpuMsPerRequest),
    },
    figures: Object.fromEntries([...results].map(([size, measured]) => [size, measured.map(withoutLatencies)])),
  };
}

type Started = Readonly<Record<'adapter' | 'passThrough' | 'nodeSoap' | 'xml2js', StartedProcess>>;

async function startContenders({ settings, upstream }: Bench): Promise<Started> {
  const origin = `http://127.0.0.1:${upstream.port}`;
  const program = (name: string) => fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));
  const node = (name: string) => startServer('contender', [process.execPath, program(name), `${origin}/soap`]);
  return {
    adapter: await startAdapter(settings),
    passThrough: await startWorker({
      code: await bundle({ entry: 'bench/workers/pass-through.ts', minify: true }),
      bindings: { UPSTREAM: origin },
    }),
    nodeSoap: await node('node-soap'),
    xml2js: await node('fastify-xml2js'),
  };
}

function askFor({ adapter, passThrough, nodeSoap, xml2js }: Started, count: number): readonly Contender[] {
  const path = `/company-directory/companies?count=${count}`;
  return [
    { name: SIGNED_HEADER, process: adapter, request: getRequest(path, 'application/json') },
    { name: SIGNED_BODY, process: adapter, request: getRequest(path, 'application/jose+json') },
    { name: PASS_THROUGH, process: passThrough, request: getRequest(path) },
    { name: NODE_SOAP, process: nodeSoap, request: getRequest(path) },
    { name: XML2JS, process: xml2js, request: getRequest(path) },
  ];
}

function soapTable(size: SoapSize, measured: readonly Measured[]): Table {
  return {
    title: `SOAP answer of ${size}, requests per second`,
    columns: ['', ...SUMMARY_COLUMNS, 'CPU ms', 'p99 ms', 'answer KB'],
    rows: measured.map(({ name, perSecond, cpuMsPerRequest, latenciesMs, bodyBytes }) => [
      name,
      ...summaryCells(summarise(perSecond)),
      figure(median(cpuMsPerRequest)),
      figure(percentile(latenciesMs, 0.99)),
      figure(bodyBytes / 1000),
    ]),
    note: SPREAD_NOTE,
  };
}

function withoutLatencies({ latenciesMs: _, ...figures }: Measured): object {
  return figures;
}
