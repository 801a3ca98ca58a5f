import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedWidthFormat } from '../../../../src/formats/fixed-width/format.ts';
import { SpeanError } from '../../../../src/model/errors.ts';
import { describePlace } from '../../../../src/model/place.ts';
import type { RowTest } from '../../../../src/model/source.ts';
import { compileSketch, many, plan, recordsOf, type SlotSketch } from '../../../support/format-call.ts';
import {
  chunkedReply,
  cutAt,
  decodeRows,
  equalTest,
  type RowSketch,
  readRows,
  refusal,
  utf8,
} from '../rows/read-rows.ts';

type Rest = Omit<RowSketch, 'columns'>;

async function cells(body: string | Uint8Array, columns: RowSketch['columns'], sketch: Rest = {}): Promise<string[][]> {
  return (await readRows(fixedWidthFormat, { columns, ...sketch }, body)).rows;
}

async function error(body: string | Uint8Array, columns: RowSketch['columns'], sketch: Rest = {}): Promise<string> {
  return refusal(fixedWidthFormat, { columns, ...sketch }, body);
}

describe('Columns', () => {
  it('are cut by position, from 1, both ends included, and keep their padding', async () => {
    expect(await cells('007Sok  12\n008Dara 99\n', ['1-3', '4-8', '9-10', '3'])).toEqual([
      ['007', 'Sok  ', '12', '7'],
      ['008', 'Dara ', '99', '8'],
    ]);
  });

  it('may have names', async () => {
    const endpoint = { columns: { id: [1, 3], name: [4, 6] } };
    expect(await cells('007Sok\n', ['name', 'id'], { endpoint })).toEqual([['Sok', '007']]);
  });

  it('count code points where the unit is the character', async () => {
    expect(await cells('é😀សុខab\n', ['1', '2', '3-5', '6-7'], { endpoint: { length: 7 } })).toEqual([
      ['é', '😀', 'សុខ', 'ab'],
    ]);
  });

  it('are cut where records end right at, before and behind the end of a chunk', async () => {
    const names = Array.from({ length: 9_000 }, (_, index) => (index % 1_000 < 700 ? 'ស😀a' : 'abc'));
    const records = names.map((name) => utf8(`${name}12\r\n`));
    const bytes = Uint8Array.from(records.flatMap((record) => [...record]));
    let end = 0;
    const ends = records.map((record) => (end += record.length)).filter((_, index) => index % 1_500 === 1_499);
    for (const around of [-3, -2, -1, 0, 1]) {
      const chunks = cutAt(
        bytes,
        ends.map((at) => at + around),
      );
      const { rows } = await readRows(fixedWidthFormat, { columns: ['1-3', '4-5'] }, chunks);
      expect(rows).toEqual(names.map((name) => [name, '12']));
    }
  });

  it('count bytes where the unit is the byte', async () => {
    expect(await cells('éab\n', ['1-2', '3'], { endpoint: { unit: 'byte', length: 4 } })).toEqual([['é', 'a']]);
    const shiftJis = Uint8Array.of(0x90, 0x7c, 0x41, 0x42, 0x0a, 0x41, 0x42, 0x43, 0x44, 0x0a);
    const character = new TextDecoder('shift_jis').decode(shiftJis.subarray(0, 2));
    const sketch = { endpoint: { unit: 'byte', charset: 'shift_jis', length: 4 } };
    expect(await cells(shiftJis, ['1-2', '3-4'], sketch)).toEqual([
      [character, 'AB'],
      ['AB', 'CD'],
    ]);
    expect(await cells(shiftJis, ['3-4'], { ...sketch, tests: [equalTest(0, 'CD')] })).toEqual([['CD']]);
    const first = { ...sketch, tests: [equalTest(0, character)] };
    expect(await cells(shiftJis, ['1-2'], first)).toEqual([[character]]);
  });

  it('are characters in a transcoded charset as well', async () => {
    const bytes = Uint8Array.of(0x90, 0x7c, 0x41, 0x42, 0x0d, 0x0a);
    expect(await cells(bytes, ['2-3'], { endpoint: { charset: 'shift_jis', length: 3 } })).toEqual([['AB']]);
    const wide = Uint8Array.of(0xff, 0xfe, 0x41, 0, 0xe9, 0, 0x0a, 0);
    expect(await cells(wide, ['2'])).toEqual([['é']]);
  });

  it('that cut a character in two are refused', async () => {
    expect(await error('ab\nxéz\n', ['1-2'], { endpoint: { unit: 'byte' } })).toBe(
      'legacy-malformed: A column cuts a character in two (row 2, column "1-2", line 2)',
    );
    const bytes = Uint8Array.of(0x41, 0x90, 0x7c, 0x0a);
    const shiftJis = { endpoint: { unit: 'byte', charset: 'shift_jis' } };
    expect(await error(bytes, ['1-2'], shiftJis)).toContain('cuts a character');
    // the first two bytes are one character, whose second is the letter A
    const behind = Uint8Array.of(0x83, 0x41, 0x42, 0x0a);
    expect(await error(behind, ['2-3'], shiftJis)).toContain('cuts a character');
    expect(await error(behind, ['2'], { ...shiftJis, tests: [equalTest(0, 'A')] })).toContain('cuts a character');
    // the two bytes in the middle would be a third character
    const korean = Uint8Array.of(0xb0, 0xa1, 0xb3, 0xaa, 0x0a);
    expect(await error(korean, ['2-3'], { endpoint: { unit: 'byte', charset: 'euc-kr' } })).toContain('cuts a char');
  });

  it('beyond the end of a record are refused', async () => {
    expect(await error('abc\nab\n', ['1', '3'])).toBe(
      'legacy-malformed: A record of 2 character(s) ends before a column does (row 2, column "3", line 2)',
    );
  });

  it('tell their place by record and column', async () => {
    const endpoint = { columns: { id: [1, 3] } };
    const { document, response } = await decodeRows(
      fixedWidthFormat,
      { columns: ['id', '4-6'], endpoint },
      chunkedReply([utf8('\n007Sok\n')]).reply,
    );
    for (const { offset } of await recordsOf(document)) {
      expect(document.place(offset, response.slots[0])).toEqual({ row: 2, columnName: 'id' });
      expect(document.place(offset, response.slots[1])).toEqual({ row: 2, columnName: '4-6' });
    }
  });
});

