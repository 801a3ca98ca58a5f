import { COMPANY_COUNTS } from '../fixtures/company-documents.ts';
import type { Findings, Group } from '../group.ts';
import { type Contender, runContest, type Score } from '../harness/contest.ts';
import { startLoadGenerator } from '../harness/load-generator.ts';
import { companiesPath, exchangeRequest, mediationWorker, type Replacements } from '../harness/mediation.ts';
import { startProgram } from '../harness/programs.ts';
import { pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

const OPTIONS = { rounds: 50, sliceSeconds: 0.12, connections: 16 };

/** What the shipped bundle is built without, by the module that a bare one stands in for. */
const LOG: Replacements = {
  'src/observe/exchange-record.ts': 'bench/workers/without/exchange-record.ts',
  'src/platform/workers.ts': 'bench/workers/without/workers-platform.ts',
};
const METRICS: Replacements = { 'src/observe/metrics.ts': 'bench/workers/without/metrics.ts' };
const TIMERS: Replacements = { 'src/connectors/http/call-timer.ts': 'bench/workers/without/call-timer.ts' };
const OTHER_GUARDS: Replacements = {
  'src/access/client-limiter.ts': 'bench/workers/without/client-limiter.ts',
  'src/connectors/http/guarded-call.ts': 'bench/workers/without/guarded-call.ts',
};

const BUILDS: Readonly<Record<string, Replacements>> = {
  'as shipped': {},
  'without the log record': LOG,
  'without metrics': METRICS,
  'without time limits of the call': TIMERS,
  'without the other guards': OTHER_GUARDS,
  'without all of these': { ...LOG, ...METRICS, ...TIMERS, ...OTHER_GUARDS },
};

/** CPU of a signed 10 KB mediation with log, metrics and guards, and without them. */
export const guardsGroup: Group = { title: 'Log, metrics and guards: their share of the CPU', measure };

async function measure(): Promise<Findings> {
  const upstream = await startProgram('tools', 'upstream');
  const load = startLoadGenerator();
  const request = exchangeRequest(companiesPath(COMPANY_COUNTS['10k']));
  const contenders: (Contender & { server: Awaited<ReturnType<typeof startWorker>> })[] = [];
  for (const [name, replacing] of Object.entries(BUILDS)) {
    contenders.push({ name, request, server: await startWorker(await mediationWorker(upstream.port, { replacing })) });
  }
  const scores = await runContest(contenders, load, OPTIONS);
  load.stop();
  await Promise.all([upstream, ...contenders.map(({ server }) => server)].map((server) => server.stop()));
  const shares = scores.map((score) => shareSaved(score, scores[0]!));
  return {
    tables: [table(scores, shares)],
    ratios: { 'guards.cpu_share': shares.at(-1)! },
    raw: { scores, shares },
  };
}

/** What a build saves of the shipped one's CPU: of each round first, then the median over the rounds. */
function shareSaved(build: Score, shipped: Score): number {
  return 1 - pairedRatio(build.cpuMs, shipped.cpuMs).median;
}

function table(scores: readonly Score[], shares: readonly number[]): Table {
  return {
    title: 'CPU of a signed 10 KB mediation, ms',
    columns: ['build', ...SUMMARY_COLUMNS, 'share saved'],
    rows: scores.map(({ name, cpuMs }, at) => [name, ...summaryCells(summarise(cpuMs)), figure(shares[at] ?? 0)]),
  };
}
