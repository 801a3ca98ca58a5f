import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldExample, outputExample } from '../../../../../src/exchange/rest/openapi/example.ts';
import { compileValueType } from '../../../../../src/mapping/types/index.ts';
import type { FieldData, LeafField } from '../../../../../src/model/field.ts';
import type { JsonValue } from '../../../../../src/model/json.ts';
import { arbitraryField, arbitraryLeaf } from './arbitrary-definition.ts';

describe('fieldExample()', () => {
  it.each<[string, FieldData, JsonValue | undefined]>([
    ['its own example before any other', { type: 'text', at: 'A', digits: 3, example: '007' }, '007'],
    ['text', { type: 'text', at: 'A' }, 'text'],
    ['a short text', { type: 'text', at: 'A', maxLength: 2 }, 'te'],
    ['a long text', { type: 'text', at: 'A', minLength: 6 }, 'textte'],
    ['digits', { type: 'text', at: 'A', digits: 12 }, '123456789012'],
    ['digits that a pattern narrows beyond reach', { type: 'text', at: 'A', digits: 2, pattern: '^9' }, undefined],
    ['a pattern', { type: 'text', at: 'A', pattern: '^[A-Z]{2}$' }, 'AA'],
    [
      'the first listed text that its length allows',
      { type: 'text', at: 'A', oneOf: ['long', 'b'], maxLength: 1 },
      'b',
    ],
    ['an integer', { type: 'integer', at: 'A' }, 1],
    ['an integer above a bound', { type: 'integer', at: 'A', min: 2000 }, 2000],
    ['an integer below a bound', { type: 'integer', at: 'A', max: -5 }, -5],
    ['a huge integer', { type: 'integer', at: 'A', as: 'string', min: '9007199254740993' }, '9007199254740993'],
    ['a decimal', { type: 'decimal', at: 'A' }, '1.50'],
    ['a decimal of one place', { type: 'decimal', at: 'A', fractionDigits: 1 }, '1.5'],
    ['a decimal of one digit', { type: 'decimal', at: 'A', totalDigits: 1 }, '1'],
    ['a decimal below a bound', { type: 'decimal', at: 'A', max: '0.25' }, '0.25'],
    ['a decimal above a bound', { type: 'decimal', at: 'A', min: '100.00', as: 'number' }, 100],
    ['a date in bounds', { type: 'date', at: 'A', max: '1999-12-31' }, '1999-12-31'],
    ['a local date and time', { type: 'dateTime', at: 'A' }, '2024-03-31T08:30:00'],
    ['a date and time in a zone', { type: 'dateTime', at: 'A', zone: 'Asia/Phnom_Penh' }, '2024-03-31T08:30:00+07:00'],
    ['a date and time at an offset', { type: 'dateTime', at: 'A', zone: '-03:30' }, '2024-03-31T08:30:00-03:30'],
    ['a date and time in UTC', { type: 'dateTime', at: 'A', zone: 'UTC' }, '2024-03-31T08:30:00+00:00'],
    ['bytes', { type: 'binary', at: 'A', maxBytes: 1 }, 'Uw=='],
    [
      'a list of the least length',
      { type: 'list', at: 'A', minItems: 2, items: { type: 'boolean', at: 'B' } },
      [true, true],
    ],
    ['a list that holds nothing', { type: 'list', at: 'A', maxItems: 0, items: { type: 'boolean', at: 'B' } }, []],
    [
      'an optional member',
      { type: 'record', fields: { a: { type: 'boolean', at: 'A', optional: true } } },
      { a: true },
    ],
    [
      'a record without the optional member that has none',
      { type: 'record', fields: { a: { type: 'text', at: 'A', pattern: '^(a)\\1$', optional: true } } },
      {},
    ],
    [
      'no record where a required member has none',
      { type: 'record', fields: { a: { type: 'text', at: 'A', pattern: '^(a)\\1$' } } },
      undefined,
    ],
  ])('gives %s', (_, field, example) => {
    expect(fieldExample(field, 'output')).toEqual(example);
  });

  it('gives a value that the mapping takes, in a body and as a parameter', () => {
    fc.assert(
      fc.property(arbitraryLeaf, (field) => {
        const example = fieldExample(field, 'input');
        if (example === undefined) return;
        const type = compileValueType(field as LeafField, (place, message) => {
          throw new Error(`${place}: ${message}`);
        });
        expect(type.check(example)).toEqual(example);
        expect(type.check(type.parse(String(example)))).toEqual(example);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same example each time', () => {
    fc.assert(
      fc.property(arbitraryField, (field) => {
        expect(fieldExample(field, 'output')).toEqual(fieldExample(field, 'output'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('outputExample()', () => {
  const fields = { paid: { type: 'boolean', at: 'P' } } as const;

  it('shows rows in their array, beside the number of those set aside where there is one', () => {
    const rows = { type: 'rows', name: 'payments', fields } as const;
    expect(outputExample(rows, false)).toEqual({ payments: [{ paid: true }] });
    expect(outputExample(rows, true)).toEqual({ payments: [{ paid: true }], setAside: 0 });
  });

  it('shows one row as itself', () => {
    expect(outputExample({ type: 'row', fields }, true)).toEqual({ paid: true });
  });
});
