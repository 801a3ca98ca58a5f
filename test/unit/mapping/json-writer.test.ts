import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ARRAY_END,
  ARRAY_START,
  encodeJson,
  JsonWriter,
  memberHead,
  NO_HEAD,
  OBJECT_END,
  OBJECT_START,
} from '../../../src/mapping/json-writer.ts';
import type { JsonValue } from '../../../src/model/json.ts';

const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

function written(value: JsonValue): string {
  const out = new JsonWriter();
  out.member(NO_HEAD, value);
  return textOf(out.take());
}

/** An array, item by item. */
function writtenItems(items: readonly JsonValue[]): string {
  const out = new JsonWriter();
  out.raw(ARRAY_START);
  for (const item of items) out.member(NO_HEAD, item);
  out.raw(ARRAY_END);
  return textOf(out.take());
}

const arbitraryText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom('ក', '្', 'ខ', 'é', 'a', '"', '\\', '\n', '\u2028', '😀', '\ud800', '\0', '\x7f') }),
);

describe('JsonWriter writes', () => {
  it.each<[JsonValue]>([
    [''],
    ['{'],
    ['['],
    ['ភ្នំពេញ'],
    ['a"b\\c\n\u0000\u001f\u007f'],
    ['\u2028\ufeff\uffff'],
    ['😀'],
    ['\ud83d'],
    [0],
    [-0],
    [1e21],
    [5e-324],
    [true],
    [null],
    [{ a: [1, { b: 'ក' }] }],
  ])('%j as JSON.stringify does', (value) => {
    expect(written(value)).toBe(JSON.stringify(value));
  });

  it('any text, number and list as JSON.stringify does, however long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(arbitraryText, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 200 }),
        (items) => {
          expect(writtenItems(items)).toBe(JSON.stringify(items));
        },
      ),
      { numRuns: 1_000 },
    );
    const long = ['x'.repeat(100_000), 'ក'.repeat(100_000), `${'😀'.repeat(50_000)}"`];
    expect(writtenItems(long)).toBe(JSON.stringify(long));
  });

  it('members with commas between them, and none behind what ends with a bracket in a text', () => {
    const out = new JsonWriter();
    out.raw(OBJECT_START);
    for (const name of ['a{', '', '__proto__', 'ក"']) {
      out.begin(memberHead(name));
      out.raw(encodeJson(`${name}[`));
    }
    out.raw(OBJECT_END);
    expect(textOf(out.take())).toBe('{"a{":"a{[","":"[","__proto__":"__proto__[","ក\\"":"ក\\"["}');
  });

  it('any members as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.dictionary(arbitraryText, fc.oneof(arbitraryText, fc.boolean())), (members) => {
        const out = new JsonWriter();
        out.raw(OBJECT_START);
        for (const [name, value] of Object.entries(members)) out.member(memberHead(name), value);
        out.raw(OBJECT_END);
        expect(textOf(out.take())).toBe(JSON.stringify(members));
      }),
      { numRuns: 1_000 },
    );
  });

  it('what comes after a rewind as if nothing had been there', () => {
    const out = new JsonWriter();
    out.raw(ARRAY_START);
    const start = out.length;
    out.member(NO_HEAD, 'x'.repeat(10_000));
    out.rewind(start);
    out.member(NO_HEAD, 1);
    expect(textOf(out.take())).toBe('[1');
  });

  it('nothing of an answer that was cleared, however large, and what was taken stays', () => {
    const out = new JsonWriter();
    out.member(NO_HEAD, 'x'.repeat(1_000_000));
    const large = out.take();
    out.member(NO_HEAD, 'y'.repeat(1_000_000));
    out.clear();
    out.member(NO_HEAD, 'z');
    const small = out.take();
    out.member(NO_HEAD, 'w'.repeat(10));
    expect(textOf(small)).toBe('"z"');
    expect(textOf(large)).toBe(JSON.stringify('x'.repeat(1_000_000)));
  });
});
