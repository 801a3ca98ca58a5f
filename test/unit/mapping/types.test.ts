import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binary,
  boolean,
  code,
  date,
  dateTime,
  decimal,
  type Field,
  integer,
  padLeft,
  record,
  rule,
  text,
  time,
} from '../../../src/adapter.ts';
import type { JsonValue } from '../../../src/model/json.ts';
import { issuesOf, mapIn, mapOut } from '../../support/map-field.ts';

const out = async (field: Field, legacy: string | null): Promise<JsonValue> => {
  const body = await mapOut(record({ v: field }), { X: legacy });
  return (body as { v: JsonValue }).v;
};
const into = (field: Field, value: JsonValue) => mapIn({ v: field }, { v: value }).X;

const khmerBuddhist = { format: 'dd/MM/yyyy', era: 'buddhist' } as const;
const riel = { decimalSeparator: ',', groupSeparator: '.' } as const;
const zoned = { format: 'dd.MM.yyyy HH:mm', zone: 'Asia/Phnom_Penh' } as const;

describe('a legacy text and its public value, both ways', () => {
  it.each<[string, Field, string, JsonValue]>([
    ['text with leading zeros and spaces', text('X'), ' 0123 ', ' 0123 '],
    ['empty text', text('X'), '', ''],
    ['exactly so many digits', text('X', { digits: 4 }), '0012', '0012'],
    ['text of a length in characters, not code units', text('X', { maxLength: 2 }), '😀ខ', '😀ខ'],
    ['an integer', integer('X'), '-42', -42],
    ['the largest safe integer', integer('X'), '9007199254740991', 9007199254740991],
    ['an integer beyond 2^53, as a string', integer('X', { as: 'string' }), '9007199254740993', '9007199254740993'],
    ['an integer in groups', integer('X', { groupSeparator: ' ' }), '1 234 567', 1234567],
    ['the least integer that is taken', integer('X', { min: 5, max: 7 }), '5', 5],
    ['the greatest integer that is taken', integer('X', { min: 5, max: 7 }), '7', 7],
    [
      'a bound beyond 2^53',
      integer('X', { as: 'string', max: '9007199254740993' }),
      '9007199254740993',
      '9007199254740993',
    ],
    ['the least decimal that is taken', decimal('X', { min: '-0.50', max: '10.5' }), '-0.5', '-0.5'],
    ['the greatest decimal that is taken', decimal('X', { min: '-0.50', max: '10.5' }), '10.50', '10.50'],
    ['as many digits as are taken', decimal('X', { totalDigits: 4, fractionDigits: 2 }), '-12.34', '-12.34'],
    ['a zero before the point that counts as no digit', decimal('X', { totalDigits: 2 }), '0.34', '0.34'],
    ['a zoned decimal below zero', integer('X', { overpunch: true }), '12N', -125],
    ['a zoned decimal above zero', integer('X', { overpunch: true }), '12E', 125],
    ['a decimal with its trailing zeros', decimal('X'), '12345678901234567.10', '12345678901234567.10'],
    ['a decimal below zero', decimal('X'), '-0.05', '-0.05'],
    ['a decimal comma and groups', decimal('X', riel), '-1.234.567,50', '-1234567.50'],
    ['implied decimals', decimal('X', { impliedDecimals: 2 }), '12345', '123.45'],
    ['implied decimals of a small number', decimal('X', { impliedDecimals: 3 }), '5', '0.005'],
    [
      'implied decimals with a sign in the last digit',
      decimal('X', { impliedDecimals: 2, overpunch: true }),
      '1234}',
      '-123.40',
    ],
    ['a decimal that a JSON number holds', decimal('X', { as: 'number' }), '0.5', 0.5],
    ['true and false', boolean('X'), 'true', true],
    ['a blank that says no', boolean('X', { true: ['X'], false: [' '] }), ' ', false],
    ['a padded yes', boolean('X', { true: ['Y '], false: ['N '] }), 'Y ', true],
    ['a yes of the old system', boolean('X', { true: ['Y'], false: ['N'] }), 'N', false],
    ['a date', date('X'), '2024-02-29', '2024-02-29'],
    ['the first day that is taken', date('X', { min: '2024-02-29', max: '2024-03-01' }), '2024-02-29', '2024-02-29'],
    ['the last day that is taken', date('X', { min: '2024-02-29', max: '2024-03-01' }), '2024-03-01', '2024-03-01'],
    ['a date of its own format', date('X', { format: 'dd/MM/yyyy' }), '01/03/2009', '2009-03-01'],
    ['a date without zeros', date('X', { format: 'd.M.yyyy' }), '1.3.2009', '2009-03-01'],
    ['a date of the Buddhist era', date('X', khmerBuddhist), '31/12/2567', '2024-12-31'],
    ['a two-digit year of this century', date('X', { format: 'ddMMyy', pivot: 1950 }), '010349', '2049-03-01'],
    ['a two-digit year of the last', date('X', { format: 'ddMMyy', pivot: 1950 }), '010350', '1950-03-01'],
    ['a time', time('X'), '23:59:59', '23:59:59'],
    ['a time without seconds', time('X', { format: 'HHmm' }), '0705', '07:05:00'],
    ['a date and time as it stands', dateTime('X'), '2024-12-31T23:59:59.120+07:00', '2024-12-31T23:59:59.120+07:00'],
    ['a local date and time, which stays local', dateTime('X'), '2024-12-31T00:00:00', '2024-12-31T00:00:00'],
    ['a local time of a zone', dateTime('X', zoned), '31.12.2024 17:05', '2024-12-31T17:05:00+07:00'],
    [
      'a local time of an offset',
      dateTime('X', { zone: '+07:00' }),
      '2024-12-31T17:05:00',
      '2024-12-31T17:05:00+07:00',
    ],
    ['a format with letters', dateTime('X', { format: "yyyyMMdd'T'HHmmss" }), '20241231T235959', '2024-12-31T23:59:59'],
    ['a code', code('X', { A: 'active', D: 'dissolved' }), 'D', 'dissolved'],
    ['bytes', binary('X'), '/+8=', '/+8='],
    ['bytes as hexadecimal digits', binary('X', { encoding: 'hex' }), 'FFEF00', '/+8A'],
    ['Khmer digits', text('X', { rules: ['khmerDigits'] }), '០១២៣', '0123'],
    ['a number with filling', integer('X', { rules: [padLeft('0', 6)] }), '000120', 120],
    ['a zero with filling', integer('X', { rules: [padLeft('0', 3)] }), '000', 0],
    [
      'a rule of the integrator',
      text('X', {
        rules: [rule({ name: 'case', version: '1', decode: (t) => t.toLowerCase(), encode: (t) => t.toUpperCase() })],
      }),
      'ABC',
      'abc',
    ],
  ])('%s', async (_, field, legacy, value) => {
    expect(await out(field, legacy)).toEqual(value);
    const written = into(field, value);
    expect(written === legacy || (legacy === '000' && written === '000')).toBe(true);
  });

  it.each<[string, Field, string, JsonValue]>([
    ['white space around anything but text and codes', decimal('X'), ' \n 1.50\t', '1.50'],
    ['a plus sign and leading zeros of a number', integer('X'), '+007', 7],
    ['leading zeros of a decimal', decimal('X'), '0001.50', '1.50'],
    ['a decimal without digits before or behind its point', decimal('X'), '.5', '0.5'],
    ['a zero below zero', decimal('X'), '-0.00', '0.00'],
    ['a number in groups that is written without', decimal('X', riel), '1234567,50', '1234567.50'],
    ['a zoned decimal without a sign', integer('X', { overpunch: true }), '125', 125],
    ['XML Schema booleans', boolean('X'), '1', true],
    ['an unknown code, where its meaning is declared', code('X', { A: 'active' }, { unknown: 'other' }), 'Z', 'other'],
    ['white space in base64', binary('X'), 'AA\n AA\nAA==', 'AAAAAA=='],
    ['trimmed text', text('X', { rules: ['trim'] }), ' a  b ', 'a  b'],
    ['collapsed text', text('X', { rules: ['collapse'] }), ' a \n b ', 'a b'],
    ['composed text', text('X', { rules: ['nfc'] }), 'e\u0301', '\u00e9'],
    ['compatibility forms', text('X', { rules: ['nfkc'] }), '\uff21', 'A'],
    ['the zone of a date', date('X', { rules: ['dropZone'] }), '2024-12-31+07:00', '2024-12-31'],
    ['the zone of a date at UTC', date('X', { rules: ['dropZone'] }), ' 2024-12-31Z', '2024-12-31'],
    ['no part of a date without zone', date('X', { rules: ['dropZone'] }), '2024-12-31', '2024-12-31'],
    ['zero-width characters', text('X', { rules: ['removeZeroWidth'] }), 'ក\u200bខ\ufeff', 'កខ'],
  ])('%s is normalised when read', async (_, field, legacy, value) => {
    expect(await out(field, legacy)).toEqual(value);
  });
});

