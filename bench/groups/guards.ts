import { COMPANY_COUNTS } from '../fixtures/company-documents.ts';
import { BARE, startAdapter } from '../harness/adapter.ts';
import { contest, getRequest } from '../harness/contest.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { median, pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells } from '../harness/table.ts';

const PLAN = { connections: 8, rounds: 11, sliceSeconds: 0.6 };

/** What log records, metrics and the guards of legacy calls take of a request's CPU: the shipped worker beside one without them. */
export async function guardsGroup({ settings, generator, note }: Bench): Promise<GroupResult> {
  note('guards, log and metrics');
  const shipped = await startAdapter(settings);
  const bare = await startAdapter(settings, BARE);
  const request = getRequest(`/company-directory/companies?count=${COMPANY_COUNTS['10k']}`, 'application/json');
  const measured = await contest(
    [
      { name: 'shipped', process: shipped, request },
      { name: 'without log, metrics and guards', process: bare, request },
    ],
    generator,
    PLAN,
  );
  await Promise.all([shipped.stop(), bare.stop()]);
  const [whole, less] = measured;
  const share = 1 - pairedRatio(less!.cpuMsPerRequest, whole!.cpuMsPerRequest).median;
  return {
    tables: [
      {
        title: 'CPU of a signed 10 KB mediation, ms',
        columns: ['', ...SUMMARY_COLUMNS],
        rows: measured.map(({ name, cpuMsPerRequest }) => [name, ...summaryCells(summarise(cpuMsPerRequest))]),
        note: `${SPREAD_NOTE}; log, metrics and guards take ${figure(share * 100)} %`,
      },
    ],
    ratios: { 'guards.cpu_share': share },
    figures: measured.map(({ name, cpuMsPerRequest }) => ({ name, cpuMs: median(cpuMsPerRequest) })),
  };
}
