import type { Findings, Group } from '../group.ts';
import { bundle } from '../harness/bundle.ts';
import { runContest, type Score } from '../harness/contest.ts';
import { startLoadGenerator } from '../harness/load-generator.ts';
import { getRequest, mediationSettings } from '../harness/mediation.ts';
import { median, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

/** So many for each request that the request itself costs next to nothing beside them. */
const ENVELOPES_PER_REQUEST = 50;
const OPTIONS = { rounds: 7, sliceSeconds: 0.3, connections: 1 };

/** Envelopes about a 10 KB answer, signed (ES256) and strictly verified in workerd. */
export const envelopesGroup: Group = { title: 'Envelopes signed and verified', measure };

async function measure(): Promise<Findings> {
  const code = await bundle({ entry: 'bench/workers/envelopes.ts' });
  const server = await startWorker({ code, bindings: await mediationSettings(1) });
  const load = startLoadGenerator();
  const contenders = ['sign', 'verify'].map((name) => ({
    name,
    server,
    request: getRequest(`/${name}?count=${ENVELOPES_PER_REQUEST}`),
  }));
  const scores = await runContest(contenders, load, OPTIONS);
  load.stop();
  await server.stop();
  return { tables: [table(scores)], ratios: {}, raw: { envelopesPerRequest: ENVELOPES_PER_REQUEST, scores } };
}

function table(scores: readonly Score[]): Table {
  return {
    title: 'Envelopes about a 10 KB answer per second, ES256, one core of workerd',
    columns: ['', ...SUMMARY_COLUMNS, 'CPU ms'],
    rows: scores.map(({ name, requestsPerSecond, cpuMs }) => [
      name,
      ...summaryCells(summarise(requestsPerSecond.map((rate) => rate * ENVELOPES_PER_REQUEST))),
      figure(median(cpuMs) / ENVELOPES_PER_REQUEST),
    ]),
    note: SPREAD_NOTE,
  };
}