describe('Records', () => {
  it.each([['\n'], ['\r\n'], ['\r']])('end with %j', async (end) => {
    expect(await cells(`ab${end}cd${end}`, ['2'], { endpoint: { length: 2 } })).toEqual([['b'], ['d']]);
    expect(await cells(`ab${end}cd`, ['2'], { endpoint: { length: 2 } })).toEqual([['b'], ['d']]);
  });

  it('may follow each other without line ends', async () => {
    const endpoint = { length: 3, unseparated: true };
    expect(await cells('abcdef', ['1', '3'], { endpoint })).toEqual([
      ['a', 'c'],
      ['d', 'f'],
    ]);
    expect(await cells('ab\ndéf\r\n', ['1-3'], { endpoint })).toEqual([['ab\n'], ['déf']]);
    expect(await error('abcde', ['1'], { endpoint })).toBe(
      'legacy-malformed: The document ends inside a record: expected 3 of its units (row 2)',
    );
  });

  it('that end inside a character refuse the document, as those behind them cannot be found', async () => {
    const endpoint = { length: 3, unseparated: true, unit: 'byte', badRows: 'setAside' };
    expect(await error('abសcdef', ['1'], { endpoint })).toBe(
      'legacy-malformed: A record of 3 bytes ends inside a character (row 1)',
    );
    const shiftJis = Uint8Array.of(0x41, 0x42, 0x90, 0x41, 0x42, 0x43);
    expect(await error(shiftJis, ['1'], { endpoint: { ...endpoint, charset: 'shift_jis' } })).toContain(
      'A record of 3 bytes ends inside a character (row 1)',
    );
  });

  it('that end inside a character which is none are refused', async () => {
    const endpoint = { length: 3, unseparated: true, unit: 'byte' };
    const bytes = Uint8Array.of(...utf8('abcab'), 0xe9, ...utf8('def'));
    expect(await error(bytes, ['1-3'], { endpoint })).toBe(
      'legacy-malformed: The bytes are not utf-8 text (row 2, offset 6)',
    );
  });

  it('that follow each other without line ends may have a footer of any length', async () => {
    const endpoint = { length: 5, unseparated: true, footer: { startsWith: 'EOF' } };
    for (const footer of ['EOF', 'EOF\n', 'EOF 2', 'EOF: 2 records']) {
      const bytes = utf8(`abcdefghij${footer}`);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const { rows } = await readRows(fixedWidthFormat, { columns: ['1'], endpoint }, cutAt(bytes, [cut]));
        expect(rows).toEqual([['a'], ['f']]);
      }
    }
    expect(await error('abcdeEOL', ['1'], { endpoint })).toContain('The document ends inside a record');
  });

  it('of another length than declared are refused', async () => {
    expect(await error('abc\nab\n', ['1'], { endpoint: { length: 3 } })).toBe(
      'legacy-malformed: A record is 2 character(s) long: expected 3 (row 2, line 2)',
    );
    expect(await error('abcd\n', ['1'], { endpoint: { length: 3, unit: 'byte' } })).toContain('4 byte(s) long');
  });

  it('that are bad are set aside and counted where the endpoint says so', async () => {
    const sketch = { columns: ['1'], endpoint: { length: 2, badRows: 'setAside' } };
    expect(await readRows(fixedWidthFormat, sketch, 'ab\nc\nef\n')).toEqual({
      rows: [['a'], ['e']],
      numbers: [1, 3],
      setAside: 1,
    });
  });

  it('are none in a preamble and a footer', async () => {
    const endpoint = { length: 2, preamble: 1, footer: 1 };
    expect(await cells('a title\nab\ncd\nthe end\n', ['1'], { endpoint })).toEqual([['a'], ['c']]);
    const start = { length: 2, footer: { startsWith: '==' } };
    expect(await cells('ab\n=a\n=====\nanything\n', ['1'], { endpoint: start })).toEqual([['a'], ['=']]);
  });

  it('are counted against the limit', async () => {
    expect(await error('a\nb\nc\n', ['1'], { limits: { rows: 2 } })).toContain(
      'legacy-too-large: The document has more than 2 rows',
    );
    expect(await error(`${'a'.repeat(101)}\n`, ['1'], { limits: { rowBytes: 100 } })).toContain(
      'longer than 100 bytes',
    );
  });

  it('that cannot be compared are told with their place', async () => {
    const accepts: RowTest['accepts'] = ({ offset }, place) => {
      throw new SpeanError('legacy-value-invalid', { detail: describePlace(place(offset)) });
    };
    expect(await error('ab\ncd\n', ['1', '2'], { tests: [{ slot: 1, accepts }] })).toBe(
      'legacy-value-invalid: row 1, column "2"',
    );
  });

  it('are selected by the text of a cell', async () => {
    const text = 'សុខ1\nDar2\nសុខ3\n';
    expect(await cells(text, ['1-3', '4'], { tests: [equalTest(0, 'សុខ')] })).toEqual([
      ['សុខ', '1'],
      ['សុខ', '3'],
    ]);
  });
});

