import { record, text } from '../../src/adapter.ts';
import { compileCatalogue } from '../../src/catalogue/compile.ts';
import { lookUp } from '../../src/catalogue/look-up.ts';
import { readPath } from '../../src/exchange/rest/input.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { COMPANY_NAMESPACE, soapAnswer } from '../fixtures/company-documents.ts';
import { generatedAdapters } from '../fixtures/generated-adapters.ts';
import { CSV_COLUMNS, lastRow, tableHeader } from '../fixtures/payment-tables.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { median } from '../harness/statistics.ts';
import { figure } from '../harness/table.ts';
import { inTurns } from '../harness/timing.ts';
import { COMPANIES, countRows, csvReader, soapReader, xmlReply } from '../readers.ts';

const TIMES = [1, 10, 100] as const;
const PLAN = { rounds: 5, roundMs: 120 };
const NO_LIMITS = { xmlDepth: 100_000, xmlElements: 10_000_000, xmlAttributes: 100_000 };

/** One thing that a deployment may have more of: how many at first, and the work over so many of them. */
interface Growing {
  readonly name: string;
  readonly first: number;
  /** What is counted by: its cost must stay the same. */
  readonly per: 'each' | 'in all';
  readonly work: (count: number) => () => unknown;
}

/** Cost for each at 1, 10 and 100 times as many: in proportion, or the table shows it. */
export async function growthGroup({ note }: Bench): Promise<GroupResult> {
  const rows: string[][] = [];
  const figures: Record<string, readonly number[]> = {};
  for (const { name, first, per, work } of GROWING) {
    note(`growth: ${name}`);
    const costs: number[] = [];
    for (const times of TIMES) {
      const count = first * times;
      const { run } = await inTurns({ run: work(count) }, PLAN);
      costs.push(1_000_000 / median(run) / (per === 'each' ? count : 1));
    }
    figures[name] = costs;
    rows.push([`${name}, from ${first}`, ...costs.map(figure), figure(costs.at(-1)! / costs[0]!)]);
  }
  return {
    tables: [
      {
        title: 'Growth: µs for each (adapters: µs for a call) at 1, 10 and 100 times as many',
        columns: ['', '1×', '10×', '100×', '100× to 1×'],
        rows,
      },
    ],
    ratios: {},
    figures,
  };
}

function encode(content: string): Uint8Array<ArrayBuffer> {
  const document = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><FindCompaniesResponse xmlns="${COMPANY_NAMESPACE}">${content}</FindCompaniesResponse></s:Body></s:Envelope>`;
  return new TextEncoder().encode(document);
}

function reading(reader: ReturnType<typeof soapReader>, bytes: Uint8Array<ArrayBuffer>): () => unknown {
  return async () => reader.mapping.mapOut(await reader.call.decode(xmlReply(bytes), []));
}

function repeat(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join('');
}

const GROWING: readonly Growing[] = [
  {
    name: 'declared fields',
    first: 10,
    per: 'each',
    work: (count) => {
      const fields = Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, text(`F${index}`)]));
      return reading(
        soapReader(record(fields), NO_LIMITS),
        encode(repeat(count, (index) => `<F${index}>v</F${index}>`)),
      );
    },
  },
  {
    name: 'records of a list',
    first: 100,
    per: 'each',
    work: (count) => reading(soapReader(COMPANIES, NO_LIMITS), new TextEncoder().encode(soapAnswer(count))),
  },
  {
    name: 'elements that nobody declared',
    first: 1_000,
    per: 'each',
    work: (count) => reading(soapReader(record({}), NO_LIMITS), encode(repeat(count, () => '<a b="c">d</a>'))),
  },
  {
    name: 'depth',
    first: 10,
    per: 'each',
    work: (count) => reading(soapReader(record({}), NO_LIMITS), encode('<a>'.repeat(count) + '</a>'.repeat(count))),
  },
  {
    name: 'attributes of one element',
    first: 10,
    per: 'each',
    work: (count) =>
      reading(
        soapReader(record({ last: text(`A/@a${count - 1}`) }), NO_LIMITS),
        encode(`<A ${repeat(count, (index) => `a${index}="v" `)}/>`),
      ),
  },
  {
    name: 'CSV rows',
    first: 1_000,
    per: 'each',
    work: (count) => {
      const bytes = Buffer.concat([tableHeader('csv'), ...Array.from({ length: count }, () => lastRow('csv'))]);
      const reader = csvReader(CSV_COLUMNS);
      return () => countRows(reader, bytes);
    },
  },
  {
    name: 'adapters of a deployment',
    first: 1,
    per: 'in all',
    work: (count) => {
      const adapters = generatedAdapters(count, 10);
      const catalogue = compileCatalogue(adapters, { formats, compileMapping });
      const { name, operations } = adapters.at(-1)!;
      const path = Object.values(operations).at(-1)!.path.replace('{id}', '00000001');
      const request = { adapter: name, method: 'GET', path } as never;
      return () => {
        for (let call = 0; call < 1_000; call++) lookUp(request, readPath(path), catalogue);
      };
    },
  },
];
