import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonBody, readPath, readQuery } from '../../../../src/exchange/rest/input.ts';
import { SpeanError } from '../../../../src/model/errors.ts';
import type { ExchangeRequest } from '../../../../src/model/exchange.ts';
import type { JsonValue } from '../../../../src/model/json.ts';
import { samplesFolder } from '../../../support/samples.ts';

function read(body: string | Uint8Array, contentType: string | undefined = 'application/json'): JsonValue | undefined {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return readJsonBody({ body: bytes, contentType } as ExchangeRequest);
}

function refusal(body: string | Uint8Array): SpeanError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof SpeanError) return error;
    throw error;
  }
  throw new Error('The body was not refused');
}

describe('readJsonBody(): media type', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/vnd.example.filing+json',
  ])('takes %s', (type) => {
    expect(read('{}', type)).toEqual({});
  });

  it.each([
    'text/plain',
    'text/json',
    'application/xml',
    'application/jsonx',
    'application/+json',
    'application/jose+json',
    'application/JOSE+JSON; charset=utf-8',
    'application/json; charset=iso-8859-1',
    'multipart/form-data; boundary=application/json',
    '',
  ])('refuses %j', (type) => {
    expect(() => read('{}', type)).toThrow(expect.objectContaining({ code: 'media-type-unsupported', status: 415 }));
  });

  it('refuses a body that does not say its type', () => {
    const request = { body: new TextEncoder().encode('{}') } as Partial<ExchangeRequest> as ExchangeRequest;
    expect(() => readJsonBody(request)).toThrow(expect.objectContaining({ code: 'media-type-unsupported' }));
  });

  it('gives undefined for no body, whatever its type', () => {
    expect(read('', 'text/plain')).toBeUndefined();
  });
});

describe('readJsonBody(): JSON', () => {
  it.each<[string, string, number, number]>([
    ['something that is no JSON', 'hello', 1, 1],
    ['white space only', ' \n ', 2, 2],
    ['text after the value', '{} x', 1, 4],
    ['a trailing comma', '{"a":1,\n}', 2, 1],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['single quotes', "{'a':1}", 1, 2],
    ['a leading zero', '[01]', 1, 3],
    ['a leading plus', '[+1]', 1, 2],
    ['NaN', '[NaN]', 1, 2],
    ['a comment', '[1 /* one */]', 1, 4],
    ['an unknown escape', '["\\a"]', 1, 4],
    ['a short \\u escape', '["\\u12"]', 1, 4],
    ['an escape that is a property of every object', '["\\constructor"]', 1, 4],
    ['an unescaped line break in a text', '["a\nb"]', 1, 4],
    ['an unclosed text', '["abc', 1, 6],
    ['an unclosed array', '[1,2', 1, 5],
    ['a byte order mark', '\uFEFF{}', 1, 1],
    ['a no-break space', '\u00a0{}', 1, 1],
    ['a repeated member', '{"a":1,"a":2}', 1, 8],
    ['a repeated member in another spelling', '{"a":1,"\\u0061":2}', 1, 8],
    ['half a surrogate pair', '["\\ud83d"]', 1, 2],
    ['half a surrogate pair in a member name', '{"\\udc00":1}', 1, 2],
    ['an integer beyond 2^53', '[9007199254740993]', 1, 2],
    ['a decimal with too many digits', '{"a":\n0.1234567890123456789}', 2, 1],
    ['a number too large for a double', '[1e400]', 1, 2],
    ['a number too small for a double', '[1e-400]', 1, 2],
  ])('refuses %s with its place', (_, body, line, column) => {
    const error = refusal(body);
    expect(error).toMatchObject({ code: 'body-malformed', status: 400 });
    expect(error.issues[0]?.place).toEqual({ line, column });
  });

  it('names the field that holds what is refused', () => {
    expect(refusal('{"directors":[{"since":"x"},{"share":0.1234567890123456789}]}').issues[0]).toMatchObject({
      field: 'directors.1.share',
    });
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(new Uint8Array([0x5b, 0x22, 0xe9, 0x22, 0x5d]))).toMatchObject({ code: 'body-malformed' });
  });

  it('quotes nothing of the body', () => {
    const { detail, issues, message } = refusal('{"name": Sok Dara}');
    expect(JSON.stringify([detail, issues, message])).not.toContain('Sok');
  });

  it('takes 64 levels and refuses 65, also where they are never closed', () => {
    expect(read(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeDefined();
    expect(refusal(`${'['.repeat(65)}${']'.repeat(65)}`).issues[0]?.message).toBe('More than 64 levels of nesting');
    expect(refusal('[{"a":'.repeat(100_000)).issues[0]?.message).toBe('More than 64 levels of nesting');
  });

  it('counts depth and not length', () => {
    expect(read(`[${'[[]],{"a":{}},'.repeat(500)}0]`)).toHaveLength(1001);
  });

  it('takes names of prototypes as ordinary members', () => {
    const value = read('{"__proto__":{"admin":true},"constructor":1}') as Record<string, JsonValue>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { admin?: unknown }).admin).toBeUndefined();
  });

  it.each([
    ['1.0', 1],
    ['1.50', 1.5],
    ['1e3', 1000],
    ['1E+21', 1e21],
    ['0.1', 0.1],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['5e-324', 5e-324],
    ['0.000000000000000000000000000123', 1.23e-28],
    ['0.0', 0],
    ['0e999', 0],
    ['123456789012345680000', 123456789012345680000],
  ])('takes %s, which a double holds exactly', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it('answers zero for minus zero', () => {
    expect(Object.is(read('-0'), 0)).toBe(true);
  });

  it('reads a megabyte of digits, escapes or white space in linear time', () => {
    const started = performance.now();
    expect(refusal(`[${'9'.repeat(1_000_000)}]`).code).toBe('body-malformed');
    expect(read(`"${'\\u0041'.repeat(150_000)}"`)).toHaveLength(150_000);
    expect(read(`${' '.repeat(1_000_000)}1`)).toBe(1);
    expect(refusal(`[1${'0'.repeat(500_000)}1e-500001]`).code).toBe('body-malformed');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('reads whatever JSON.stringify writes as JSON.parse does', () => {
    const value = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2, '\t'), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes nothing that JSON.parse refuses, and reads the same where it takes something', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      '\\',
      '\\u0041',
      '1',
      '-',
      '.5',
      'e1',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let value: JsonValue | undefined;
        try {
          value = read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SpeanError);
          return;
        }
        if (value !== undefined) expect(value).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });
});

