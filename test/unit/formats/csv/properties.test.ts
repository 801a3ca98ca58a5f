import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../../src/formats/csv/format.ts';
import { cutAt, equalTest, type RowSketch, readRows, refusal, utf8 } from '../rows/read-rows.ts';

interface Written {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
  readonly lineEnd: string;
}

/** The dialects that both readers have; csv-parse knows only one line end for each document. */
const written = fc
  .record({
    separator: fc.constantFrom(',', ';', '\t', '|', '\u{1f}', 'x'),
    quote: fc.constantFrom('"', "'", '`'),
    escape: fc.constantFrom('', '\\', '^'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  })
  .map((dialect): Written => ({ ...dialect, escape: dialect.escape === '' ? dialect.quote : dialect.escape }));

const special = fc.constantFrom('"', "'", '`', '\\', '^', ',', ';', '\t', '|', 'x', '\r', '\n', '\r\n', ' ', '#', '0');
const piece = fc.oneof(special, special, fc.constantFrom('a', 'é', 'ស', '😀', '\u{feff}', '\u{200b}'));
const cellText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) =>
    fc.array(fc.array(cellText, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );

/** Quotes where it must, and sometimes where it need not. */
function write(rows: readonly (readonly string[])[], dialect: Written, eager: boolean, lastEnd: boolean): string {
  const { separator, quote, escape: escapeWith, lineEnd } = dialect;
  const needs = [separator, quote, '\r', '\n'];
  const escaped = (text: string): string =>
    [...text]
      .map((character) => (character === quote || character === escapeWith ? escapeWith + character : character))
      .join('');
  const cell = (text: string): string =>
    eager || needs.some((character) => text.includes(character)) ? quote + escaped(text) + quote : text;
  return rows.map((row) => row.map(cell).join(separator)).join(lineEnd) + (lastEnd ? lineEnd : '');
}

function sketchFor({ lineEnd: _, ...dialect }: Written, width: number): RowSketch {
  return {
    endpoint: { header: false, ...dialect },
    columns: Array.from({ length: width }, (_, index) => `#${index + 1}`),
  };
}

function theirs(text: string, { separator, lineEnd, ...quoting }: Written): string[][] | 'refused' {
  try {
    return parse(text, { ...quoting, delimiter: separator, record_delimiter: lineEnd, skip_empty_lines: true });
  } catch {
    return 'refused';
  }
}

describe('CSV', () => {
  it('reads any table back exactly, in any dialect, as csv-parse does', async () => {
    await fc.assert(
      fc.asyncProperty(table, written, fc.boolean(), fc.boolean(), async (rows, dialect, eager, lastEnd) => {
        // a mark at the very start belongs to the document and not to its first cell
        fc.pre(!rows[0]![0]!.startsWith('\u{feff}'));
        const text = write(rows, dialect, eager, lastEnd);
        const read = await readRows(csvFormat, sketchFor(dialect, rows[0]!.length), text);
        expect(read.rows).toEqual(rows);
        expect(theirs(text, dialect)).toEqual(rows);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never reads what csv-parse refuses, and never otherwise than csv-parse', async () => {
    const soup = fc.array(fc.constantFrom('"', '"', ',', '\n', '\n', 'a', 'b', ' ', 'ស'), { maxLength: 24 });
    const dialect: Written = { separator: ',', quote: '"', escape: '"', lineEnd: '\n' };
    let read = 0;
    await fc.assert(
      fc.asyncProperty(soup, async (pieces) => {
        const text = `1,2\n${pieces.join('')}`;
        const ours = await refusal(csvFormat, sketchFor(dialect, 2), text);
        const peer = theirs(text, dialect);
        if (peer === 'refused') expect(ours).toMatch(/^legacy-malformed/);
        else expect(ours).toBe(`read ${JSON.stringify(peer)}`);
        if (peer !== 'refused') read++;
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('reads the same however the bytes are cut into chunks, errors and counts included', async () => {
    const fragments = fc.constantFrom(
      '"',
      '"a,',
      'b"',
      ',',
      '\r',
      '\n',
      '\r\n',
      'ស',
      '😀',
      '#',
      '# x',
      'Total',
      '\0',
      '\\',
      '1,2\n',
    );
    const endpoint = fc.record({
      header: fc.constantFrom(false, 1),
      footer: fc.constantFrom(0, 2, { startsWith: 'Total' }),
      badRows: fc.constantFrom('refuse', 'setAside'),
      escape: fc.constantFrom('"', '\\'),
      comment: fc.constant('# '),
      preamble: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fragments, { maxLength: 30 }),
        endpoint,
        fc.array(fc.nat(80), { maxLength: 12 }),
        fc.option(fc.nat(80), { nil: undefined }),
        async (texts, given, cuts, badByte) => {
          const bytes = utf8(`sep=,\r\nx\r\n1,2\n${texts.join('')}`);
          if (badByte !== undefined && badByte < bytes.length) bytes[badByte] = 0xff;
          const sketch: RowSketch = { endpoint: given, columns: ['#2', '#1'], limits: { rowBytes: 40 } };
          const outcome = async (chunks: readonly Uint8Array[]): Promise<unknown> => {
            const message = await refusal(csvFormat, sketch, chunks);
            return message.startsWith('read') ? readRows(csvFormat, sketch, chunks) : message;
          };
          const whole = await outcome([bytes]);
          expect(await outcome(cutAt(bytes, cuts))).toEqual(whole);
          expect(await outcome(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('finds by bytes what it finds by text', async () => {
    await fc.assert(
      fc.asyncProperty(table, written, cellText, fc.boolean(), async (rows, dialect, other, eager) => {
        fc.pre(!rows[0]![0]!.startsWith('\u{feff}'));
        const text = write(rows, dialect, eager, true);
        const sketch = sketchFor(dialect, rows[0]!.length);
        for (const wanted of [rows[rows.length >> 1]![1]!, other]) {
          const found = await readRows(csvFormat, { ...sketch, tests: [equalTest(1, wanted)] }, text);
          expect(found.rows).toEqual(rows.filter((row) => row[1] === wanted));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads thousands of rows of every length, whatever part of them is wanted', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => [
      String(index % 7),
      (index % 3 === 0 ? 'សុខា😀' : 'ascii-only text').repeat((index * 31) % 23),
      `"${index}"`,
    ]);
    const dialect: Written = { separator: ',', quote: '"', escape: '"', lineEnd: '\r\n' };
    const bytes = utf8(write(rows, dialect, false, true));
    const chunks = cutAt(
      bytes,
      Array.from({ length: 40 }, (_, index) => index * 9_973),
    );
    const sketch = sketchFor(dialect, 3);
    expect((await readRows(csvFormat, sketch, chunks)).rows).toEqual(rows);
    expect((await readRows(csvFormat, sketch, [bytes])).rows).toEqual(rows);
    const some = { ...sketch, columns: ['#3', '#1', '#2'], tests: [equalTest(1, '3')] };
    expect((await readRows(csvFormat, some, chunks)).rows).toEqual(
      rows.filter(([first]) => first === '3').map(([first, second, third]) => [third, first, second]),
    );
  });

  it('reads rows of plain cells in one go as it reads them byte by byte, places and flaws included', async () => {
    const plainCell = fc.constantFrom(
      '',
      '""',
      'a',
      '"a"',
      '1 2',
      '"x,y"',
      'ស',
      '"ស😀"',
      'é,',
      '\u{feff}',
      'Total',
      '#',
    );
    const oddCell = fc.constantFrom('"a""b"', '"a\nb"', '"a\r\nb"', 'a"b', '"a"b', '"', '\0', '"\0"', '"ស""😀"');
    const cell = fc.oneof({ weight: 12, arbitrary: plainCell }, { weight: 1, arbitrary: oddCell });
    const row = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(cell, cell, cell).map((cells) => cells.join(',')) },
      { weight: 1, arbitrary: fc.constantFrom('', 'one', 'a,b', '#, comment', 'Total,,', 'x'.repeat(70)) },
    );
    const endpoint = fc.record({
      header: fc.constantFrom(false, 1),
      footer: fc.constantFrom(0, 1, { startsWith: 'Total' }),
      badRows: fc.constantFrom('refuse', 'setAside'),
      comment: fc.constant('#'),
      charset: fc.constantFrom('utf-8', 'windows-1252'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(row, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 }),
        endpoint,
        fc.constantFrom(undefined, 'a', 'ស😀'),
        async (lines, given, wanted) => {
          const bytes = utf8(`1,2,3\r\n${lines.flat().join('')}`);
          const tests = wanted === undefined ? [] : [equalTest(1, wanted)];
          const sketch: RowSketch = { endpoint: given, columns: ['#1', '#3', '#2'], tests, limits: { rowBytes: 60 } };
          const outcome = async (chunks: readonly Uint8Array[]): Promise<unknown> => {
            const message = await refusal(csvFormat, sketch, chunks);
            return message.startsWith('read') ? readRows(csvFormat, sketch, chunks) : message;
          };
          expect(await outcome([bytes])).toEqual(await outcome(Array.from(bytes, (byte) => Uint8Array.of(byte))));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['utf-8', 'ស😀', [...utf8('ស😀')]],
    ['windows-1252', 'é', [0xe9]],
    ['utf-16le', 'ស', [0x9f, 0x17]],
    ['shift_jis', 'あ', [0x82, 0xa0]],
  ])('cuts cells out of %s wherever chunks end around rows', async (charset, other, otherBytes) => {
    const rows = Array.from({ length: 6_000 }, (_, index) => [
      String(index),
      index % 1_000 < 700 ? 'x'.repeat(index % 4) + other.repeat(index % 9) : 'ascii only',
      `tail ${index % 11}`,
    ]);
    const ascii = (text: string): number[] =>
      Array.from(text, (character) => character.charCodeAt(0)).flatMap((code) =>
        charset === 'utf-16le' ? [code, 0] : [code],
      );
    const encoded = rows.map((row) =>
      `${row.join(',')}\r\n`
        .split(other)
        .flatMap((text, index) => (index === 0 ? ascii(text) : [...otherBytes, ...ascii(text)])),
    );
    const bytes = Uint8Array.from(encoded.flat());
    const ends: number[] = [];
    for (const row of encoded) ends.push((ends.at(-1) ?? 0) + row.length);
    const sketch: RowSketch = { endpoint: { header: false, charset }, columns: ['#1', '#2', '#3'] };
    for (const around of [-3, -2, -1, 0, 1, 2]) {
      const cuts = ends.filter((_, index) => index % 700 === 699).map((end) => end + around);
      expect((await readRows(csvFormat, sketch, cutAt(bytes, cuts))).rows).toEqual(rows);
    }
    const fewer = { ...sketch, tests: [equalTest(2, 'tail 3')] };
    expect((await readRows(csvFormat, fewer, [bytes])).rows).toEqual(rows.filter(([, , tail]) => tail === 'tail 3'));
  });
});
