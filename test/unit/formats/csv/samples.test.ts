import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../../src/formats/csv/format.ts';
import {
  type SampleDialect as Dialect,
  CSV_READ as READ,
  CSV_REFUSED as REFUSED,
} from '../../../support/csv-samples.ts';
import { samplesFolder } from '../../../support/samples.ts';
import { readRows, refusal } from '../rows/read-rows.ts';

const folder = samplesFolder ?? '';
const title =
  samplesFolder === undefined ? 'Real files (skipped: the samples are not beside the project)' : 'Real files';

function bytesOf(name: string): Uint8Array {
  return readFileSync(join(folder, name));
}

/** All cells of a document, the header's too, by the number of its columns. */
async function table(body: string | Uint8Array, width: number, endpoint: object = {}): Promise<string[][]> {
  const columns = Array.from({ length: width }, (_, index) => `#${index + 1}`);
  return (await readRows(csvFormat, { endpoint: { header: false, ...endpoint }, columns }, body)).rows;
}

/** The same file through csv-parse, its charset decoded by the platform. */
function peer(bytes: Uint8Array, { charset, separator = ',', comment, preamble = 0 }: Dialect): string[][] {
  const wide = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
  return parse(new TextDecoder(charset ?? wide).decode(bytes), {
    delimiter: separator,
    comment: comment ?? null,
    from_line: preamble + 1,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
  });
}

/** The cells of a result of csv2json in standard mode; a cell that its metadata converts differs from the file's. */
function csvwRows(json: string): unknown[][] {
  const { tables } = JSON.parse(json) as { tables: { row: { describes: object[] }[] }[] };
  return tables[0]!.row.map(({ describes }) => Object.values(describes[0]!));
}

