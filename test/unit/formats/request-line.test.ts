import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRequestLine, type RequestLine } from '../../../src/formats/request-line.ts';
import type { HttpCall } from '../../../src/model/definition.ts';
import type { SlotPlan, SourceRecord } from '../../../src/model/source.ts';

const slot = (at: string, facts: Partial<SlotPlan> = {}): SlotPlan => ({ at: [at], repeats: false, ...facts });
const cell = (text: string | null) => ({ text, offset: 0 });
const record = (...slots: SourceRecord['slots']): SourceRecord => ({ slots, offset: 0 });

function mistakes(call: HttpCall, ...slots: SlotPlan[]): string[] {
  const found: string[] = [];
  compileRequestLine(call, { slots }, (place, message) => found.push(`${place}: ${message}`));
  return found;
}

function line(call: HttpCall, ...slots: SlotPlan[]): RequestLine {
  expect(mistakes(call, ...slots)).toEqual([]);
  return compileRequestLine(call, { slots }, () => {});
}

describe('a request line', () => {
  test('holds the path with its holes filled and the query in the order of the inputs', () => {
    const compiled = line({ get: '/taxpayers/{tin}/payments' }, slot('?year'), slot('{tin}'), slot('?month'));
    expect(compiled.fill(record(cell('2024'), cell('000123'), cell('01')))).toEqual({
      method: 'GET',
      path: '/taxpayers/000123/payments',
      query: [
        ['year', '2024'],
        ['month', '01'],
      ],
    });
  });

  test('leaves the slots that are neither to the body', () => {
    const compiled = line({ post: '/register/{kind}' }, slot('Payment/Amount'), slot('{kind}'), slot('TIN'));
    expect(compiled.rest).toEqual([0, 2]);
    expect(compiled.fill(record(cell('1'), cell('tax'), cell('9')))).toEqual({
      method: 'POST',
      path: '/register/tax',
      query: [],
    });
  });

  test('fills a hole that is a part of a segment', () => {
    expect(line({ get: '/export/{year}.csv' }, slot('{year}')).fill(record(cell('2024'))).path).toBe(
      '/export/2024.csv',
    );
  });

  test('keeps a query that the path itself declares', () => {
    expect(line({ get: '/export.php?report=payments' }).fill(record()).path).toBe('/export.php?report=payments');
  });

  test('repeats a query parameter for every item of a list and leaves an absent one out', () => {
    const compiled = line({ get: '/x' }, slot('?code', { repeats: true }), slot('?since'));
    expect(compiled.fill(record([cell('A'), cell('B')], undefined)).query).toEqual([
      ['code', 'A'],
      ['code', 'B'],
    ]);
  });

  test('sends an empty query parameter as empty', () => {
    expect(line({ get: '/x' }, slot('?name')).fill(record(cell(''))).query).toEqual([['name', '']]);
  });

  test.each([[''], ['.'], ['..']])('refuses %j as a path segment', (text) => {
    const compiled = line({ get: '/files/{name}/content' }, slot('{name}'));
    expect(() => compiled.fill(record(cell(text)))).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });

  test('refuses a segment that becomes a dot segment together with its literal', () => {
    const compiled = line({ get: '/files/.{name}' }, slot('{name}'));
    expect(() => compiled.fill(record(cell('.')))).toThrow('would change the path');
    expect(compiled.fill(record(cell('a'))).path).toBe('/files/.a');
  });

  test('refuses an absent or null hole, a null query parameter and a lone surrogate', () => {
    const hole = line({ get: '/{name}' }, slot('{name}'));
    const query = line({ get: '/x' }, slot('?name'));
    expect(() => hole.fill(record(undefined))).toThrow('needs a value for {name}');
    expect(() => hole.fill(record(cell(null)))).toThrow('needs a value for {name}');
    expect(() => hole.fill(record(cell('\ud800')))).toThrow('surrogate');
    expect(() => query.fill(record(cell(null)))).toThrow('?name of the legacy call cannot be null');
    expect(() => query.fill(record(cell('\udfff')))).toThrow('surrogate');
  });

  test('never lets a value leave its path segment', () => {
    const compiled = line({ get: '/a/{name}/b' }, slot('{name}'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(text !== '.' && text !== '..' && text.isWellFormed());
        const { path } = compiled.fill(record(cell(text)));
        const url = new URL(`http://legacy.example${path}`);
        expect(url.search + url.hash).toBe('');
        const segments = url.pathname.split('/');
        expect(segments).toHaveLength(4);
        expect(decodeURIComponent(segments[2] ?? '')).toBe(text);
      }),
    );
  });
});

describe('compiling a request line reports', () => {
  test.each<[string, HttpCall, SlotPlan[], string]>([
    ['a hole without an input', { get: '/a/{id}' }, [], 'call: No input fills the hole {id} of the path'],
    ['an input without a hole', { get: '/a' }, [slot('{id}')], 'input: The path "/a" has no hole {id}'],
    ['two inputs for a hole', { get: '/{id}' }, [slot('{id}'), slot('{id}')], 'input: Two inputs fill the hole {id}'],
    ['a list in a hole', { get: '/{id}' }, [slot('{id}', { repeats: true })], 'input: The hole {id} takes one text'],
    ['a broken hole', { get: '/a' }, [slot('{id')], 'input: Position "{id" is not a hole: expected {name}'],
    ['a nameless parameter', { get: '/a' }, [slot('?')], 'input: Position "?" names no query parameter'],
    [
      'a record as parameter',
      { get: '/a' },
      [slot('?p', { record: { slots: [] } })],
      'input: A record cannot be the query parameter "?p"',
    ],
    ['a space in the path', { get: '/a b' }, [], 'call: Path "/a b" holds characters that a URL cannot'],
    ['no method', {}, [], 'call: A call has exactly one of "get" and "post", the path under the endpoint'],
    [
      'two methods',
      { get: '/', post: '/' },
      [],
      'call: A call has exactly one of "get" and "post", the path under the endpoint',
    ],
  ])('%s', (_, call, slots, message) => {
    expect(mistakes(call, ...slots)).toContain(message);
  });
});
