import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../src/mapping/compile.ts';
import { JsonWriter, NO_HEAD } from '../../../src/mapping/json-writer.ts';
import { SpeanError } from '../../../src/model/errors.ts';
import type { LeafField } from '../../../src/model/field.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import type { Cell } from '../../../src/model/source.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A text as a format gives it that has bytes: somewhere within others. */
function cellOf(text: string): Cell {
  const bytes = encoder.encode(`<${text}>`);
  return { text, offset: 3, utf8: { bytes, start: 1, end: bytes.length - 1 } };
}

/** What a field answers for a text, or how it refuses it. */
async function answered(field: LeafField, cell: Cell): Promise<string> {
  const mapping = compileMapping(
    {
      input: {},
      output: { type: 'record', fields: { f: field } },
      problems: [],
      pathParameters: [],
      inBody: true,
      rows: false,
      setAside: false,
      limits: DEFAULT_LIMITS,
    },
    (place, message) => expect.fail(`${place}: ${message}`),
  );
  const document = { batches: [[{ slots: [cell], offset: 0 }]], place: (offset: number) => ({ offset }) };
  try {
    return decoder.decode((await mapping.mapOut(document)).body);
  } catch (error) {
    if (error instanceof SpeanError) return JSON.stringify(error.issues);
    throw error;
  }
}

const at = { at: 'F' };
const table = { A: 'active', D: 'dissolved "for good"', ក: 'ខ្មែរ', '': 'none' };
const FIELDS: readonly LeafField[] = [
  { type: 'text', ...at },
  { type: 'text', ...at, public: true },
  { type: 'text', ...at, digits: 4 },
  { type: 'text', ...at, digits: 4, maxLength: 3 },
  { type: 'text', ...at, maxLength: 4 },
  { type: 'text', ...at, minLength: 2 },
  { type: 'text', ...at, pattern: '^[0-9]+$' },
  { type: 'text', ...at, oneOf: ['A', 'ក'] },
  { type: 'text', ...at, rules: ['trim'] },
  { type: 'text', ...at, missing: ['-', '0'], optional: true },
  { type: 'text', ...at, empty: 'absent', optional: true },
  { type: 'decimal', ...at },
  { type: 'decimal', ...at, as: 'number' },
  { type: 'decimal', ...at, min: '1' },
  { type: 'decimal', ...at, decimalSeparator: ',' },
  { type: 'decimal', ...at, impliedDecimals: 2 },
  { type: 'decimal', ...at, groupSeparator: ',' },
  { type: 'integer', ...at },
  { type: 'date', ...at },
  { type: 'date', ...at, format: 'dd/MM/yyyy' },
  { type: 'date', ...at, format: 'yyyyMMdd', min: '2009-01-01' },
  { type: 'date', ...at, format: 'dd/MM/yyyy', era: 'buddhist' },
  { type: 'date', ...at, format: 'ddMMyy', pivot: 1950 },
  { type: 'date', ...at, format: 'd.M.yyyy' },
  { type: 'date', ...at, format: "'ថ្ងៃ'ddMMyyyy" },
  { type: 'code', ...at, table },
  { type: 'code', ...at, table, unknown: 'other' },
  { type: 'boolean', ...at },
];

/** Texts that are values of some of the fields, and texts that nearly are. */
const arbitraryText = fc
  .tuple(
    fc.constantFrom(
      '',
      'A',
      'D',
      'ក',
      '-',
      '0',
      '-0.00',
      '0.50',
      '12.5',
      '00.5',
      '1.',
      '.5',
      '1.2.3',
      '0042',
      '12345',
      '-7',
      '1,5',
      '2009-02-28',
      '28/02/2009',
      '29/02/2009',
      '20090228',
      '28022009',
      '280209',
      '28/02/2552',
      '8.2.2009',
      'ថ្ងៃ28022009',
      'true',
      'a"b\\c\n\u2028',
      '\0',
      ' 1 ',
    ),
    fc.array(fc.tuple(fc.nat(12), fc.nat(1), fc.constantFrom(...'019-/. ,"\\\tAក😀', '')), { maxLength: 2 }),
  )
  .map(([text, changes]) =>
    changes
      .reduce<string>((so, [place, lost, put]) => so.slice(0, place) + put + so.slice(place + lost), text)
      .toWellFormed(),
  );

describe('a text that its format has as bytes', () => {
  it.each(FIELDS.map((field) => [JSON.stringify(field), field] as const))(
    'is answered and refused as the same text is: %s',
    async (_, field) => {
      await fc.assert(
        fc.asyncProperty(arbitraryText, async (text) => {
          expect(await answered(field, cellOf(text))).toBe(await answered(field, { text, offset: 3 }));
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('JsonWriter.memberUtf8()', () => {
  it('writes what JSON.stringify does, or nothing', () => {
    let written = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const out = new JsonWriter();
        const { utf8 } = cellOf(text);
        if (out.memberUtf8(NO_HEAD, utf8!)) {
          written++;
          expect(decoder.decode(out.take())).toBe(JSON.stringify(text));
        } else {
          expect(out.length).toBe(0);
          expect(JSON.stringify(text).length).toBeGreaterThan(text.length + 2);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(written).toBeGreaterThan(500);
  });
});
