import { parse } from 'csv-parse/sync';
import { csv, defineAdapter, operation, rows, text, variable } from '../../src/adapter.ts';
import type { CompiledCall } from '../../src/model/contracts.ts';
import type { Cell } from '../../src/model/source.ts';
import { CSV_COLUMNS, MEGABYTE, tableHeader, tableRows } from '../fixtures/payment-tables.ts';
import type { Findings, Group } from '../group.ts';
import { compileOperation } from '../harness/compile-operation.ts';
import { type Rate, runInTurns } from '../harness/in-turns.ts';
import { replyOf } from '../harness/replies.ts';
import { pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';

const TURNS = { rounds: 9, sliceMs: 150 };
const PAYERS = { 'ASCII names': 'Sokha Trading', 'Khmer names': 'សុខា ពាណិជ្ជកម្ម' } as const;
const SPEAN = 'spean, strict, every column';
const CSV_PARSE = 'csv-parse, arrays';

/** Every column as a text: what the other readers do too. */
const everyColumn = defineAdapter({
  name: 'every-column',
  title: 'Every column',
  legacy: csv({ endpoint: variable('PAYMENT_EXPORT_URL') }),
  operations: {
    listRows: operation({
      get: '/rows',
      summary: 'Every row',
      call: { get: 'csv' },
      input: {},
      output: rows('rows', Object.fromEntries(CSV_COLUMNS.map((name) => [name.toLowerCase(), text(name)]))),
    }),
  },
});

/** The CSV reader alone beside csv-parse: megabytes per second over one megabyte in memory. */
export const csvReaderGroup: Group = { title: 'CSV readers alone', measure };

async function measure(): Promise<Findings> {
  const byPayer: { name: string; bytes: number; rates: Rate[] }[] = [];
  for (const [name, payer] of Object.entries(PAYERS)) {
    const document = Buffer.concat([tableHeader('csv'), tableRows('csv', payer)]);
    byPayer.push({ name, bytes: document.length, rates: await runInTurns(readersOf(document), TURNS) });
  }
  return {
    tables: byPayer.map(({ name, bytes, rates }) => table(name, bytes, rates)),
    ratios: { 'csv.read/csv-parse': ratioOf(byPayer[0]!.rates) },
    raw: { byPayer },
  };
}

function readersOf(document: Buffer) {
  const { call } = compileOperation(everyColumn, 'listRows');
  return {
    [SPEAN]: () => readAll(call, document),
    [CSV_PARSE]: () => parse(document),
    'csv-parse, columns by name': () => parse(document, { columns: true }),
  };
}

async function readAll(call: CompiledCall, document: Uint8Array): Promise<void> {
  const { batches } = await call.decode(replyOf('text/csv', document), []);
  let count = 0;
  for await (const records of batches) {
    for (const { slots } of records) {
      // each text is asked for, as the other readers' arrays hold them
      for (const cell of slots)
        if (typeof (cell as Cell).text !== 'string') throw new Error('Read a cell without text');
      count += slots.length === CSV_COLUMNS.length ? 1 : 0;
    }
  }
  if (count < MEGABYTE / 200)
    throw new Error(`Read ${count} rows of a megabyte: expected one for each 200 bytes or fewer`);
}

function ratioOf(rates: readonly Rate[]): number {
  return pairedRatio(perSecond(rates, SPEAN), perSecond(rates, CSV_PARSE)).median;
}

function perSecond(rates: readonly Rate[], wanted: string): readonly number[] {
  return rates.find(({ name }) => name === wanted)?.perSecond ?? [];
}

function table(name: string, bytes: number, rates: readonly Rate[]): Table {
  const base = perSecond(rates, CSV_PARSE);
  return {
    title: `A CSV answer of 1 MB read, ${name}: MB/s`,
    columns: ['reader', ...SUMMARY_COLUMNS, '× csv-parse'],
    rows: rates.map(({ name: reader, perSecond: runs }) => [
      reader,
      ...summaryCells(summarise(runs.map((rate) => (rate * bytes) / MEGABYTE))),
      figure(pairedRatio(runs, base).median),
    ]),
    note: SPREAD_NOTE,
  };
}
