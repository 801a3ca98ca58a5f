import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { draftFromRows } from '../../../../../src/cli/draft/rows/draft-from-rows.ts';
import type { RowsOutput } from '../../../../../src/model/definition.ts';
import type { Fields } from '../../../../../src/model/field.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const draft = (content: string | Uint8Array, location = 'export/payments.csv'): Promise<Draft> =>
  draftFromRows(typeof content === 'string' ? encode(content) : content, { name: 'payments', location });

function fieldsOf({ definition }: Draft): Fields {
  const [list] = Object.values(definition.operations);
  return (list?.output as RowsOutput | undefined)?.fields ?? {};
}

function guessOf({ questions }: Draft, place: string): string | undefined {
  return questions.find((question) => question.place === place)?.guess;
}

/** Twelve rows of these columns. */
function table(...columns: ((row: number) => string)[]): string {
  const header = columns.map((_, index) => `C${index + 1}`).join(';');
  return [header, ...Array.from({ length: 12 }, (_, row) => columns.map((cell) => cell(row)).join(';'))].join('\n');
}

describe('draftFromRows()', () => {
  it('drafts columns by what all of their values show', async () => {
    const drafted = await draft(
      table(
        (row) => `P-${String(row).padStart(4, '0')}`,
        (row) => String(row * 137),
        (row) => `00${row + 10}`,
        (row) => `${row + 1}.50`,
        (row) => `${String(row + 10)}/03/2024`,
        (row) => `2024-03-${String(row + 10)} 08:30`,
        (row) => (row % 2 === 0 ? 'A' : 'D'),
        (row) => (row === 3 ? '' : 'note'),
      ),
    );
    expect(fieldsOf(drafted)).toEqual({
      c1: { type: 'text', at: 'C1' },
      c2: { type: 'integer', at: 'C2' },
      c3: { type: 'text', at: 'C3' },
      c4: { type: 'decimal', at: 'C4' },
      c5: { type: 'date', at: 'C5', format: 'dd/MM/yyyy' },
      c6: { type: 'dateTime', at: 'C6', format: 'yyyy-MM-dd HH:mm' },
      c7: { type: 'text', at: 'C7' },
      c8: { type: 'text', at: 'C8', optional: true, empty: 'absent' },
    });
    expect(guessOf(drafted, 'fields.c2')).toBe('Yes: integer');
    expect(guessOf(drafted, 'fields.c7')).toBe('No: text as it stands');
    expect(drafted.definition.legacy).toMatchObject({ legacy: { separator: ';', endpoint: { name: 'PAYMENTS_URL' } } });
  });

  it('offers the rows, and the one of a key, and shows both in examples', async () => {
    const drafted = await draft(
      table(
        (row) => `P-${row}`,
        (row) => (row % 2 === 0 ? 'open' : 'paid'),
        (row) => `v${row}`,
      ),
    );
    expect(Object.values(drafted.definition.operations).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /payments',
      'get /payments/{c1}',
    ]);
    expect(drafted.definition.operations.listPayments?.input).toEqual({
      c2: { type: 'text', at: 'C2', optional: true },
    });
    expect(guessOf(drafted, 'operations')).toBe('Yes');
    expect(drafted.examples.map(({ name }) => name)).toEqual(['list-payments', 'get-payments']);
    expect(JSON.parse(String(drafted.examples[1]?.files['case.json']))).toMatchObject({
      request: { method: 'GET', path: '/payments/P-0' },
      answer: { status: 200, body: { c1: 'P-0', c2: 'open', c3: 'v0' } },
    });
  });

  it.each([
    ['both orders fit', (row: number) => `0${(row % 9) + 1}/03/2024`, 'dd/MM/yyyy', 'all 12 values fit both'],
    ['the month is in front', (row: number) => `03/${row + 10}/2024`, 'MM/dd/yyyy', undefined],
    ['years of the Buddhist era', (row: number) => `${row + 10}/03/2567`, 'dd/MM/yyyy', '10/03/2567'],
  ])('dates: %s', async (_, cell, format, evidence) => {
    const drafted = await draft(table(() => 'x', cell));
    expect(fieldsOf(drafted).c2).toMatchObject({ type: 'date', format });
    if (evidence !== undefined) {
      expect(drafted.questions.find(({ place }) => place === 'fields.c2')?.evidence).toContain(evidence);
    }
  });

  it('finds title, comments, totals, and rows without a header', async () => {
    const titled = await draft('Payments of 2024\n\nno;amount\n1;20\n2;30\n3;405\nTOTAL;\n;\n'.replace(';\n;\n', '\n'));
    expect(titled.definition.legacy.legacy).toMatchObject({ preamble: 2, footer: 1 });
    const commented = await draft('# made at night\na,b\n1,2\n# more\n3,4\n');
    expect(commented.definition.legacy.legacy).toMatchObject({ comment: '#' });
    const bare = await draft('1;2024-01-01\n2;2024-01-02\n3;2024-01-03\n');
    expect(bare.definition.legacy.legacy).toMatchObject({ header: false });
    expect(fieldsOf(bare)).toMatchObject({ column1: { at: '#1' }, column2: { type: 'date', at: '#2' } });
    const told = await draft('sep=|\na|b\n1|2\n');
    expect(told.definition.legacy.legacy).toMatchObject({ separator: '|' });
  });

  it('finds columns by number where a name is there twice, or not at all', async () => {
    const drafted = await draft('id,name,name,\n1,a,b,c\n2,d,e,f\n');
    expect(fieldsOf(drafted)).toMatchObject({
      id: { at: 'id' },
      name: { at: '#2' },
      name2: { at: '#3' },
      column4: { at: '#4' },
    });
  });

  it('finds a column by number whose name would be the position of something else in an input', async () => {
    const drafted = await draft('?no,{kind},v\nA1,x,7\nA2,x,8\nA3,y,9\nA4,y,10\n');
    expect(fieldsOf(drafted)).toMatchObject({ no: { at: '#1' }, kind: { at: '#2' } });
    const [list, one] = drafted.examples.map(({ files }) => JSON.parse(String(files['case.json'])).answer.body);
    expect(list.payments).toHaveLength(4);
    expect(one).toEqual({ no: 'A1', kind: 'x', v: 7 });
  });

  it.each([
    ['amounts with and without thousands', ['1.234,56', '999,00', '5'], 'thousands'],
    ['amounts that may have thousands', ['1.234', '12.000', '5'], 'decimal one, and none between thousands'],
    ['numbers, and texts for none', ['10', 'N/A', '12', '-', '7'], '"N/A", "-"'],
    ['days, and zeros for none', ['01/02/2023', '00/00/0000', '13/02/2023'], '"00/00/0000"'],
    ['Khmer digits', ['១២៣', '៤៥៦', '៧'], 'Khmer digits'],
    ['years of two digits', ['01/02/23', '13/02/23'], 'years of two digits'],
    ['padded texts', ['A  ', 'BC ', 'DEF'], 'blanks around'],
  ])('asks about %s', async (_, values, asked) => {
    const { questions } = await draft(`id;v\n${values.map((value, row) => `K${row};${value}`).join('\n')}\n`);
    const told = questions.filter(({ place }) => place === 'fields.v');
    expect(told).toEqual([expect.objectContaining({ question: expect.stringContaining(asked) })]);
  });

  it('does not ask about texts that are no numbers or dates at all', async () => {
    const { questions } = await draft('id;v\nK1;Sok\nK2;-\nK3;Srey\n');
    expect(questions.filter(({ place }) => place === 'fields.v')).toEqual([]);
  });

  it('keeps the first rows of a long sample, in its own charset', async () => {
    const rows = Array.from({ length: 500 }, (_, row) => `${row},ឈ្មោះ ${row}`).join('\r\n');
    const wide = new Uint8Array(Buffer.from(`\ufeffid,name\r\n${rows}\r\n`, 'utf16le'));
    const drafted = await draft(wide);
    const [example] = drafted.examples;
    const reply = example?.files['reply.csv'] as Uint8Array;
    expect(Buffer.from(reply).toString('utf16le').trimEnd().split('\r\n')).toHaveLength(21);
    expect(JSON.parse(String(example?.files['case.json'])).answer.body.payments[19]).toMatchObject({ name: 'ឈ្មោះ 19' });
  });

  it('tells what the strict reader refuses, with its place', async () => {
    const { unsupported, examples } = await draft('a,b\n1,2\n3,4\n5,6,7\n8,9\n');
    expect(unsupported).toMatchObject([{ place: 'export/payments.csv', construct: expect.stringContaining('line 4') }]);
    expect(examples).toEqual([]);
  });

  it('loses no cell of any table, whatever its dialect', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ខ', ' ', '"', ',', ';', '\n', '0', '7', '.', '-'),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 4 })
          .chain((width) =>
            fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 3, maxLength: 8 }),
          ),
        fc.constantFrom(',', ';', '\t', '|'),
        async (rows, separator) => {
          const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
          const header = rows[0]!.map((_, index) => `column name ${index}`);
          const text = [header, ...rows].map((cells) => cells.map(quoted).join(separator)).join('\r\n');
          const { examples } = await draft(text);
          const [answer] = Object.values(JSON.parse(String(examples[0]?.files['case.json'])).answer.body) as object[][];
          const told = (answer ?? []).map((row) => Object.values(row).map(String));
          const sent = rows.map((cells) => cells.filter((value) => value.trim() !== ''));
          expect(told.map((cells) => cells.filter((value) => value.trim() !== '').map(number))).toEqual(
            sent.map((cells) => cells.map(number)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Types may write a number in their own form; what it is must stay. */
function number(text: string): string {
  return /^-?\d+(?:[.,]\d+)?$/.test(text) ? String(Number(text.replace(',', '.'))) : text;
}