describe('Record types', () => {
  const endpoint = {
    records: { tag: [1, 2], rows: ['10', '11'], skip: ['00'], trailer: { tag: '99', count: [3, 6] } },
  };

  it('say what is a row and what is passed over', async () => {
    expect(await cells('00header\n10abc\n11def\n99   2\n', ['3-5'], { endpoint })).toEqual([['abc'], ['def']]);
  });

  it('that are not declared are refused', async () => {
    expect(await error('10abc\n12def\n990001\n', ['3'], { endpoint })).toBe(
      'legacy-malformed: A record has a type that is not declared (row 2, column "tag", line 2)',
    );
    expect(await error('1\n990001\n', ['1'], { endpoint })).toContain('a type that is not declared');
  });

  it('have a trailer whose count is that of the rows', async () => {
    expect(await error('10abc\n990002\n', ['3'], { endpoint })).toBe(
      'legacy-malformed: The trailer declares 2 row(s): the document has 1 (row 2, column "trailer.count", line 2)',
    );
    expect(await error('10abc\n99 ?  \n', ['3'], { endpoint })).toContain('The trailer declares no number of rows');
    expect(await error('10abc\n99\n', ['3'], { endpoint })).toContain('A record ends before a column does');
  });

  it('have a trailer that must come, and behind which no row may', async () => {
    expect(await error('10abc\n', ['3'], { endpoint })).toBe(
      'legacy-malformed: The document ends without its trailer record (row 1)',
    );
    expect(await error('10abc\n990001\n10def\n', ['3'], { endpoint })).toContain(
      'A row record stands behind the trailer',
    );
  });

  it('count rows that are set aside or not asked for as rows', async () => {
    const setAside = { ...endpoint, badRows: 'setAside' };
    const read = await readRows(
      fixedWidthFormat,
      { columns: ['3-5'], endpoint: setAside, tests: [equalTest(0, 'def')] },
      '10abc\n10\n10def\n990003\n',
    );
    expect(read).toEqual({ rows: [['def']], numbers: [3], setAside: 1 });
    const sketch = { columns: ['3-5'], endpoint: { ...setAside, length: 6 } };
    expect(await readRows(fixedWidthFormat, sketch, '10abc \n10ab\n99   2\n')).toMatchObject({ setAside: 1 });
  });

  it('may be followed by a footer', async () => {
    expect(await cells('10abc\n990001\nEOF\n', ['3'], { endpoint: { ...endpoint, footer: 1 } })).toEqual([['a']]);
  });
});

