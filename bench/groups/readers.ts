import { parse } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { COMPANY_COUNTS, soapAnswer } from '../fixtures/company-documents.ts';
import { CSV_COLUMNS, tableHeader, tableRows } from '../fixtures/payment-tables.ts';
import type { Bench, GroupResult } from '../harness/group.ts';
import { pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';
import { inTurns } from '../harness/timing.ts';
import { COMPANIES, countRows, csvReader, soapReader, xmlReply } from '../readers.ts';

const PLAN = { rounds: 9, roundMs: 250 };
const OURS = 'spean, mapped into declared fields';
const MB = 1_000_000;

/** The readers alone, in Node, beside the libraries that people use. */
export async function readersGroup({ note }: Bench): Promise<GroupResult> {
  const tables: Table[] = [];
  const figures: Record<string, object> = {};
  const ratios: Record<string, number> = {};
  for (const [size, count] of Object.entries(COMPANY_COUNTS)) {
    note(`reading XML of ${size}`);
    const speeds = await readXml(new TextEncoder().encode(soapAnswer(count)));
    figures[`xml ${size}`] = speeds.perSecond;
    tables.push(readersTable(`Reading a SOAP answer of ${size}, MB/s`, speeds, 'fast-xml-parser'));
    if (size === '10k') ratios['xml.read/fast-xml-parser'] = speeds.ratio('fast-xml-parser');
  }
  for (const [name, payer] of Object.entries({ ASCII: 'Sokha Trading', Khmer: 'សុខា ពាណិជ្ជកម្ម' })) {
    note(`reading CSV, ${name}`);
    const speeds = await readCsv(payer);
    figures[`csv ${name}`] = speeds.perSecond;
    tables.push(readersTable(`Reading 1 MB of CSV, ${name} names, all columns, MB/s`, speeds, 'csv-parse'));
    if (name === 'ASCII') ratios['csv.read/csv-parse'] = speeds.ratio('csv-parse');
  }
  return { tables, ratios, figures };
}

interface Speeds {
  /** Megabytes per second of each reader, a value for each round. */
  readonly perSecond: Readonly<Record<string, readonly number[]>>;
  /** Ours to another one's. */
  ratio(other: string): number;
}

function speedsOf(bytes: number, runs: Readonly<Record<string, readonly number[]>>): Speeds {
  const perSecond = Object.fromEntries(
    Object.entries(runs).map(([name, values]) => [name, values.map((value) => (value * bytes) / MB)]),
  );
  return { perSecond, ratio: (other) => pairedRatio(perSecond[OURS]!, perSecond[other]!).median };
}

async function readXml(bytes: Uint8Array<ArrayBuffer>): Promise<Speeds> {
  const { call, mapping } = soapReader(COMPANIES);
  const text = () => new TextDecoder().decode(bytes);
  const runs = await inTurns(
    {
      [OURS]: async () => mapping.mapOut(await call.decode(xmlReply(bytes), [])),
      'fast-xml-parser': () => new XMLParser({ ignoreAttributes: false }).parse(text()),
      'saxes with namespaces, events only': () => new SaxesParser({ xmlns: true }).write(text()).close(),
    },
    PLAN,
  );
  return speedsOf(bytes.length, runs);
}

async function readCsv(payer: string): Promise<Speeds> {
  const bytes = Buffer.concat([tableHeader('csv'), tableRows('csv', payer)]);
  const call = csvReader(CSV_COLUMNS);
  const runs = await inTurns(
    {
      [OURS]: () => countRows(call, bytes),
      'csv-parse': () => parse(bytes),
      'csv-parse, columns by name': () => parse(bytes, { columns: true }),
    },
    PLAN,
  );
  return speedsOf(bytes.length, runs);
}

function readersTable(title: string, { perSecond, ratio }: Speeds, beside: string): Table {
  return {
    title,
    columns: ['', ...SUMMARY_COLUMNS, `spean to ${beside}`],
    rows: Object.entries(perSecond).map(([name, values]) => [
      name,
      ...summaryCells(summarise(values)),
      name === beside ? figure(ratio(beside)) : '',
    ]),
    note: SPREAD_NOTE,
  };
}
