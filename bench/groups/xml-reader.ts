import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { parseStringPromise, processors } from 'xml2js';
import { companyDirectory } from '../adapters.ts';
import { COMPANY_COUNTS, type SoapSize, soapAnswer } from '../fixtures/company-documents.ts';
import type { Findings, Group } from '../group.ts';
import { compileOperation } from '../harness/compile-operation.ts';
import { type Rate, runInTurns, type Works } from '../harness/in-turns.ts';
import { replyOf } from '../harness/replies.ts';
import { pairedRatio, summarise } from '../harness/statistics.ts';
import { figure, SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';

const TURNS = { rounds: 7, sliceMs: 120 };
const MAPPED = 'spean, into JSON of declared texts';
const FAST_XML_PARSER = 'fast-xml-parser, into JSON';

/** The SOAP reader alone beside parsers that build trees or give events: megabytes per second. */
export const xmlReaderGroup: Group = { title: 'XML readers alone', measure };

async function measure(): Promise<Findings> {
  const bySize = new Map<SoapSize, { bytes: number; rates: Rate[] }>();
  for (const size of Object.keys(COMPANY_COUNTS) as SoapSize[]) {
    const document = new TextEncoder().encode(soapAnswer(COMPANY_COUNTS[size]));
    bySize.set(size, { bytes: document.length, rates: await runInTurns(readersOf(document), TURNS) });
  }
  return {
    tables: [...bySize].map(([size, { bytes, rates }]) => table(size, bytes, rates)),
    ratios: { 'xml.read/fast-xml-parser': ratioOf(bySize.get('10k')!.rates) },
    raw: Object.fromEntries(bySize),
  };
}

function readersOf(document: Uint8Array<ArrayBuffer>): Works {
  const texts = compileOperation(companyDirectory, 'findCompanyTexts');
  const typed = compileOperation(companyDirectory, 'findCompanies');
  const text = (): string => new TextDecoder().decode(document);
  const reply = replyOf('text/xml; charset=utf-8', document);
  const options = { explicitArray: false, tagNameProcessors: [processors.stripPrefix] };
  return {
    'spean, matched only': () => texts.call.decode(reply, []),
    [MAPPED]: async () => texts.mapping.mapOut(await texts.call.decode(reply, [])),
    'spean, with dates, decimals and codes': async () => typed.mapping.mapOut(await typed.call.decode(reply, [])),
    'saxes with namespaces, events only': () => new SaxesParser({ xmlns: true }).write(text()).close(),
    'fast-xml-parser, tree only': () => new XMLParser({ ignoreAttributes: false }).parse(text()),
    [FAST_XML_PARSER]: () => jsonBytes(new XMLParser({ ignoreAttributes: false }).parse(text())),
    xml2js: () => parseStringPromise(text(), options),
  };
}

/** What the adapter's mapping ends with as well. */
function jsonBytes(tree: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(tree));
}

function ratioOf(rates: readonly Rate[]): number {
  return pairedRatio(perSecond(rates, MAPPED), perSecond(rates, FAST_XML_PARSER)).median;
}

function perSecond(rates: readonly Rate[], wanted: string): readonly number[] {
  return rates.find(({ name }) => name === wanted)?.perSecond ?? [];
}

function table(size: SoapSize, bytes: number, rates: readonly Rate[]): Table {
  const base = perSecond(rates, FAST_XML_PARSER);
  return {
    title: `A SOAP answer of ${size} read: MB/s`,
    columns: ['reader', ...SUMMARY_COLUMNS, `× ${FAST_XML_PARSER}`],
    rows: rates.map(({ name, perSecond: runs }) => [
      name,
      ...summaryCells(summarise(runs.map((rate) => (rate * bytes) / 1e6))),
      figure(pairedRatio(runs, base).median),
    ]),
    note: SPREAD_NOTE,
  };
}
