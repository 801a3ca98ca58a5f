import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { readCsvwMetadata } from '../../../../../src/cli/draft/rows/csvw-metadata.ts';
import { draftFromDescription } from '../../../../../src/cli/draft/rows/draft-from-description.ts';
import { draftFromFixedWidth } from '../../../../../src/cli/draft/rows/draft-from-fixed-width.ts';
import { readTableSchema } from '../../../../../src/cli/draft/rows/table-schema.ts';
import type { RowsOutput } from '../../../../../src/model/definition.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft } from '../wsdl/draft-file.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const options = { name: 'permits', location: 'permits.json' };

function fieldsOf({ definition }: Draft): object {
  const [list] = Object.values(definition.operations);
  return (list?.output as RowsOutput | undefined)?.fields ?? {};
}

describe('draftFromDescription() of a Table Schema', () => {
  const schema = {
    fields: [
      { name: 'no', type: 'string', constraints: { required: true, pattern: 'P[0-9]+' } },
      { name: 'issued', type: 'date', format: '%d/%m/%Y', title: 'Day of issue' },
      { name: 'fee', type: 'number', decimalChar: ',', groupChar: '.' },
      { name: 'open', type: 'boolean', trueValues: ['Y'], falseValues: ['N'] },
      { name: 'state', type: 'string', constraints: { enum: ['new', 'old'] } },
      { name: 'count', type: 'integer', constraints: { minimum: 1, maximum: 9 } },
      { name: 'place', type: 'geopoint' },
    ],
    missingValues: ['', '-'],
    primaryKey: 'no',
  };

  it('takes types, formats, constraints, missing values and the key', async () => {
    const draft = await draftFromDescription(readTableSchema(schema), options, undefined);
    const absent = { optional: true, empty: 'absent', missing: ['-'] };
    expect(fieldsOf(draft)).toEqual({
      no: { type: 'text', at: 'no', pattern: '^(?:P[0-9]+)$', missing: ['-'] },
      issued: { type: 'date', at: 'issued', format: 'dd/MM/yyyy', title: 'Day of issue', ...absent },
      fee: { type: 'decimal', at: 'fee', decimalSeparator: ',', groupSeparator: '.', ...absent },
      open: { type: 'boolean', at: 'open', true: ['Y'], false: ['N'], ...absent },
      state: { type: 'text', at: 'state', oneOf: ['new', 'old'], ...absent },
      count: { type: 'integer', at: 'count', min: '1', max: '9', ...absent },
      place: { type: 'text', at: 'place', ...absent },
    });
    expect(draft.unsupported).toMatchObject([{ place: 'fields.place', construct: 'type geopoint' }]);
    expect(Object.values(draft.definition.operations).map(({ path }) => path)).toEqual(['/permits', '/permits/{no}']);
    expect(compileDraft(draft).operations).toHaveLength(2);
  });

  it('takes the dialect of a Data Package, and makes examples of a sample', async () => {
    const resource = { path: 'data/permits.csv', encoding: 'windows-1252', dialect: { delimiter: ';' }, schema };
    const sample = encode('no;issued;fee;open;state;count;place\nP1;01/03/2024;1.200,50;Y;new;3;-\nP2;-;;N;old;9;x\n');
    const rows = { location: 'permits.csv', bytes: sample };
    const draft = await draftFromDescription(readTableSchema({ resources: [resource] }), options, rows);
    expect(draft.definition.legacy.legacy).toMatchObject({ separator: ';', charset: 'windows-1252' });
    expect(Object.values(draft.definition.operations)[0]?.call).toEqual({ get: 'permits.csv' });
    expect(JSON.parse(String(draft.examples[0]?.files['case.json'])).answer.body.permits).toEqual([
      { no: 'P1', issued: '2024-03-01', fee: '1200.50', open: true, state: 'new', count: 3 },
      { no: 'P2', open: false, state: 'old', count: 9, place: 'x' },
    ]);
  });

  it('says what a description lacks', async () => {
    await expect(draftFromDescription(readTableSchema({}), options, undefined)).rejects.toThrow('describes no columns');
  });

  it('is drafted where it says what no adapter can, for the check to tell; there are no examples then', async () => {
    const fields = [{ name: 'no', constraints: { pattern: '(' } }];
    const rows = { location: 'permits.csv', bytes: encode('no\nP1\n') };
    const draft = await draftFromDescription(readTableSchema({ fields }), options, rows);
    expect(draft.examples).toEqual([]);
    expect(() => compileDraft(draft)).toThrow('The pattern is no regular expression');
  });

  it('says of the sample, not of the description, what is refused in it', async () => {
    const fields = [{ name: 'no', type: 'integer' }];
    const rows = { location: 'permits.csv', bytes: encode('no\nP1\n') };
    const draft = await draftFromDescription(readTableSchema({ fields }), options, rows);
    expect(draft.unsupported).toMatchObject([{ place: 'permits.csv' }]);
  });

  it('asks for the century of years with two digits', async () => {
    const draft = await draftFromDescription(
      readTableSchema({ fields: [{ name: 'd', type: 'date', format: '%d/%m/%y' }] }),
      options,
      { location: 'permits.csv', bytes: encode('d\n01/03/69\n01/03/68\n') },
    );
    expect(fieldsOf(draft)).toMatchObject({ d: { format: 'dd/MM/yy', pivot: 1969 } });
    expect(draft.questions).toContainEqual(expect.objectContaining({ place: 'fields.d', guess: 'From 1969 to 2068' }));
    const { body } = JSON.parse(String(draft.examples[0]?.files['case.json'])).answer;
    expect(body.permits).toEqual([{ d: '1969-03-01' }, { d: '2068-03-01' }]);
  });

  it('finds a column by number whose name would be the position of something else', async () => {
    const draft = await draftFromDescription(
      readTableSchema({ fields: [{ name: '?no' }, { name: '{kind}' }], primaryKey: '?no' }),
      options,
      { location: 'permits.csv', bytes: encode('?no,{kind}\nP1,a\nP2,b\n') },
    );
    expect(fieldsOf(draft)).toMatchObject({ no: { at: '#1' }, kind: { at: '#2' } });
    expect(draft.examples).toHaveLength(2);
  });
});