describe('what is not exact is refused', () => {
  it.each<[string, Field, string]>([
    ['an integer beyond 2^53 as a number', integer('X'), '9007199254740993'],
    ['a number with a letter', integer('X'), '12a'],
    ['an empty number', integer('X'), ''],
    ['a sign without a number', integer('X'), '-'],
    ['an integer too small', integer('X', { min: 5 }), '4'],
    ['an integer too large', integer('X', { max: 7 }), '8'],
    [
      'an integer too large by one, beyond 2^53',
      integer('X', { as: 'string', max: '9007199254740992' }),
      '9007199254740993',
    ],
    [
      'an integer too small by one, far below zero',
      integer('X', { as: 'string', min: '-9007199254740992' }),
      '-9007199254740993',
    ],
    ['an empty zoned decimal', integer('X', { overpunch: true }), ''],
    ['a letter that is no zone', integer('X', { overpunch: true }), '12Z'],
    ['a letter behind the point', decimal('X'), '1.5x'],
    ['a letter at the point', decimal('X'), '1.x5'],
    ['two points', decimal('X'), '1.5.0'],
    ['a point alone', decimal('X'), '.'],
    ['a decimal too large', decimal('X', { max: '10.5' }), '10.501'],
    ['groups of four', decimal('X', riel), '1.2345,00'],
    ['a first group of four', decimal('X', riel), '1234.567,00'],
    ['a group with a letter before it', decimal('X', riel), '1.x234,00'],
    ['a fraction where a whole number is declared', integer('X'), '1.0'],
    ['an exponent', decimal('X'), '1e3'],
    ['the wrong separator', decimal('X', { decimalSeparator: ',' }), '1234.50'],
    ['groups that are not of three', decimal('X', riel), '1.23.456,00'],
    ['a separator where decimals are implied', decimal('X', { impliedDecimals: 2 }), '123.45'],
    ['a NUL character, which fixed-width records may hold', decimal('X', { impliedDecimals: 2 }), '123\u000045'],
    ['a NUL character behind a whole number', integer('X'), '12\u0000'],
    ['a NUL character inside a whole number', integer('X', { as: 'string' }), '1\u00002'],
    ['a decimal that no JSON number holds', decimal('X', { as: 'number' }), '0.10'],
    ['a large decimal as a number', decimal('X', { as: 'number' }), '12345678901234567.1'],
    ['more digits than declared', decimal('X', { totalDigits: 4 }), '12345'],
    ['more fraction than declared', decimal('X', { fractionDigits: 2 }), '1.234'],
    ['a decimal out of range', decimal('X', { min: '0' }), '-0.01'],
    ['a date that is none', date('X'), '2023-02-29'],
    ['a date of another format', date('X', { format: 'dd/MM/yyyy' }), '2024-12-31'],
    ['a date with a zone', date('X'), '2024-12-31Z'],
    ['the zero date of old databases', date('X', { format: 'dd/MM/yyyy' }), '00/00/0000'],
    ['a date too early', date('X', { min: '2000-01-01' }), '1999-12-31'],
    ['a date too late', date('X', { max: '2000-01-01' }), '2000-01-02'],
    ['a date and time of a day that is none', dateTime('X', zoned), '31.02.2024 17:05'],
    ['a date and time of an hour that is none', dateTime('X', zoned), '01.02.2024 24:05'],
    ['too many digits', text('X', { digits: 3 }), '0123'],
    ['too few digits', text('X', { digits: 3 }), '12'],
    ['twenty-four hours', time('X'), '24:00:00'],
    ['a date and time with a space', dateTime('X'), '2024-12-31 00:00:00'],
    ['a local time that the zone skipped', dateTime('X', { zone: 'Europe/Tallinn' }), '2024-03-31T03:30:00'],
    ['a local time that the zone had twice', dateTime('X', { zone: 'Europe/Tallinn' }), '2024-10-27T03:30:00'],
    ['a text that is neither true nor false', boolean('X'), 'maybe'],
    ['a yes that is not declared', boolean('X', { true: ['Y'], false: ['N'] }), 'true'],
    ['a day before zones, as .NET writes none', dateTime('X', { zone: 'Asia/Phnom_Penh' }), '0001-01-01T00:00:00'],
    ['an offset with seconds', dateTime('X', { zone: 'Africa/Monrovia' }), '1950-01-01T00:00:00'],
    ['an unknown code', code('X', { A: 'active' }), 'a'],
    ['a code called like something inherited', code('X', { A: 'active' }), 'constructor'],
    ['bad base64', binary('X'), 'A==='],
    ['base64 with stray bits', binary('X'), 'AB=='],
    ['half a hexadecimal digit pair', binary('X', { encoding: 'hex' }), 'ABC'],
    ['more bytes than declared', binary('X', { maxBytes: 2 }), 'AAAA'],
    ['text that is too long', text('X', { maxLength: 1 }), '😀😀'],
    ['text that is too short', text('X', { minLength: 2 }), '😀'],
    ['text that does not match', text('X', { pattern: '^[A-Z]+$' }), 'abc'],
    ['Khmer digits where digits are declared', text('X', { digits: 3 }), '០១២'],
    ['a text that is none of the declared', text('X', { oneOf: ['a', 'b'] }), 'c'],
    [
      'what a rule refuses',
      text('X', { rules: [rule({ name: 'no', version: '1', decode: () => undefined, encode: (t) => t })] }),
      'a',
    ],
  ])('%s', async (_, field, legacy) => {
    const [issue] = await issuesOf(() => out(field, legacy));
    expect(issue).toMatch(new RegExp(`^v: Expected .*, found ${legacy.length} characters$`));
  });

  it('telling what stood there only of public fields', async () => {
    expect(await issuesOf(() => out(integer('X', { public: true }), '12a'))).toEqual([
      'v: Expected a whole number, found "12a"',
    ]);
    expect(await issuesOf(() => out(date('X', { format: 'dd/MM/yyyy' }), 'Sok Dara'))).toEqual([
      'v: Expected a date as dd/MM/yyyy, found 8 characters',
    ]);
  });

  it.each<[string, Field, JsonValue]>([
    ['a number in a string', integer('X'), '1'],
    ['a fraction', integer('X'), 1.5],
    ['an integer too large', integer('X', { max: 7 }), 8],
    ['an integer with leading zeros', integer('X', { as: 'string' }), '01'],
    ['an integer where a string is declared', integer('X', { as: 'string' }), 1],
    ['a string where a number is declared', decimal('X', { as: 'number' }), '0.5'],
    ['a decimal too small', decimal('X', { min: '0' }), '-0.01'],
    ['a number beyond 2^53', integer('X'), 9007199254740992],
    ['a number where a decimal string is declared', decimal('X'), 1.5],
    ['a decimal with leading zeros', decimal('X'), '01.5'],
    ['a decimal comma', decimal('X', { decimalSeparator: ',' }), '1,5'],
    ['more fraction than the implied decimals hold', decimal('X', { impliedDecimals: 2 }), '1.005'],
    ['a date that is none', date('X'), '2023-02-29'],
    ['a legacy date', date('X', { format: 'dd/MM/yyyy' }), '31/12/2024'],
    ['a year of another century than the pivot has', date('X', { format: 'ddMMyy', pivot: 1950 }), '1949-12-31'],
    ['seconds that the format would drop', dateTime('X', zoned), '2024-12-31T17:05:30+07:00'],
    ['another offset than the zone has', dateTime('X', zoned), '2024-12-31T10:05:00Z'],
    ['a day before zones', dateTime('X', zoned), '0001-01-01T00:00:00+07:00'],
    ['an offset that the format would drop', dateTime('X', { format: 'yyyyMMdd HHmm' }), '2024-12-31T10:05:00Z'],
    ['a fraction that the format would drop', time('X'), '10:00:00.5'],
    ['a meaning that no code has', code('X', { A: 'active' }), 'other'],
    ['a legacy code', code('X', { A: 'active' }), 'A'],
    ['a text as a boolean', boolean('X'), 'true'],
    ['an object as text', text('X'), {}],
    ['null', text('X'), null],
    ['more than the filling holds', integer('X', { rules: [padLeft('0', 2)] }), 100],
  ])('%s in an input', async (_, field, value) => {
    const [issue] = await issuesOf(() => into(field, value));
    expect(issue).toMatch(/^v: Expected /);
  });
});

