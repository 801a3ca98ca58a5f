import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixedWidthFormat } from '../../../../src/formats/fixed-width/format.ts';
import { samplesFolder } from '../../../support/samples.ts';
import { readRows, refusal } from '../rows/read-rows.ts';

const title =
  samplesFolder === undefined ? 'Real files (skipped: the samples are not beside the project)' : 'Real files';

function bytesOf(name: string): Uint8Array {
  return readFileSync(join(samplesFolder ?? '', 'csv', name));
}

/** The columns of a schema of csvkit: name, start from 0, length. */
function schemaColumns(): Record<string, [number, number]> {
  const [, ...lines] = Buffer.from(bytesOf('csvkit-testfixed_schema.csv')).toString().trim().split('\n');
  const stretches = lines
    .map((line) => line.split(','))
    .map(([name, start, length]) => [name!, Number(start), Number(length)] as const);
  return Object.fromEntries(stretches.map(([name, start, length]) => [name, [start + 1, start + length]]));
}

describe.skipIf(samplesFolder === undefined)(title, () => {
  it('csvkit’s table is read by its schema, and refused where a record lacks columns', async () => {
    const columns = schemaColumns();
    const named = ['text', 'date', 'integer', 'boolean', 'float', 'time', 'datetime'];
    const sketch = { columns: named, endpoint: { columns, badRows: 'setAside' } };
    const read = await readRows(fixedWidthFormat, sketch, bytesOf('csvkit-testfixed.txt'));
    expect(read.rows.map(([text, date, integer]) => [text!.trim(), date, integer!.trim()])).toEqual([
      ['Chicago Reader', '1971-01-01', '40'],
      ['Chicago Sun-Times', '1948-01-01', '63'],
      ['Chicago Tribune', '1920-01-01', '164'],
    ]);
    expect(read.rows[2]!.slice(3)).toEqual(['False', '41800000.01', ' 0:00:00', '1920-01-01T00:00:00']);
    expect(read.setAside).toBe(1);
    const strict = { columns: named, endpoint: { columns } };
    expect(await refusal(fixedWidthFormat, strict, bytesOf('csvkit-testfixed.txt'))).toContain(
      'ends before a column does (row 4',
    );
  });

  it('readr’s three fields are cut where they stand', async () => {
    const { rows } = await readRows(
      fixedWidthFormat,
      { columns: ['1-20', '21-30', '31-42'] },
      bytesOf('readr-fwf-sample.txt'),
    );
    expect(rows.map((row) => row.map((text) => text.trim()))).toEqual([
      ['John Smith', 'WA', '418-Y11-4111'],
      ['Mary Hartford', 'CA', '319-Z19-4341'],
      ['Evan Nolan', 'IL', '219-532-c301'],
    ]);
  });

  it('the cars of 1978 are twenty records of one length', async () => {
    const bytes = bytesOf('readr-epa78.txt');
    const { rows } = await readRows(fixedWidthFormat, { columns: ['1-8', '80-99', '101-108'] }, bytes);
    expect(rows).toHaveLength(Buffer.from(bytes).toString().trimEnd().split('\n').length);
    expect(rows[0]).toEqual(['ALFA ROM', 'ALFA ROMEO          ', '78010003']);
  });
});