describe.skipIf(samplesFolder === undefined)(title, () => {
  it.each(READ.map(([name, dialect, rows]) => ({ name, dialect, rows })))(
    '$name is read cell for cell as csv-parse reads it',
    async ({ name, dialect, rows }) => {
      const bytes = bytesOf(`csv/${name}`);
      const expected = peer(bytes, dialect);
      const read = await table(bytes, expected[0]!.length, dialect);
      expect(read).toEqual(expected);
      if (rows !== undefined) expect(read).toHaveLength(rows + 1);
    },
  );

  it.each(REFUSED)('%s is refused with its place', async (name, dialect, message) => {
    const sketch = { endpoint: { header: false, ...dialect }, columns: ['#1'] };
    expect(await refusal(csvFormat, sketch, bytesOf(`csv/${name}`))).toContain(`legacy-malformed: ${message}`);
  });

  it('are all in one of the two tables, or no CSV', () => {
    const noCsv = ['csvkit-testfixed.txt', 'readr-epa78.txt', 'readr-fwf-sample.txt', 'dt-issue_1573_fill.txt'];
    const known = new Set([...READ, ...REFUSED].map(([name]) => name).concat(noCsv));
    const files = readdirSync(join(folder, 'csv')).filter((name) => /\.(csv|tsv|psv|txt)$/.test(name));
    expect(files.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(['comma_in_quotes', 'empty_crlf', 'json', 'newlines', 'quotes_and_newlines', 'simple_crlf'])(
    'csv-spectrum %s is its JSON',
    async (name) => {
      const expected = JSON.parse(readFileSync(join(folder, `csv/csv-spectrum/${name}.json`), 'utf8')) as object[];
      const columns = Object.keys(expected[0]!);
      const { rows } = await readRows(csvFormat, { columns }, bytesOf(`csv/csv-spectrum/${name}.csv`));
      expect(rows).toEqual(expected.map((row) => Object.values(row)));
    },
  );

  it('of the CSVW suite are read cell for cell as csv-parse reads them, and as their JSON has them', async () => {
    const names = readdirSync(join(folder, 'csv/csvw')).filter((name) => name.endsWith('.csv'));
    const asJson: string[] = [];
    for (const name of names) {
      const bytes = bytesOf(`csv/csvw/${name}`);
      const dialect = { comment: '#' };
      const expected = peer(bytes, dialect);
      const read = await table(bytes, expected[0]!.length, dialect);
      expect(read).toEqual(expected);
      const json = csvwRows(readFileSync(join(folder, 'csv/csvw', name.replace('.csv', '.json')), 'utf8'));
      if (JSON.stringify(json) === JSON.stringify(read.slice(1))) asJson.push(name);
    }
    expect(names).toHaveLength(15);
    // the metadata of the others renames columns, splits cells or gives them types
    expect(asJson).toEqual(
      ['001', '003', '006', '008', '010', '041', '043', '045'].map((number) => `test${number}.csv`),
    );
  });

  it('of naughty strings and formulas come out exactly', async () => {
    const naughty = bytesOf('bad/csv/blns-wrapped.csv');
    expect(await table(naughty, 2)).toEqual(peer(naughty, {}));
    const formulas = bytesOf('bad/csv/formula-injection.csv');
    expect(await table(formulas, 3)).toEqual(peer(formulas, {}));
  });

  it('with columns named __proto__ are read by number and refused by name', async () => {
    const bytes = bytesOf('bad/csv/papaparse-proto-headers.csv');
    expect((await readRows(csvFormat, { columns: ['#1', '#3'] }, bytes)).rows).toEqual([['1', '3']]);
    expect(await refusal(csvFormat, { columns: ['__proto__'] }, bytes)).toContain('More than one column has this name');
  });
});

interface PapaCase {
  readonly description: string;
  readonly input: string;
  readonly config?: {
    readonly delimiter?: string;
    readonly comments?: boolean | string;
    readonly quoteChar?: string;
    readonly escapeChar?: string;
  };
  readonly expected: { readonly data: unknown[] };
}

/** Where PapaParse reads on and this reader refuses, as a table. */
const PAPA_REFUSED: Readonly<Record<string, string>> = {
  'Unquoted field with quotes at end of field': 'A quote stands inside an unquoted cell',
  'Misplaced quotes in data, not as opening quotes': 'A quote stands inside an unquoted cell',
  'Misplaced quotes in data twice, not as opening quotes': 'A quote stands inside an unquoted cell',
  'Quoted field has invalid trailing quote after delimiter with a valid closer': 'Text stands behind the closing quote',
  'Quoted field has invalid trailing quote before delimiter': 'Text stands behind the closing quote',
  'Quoted fields with spaces between closing quote and next new line': 'Text stands behind the closing quote',
  'Quoted fields with spaces between closing quote and next delimiter and contains delimiter':
    'Text stands behind the closing quote',
  'Row with too few fields': 'A row has 2 cell(s): expected 3',
};

/** What only PapaParse has: guessing, typing, transforming, renaming, previews; a last empty line as a row. */
const PAPA_ONLY =
  /dynamic typing|transform|headerTransform|preview|guess|detecting|greedy|skip first|duplicate header|bad delimiter|multi-character delimiter|blank line/i;

describe.skipIf(samplesFolder === undefined)(`${title}: PapaParse's cases`, () => {
  const groups: Record<string, PapaCase[]> =
    samplesFolder === undefined ? {} : JSON.parse(readFileSync(join(folder, 'csv/papaparse-cases.json'), 'utf8'));
  const cases = Object.values(groups)
    .flat()
    .filter(({ description }) => !PAPA_ONLY.test(description));

  it.each(cases)('$description', async ({ description, input, config = {}, expected }) => {
    const comment = config.comments === true ? '#' : config.comments;
    const endpoint = {
      header: false,
      ...(config.delimiter === undefined ? {} : { separator: config.delimiter }),
      ...(config.quoteChar === undefined ? {} : { quote: config.quoteChar }),
      ...(config.escapeChar === undefined ? {} : { escape: config.escapeChar }),
      ...(typeof comment === 'string' ? { comment } : {}),
    };
    const refused = PAPA_REFUSED[description];
    if (refused !== undefined) {
      expect(await refusal(csvFormat, { endpoint, columns: ['#1'] }, input)).toContain(`legacy-malformed: ${refused}`);
      return;
    }
    const rows = papaRows(expected.data);
    expect(await table(input, rows[0]?.length ?? 0, endpoint)).toEqual(rows);
  });

  it('name every case that is refused', () => {
    const names = new Set(cases.map(({ description }) => description));
    expect(Object.keys(PAPA_REFUSED).filter((name) => !names.has(name))).toEqual([]);
    expect(cases.length).toBeGreaterThan(50);
  });
});

/** PapaParse's rows, the header first; it counts the end of the last line as an empty row. */
function papaRows(data: readonly unknown[]): string[][] {
  const header = Array.isArray(data[0]) || data.length === 0 ? [] : [Object.keys(data[0] as object)];
  const rows = [...header, ...data.map((row) => Object.values(row as object) as string[])];
  return rows.at(-1)?.join() === '' && rows.at(-1)?.length === 1 ? rows.slice(0, -1) : rows;
}
