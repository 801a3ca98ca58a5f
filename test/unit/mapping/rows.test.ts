import { describe, expect, it } from 'vitest';
import {
  binary,
  boolean,
  choice,
  code,
  date,
  dateTime,
  decimal,
  defaultTo,
  type Field,
  type Fields,
  integer,
  list,
  optional,
  record,
  row,
  rows,
  text,
} from '../../../src/adapter.ts';
import { compileMapping } from '../../../src/mapping/compile.ts';
import type { OutputData, ProblemRule } from '../../../src/model/definition.ts';
import type { JsonValue } from '../../../src/model/json.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import type { Cell, SourceRecord } from '../../../src/model/source.ts';
import { readJson } from '../../support/json-bytes.ts';
import { compileMistakes, issuesOf, sourceRecord } from '../../support/map-field.ts';

type TextRow = Readonly<Record<string, string>>;
const PAYMENTS: readonly TextRow[] = [
  { NO: '001', DATE: '31/03/2024', SUM: '10,50' },
  { NO: '002', DATE: '01/04/2024', SUM: '9,05' },
  { NO: '003', DATE: '15/07/2024', SUM: '100,00' },
];
const fields = {
  no: text('NO'),
  on: date('DATE', { format: 'dd/MM/yyyy' }),
  sum: decimal('SUM', { decimalSeparator: ',' }),
};

/** Maps the rows that the inputs select, as a row format would hand them over. */
async function select(
  input: Fields,
  output: OutputData,
  values: Readonly<Record<string, string>>,
  {
    table = PAYMENTS,
    problems = [],
    setAside = false,
    unread = 0,
  }: { table?: readonly TextRow[]; problems?: readonly ProblemRule[]; setAside?: boolean; unread?: number } = {},
): Promise<JsonValue> {
  const mapping = compileMapping(
    { input, output, problems, pathParameters: [], inBody: false, rows: true, setAside, limits: DEFAULT_LIMITS },
    (place, message) => {
      throw new Error(`${place}: ${message}`);
    },
  );
  const { tests } = mapping.mapIn({ path: {}, query: Object.entries(values), body: undefined, exchange: {} });
  const accepts = ({ slots }: SourceRecord) =>
    tests.every(({ slot, accepts: test }) =>
      test(slots[slot] as Cell, (row) => ({ row, columnName: mapping.response.slots[slot]!.at[0]! })),
    );
  const records = table.map((cells) => sourceRecord(mapping.response, cells)).filter(accepts);
  const document = { batches: [records], place: (offset: number) => ({ row: offset }), setAside: () => unread };
  return readJson((await mapping.mapOut(document)).body);
}

const numbers = async (input: Fields, values: Readonly<Record<string, string>>) =>
  ((await select(input, rows('found', fields), values)) as { found: { no: string }[] }).found.map(({ no }) => no);