const jsonSamples = samplesFolder === undefined ? [] : readdirSync(join(samplesFolder, 'bad/json-request'));

describe.skipIf(jsonSamples.length === 0)(
  'readJsonBody(): JSONTestSuite (skipped where ../shared/samples is absent)',
  () => {
    it.each(jsonSamples)('refuses %s', (name) => {
      const bytes = readFileSync(join(samplesFolder ?? '', 'bad/json-request', name));
      expect(refusal(new Uint8Array(bytes))).toMatchObject({ code: 'body-malformed', status: 400 });
    });
  },
);

describe('readQuery()', () => {
  it.each<[string, [string, string][]]>([
    ['', []],
    ['?', []],
    [
      '?a=1&b=2&a=3',
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
    ],
    ['?name=%E1%9E%80%20x', [['name', 'ក x']]],
    ['?a=1+2', [['a', '1 2']]],
    ['?a+b=1', [['a b', '1']]],
    ['?a=1%2B2', [['a', '1+2']]],
    ['?a=b=c', [['a', 'b=c']]],
    ['?flag', [['flag', '']]],
    ['?a%3D=%26', [['a=', '&']]],
    ['?&a=1&&', [['a', '1']]],
  ])('reads %s', (query, pairs) => {
    expect(readQuery(query)).toEqual(pairs);
  });

  it.each(['?a=%', '?a=%4', '?a=%zz', '?a=%ff', '?%C0%AF=1', '?a=%ED%A0%80'])('refuses %s', (query) => {
    expect(() => readQuery(query)).toThrow(expect.objectContaining({ code: 'input-invalid', status: 400 }));
  });

  it('reads what URLSearchParams writes', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        expect(readQuery(`?${new URLSearchParams(pairs)}`)).toEqual(pairs);
      }),
    );
  });
});

describe('readPath()', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['/', []],
    ['/companies/00012345', ['companies', '00012345']],
    ['/a%2Fb/c', ['a/b', 'c']],
    ['/%E1%9E%80', ['ក']],
    ['/a+b', ['a+b']],
    ['/%2541', ['%41']],
    ['/...', ['...']],
  ])('reads %s', (path, segments) => {
    expect(readPath(path)).toEqual(segments);
  });

  it.each(['/a//b', '/a/', '//', '/a/../b', '/./a', '/%2e%2E/a', '/a/%2e'])('knows no path %s', (path) => {
    expect(() => readPath(path)).toThrow(expect.objectContaining({ code: 'path-unknown', status: 404 }));
  });

  it.each(['/a%', '/%ff', '/%G0', '/%ED%A0%80'])('refuses %s', (path) => {
    expect(() => readPath(path)).toThrow(expect.objectContaining({ code: 'input-invalid', status: 400 }));
  });
});