describe('any value', () => {
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: length });
  const plain = fc
    .tuple(fc.constantFrom('', '-'), digits(20), fc.option(digits(8), { nil: undefined }))
    .map(([sign, whole, fraction]) => {
      const number = `${whole.replace(/^0+(?=\d)/, '')}${fraction === undefined ? '' : `.${fraction}`}`;
      return /[1-9]/.test(number) ? sign + number : number;
    });
  const day = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
    .map((moment) => moment.toISOString().slice(0, 10));

  it.each<[string, Field, fc.Arbitrary<JsonValue>]>([
    ['text', text('X'), fc.string({ unit: 'binary' })],
    ['an integer', integer('X'), fc.maxSafeInteger()],
    ['an integer in groups', integer('X', { groupSeparator: '.' }), fc.maxSafeInteger()],
    ['a large integer', integer('X', { as: 'string' }), fc.bigInt().map(String)],
    ['a zoned integer', integer('X', { overpunch: true }), fc.maxSafeInteger()],
    ['a decimal', decimal('X'), plain],
    ['a decimal of other separators', decimal('X', riel), plain],
    [
      'a decimal with implied decimals',
      decimal('X', { impliedDecimals: 8, overpunch: true }),
      plain.map((value) => {
        const [whole = '', fraction = ''] = value.split('.');
        return `${whole}.${fraction.padEnd(8, '0')}`;
      }),
    ],
    ['a date', date('X', khmerBuddhist), day],
    [
      'a moment',
      dateTime('X', { format: 'yyyyMMddHHmmss', zone: '+07:00' }),
      day.map((value) => `${value}T12:34:56+07:00`),
    ],
    ['bytes', binary('X', { encoding: 'hex' }), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))],
  ])('of %s comes back as it went', async (_, field, values) => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await out(field, into(field, value) as string)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
