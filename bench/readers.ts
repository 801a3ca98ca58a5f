/** The readers under test, compiled as a deployment compiles them, over documents in memory. */
import { list, record, soap, text, variable } from '../src/adapter.ts';
import { csvFormat } from '../src/formats/csv/format.ts';
import { soapFormat } from '../src/formats/soap/format.ts';
import { compileMapping } from '../src/mapping/compile.ts';
import type { CompiledCall, CompiledMapping } from '../src/model/contracts.ts';
import type { Field } from '../src/model/field.ts';
import type { LegacyReply } from '../src/model/legacy.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from '../src/model/limits.ts';
import type { RecordPlan } from '../src/model/source.ts';
import { COMPANY_NAMESPACE } from './fixtures/company-documents.ts';
import { inPieces } from './fixtures/payment-tables.ts';

function fail(place: string, message: string): never {
  throw new Error(`${place}: ${message}`);
}

export interface SoapReader {
  readonly call: CompiledCall;
  readonly mapping: CompiledMapping;
}

/** A reader of SOAP answers into declared fields. */
export function soapReader(output: Field, more: Partial<AdapterLimits> = {}): SoapReader {
  const limits = { ...DEFAULT_LIMITS, ...more };
  const empty = { input: {}, problems: [], pathParameters: [], inBody: false, rows: false, setAside: false, limits };
  const mapping = compileMapping({ ...empty, output }, fail);
  const endpoint = soap({ endpoint: variable('URL'), namespace: COMPANY_NAMESPACE });
  const { request, response } = mapping;
  const part = { endpoint, call: { operation: 'FindCompanies' }, request, response, details: [], limits };
  return { mapping, call: soapFormat.compile(part, fail) };
}

/** Every part of a company as the text it is. */
export const COMPANIES = record({
  companies: list('Companies/Company', {
    id: text('@id'),
    number: text('RegNo'),
    khmer: text('NameKh'),
    latin: text('NameEn'),
    status: text('Status'),
    date: text('RegDate'),
    capital: text('Capital'),
    street: text('Address/Street'),
    city: text('Address/City'),
  }),
});

export function xmlReply(bytes: Uint8Array<ArrayBuffer>): LegacyReply {
  return { status: 200, contentType: 'text/xml', body: { bytes: async () => bytes, chunks: fail as never } };
}

/** A reader of CSV documents with these columns. */
export function csvReader(columns: readonly string[]): CompiledCall {
  const response: RecordPlan = { slots: columns.map((name) => ({ at: [name], repeats: false })) };
  const endpoint = { format: 'csv', endpoint: { from: 'variable', name: 'URL' } } as const;
  const part = { endpoint, call: { get: '/' }, request: { slots: [] }, response, details: [], limits: DEFAULT_LIMITS };
  return csvFormat.compile(part, fail);
}

/** Reads a document in the pieces of a network; gives the number of rows. */
export async function countRows(call: CompiledCall, bytes: Uint8Array): Promise<number> {
  const body = {
    bytes: () => Promise.reject(new Error('The reader of rows takes chunks')),
    chunks: async function* () {
      yield* inPieces(bytes) as Iterable<Uint8Array<ArrayBuffer>>;
    },
  };
  const document = await call.decode({ status: 200, contentType: 'text/csv', body }, []);
  let rows = 0;
  for await (const { slots } of document.records) rows += slots.length > 0 ? 1 : 0;
  return rows;
}
