import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { JsonError, readJson } from '../../../src/syntax/json-reader.ts';
import { decodeUtf8 } from '../../../src/syntax/utf8.ts';
import { samplesFolder } from '../../support/samples.ts';

/** undefined where the text is refused as it should be: with a DocumentError. */
function read(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a strict reader refuses of what JSON.parse takes, found by other means than the reader's own. */
function isAmbiguous(text: string, value: unknown): boolean {
  const names = text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
  const members = JSON.stringify(value).match(/"(?:[^"\\]|\\.)*":/g)?.length ?? 0;
  const written = JSON.stringify(value);
  return names !== members || /\\ud[89a-f]/.test(written) || !numbersIn(text).every(isExact);
}

function numbersIn(text: string): string[] {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? [];
}

/** Whether a number is the shortest decimal that stands for its double, counted in whole numbers. */
function isExact(digits: string): boolean {
  const value = Number(digits);
  if (!Number.isFinite(value)) return false;
  const [a, b] = [scaled(digits), scaled(String(value))];
  const lowest = Math.min(a.exponent, b.exponent);
  const raised = ({ whole, exponent }: typeof a) => whole * 10n ** BigInt(exponent - lowest);
  return raised(a) === raised(b);
}

function scaled(digits: string): { whole: bigint; exponent: number } {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const [units = '', fraction = ''] = mantissa.split('.');
  const whole = BigInt(units + fraction);
  return { whole, exponent: whole === 0n ? 0 : Number(exponent) - fraction.length };
}

describe('the strict JSON reader', () => {
  it('reads what JSON.stringify writes, with any white space', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', '\r\n'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(JSON.stringify(readJson(text))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('agrees with JSON.parse on damaged texts, but for what it refuses as ambiguous', () => {
    const snippet = fc.constantFrom(
      '"',
      '\\',
      '\\u',
      'd800',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '1e5',
      '.',
      ' ',
      'nul',
      'true',
      '\u00a0',
      '\ufeff',
      '\u0007',
    );
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(3), snippet), { minLength: 1, maxLength: 3 });
    let refused = 0;
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), damage, (text, cuts) => {
        const damaged = cuts.reduce((whole, [at, length, put]) => {
          const start = at % (whole.length + 1);
          return whole.slice(0, start) + put + whole.slice(start + length);
        }, text);
        const expected = parsed(damaged);
        const value = read(damaged);
        if (value === undefined) refused++;
        if (value === undefined && expected !== undefined) expect(isAmbiguous(damaged, expected)).toBe(true);
        else expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it.each<[string, string, number, string]>([
    ['a member twice', '{"a":1,"a":1}', 8, ''],
    ['a member twice deep inside', '[{"x":{"a":1,"b":2,"a":3}}]', 20, '0.x'],
    ['a member twice under another escape', '{"alg":1,"\\u0061lg":2}', 10, ''],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 16, ''],
    ['a byte order mark', '\ufeff{}', 1, ''],
    ['a second value', '{} {}', 4, ''],
    ['a lone surrogate', '["\\ud800"]', 2, '0'],
    ['a lone surrogate as a name', '{"\\udc00":1}', 2, ''],
    ['an overflowing number', '{"a":[1,1e400]}', 9, 'a.1'],
    ['a number beyond a double', '9007199254740993', 1, ''],
    ['a control character', '"a\nb"', 3, ''],
    ['an unknown escape', '"\\x41"', 3, ''],
    ['a leading zero', '01', 2, ''],
    ['a trailing comma', '[1,]', 4, '1'],
    ['a trailing comma in an object', '{"a":1,}', 8, ''],
    ['an open object', '{"a":1', 7, ''],
    ['nothing', '', 1, ''],
  ])('refuses %s, and says where', (_, text, column, field) => {
    const refusal = () => readJson(text);
    expect(refusal).toThrow(JsonError);
    expect(refusal).toThrow(
      expect.objectContaining({
        failure: 'malformed',
        field,
        place: { line: 1, column },
      }),
    );
  });

  it('refuses what nests deeper than its limit, without running out of stack', () => {
    const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readJson(nest(64))).toBeInstanceOf(Array);
    expect(() => readJson(nest(65))).toThrow(
      expect.objectContaining({ failure: 'limit', place: { line: 1, column: 65 } }),
    );
    expect(() => readJson('[{"a":'.repeat(500_000))).toThrow('More than 64 levels of nesting');
    expect(readJson('[[],[],[{}]]', 3)).toEqual([[], [], [{}]]);
  });

  it('takes __proto__ and constructor for names like any other', () => {
    const value = readJson('{"__proto__":{"admin":true},"constructor":1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(value.admin).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('reads a string of megabytes', () => {
    const long = 'ab"\\'.repeat(500_000);
    expect(readJson(JSON.stringify(long))).toBe(long);
  });

  it.each([
    ['a byte that starts nothing', [0x22, 0xff, 0x22]],
    ['an overlong sequence', [0x22, 0xc0, 0x80, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a cut sequence', [0x22, 0xe1, 0x9e]],
  ])('refuses bytes with %s', (_, bytes) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(new DocumentError('undecodable', 'The text is not UTF-8'));
  });

  it.skipIf(samplesFolder === undefined)(
    `refuses every malformed file of the JSON test suite${samplesFolder === undefined ? ' (skipped: the samples are not here)' : ''}`,
    () => {
      const folder = join(samplesFolder ?? '', 'bad/json-request');
      const names = readdirSync(folder).filter((name) => name.startsWith('n_'));
      expect(names.length).toBeGreaterThan(10);
      const taken = names.filter((name) => {
        try {
          readJson(decodeUtf8(readFileSync(join(folder, name))));
          return true;
        } catch (error) {
          return !(error instanceof DocumentError);
        }
      });
      expect(taken).toEqual([]);
    },
  );
});
