/** MB/s of the XML reader into declared fields, beside fast-xml-parser and saxes in the same run: node scripts/run.mjs bench/xml-reader.ts */
import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { list, record, soap, text, variable } from '../src/adapter.ts';
import { soapFormat } from '../src/formats/soap/format.ts';
import { compileMapping } from '../src/mapping/compile.ts';
import { DEFAULT_LIMITS } from '../src/model/limits.ts';

const SIZES = { '2k': 6, '10k': 35, '100k': 360, '1m': 3_600 };
const ROUNDS = 7;
const ROUND_MS = 250;

const item = (index: number) =>
  `<Item id="${index}"><RegNo>${String(index).padStart(8, '0')}</RegNo><NameKh>&#6016;ក្រុមហ៊ុន ខ្មែរ ${index}</NameKh>` +
  `<NameEn>Company &amp; Sons ${index}</NameEn><Status>A</Status><RegDate>01/03/2009</RegDate><Capital>12345678.10</Capital>` +
  `<Address><Street>Street ${index}</Street><City>Phnom Penh</City></Address></Item>`;
const document = (items: number) =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` +
  `<FindResponse xmlns="urn:x"><Items>${Array.from({ length: items }, (_, index) => item(index)).join('')}</Items></FindResponse></s:Body></s:Envelope>`;

const output = record({
  items: list('Items/Item', {
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
const fail = (place: string, message: string): never => {
  throw new Error(`${place}: ${message}`);
};
const part = {
  input: {},
  problems: [],
  pathParameters: [],
  inBody: false,
  rows: false,
  setAside: false,
  limits: DEFAULT_LIMITS,
};
const mapping = compileMapping({ ...part, output }, fail);
const endpoint = soap({ endpoint: variable('URL'), namespace: 'urn:x' });
const call = soapFormat.compile(
  {
    endpoint,
    call: { operation: 'Find' },
    request: mapping.request,
    response: mapping.response,
    details: [],
    limits: DEFAULT_LIMITS,
  },
  fail,
);

const contenders: Record<string, (bytes: Uint8Array) => unknown> = {
  'spean, decoded and matched': (bytes) =>
    call.decode(
      { status: 200, contentType: 'text/xml', body: { bytes: async () => bytes, chunks: fail as never } },
      [],
    ),
  'spean, mapped to JSON values as well': async (bytes) =>
    mapping.mapOut(
      await call.decode(
        { status: 200, contentType: 'text/xml', body: { bytes: async () => bytes, chunks: fail as never } },
        [],
      ),
    ),
  'saxes with namespaces, events only': (bytes) =>
    new SaxesParser({ xmlns: true }).write(new TextDecoder().decode(bytes)).close(),
  'fast-xml-parser': (bytes) => new XMLParser({ ignoreAttributes: false }).parse(new TextDecoder().decode(bytes)),
};

/** Megabytes per second over a round. */
async function measure(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): Promise<number> {
  const started = performance.now();
  let runs = 0;
  while (performance.now() - started < ROUND_MS) {
    await read(bytes);
    runs++;
  }
  return (runs * bytes.length) / 1e6 / ((performance.now() - started) / 1000);
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

for (const [size, items] of Object.entries(SIZES)) {
  const bytes = new TextEncoder().encode(document(items));
  const speeds = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(contenders)) speeds.get(name)?.push(await measure(read, bytes));
  }
  const base = median(speeds.get('fast-xml-parser') ?? []);
  console.log(`\n${size} (${bytes.length} bytes)`);
  for (const [name, values] of speeds) {
    console.log(
      `  ${name.padEnd(40)} ${median(values).toFixed(1).padStart(7)} MB/s  ${(median(values) / base).toFixed(1)} x`,
    );
  }
}
