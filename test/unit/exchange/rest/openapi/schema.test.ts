import { describe, expect, it } from 'vitest';
import { fieldSchema } from '../../../../../src/exchange/rest/openapi/schema.ts';
import { compileValueType } from '../../../../../src/mapping/types/index.ts';
import type { FieldData } from '../../../../../src/model/field.ts';
import type { JsonObject } from '../../../../../src/model/json.ts';

function schemaOf(
  field: FieldData,
  direction: 'input' | 'output' = 'output',
): [JsonObject, Record<string, JsonObject>] {
  const parts = { schemas: new Map<string, JsonObject>(), responses: new Map<string, JsonObject>() };
  const schema = fieldSchema(field, { direction, place: 'getThing.output', parts });
  return [schema, Object.fromEntries(parts.schemas)];
}

/** Whether a text fits the pattern of a field's schema. */
function fits(field: FieldData, text: string): boolean {
  return new RegExp(String(schemaOf(field)[0].pattern), 'u').test(text);
}

describe('fieldSchema()', () => {
  it.each<[string, FieldData, JsonObject]>([
    ['text', { type: 'text', at: 'A' }, { type: 'string' }],
    ['a text of digits', { type: 'text', at: 'A', digits: 9 }, { type: 'string', pattern: '^[0-9]{9}$' }],
    [
      'a text of digits with a pattern',
      { type: 'text', at: 'A', digits: 9, pattern: '^1' },
      { type: 'string', pattern: '^[0-9]{9}$', allOf: [{ pattern: '^1' }] },
    ],
    [
      'an integer, never beyond what a double holds',
      { type: 'integer', at: 'A', max: '99999999999999999999' },
      { type: 'integer', format: 'int64', minimum: -9007199254740991, maximum: 9007199254740991 },
    ],
    [
      'a small integer',
      { type: 'integer', at: 'A', min: 1, max: 12 },
      { type: 'integer', format: 'int64', minimum: 1, maximum: 12 },
    ],
    ['a date', { type: 'date', at: 'A' }, { type: 'string', format: 'date' }],
    [
      'a date and time in a zone',
      { type: 'dateTime', at: 'A', zone: '+07:00' },
      { type: 'string', format: 'date-time' },
    ],
    ['bytes', { type: 'binary', at: 'A', maxBytes: 4 }, { type: 'string', format: 'byte', maxLength: 8 }],
    ['a constant', { type: 'constant', value: 'v1' }, { type: 'string', enum: ['v1'] }],
    [
      'a code with what an unknown one becomes',
      { type: 'code', at: 'A', table: { A: 'x', B: 'x' }, unknown: 'other' },
      { type: 'string', enum: ['x', 'other'] },
    ],
    [
      'a nullable code, whose null must be listed',
      { type: 'code', at: 'A', table: { A: 'x' }, nullable: true },
      { type: 'string', enum: ['x', null], nullable: true },
    ],
    [
      'bounds that a string cannot carry, in words',
      { type: 'date', at: 'A', min: '1900-01-01', description: 'Day of birth.' },
      { type: 'string', format: 'date', description: 'Day of birth. At least 1900-01-01.' },
    ],
  ])('describes %s', (_, field, schema) => {
    expect(schemaOf(field)[0]).toEqual(schema);
  });

  it('claims date-time only where there always is an offset, as RFC 3339 demands', () => {
    const anyForm = schemaOf({ type: 'dateTime', at: 'A' })[0];
    const local = schemaOf({ type: 'dateTime', at: 'A', format: 'yyyy-MM-dd HH:mm' })[0];
    expect([anyForm.format, local.format]).toEqual([undefined, undefined]);
    expect(fits({ type: 'dateTime', at: 'A' }, '2024-03-31T08:30:00+07:00')).toBe(true);
    expect(fits({ type: 'dateTime', at: 'A', format: 'yyyy' }, '2024-03-31T08:30:00+07:00')).toBe(false);
    expect(fits({ type: 'dateTime', at: 'A', format: 'yyyy' }, '2024-03-31T08:30:00')).toBe(true);
  });

  it.each<[string | undefined, string[]]>([
    [undefined, ['08:30:59']],
    ['H:mm', ['08:30:00']],
    ['HH:mm:ss.SSS', ['08:30:00.000', '08:30:59.120']],
  ])('lets a time of the format %s be what that can hold', (format, taken) => {
    const field: FieldData = { type: 'time', at: 'A', ...(format !== undefined && { format }) };
    const times = ['08:30:00', '08:30:59', '08:30:00.000', '08:30:59.120', '08:30:00.1', '24:00:00', '08:30'];
    const type = compileValueType(field, () => undefined);
    const isTaken = (time: string) => {
      try {
        return type.check(time) === time;
      } catch {
        return false;
      }
    };
    expect(times.filter((time) => fits(field, time))).toEqual(expect.arrayContaining(taken));
    for (const time of times) expect([time, fits(field, time)]).toEqual([time, isTaken(time)]);
  });

  it.each<[string, boolean]>([
    ['0', true],
    ['-12.50', true],
    ['12345.1', true],
    ['123456', false],
    ['1.234', false],
    ['1.', false],
    ['.5', false],
    ['01', false],
    ['1e3', false],
    ['1,5', false],
  ])('lets a decimal of 5 digits with 2 places be %s: %s', (text, expected) => {
    expect(fits({ type: 'decimal', at: 'A', totalDigits: 5, fractionDigits: 2 }, text)).toBe(expected);
  });

  it('says of a decimal what its pattern cannot, and takes implied decimals for its places', () => {
    expect(schemaOf({ type: 'decimal', at: 'A', totalDigits: 5, min: '0' })[0].description).toBe(
      'At most 5 digits in all. At least 0.',
    );
    expect(fits({ type: 'decimal', at: 'A', impliedDecimals: 2 }, '1.25')).toBe(true);
    expect(fits({ type: 'decimal', at: 'A', impliedDecimals: 2 }, '1.255')).toBe(false);
  });

  it('lets a decimal without places have no separator', () => {
    expect(fits({ type: 'decimal', at: 'A', fractionDigits: 0 }, '12')).toBe(true);
    expect(fits({ type: 'decimal', at: 'A', fractionDigits: 0 }, '12.0')).toBe(false);
  });

  it('does not offer the stand-in for unknown codes as an input', () => {
    const field: FieldData = { type: 'code', at: 'A', table: { A: 'active' }, unknown: 'other' };
    expect(schemaOf(field, 'input')[0].enum).toEqual(['active']);
  });

  it('requires in a request what has neither default nor leave to be absent, and takes nothing else', () => {
    const fields: Record<string, FieldData> = {
      given: { type: 'text', at: 'A' },
      optional: { type: 'text', at: 'B', optional: true },
      defaulted: { type: 'text', at: 'C', default: 'x' },
      written: { type: 'constant', at: 'D', value: 'v' },
    };
    const [input] = schemaOf({ type: 'record', fields }, 'input');
    expect(input).toMatchObject({ required: ['given'], additionalProperties: false });
    expect(Object.keys(input.properties ?? {})).toEqual(['given', 'optional', 'defaulted']);
    const [output] = schemaOf({ type: 'record', fields }, 'output');
    expect(output.required).toEqual(['given', 'defaulted', 'written']);
    expect(output.additionalProperties).toBeUndefined();
  });

  it('has members by the names of prototypes', () => {
    const fields = Object.fromEntries([['__proto__', { type: 'text', at: 'A' } as const]]);
    const [schema] = schemaOf({ type: 'record', fields });
    expect(JSON.stringify(schema.properties)).toBe('{"__proto__":{"type":"string"}}');
  });

  it('tells a choice by its discriminator among named schemas', () => {
    const [schema, named] = schemaOf({
      type: 'choice',
      discriminator: 'kind',
      cases: {
        person: { record: { type: 'record', fields: { name: { type: 'text', at: 'Name' } } } },
        company: { record: { type: 'record', fields: {} } },
      },
    });
    const person = '#/components/schemas/getThing.output.person';
    const company = '#/components/schemas/getThing.output.company';
    expect(schema).toEqual({
      oneOf: [{ $ref: person }, { $ref: company }],
      discriminator: { propertyName: 'kind', mapping: { person, company } },
    });
    expect(named['getThing.output.person']).toEqual({
      type: 'object',
      properties: { kind: { type: 'string', enum: ['person'] }, name: { type: 'string' } },
      required: ['kind', 'name'],
    });
  });

  it('keeps schemas apart whose names become the same', () => {
    const empty = { record: { type: 'record', fields: {} } } as const;
    const [, named] = schemaOf({ type: 'choice', discriminator: 'k', cases: { ក: empty, ខ: empty } });
    expect(Object.keys(named)).toEqual(['getThing.output._', 'getThing.output.__']);
  });
});
