/**
 * The CSV reader beside csv-parse, and one row looked up at the end of a large document, in one process of Node:
 *
 *   node scripts/run.mjs bench/csv-reader.ts [megabytes of the large document, default 100]
 */
import { parse } from 'csv-parse/sync';
import { csvFormat } from '../src/formats/csv/format.ts';
import type { CompiledCall } from '../src/model/contracts.ts';
import type { LegacyReply } from '../src/model/legacy.ts';
import { DEFAULT_LIMITS } from '../src/model/limits.ts';
import type { RecordPlan, RowTest } from '../src/model/source.ts';

const MB = 1_000_000;
const CHUNK_BYTES = 64 * 1024;
const ROUNDS = 30;
const COLUMNS = ['NO', 'TIN', 'PAYER', 'DATE', 'AMOUNT', 'DISTRICT', 'NOTE'];

function row(number: number, payer: string): string {
  const tin = String(100_000_000 + number);
  return `${number},${tin},${payer},${(number % 28) + 1}/05/2024,"${number % 900},${number % 100}",Daun Penh,paid at counter ${number % 7}\r\n`;
}

function table(bytes: number, payer: string): Uint8Array {
  const parts = [`${COLUMNS.join(',')}\r\n`];
  for (let length = 0, number = 1; length < bytes; number++) {
    const next = row(number, payer);
    length += Buffer.byteLength(next);
    parts.push(next);
  }
  return new TextEncoder().encode(parts.join(''));
}

function reply(chunks: () => Iterable<Uint8Array>): LegacyReply {
  return {
    status: 200,
    contentType: 'text/csv',
    body: {
      bytes: () => Promise.reject(new Error('The reader of rows takes chunks')),
      chunks: async function* () {
        yield* chunks();
      },
    },
  };
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

function compile(columns: readonly string[]): CompiledCall {
  const response: RecordPlan = { slots: columns.map((name) => ({ at: [name], repeats: false })) };
  const endpoint = { format: 'csv', endpoint: { from: 'variable', name: 'URL' } } as const;
  const part = { endpoint, call: { get: '/' }, request: { slots: [] }, response, details: [], limits: DEFAULT_LIMITS };
  return csvFormat.compile(part, (place, message) => {
    throw new Error(`${place}: ${message}`);
  });
}

async function readAll(
  call: CompiledCall,
  chunks: () => Iterable<Uint8Array>,
  tests: readonly RowTest[],
): Promise<number> {
  const document = await call.decode(reply(chunks), tests);
  let rows = 0;
  for await (const record of document.records) rows += record.slots.length > 0 ? 1 : 0;
  return rows;
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function compareReaders(name: string, payer: string): Promise<void> {
  const bytes = table(MB, payer);
  const call = compile(COLUMNS);
  const ours: number[] = [];
  const theirs: number[] = [];
  const theirsByName: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await seconds(() => readAll(call, () => pieces(bytes), [])));
    theirs.push(await seconds(() => parse(bytes as Buffer)));
    theirsByName.push(await seconds(() => parse(bytes as Buffer, { columns: true })));
  }
  const speed = (times: readonly number[]): number => bytes.length / MB / median(times);
  console.log(
    `${name}, 1 MB, all columns: ${speed(ours).toFixed(0)} MB/s; csv-parse sync ${speed(theirs).toFixed(1)} MB/s; ` +
      `ratio ${(speed(ours) / speed(theirs)).toFixed(1)}; with its columns by name, as ours are, ` +
      `${speed(theirsByName).toFixed(1)} MB/s, ratio ${(speed(ours) / speed(theirsByName)).toFixed(1)}`,
  );
}

/** The document is one megabyte over and over with the row that is looked for at its end: it takes no memory itself. */
async function lookUp(megabytes: number): Promise<void> {
  const head = table(MB, 'Sokha Trading');
  const body = head.subarray(head.indexOf(0x0a) + 1);
  const last = new TextEncoder().encode(row(899_999_999, 'Found'));
  function* chunks(): Generator<Uint8Array> {
    yield* pieces(head);
    for (let count = 1; count < megabytes; count++) yield* pieces(body);
    yield last;
  }
  const equals = '999999999';
  const test: RowTest = { slot: 0, equals, accepts: (cell) => cell.text === equals };
  const call = compile(['TIN', 'PAYER', 'AMOUNT']);
  const before = process.memoryUsage().rss;
  let highest = before;
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 5);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const time = await seconds(async () => {
      const found = await readAll(call, chunks, [test]);
      if (found !== 1) throw new Error(`Found ${found} rows: expected 1`);
    });
    highest = Math.max(highest, process.memoryUsage().rss);
    times.push(time);
  }
  clearInterval(timer);
  console.log(
    `One row at the end of ${megabytes} MB: ${(megabytes / median(times)).toFixed(0)} MB/s, ` +
      `${((highest - before) / MB).toFixed(1)} MB above the start`,
  );
}

await compareReaders('ASCII', 'Sokha Trading');
await compareReaders('Khmer names', 'សុខា ពាណិជ្ជកម្ម');
await lookUp(Number(process.argv[2] ?? 100));