describe('inputs that name a column select rows', () => {
  const on = (selects: 'equal' | 'atLeast' | 'atMost') => optional(date('DATE', { format: 'dd/MM/yyyy', selects }));
  const sum = (selects: 'equal' | 'atLeast' | 'atMost') => optional(decimal('SUM', { decimalSeparator: ',', selects }));

  it.each<[string, Fields, Record<string, string>, string[]]>([
    ['by text, to the letter', { no: text('NO') }, { no: '002' }, ['002']],
    ['by text, which is no number', { no: text('NO') }, { no: '2' }, []],
    ['by a number, which is no text', { no: integer('NO') }, { no: '2' }, ['002']],
    ['from a day on', { from: on('atLeast') }, { from: '2024-04-01' }, ['002', '003']],
    ['up to a day', { to: on('atMost') }, { to: '2024-04-01' }, ['001', '002']],
    ['in a period', { from: on('atLeast'), to: on('atMost') }, { from: '2024-04-01', to: '2024-04-30' }, ['002']],
    ['on a day', { day: on('equal') }, { day: '2024-07-15' }, ['003']],
    ['by exact size, not by digits', { least: sum('atLeast') }, { least: '10.5' }, ['001', '003']],
    ['by an equal number, however it is written', { is: sum('equal') }, { is: '100' }, ['003']],
    [
      'by a code, as what it means',
      { kind: code('NO', { '001': 'first', '002': 'second', '003': 'third' }) },
      { kind: 'second' },
      ['002'],
    ],
    ['all, where an optional input is left out', { from: on('atLeast') }, {}, ['001', '002', '003']],
  ])('%s', async (_, input, values, found) => {
    expect(await numbers(input, values)).toEqual(found);
  });

  it.each<[string, Field]>([
    ['an input that must be given', integer('NO', { empty: 'absent' })],
    ['an input with a default', defaultTo(integer('NO', { empty: 'absent' }), 2)],
    ['a text that stands for none', defaultTo(integer('NO', { missing: [''] }), 2)],
    ['an empty text that counts as nil', integer('NO', { empty: 'nil' })],
  ])('and pass over cells that are declared to hold no value: %s', async (_, no) => {
    const table = [{ ...PAYMENTS[0], NO: '' } as TextRow, ...PAYMENTS.slice(1)];
    const found = { found: [{ no: '002' }] };
    expect(await select({ no }, rows('found', { no: text('NO') }), { no: '2' }, { table })).toEqual(found);
    if ('default' in no) {
      expect(await select({ no }, rows('found', { no: text('NO') }), {}, { table })).toEqual(found);
    }
  });

  it.each<[string, Field, string, string[]]>([
    ['whatever may be asked for: a least value', integer('V', { min: 5, max: 8 }), '7', ['A']],
    ['whatever may be asked for: digits in all', decimal('V', { totalDigits: 1 }), '7', ['A']],
    ['whatever may be asked for: a longest text', text('V', { maxLength: 1, rules: ['trim'] }), '7', ['A']],
    ['whatever may be asked for: most bytes', binary('HEX', { encoding: 'hex', maxBytes: 1 }), '/w==', ['A']],
    ['whatever may be asked for: a day', date('DAY', { max: '2020-01-01' }), '2019-01-01', ['A']],
    ['whatever may be asked for: so many digits', text('V', { digits: 1, rules: ['trim'] }), '7', ['A']],
    ['beyond the numbers of JSON', integer('V', { selects: 'atLeast' }), '8', ['B']],
    ['by decimals that are no numbers of JSON', decimal('V', { as: 'number', selects: 'atMost' }), '0.5', ['C']],
  ])('%s', async (_, v, asked, found) => {
    const table: TextRow[] = [
      { NO: 'A', V: '7', DAY: '2019-01-01', HEX: 'FF' },
      { NO: 'B', V: '9007199254740993', DAY: '2021-01-01', HEX: 'FF00' },
      { NO: 'C', V: v.type === 'decimal' ? '-0.50' : '1', DAY: '2022-01-01', HEX: '' },
    ];
    const answer = await select({ v }, rows('found', { no: text('NO') }), { v: asked }, { table });
    expect(answer).toEqual({ found: found.map((no) => ({ no })) });
  });

  it.each<[string, Field, string, string[]]>([
    [
      'from an instant on, whatever its offset',
      dateTime('AT', { selects: 'atLeast' }),
      '2024-01-01T00:00:00Z',
      ['B', 'C', 'D'],
    ],
    ['up to an instant, fractions too', dateTime('AT', { selects: 'atMost' }), '2024-01-01T00:00:00Z', ['A', 'B', 'C']],
    ['at an instant, however it is written', dateTime('AT'), '2024-01-01T00:00:00.0Z', ['B', 'C']],
    ['by fractions as they count', dateTime('AT', { selects: 'atLeast' }), '2024-01-01T00:00:00.123456788Z', ['D']],
  ])('%s', async (_, at, asked, found) => {
    const table: TextRow[] = [
      { NO: 'A', AT: '2024-01-01T01:00:00+07:00' },
      { NO: 'B', AT: '2024-01-01T00:00:00Z' },
      { NO: 'C', AT: '2024-01-01T07:00:00.000+07:00' },
      { NO: 'D', AT: '2024-01-01T00:00:00.123456789Z' },
    ];
    const answer = await select({ at }, rows('found', { no: text('NO') }), { at: asked }, { table });
    expect(answer).toEqual({ found: found.map((no) => ({ no })) });
  });

  it('and refuse a time without offset where one with an offset is asked for', async () => {
    const table: TextRow[] = [{ NO: 'A', AT: '2024-01-01T01:00:00' }];
    await expect(
      select(
        { at: dateTime('AT', { selects: 'atLeast' }) },
        rows('found', { no: text('NO') }),
        { at: '2024-01-01T00:00:00Z' },
        { table },
      ),
    ).rejects.toThrow('Expected a date and time with an offset');
  });

  it.each(['atLeast', 'atMost', 'equal'] as const)('and never find a cell without a value: %s', async (selects) => {
    const table = ['', '', '-'].map((DATE, index) => ({ NO: `${index}`, DATE }));
    for (const empty of ['absent', 'nil'] as const) {
      const day = optional(date('DATE', { selects, empty, missing: ['-'] }));
      expect(await select({ day }, rows('found', { no: text('NO') }), { day: '2024-01-01' }, { table })).toEqual({
        found: [],
      });
    }
  });

  it('and refuse to look for what no cell can hold', async () => {
    const nothing = select({ no: text('NO', { empty: 'absent' }) }, rows('found', fields), { no: '' });
    expect(await issuesOf(() => nothing)).toEqual([
      'no: Expected a value, found the text that stands for none in the legacy system',
    ]);
  });

  it('and tell what a cell holds that cannot be compared only where it is public', async () => {
    const no = { ...integer('NO', { public: true }), selects: 'atLeast' } as Field;
    const answer = select(
      { no },
      rows('found', fields),
      { no: '1' },
      { table: [{ ...PAYMENTS[0], NO: 'x' } as TextRow] },
    );
    expect(await issuesOf(() => answer)).toEqual([': A row cannot be compared: Expected a whole number, found "x"']);
  });

  it('and refuse a row that cannot be compared, which might be the one asked for', async () => {
    const table = [{ ...PAYMENTS[0], DATE: '31.03.2024' } as TextRow];
    await expect(
      select({ from: on('atLeast') }, rows('found', { no: text('NO') }), { from: '2024-01-01' }, { table }),
    ).rejects.toMatchObject({
      code: 'legacy-value-invalid',
      detail: 'A row cannot be compared: Expected a date as dd/MM/yyyy, found 10 characters (row 7, column "DATE")',
      issues: [{ place: { row: 7, columnName: 'DATE' } }],
    });
  });

  it.each<[string, Field, string]>([
    ['a record', record({ a: text('A') }), ': A record cannot select rows'],
    ['a list', list('NO', text('.')), ': A list cannot select rows'],
    ['a choice', choice('kind', { a: record('A', {}) }), ': A choice cannot select rows'],
    ['an order of booleans', { ...boolean('NO'), selects: 'atLeast' } as Field, '.selects: A boolean has no order'],
  ])('and cannot be %s', (_, v, mistake) => {
    expect(compileMistakes({ v }, record({}), { inBody: true, rows: true })).toContain(`input.v${mistake}`);
  });

  it('are compared as bytes only where nothing but the very text is equal', () => {
    const equals = (field: Field) =>
      compileMapping(
        {
          input: { v: field },
          output: row({}),
          problems: [],
          pathParameters: [],
          inBody: false,
          rows: true,
          setAside: false,
          limits: DEFAULT_LIMITS,
        },
        () => undefined,
      ).mapIn({ path: {}, query: [['v', '7']], body: undefined, exchange: {} }).tests[0]?.equals;
    expect(equals(text('NO'))).toBe('7');
    expect(equals(text('NO', { missing: ['-'] }))).toBe('7');
    expect(equals(text('NO', { rules: ['trim'] }))).toBeUndefined();
    expect(equals(integer('NO'))).toBeUndefined();
  });
});

