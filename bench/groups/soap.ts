import { isDeepStrictEqual } from 'node:util';
import { COMPANY_COUNTS, type SoapSize } from '../fixtures/company-documents.ts';
import type { Ratios } from '../goals.ts';
import type { Findings, Group } from '../group.ts';
import { bundle } from '../harness/bundle.ts';
import { type Contender, type ContestOptions, runContest, type Score } from '../harness/contest.ts';
import { type LoadGenerator, startLoadGenerator } from '../harness/load-generator.ts';
import {
  companiesPath,
  type ExchangeCall,
  exchangeCall,
  exchangeRequest,
  getRequest,
  mediationWorker,
} from '../harness/mediation.ts';
import { startProgram } from '../harness/programs.ts';
import type { StartedProcess } from '../harness/started-process.ts';
import { median, pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

/** More rounds and connections where a request is short; at 1 MB one request of the slowest takes longer than a slice. */
const OPTIONS: Readonly<Record<SoapSize, ContestOptions>> = {
  '2k': { rounds: 7, sliceSeconds: 0.25, connections: 16 },
  '10k': { rounds: 15, sliceSeconds: 0.4, connections: 16 },
  '100k': { rounds: 7, sliceSeconds: 0.4, connections: 8 },
  '1m': { rounds: 7, sliceSeconds: 0.8, connections: 2 },
};

const HEADER = 'spean, signed in a header';
const BODY = 'spean, signed in the body';
const PASS_THROUGH = 'workerd, buffered pass-through';
const READ_AND_SIGN = 'workerd, read and signed, nothing else';
const NODE_SOAP = 'express + node-soap';
const FASTIFY = 'fastify + xml2js';

/** SOAP answers of every size through every contender: requests per second. */
export const soapGroup: Group = { title: 'SOAP answers, whole path', measure };

async function measure(): Promise<Findings> {
  const upstream = await startProgram('tools', 'upstream');
  const servers = await startContenders(upstream.port);
  await requireSameAnswers(servers);
  const load = startLoadGenerator();
  const bySize = new Map<SoapSize, Score[]>();
  for (const size of Object.keys(COMPANY_COUNTS) as SoapSize[]) {
    bySize.set(size, await contest(size, servers, load));
  }
  load.stop();
  const memory = Object.entries(servers).map(([name, server]) => [name, server.memory().peakBytes] as const);
  await Promise.all([upstream, ...Object.values(servers)].map((server) => server.stop()));
  return {
    tables: [...[...bySize].map(([size, scores]) => table(size, scores)), memoryTable(memory)],
    ratios: ratios(bySize),
    raw: { ...Object.fromEntries(bySize), peakMemoryBytes: Object.fromEntries(memory) },
  };
}

interface Servers extends Readonly<Record<string, StartedProcess>> {
  readonly spean: StartedProcess;
  readonly passThrough: StartedProcess;
  readonly readAndSign: StartedProcess;
  readonly nodeSoap: StartedProcess;
  readonly fastify: StartedProcess;
}

async function startContenders(upstreamPort: number): Promise<Servers> {
  const upstream = `http://127.0.0.1:${upstreamPort}`;
  const bare = async (entry: string): Promise<StartedProcess> =>
    startWorker({ code: await bundle({ entry }), bindings: { UPSTREAM: upstream } });
  return {
    spean: await startWorker(await mediationWorker(upstreamPort)),
    passThrough: await bare('bench/workers/pass-through.ts'),
    readAndSign: await bare('bench/workers/read-and-sign.ts'),
    nodeSoap: await startProgram('contender', 'node-soap', `${upstream}/soap`),
    fastify: await startProgram('contender', 'fastify-xml2js', `${upstream}/soap`),
  };
}

/** Speed over different answers would compare nothing. Throws when a contender answers other JSON than the adapter. */
async function requireSameAnswers({ spean, readAndSign, nodeSoap, fastify }: Servers): Promise<void> {
  const path = companiesPath(COMPANY_COUNTS['2k']);
  const call = exchangeCall(path);
  const expected = await jsonOf(spean, call.path, call.headers);
  for (const [name, server] of [
    [READ_AND_SIGN, readAndSign],
    [NODE_SOAP, nodeSoap],
    [FASTIFY, fastify],
  ] as const) {
    if (!isDeepStrictEqual(await jsonOf(server, path), expected)) {
      throw new Error(`${name} answers other JSON than the adapter: make bench/processes answer the same`);
    }
  }
}

async function jsonOf(server: StartedProcess, path: string, headers: ExchangeCall['headers'] = {}): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })).json();
}

function contest(size: SoapSize, servers: Servers, load: LoadGenerator): Promise<Score[]> {
  const path = companiesPath(COMPANY_COUNTS[size]);
  const contenders: Contender[] = [
    { name: HEADER, server: servers.spean, request: exchangeRequest(path, 'header') },
    { name: BODY, server: servers.spean, request: exchangeRequest(path, 'body') },
    { name: PASS_THROUGH, server: servers.passThrough, request: getRequest(path) },
    { name: READ_AND_SIGN, server: servers.readAndSign, request: getRequest(path) },
    { name: NODE_SOAP, server: servers.nodeSoap, request: getRequest(path) },
    { name: FASTIFY, server: servers.fastify, request: getRequest(path) },
  ];
  return runContest(contenders, load, OPTIONS[size]);
}

function ratios(bySize: ReadonlyMap<SoapSize, readonly Score[]>): Ratios {
  return {
    'soap10k.signed/passthrough': ratio(bySize.get('10k') ?? [], PASS_THROUGH),
    'soap10k.signed/node-soap': ratio(bySize.get('10k') ?? [], NODE_SOAP),
    'soap1m.signed/node-soap': ratio(bySize.get('1m') ?? [], NODE_SOAP),
    'soap10k.cpu_ms': median(scoreOf(bySize.get('10k') ?? [], HEADER)?.cpuMs ?? []),
  };
}

function ratio(scores: readonly Score[], base: string): number {
  return pairedRatio(speedsOf(scores, HEADER), speedsOf(scores, base)).median;
}

function speedsOf(scores: readonly Score[], name: string): readonly number[] {
  return scoreOf(scores, name)?.requestsPerSecond ?? [];
}

function scoreOf(scores: readonly Score[], wanted: string): Score | undefined {
  return scores.find(({ name }) => name === wanted);
}

function table(size: SoapSize, scores: readonly Score[]): Table {
  const passThrough = speedsOf(scores, PASS_THROUGH);
  return {
    title: `SOAP answer of ${size}: requests per second over ${OPTIONS[size].connections} connections`,
    columns: ['contender', ...SUMMARY_COLUMNS, '× pass-through', 'CPU ms', 'p50 ms', 'p99 ms'],
    rows: scores.map(({ name, requestsPerSecond, cpuMs, p50Ms, p99Ms }) => [
      name,
      ...summaryCells(summarise(requestsPerSecond)),
      figure(pairedRatio(requestsPerSecond, passThrough).median),
      figure(median(cpuMs)),
      figure(median(p50Ms)),
      figure(median(p99Ms)),
    ]),
    note: SPREAD_NOTE,
  };
}

function memoryTable(memory: readonly (readonly [string, number])[]): Table {
  return {
    title: 'Peak resident memory of each process over all of these',
    columns: ['contender', 'MB'],
    rows: memory.map(([name, bytes]) => [name, figure(bytes / 1e6)]),
  };
}
