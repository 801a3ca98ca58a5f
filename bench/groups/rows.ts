import { LAST_ROW } from '../fixtures/payment-tables.ts';
import { startAdapter } from '../harness/adapter.ts';
import { bundle } from '../harness/bundle.ts';
import { contest, getRequest } from '../harness/contest.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

/** One at a time: what is measured is the speed of a stream. */
const PLAN = { connections: 1, rounds: 5, sliceSeconds: 0.5 };
const MEGABYTES = [1, 10, 100] as const;
const MIB = 1024 * 1024;

const FORMATS = [
  { name: 'CSV', path: '/payment-export/payments', upstream: '/csv' },
  { name: 'fixed width', path: '/settlement-file/settlements', upstream: '/fixed-width' },
] as const;

/** One row at the end of documents of rows, signed; beside the same bytes passed through as a stream. */
export async function rowsGroup({ settings, upstream, generator, note }: Bench): Promise<GroupResult> {
  const passThrough = await startWorker({
    code: await bundle({ entry: 'bench/workers/pass-through.ts', minify: true }),
    bindings: { UPSTREAM: `http://127.0.0.1:${upstream.port}` },
  });
  const rows: string[][] = [];
  const figures: object[] = [];
  let lookup = Number.NaN;
  for (const format of FORMATS) {
    // a process of its own for each format: memory is told above what it was before the first document
    const adapter = await startAdapter(settings);
    const idleBytes = await idleMemory(adapter, generator, format.path);
    for (const megabytes of MEGABYTES) {
      note(`${format.name}, ${megabytes} MB`);
      const [ours, theirs] = await contest(
        [
          {
            name: 'spean',
            process: adapter,
            request: getRequest(`${format.path}/${LAST_ROW.number}?megabytes=${megabytes}`, 'application/json'),
          },
          {
            name: 'passed through',
            process: passThrough,
            request: getRequest(`${format.upstream}?megabytes=${megabytes}`),
          },
        ],
        generator,
        PLAN,
      );
      const speed = (perSecond: readonly number[]) => summarise(perSecond.map((value) => value * megabytes));
      const ratio = pairedRatio(ours!.perSecond, theirs!.perSecond).median;
      if (format.name === 'CSV' && megabytes === 100) lookup = ratio;
      const aboveIdle = (adapter.memory().peakBytes - idleBytes) / MIB;
      rows.push([
        `${format.name}, ${megabytes} MB`,
        ...summaryCells(speed(ours!.perSecond)),
        figure(speed(theirs!.perSecond).median),
        figure(ratio),
        figure(aboveIdle),
      ]);
      figures.push({
        format: format.name,
        megabytes,
        ours: ours!.perSecond,
        passedThrough: theirs!.perSecond,
        aboveIdle,
      });
    }
    await adapter.stop();
  }
  await passThrough.stop();
  return {
    tables: [
      {
        title: 'The last row of a document, MB/s',
        columns: ['', ...SUMMARY_COLUMNS, 'passed through', 'ratio', 'MiB above idle'],
        rows,
        note: `${SPREAD_NOTE}; memory is the highest so far`,
      },
    ],
    ratios: { 'csv100m.lookup/passthrough': lookup },
    figures,
  };
}

/** Resident memory once the code has run and the heap has its usual size. */
async function idleMemory(
  adapter: Awaited<ReturnType<typeof startAdapter>>,
  generator: Bench['generator'],
  path: string,
): Promise<number> {
  const request = getRequest(`${path}/${LAST_ROW.number}?megabytes=1`, 'application/json');
  await generator.send({ port: adapter.port, request, count: 100, connections: 1 });
  return adapter.memory().peakBytes;
}