describe('A definition', () => {
  const mistakes = (endpoint: object, ...columns: readonly SlotSketch[]): string[] =>
    compileSketch(fixedWidthFormat as never, { endpoint, call: { get: '/' }, response: plan(...columns) }).mistakes;

  it.each<[object, string, string]>([
    [{}, 'name', 'output: "name" is no position: expected first-last such as "10-18"'],
    [{}, '0-3', 'output: 0-3 are no positions'],
    [{}, '5-3', 'output: 5-3 are no positions'],
    [{ length: 10 }, '9-11', 'output: 9-11 lies beyond the record, which is 10 long'],
    [{ length: 10, columns: { a: [9, 11] } }, 'a', 'columns.a: 9-11 lies beyond the record'],
    [{ length: 0 }, '1', 'length: 0 is no number of records or positions'],
    [{ length: 2_000_000 }, '1', 'length: Records of 2000000 are longer than the limit rowBytes, 1048576'],
    [{ unseparated: true }, '1', 'unseparated: Records without line ends need a "length"'],
    [{ charset: 'klingon' }, '1', 'charset: The charset "klingon" is not known'],
    [{ charset: 'utf-16le', unit: 'byte' }, '1', 'charset: Positions that count bytes have no meaning in utf-16le'],
    [
      { charset: 'euc-kr', unit: 'byte', footer: { startsWith: '합' } },
      '1',
      "charset: The footer's start is looked for in bytes of euc-kr",
    ],
    [
      { length: 3, unseparated: true, footer: { startsWith: 'ENDE' } },
      '1',
      'footer.startsWith: "ENDE" is longer than a record, which is 3 long',
    ],
    [{ footer: { startsWith: '' } }, '1', 'footer.startsWith: An empty text starts every record'],
    [{ records: { tag: [1, 1], rows: [] } }, '1', 'records.rows: No record type is a row'],
    [{ records: { tag: [1, 2], rows: ['A'] } }, '1', 'records: The tag "A" is not 2 long'],
    [{ records: { tag: [1, 1], rows: ['A'], skip: ['A'] } }, '1', 'records: The tag "A" is declared twice'],
  ])('%j with %s is reported', (endpoint, column, message) => {
    expect(mistakes(endpoint, column)).toContainEqual(expect.stringContaining(message));
  });

  it('with lists, records or several positions is reported', () => {
    expect(mistakes({}, many('1-2'), { at: ['1', '2'], repeats: false })).toEqual([
      'output: A fixed-width record has no list at "1-2"',
      'output: "1" is always there: a further position would never be tried',
    ]);
  });

  it('is held against the charset that comes, too', async () => {
    const sketch = { endpoint: { unit: 'byte' }, contentType: 'text/plain; charset=utf-16le' };
    expect(await error('ab\n', ['1'], sketch)).toContain('legacy-unexpected: Positions that count bytes');
  });
});

describe('Fixed width', () => {
  const character = fc.constantFrom('a', ' ', '0', 'é', 'ស', '😀', '\u{feff}');
  const record = fc.array(character, { minLength: 6, maxLength: 6 });

  it('reads any records back exactly, however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\r', ''),
        fc.array(fc.nat(200), { maxLength: 10 }),
        async (records, end, cuts) => {
          fc.pre(records[0]![0] !== '\u{feff}');
          const bytes = utf8(records.map((characters) => characters.join('') + end).join(''));
          const endpoint = { length: 6, ...(end === '' ? { unseparated: true } : {}) };
          const sketch: RowSketch = { columns: ['5-6', '1', '2-4'], endpoint };
          const expected = records.map((characters) => [
            characters.slice(4).join(''),
            characters[0],
            characters.slice(1, 4).join(''),
          ]);
          expect((await readRows(fixedWidthFormat, sketch, cutAt(bytes, cuts))).rows).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
