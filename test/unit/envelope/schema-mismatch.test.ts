import { describe, expect, it } from 'vitest';
import { type Schema, schemaMismatch } from '../../../src/envelope/schema-mismatch.ts';
import type { JsonValue } from '../../../src/model/json.ts';

describe('a departure from a schema', () => {
  it.each<[Schema, JsonValue, string | undefined]>([
    [{}, null, undefined],
    [{ type: 'integer' }, 2 ** 53, ''],
    [{ type: 'integer', minimum: 0, maximum: 5 }, 5, undefined],
    [{ type: 'integer', minimum: 0, maximum: 5 }, 6, ''],
    [{ type: 'number', minimum: 0 }, -0.1, ''],
    [{ type: 'string', minLength: 1, maxLength: 2 }, 'abc', ''],
    [{ type: 'string', pattern: '^[A-Z]+$' }, 'GET\n', ''],
    [{ const: true }, false, ''],
    [{ type: 'object' }, [], ''],
    [{ type: 'object' }, null, ''],
    [{ type: 'array', items: { type: 'string' } }, ['a', 1], '1'],
    [{ required: ['a'] }, { b: 1 }, 'a'],
    [{ properties: { a: { properties: { b: { type: 'string' } } } } }, { a: { b: 1 } }, 'a.b'],
    [{ properties: { a: { type: 'string' } } }, {}, undefined],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, undefined],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, ''],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, {}, ''],
  ])('%j of %j is at %j', (schema, value, place) => {
    expect(schemaMismatch(schema, value)).toBe(place);
  });
});