describe('an output of one row', () => {
  it('is that row', async () => {
    expect(await select({ no: text('NO') }, row(fields), { no: '001' })).toEqual({
      no: '001',
      on: '2024-03-31',
      sum: '10.50',
    });
  });

  it('is a 404 without one, and refused with two', async () => {
    await expect(select({ no: text('NO') }, row(fields), { no: '9' })).rejects.toMatchObject({
      code: 'not-found',
      status: 404,
    });
    await expect(select({}, row(fields), {})).rejects.toMatchObject({ code: 'legacy-unexpected', status: 502 });
    await expect(select({}, row({ no: text('NO') }, { first: true }), {})).resolves.toEqual({ no: '001' });
  });
});

describe('rows whose values are not as declared', () => {
  const table = [PAYMENTS[0], { NO: '007', DATE: '31/02/2024', SUM: 'x' }, PAYMENTS[2]] as TextRow[];

  it('refuse the document, every bad value named', async () => {
    expect(await issuesOf(() => select({}, rows('found', fields), {}, { table }))).toEqual([
      'found.1.on: Expected a date as dd/MM/yyyy, found 10 characters',
      'found.1.sum: Expected a decimal number, found 1 characters',
    ]);
  });

  it('are set aside and counted where that is declared', async () => {
    const body = (await select({}, rows('found', fields), {}, { table, setAside: true })) as {
      found: { no: string }[];
      setAside: number;
    };
    expect(body.found.map(({ no }) => no)).toEqual(['001', '003']);
    expect(body.setAside).toBe(1);
    const all = await select({}, rows('found', fields), {}, { table: [table[1]!, table[1]!], setAside: true });
    expect(all).toEqual({ found: [], setAside: 2 });
    await expect(select({}, rows('setAside', fields), {})).rejects.toThrow('cannot be named setAside');
  });

  it('are counted where none was bad as well: the description says that the count is there', async () => {
    const all = await select({}, rows('found', { no: text('NO') }), {}, { table, setAside: true });
    expect(all).toMatchObject({ setAside: 0 });
    expect(await select({}, rows('found', { no: text('NO') }), {}, { table })).not.toHaveProperty('setAside');
  });

  it('are told of where nothing is found, as what was asked for may be among them', async () => {
    const few = { table: [table[1]!], setAside: true, unread: 2 };
    await expect(select({ no: text('NO') }, row(fields), { no: '9' }, few)).rejects.toMatchObject({
      code: 'not-found',
      detail: 'No row has these values: 2 row(s) could not be read and were left out',
    });
    const problems = [{ absent: '.', status: 404 }];
    await expect(select({}, rows('found', fields), {}, { ...few, problems })).rejects.toMatchObject({
      status: 404,
      detail: '3 row(s) could not be read and were left out',
    });
  });

  it('are never more than the answer may hold', async () => {
    await expect(select({}, rows('found', fields, { maxItems: 2 }), {})).rejects.toMatchObject({
      code: 'answer-too-large',
    });
  });
});
