import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, readStrictJson } from '../../../src/envelope/strict-json.ts';
import { DocumentError } from '../../../src/model/errors.ts';
import { samplesFolder } from '../../support/samples.ts';

/** undefined where the text is refused as it should be: with a DocumentError. */
function read(text: string): unknown {
  try {
    return readStrictJson(text);
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
  return names !== members || /\\ud[89a-f]/.test(written) || /e\+?\d{3,}|\d{300,}/i.test(text);
}

describe('a strict JSON reader', () => {
  it('reads what JSON.stringify writes, with any white space', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', '\r\n'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(JSON.stringify(readStrictJson(text))).toBe(JSON.stringify(value));
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

  it.each([
    ['a member twice', '{"a":1,"a":1}', 'JSON has the member "a" twice (offset 7)'],
    ['a member twice deep inside', '[{"x":{"a":1,"b":2,"a":3}}]', 'JSON has the member "a" twice (offset 19)'],
    ['a member twice under another escape', '{"alg":1,"\\u0061lg":2}', 'JSON has the member "alg" twice (offset 9)'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'JSON has the member "__proto__" twice (offset 15)'],
    ['a byte order mark', '\ufeff{}', 'JSON has no value where one is expected (offset 0)'],
    ['a second value', '{} {}', 'JSON goes on after its value (offset 3)'],
    ['a lone surrogate', '["\\ud800"]', 'JSON has a string with a lone surrogate (offset 1)'],
    ['a lone surrogate as a name', '{"\\udc00":1}', 'JSON has a string with a lone surrogate (offset 1)'],
    ['an overflowing number', '1e400', 'JSON has a number beyond what a double holds (offset 0)'],
    ['a control character', '"a\nb"', 'JSON has a string without its end (offset 2)'],
    ['an unknown escape', '"\\x41"', 'JSON has a string with an unknown escape (offset 0)'],
    ['a leading zero', '01', 'JSON goes on after its value (offset 1)'],
    ['a trailing comma', '[1,]', 'JSON has no value where one is expected (offset 3)'],
    ['a trailing comma in an object', '{"a":1,}', 'JSON has no member name where one is expected (offset 7)'],
    ['an open object', '{"a":1', 'JSON has an object without its end (offset 6)'],
    ['nothing', '', 'JSON has no value where one is expected (offset 0)'],
  ])('refuses %s', (_, text, message) => {
    expect(() => readStrictJson(text)).toThrow(
      new DocumentError('malformed', message.replace(/ \(offset.*/, ''), {
        offset: Number(/\d+\)$/.exec(message)?.[0].slice(0, -1)),
      }),
    );
  });

  it('refuses what nests deeper than its limit, without running out of stack', () => {
    const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readStrictJson(nest(64))).toBeInstanceOf(Array);
    expect(() => readStrictJson(nest(65))).toThrow('JSON nests deeper than the limit (offset 64)');
    expect(() => readStrictJson('[{"a":'.repeat(500_000))).toThrow('JSON nests deeper than the limit');
    expect(readStrictJson('[[],[],[{}]]', 3)).toEqual([[], [], [Object.create(null)]]);
  });

  it('takes __proto__ and constructor for names like any other', () => {
    const value = readStrictJson('{"__proto__":{"admin":true},"constructor":1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(value.admin).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    expect((readStrictJson('{}') as Record<string, unknown>).toString).toBeUndefined();
  });

  it('reads a string of megabytes', () => {
    const long = 'ab"\\'.repeat(500_000);
    expect(readStrictJson(JSON.stringify(long))).toBe(long);
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
          readStrictJson(decodeUtf8(readFileSync(join(folder, name))));
          return true;
        } catch (error) {
          return !(error instanceof DocumentError);
        }
      });
      expect(taken).toEqual([]);
    },
  );
});