describe('draftFromDescription() of CSVW metadata', () => {
  it('takes titles, types, formats, missing values, dialect and the key', async () => {
    const metadata = {
      '@context': 'http://www.w3.org/ns/csvw',
      url: 'http://permits.example.gov.kh/permits.csv',
      'dc:title': 'Permits',
      dialect: { delimiter: '\t', skipRows: 1 },
      tableSchema: {
        columns: [
          { name: 'no', titles: 'NO', required: true, datatype: { base: 'string', minLength: 2 } },
          { name: 'issued', titles: { en: 'ISSUED' }, datatype: { base: 'date', format: 'dd.MM.yyyy' }, null: ['-'] },
          { name: 'fee', titles: ['FEE'], datatype: { base: 'decimal', format: { decimalChar: ',' }, minimum: 0 } },
          { name: 'open', titles: 'OPEN', datatype: { base: 'boolean', format: 'Y|N' } },
          { name: 'id', virtual: true },
        ],
        primaryKey: 'no',
      },
    };
    const sample = encode('Permits\nNO\tISSUED\tFEE\tOPEN\nP1\t01.03.2024\t12,5\tY\nP2\t-\t\tN\n');
    const rows = { location: 'permits.csv', bytes: sample };
    const draft = await draftFromDescription(readCsvwMetadata(metadata), options, rows);
    expect(fieldsOf(draft)).toEqual({
      no: { type: 'text', at: 'NO', minLength: 2 },
      issued: { type: 'date', at: 'ISSUED', format: 'dd.MM.yyyy', optional: true, missing: ['-'] },
      fee: { type: 'decimal', at: 'FEE', decimalSeparator: ',', min: '0', optional: true, empty: 'absent' },
      open: { type: 'boolean', at: 'OPEN', true: ['Y'], false: ['N'], optional: true, empty: 'absent' },
    });
    expect(draft.definition).toMatchObject({ title: 'Permits', legacy: { legacy: { separator: '\t', preamble: 1 } } });
    expect(draft.questions).toContainEqual(
      expect.objectContaining({ place: 'legacy.endpoint', guess: 'http://permits.example.gov.kh/' }),
    );
    expect(draft.examples).toHaveLength(1);
  });
});

describe('draftFromFixedWidth()', () => {
  const records = encode(
    [
      '000001 SOK DARA   2024-03-01    12.50',
      '000002 CHEA SREY  2024-03-02   999.00',
      '000003 NOU        2024-03-03     0.10',
    ].join('\n'),
  );

  it('finds columns between blanks, and asks whether these are they', async () => {
    const draft = await draftFromFixedWidth(records, { name: 'permits', location: 'permits.txt' });
    expect(draft.questions.find(({ place }) => place === 'fields')?.guess).toBe('1-7, 8-18, 19-31, 32-37');
    expect(draft.definition.legacy.legacy).toMatchObject({ format: 'fixedWidth', length: 37 });
    const [, key] = draft.examples;
    expect(JSON.parse(String(key?.files['case.json'])).answer.body).toEqual({
      column1: '000001',
      column2: 'SOK DARA',
      column3: '2024-03-01',
      column4: '12.50',
    });
  });

  it('asks about a header', async () => {
    const text = 'ID   NAME\n---- -----\n0001 Sok\n0002 Dara\n';
    const draft = await draftFromFixedWidth(encode(text), { name: 'people', location: 'people.txt' });
    expect(draft.questions).toContainEqual(
      expect.objectContaining({ place: 'legacy.preamble', evidence: '"ID   NAME"' }),
    );
  });

  it('takes columns that touch each other from whoever knows them', async () => {
    const columns = '1-3,4-6,8-18';
    const draft = await draftFromFixedWidth(records, { name: 'permits', location: 'permits.txt', columns });
    expect(JSON.parse(String(draft.examples[0]?.files['case.json'])).answer.body.permits[1]).toEqual({
      column1: '000',
      column2: '002',
      column3: 'CHEA SREY',
    });
    const wrong = draftFromFixedWidth(records, { name: 'permits', location: 'permits.txt', columns: '1-3,9' });
    await expect(wrong).rejects.toThrow('9 is no column: write first-last, such as 1-8,9-20');
  });

  it.skipIf(samplesFolder === undefined).each(['readr-fwf-sample.txt', 'readr-epa78.txt', 'csvkit-testfixed.txt'])(
    'drafts %s of the samples, which stand beside the project, or tells where it cannot be read',
    async (name) => {
      const bytes = readFileSync(join(samplesFolder ?? '', 'csv', name));
      const draft = await draftFromFixedWidth(bytes, { name: 'sample', location: name });
      expect(compileDraft(draft).operations.length).toBeGreaterThan(0);
      expect(draft.examples.length > 0).toBe(draft.unsupported.length === 0);
    },
  );
});
