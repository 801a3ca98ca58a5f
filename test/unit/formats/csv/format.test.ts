import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../../src/formats/csv/format.ts';
import { LegacyFaultError, SpeanError } from '../../../../src/model/errors.ts';
import { describePlace } from '../../../../src/model/place.ts';
import type { RowTest } from '../../../../src/model/source.ts';
import { cell, compileSketch, encodeOne, plan, recordsOf, values } from '../../../support/format-call.ts';
import { chunkedReply, decodeRows, equalTest, type RowSketch, readRows, refusal, utf8 } from '../rows/read-rows.ts';

type Rest = Omit<RowSketch, 'columns'>;

async function cells(text: string | Uint8Array, columns: RowSketch['columns'], sketch: Rest = {}): Promise<string[][]> {
  return (await readRows(csvFormat, { columns, ...sketch }, text)).rows;
}

async function error(text: string | Uint8Array, columns: RowSketch['columns'], sketch: Rest = {}): Promise<string> {
  return refusal(csvFormat, { columns, ...sketch }, text);
}

describe('Columns', () => {
  it('are found by the name in the header and by number, in any order', async () => {
    expect(await cells('TIN,NAME,DATE\n001,Sok,2024\n', ['DATE', '#1'])).toEqual([['2024', '001']]);
  });

  it('are counted from #1 where there is no header', async () => {
    expect(await cells('a,b\nc,d\n', ['#2'], { endpoint: { header: false } })).toEqual([['b'], ['d']]);
  });

  it('keep leading zeros, spaces and formulas as they stand', async () => {
    expect(await cells('a,b\n007, x \n=1+1,-2\n', ['a', 'b'])).toEqual([
      ['007', ' x '],
      ['=1+1', '-2'],
    ]);
  });

  it('may be named like members of Object.prototype', async () => {
    expect(await cells('__proto__,constructor\n1,2\n', ['__proto__', 'constructor'])).toEqual([['1', '2']]);
  });

  it('are tried in the order of a slot’s positions', async () => {
    expect(await cells('new,id\n1,2\n', [['old', 'new']])).toEqual([['1']]);
  });

  it('match a header with a byte order mark, zero-width and no-break spaces', async () => {
    const header = '\u{feff}\u{200b}TIN,TAX\u{a0}PAYER , DATE\u{200d}\n1,2,3\n';
    expect(await cells(header, ['TIN', 'TAX PAYER', 'DATE'])).toEqual([['1', '2', '3']]);
  });

  it('prefer the exact name over one that only looks the same', async () => {
    expect(await cells('a ,a\n1,2\n', ['a'])).toEqual([['2']]);
  });

  it('are refused where two names look the same and none is exact', async () => {
    expect(await error('a , a\n1,2\n', ['a'])).toBe(
      'legacy-unexpected: More than one column has this name (#1, #2): declare the column by its number (row 1, column "a")',
    );
  });

  it('may be named twice where no slot asks for them', async () => {
    expect(await cells('id,x,x\n1,2,3\n', ['id', '#3'])).toEqual([['1', '3']]);
  });

  it('are refused where a slot asks for a name that stands twice', async () => {
    expect(await error('id,x,x\n1,2,3\n', ['x'])).toContain('More than one column has this name (#2, #3)');
  });

  it('that are missing are named with those found', async () => {
    expect(await error('id,name\n1,2\n', ['id', 'age'])).toBe(
      'legacy-unexpected: The column "age" is missing: found "id", "name" (row 1)',
    );
  });

  it('that are all missing tell nothing of a row that may be data', async () => {
    const message = await error('Sok,012345678\n', ['name', 'phone']);
    expect(message).toContain('"name", "phone"');
    expect(message).not.toContain('Sok');
  });

  it('beyond the first row are refused where there is no header', async () => {
    expect(await error('a,b\n', ['#3'], { endpoint: { header: false } })).toBe(
      'legacy-unexpected: The column #3 is missing: the first row has 2 cell(s) (row 1)',
    );
  });
});

describe('Quoting', () => {
  it('holds separators, line breaks of each kind and doubled quotes', async () => {
    expect(await cells('a,b\r\n"x,y","1\r\n2\n3\r4 ""q"""\r\n', ['a', 'b'])).toEqual([['x,y', '1\r\n2\n3\r4 "q"']]);
  });

  it('may enclose nothing, and quotes alone', async () => {
    expect(await cells('a,b\n"",""""\n', ['a', 'b'])).toEqual([['', '"']]);
  });

  it('may use another quote', async () => {
    expect(await cells("a,b\n'1,''2',\"\n", ['a', 'b'], { endpoint: { quote: "'" } })).toEqual([["1,'2", '"']]);
  });

  it('may escape with another character, which is data elsewhere', async () => {
    const text = 'a,b\n"say \\"x\\" \\\\ \\n",c:\\"\n'.replace(',c:\\"', ',c:\\d');
    expect(await cells(text, ['a', 'b'], { endpoint: { escape: '\\' } })).toEqual([['say "x" \\ \\n', 'c:\\d']]);
  });

  it('is data where the endpoint declares none', async () => {
    expect(await cells('a,b\n5" pipe,"x\n', ['a', 'b'], { endpoint: { quote: null } })).toEqual([['5" pipe', '"x']]);
  });

  it('is refused inside an unquoted cell', async () => {
    expect(await error('a,b\n1,2\n5" pipe,x\n', ['b'])).toBe(
      'legacy-malformed: A quote stands inside an unquoted cell (row 3, column "a", line 3)',
    );
  });

  it('is refused with text behind the closing quote, and never quotes the cell', async () => {
    const message = await error('a,b\n"secret"x,y\n', ['b']);
    expect(message).toBe(
      'legacy-malformed: Text stands behind the closing quote of a cell (row 2, column "a", line 2)',
    );
  });

  it('is refused where it is open at the end', async () => {
    expect(await error('a,b\n1,"2\n3,4\n', ['a'])).toBe(
      'legacy-malformed: A quote is not closed before the document ends (row 2, column "b", line 2)',
    );
  });
});

describe('Rows', () => {
  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4\r'],
    ['a mixture', 'a,b\r1,2\r\n3,4\n'],
    ['nothing after the last', 'a,b\n1,2\n3,4'],
  ])('end with %s', async (_name, text) => {
    expect(await cells(text, ['a', 'b'])).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('may end with an empty cell and the document', async () => {
    expect(await cells('a,b\n1,', ['a', 'b'])).toEqual([['1', '']]);
  });

  it('are numbered as the file has them, empty lines and quoted line breaks considered', async () => {
    const read = await readRows(csvFormat, { columns: ['a'] }, 'a,b\n\n"1\n1",2\n3,4\n');
    expect(read).toEqual({ rows: [['1\n1'], ['3']], numbers: [3, 4], setAside: 0 });
    expect(await error('a,b\n\n"1\n1",2\n3\n', ['a'])).toBe(
      'legacy-malformed: A row has 1 cell(s): expected 2 (row 4, line 5)',
    );
  });

  it('are empty lines only where there is one column', async () => {
    expect(await cells('a\n1\n\n2\n', ['a'])).toEqual([['1'], [''], ['2']]);
    expect(await cells('a,b\n\n1,2\n\n\n', ['a'])).toEqual([['1']]);
  });

  it('are refused where an empty line of one column may be one or none', async () => {
    const headless = { endpoint: { header: false } };
    expect(await error('\n1\n\n2\n', ['#1'], headless)).toBe(
      'legacy-malformed: An empty line before the first row of a document with one column may be a row: declare a preamble (row 2, line 2)',
    );
    expect(await cells('\n1\n\n2\n', ['#1'], { endpoint: { header: false, preamble: 1 } })).toEqual([
      ['1'],
      [''],
      ['2'],
    ]);
    expect(await cells('\n1,2\n', ['#1'], headless)).toEqual([['1']]);
    const footer = { endpoint: { footer: 2 } };
    for (const end of ['Total\nEnd\n\n', 'Total\n\nEnd\n']) {
      expect(await error(`a\n1\n2\n${end}`, ['a'], footer)).toContain(
        'An empty line in the footer of a document with one column may be a row: declare a text that the footer starts with',
      );
    }
    expect(await cells('a\n1\n\nTotal\nEnd\n', ['a'], footer)).toEqual([['1'], ['']]);
    expect(await cells('a\n1\n2\n\n', ['a'], { endpoint: { footer: { startsWith: 'T' } } })).toEqual([
      ['1'],
      ['2'],
      [''],
    ]);
  });

  it('that are too long or too short are refused with their number', async () => {
    expect(await error('a,b\n1,2\n1,2,3\n', ['a'])).toBe(
      'legacy-malformed: A row has 3 cell(s): expected 2 (row 3, line 3)',
    );
    expect(await error('a,b\n1\n', ['a'])).toBe('legacy-malformed: A row has 1 cell(s): expected 2 (row 2, line 2)');
  });

  it('with a NUL byte are refused, quoted or not', async () => {
    expect(await error('a,b\n1,\0\n', ['a'])).toBe(
      'legacy-malformed: A NUL byte stands in a cell (row 2, column "b", line 2)',
    );
    expect(await error('a,b\n"\0",1\n', ['b'])).toContain('A NUL byte stands in a cell');
  });

  it('that are bad are set aside and counted where the endpoint says so', async () => {
    const text = 'a,b\n1\n2,"x"y\n3,ok\n4,"5""';
    const read = await readRows(csvFormat, { columns: ['a'], endpoint: { badRows: 'setAside' } }, text);
    expect(read).toEqual({ rows: [['3']], numbers: [4], setAside: 3 });
  });

  it('that a stray quote swallows are neither set aside as one nor dropped as a footer', async () => {
    const text = 'a,b\n1,"2\n3,4\n5,6\n';
    const open = 'legacy-malformed: A quote is not closed before the document ends (row 2, column "b", line 2)';
    expect(await error(text, ['a'], { endpoint: { badRows: 'setAside' } })).toBe(open);
    expect(await error(text, ['a'], { endpoint: { footer: 1 } })).toBe(open);
    const closed = await error(`${text}Total "3"\n`, ['a'], { endpoint: { footer: 1 } });
    expect(closed).toContain('Text stands behind the closing quote of a cell (row 2');
  });

  it('before the bad one are given out first', async () => {
    const { document } = await decodeRows(csvFormat, { columns: ['a'] }, chunkedReply([utf8('a\n1\n2\n"')]).reply);
    const read: unknown[] = [];
    const readAll = async () => {
      for await (const records of document.batches) for (const { offset } of records) read.push(offset);
    };
    await expect(readAll()).rejects.toBeInstanceOf(SpeanError);
    expect(read).toEqual([2, 3]);
  });

  it('are none in a document with a header alone', async () => {
    expect(await cells('id,name\n', ['id'])).toEqual([]);
  });

  it('need a header where one is declared', async () => {
    expect(await error('', ['id'])).toBe('legacy-malformed: The document ends before its header (row 0)');
    expect(await cells('', ['#1'], { endpoint: { header: false } })).toEqual([]);
  });

  it('tell the place of a cell by row and column', async () => {
    const { document, response } = await decodeRows(
      csvFormat,
      { columns: ['b', '#1'] },
      chunkedReply([utf8('a,b\n1,2\n')]).reply,
    );
    for (const { offset } of await recordsOf(document)) {
      expect(response.slots.map((slot) => document.place(offset, slot))).toEqual([
        { row: 2, columnName: 'b' },
        { row: 2, columnName: 'a' },
      ]);
      expect(document.place(offset)).toEqual({ row: 2 });
    }
  });
});

describe('What is no row', () => {
  it('is a preamble of so many lines, whatever stands in them', async () => {
    const text = 'Report "x\n\n,,,\na,b\n1,2\n';
    expect(await cells(text, ['a'], { endpoint: { preamble: 3 } })).toEqual([['1']]);
  });

  it('is what stands before a header in a later row', async () => {
    expect(await cells('"title\nof two lines",,\n\na,b\n1,2\n', ['b'], { endpoint: { header: 2 } })).toEqual([['2']]);
  });

  it('is a comment, anywhere', async () => {
    const text = '# "one\na,b\n1,2\n#\n3,#4\n# end';
    expect(await cells(text, ['a', 'b'], { endpoint: { comment: '#' } })).toEqual([
      ['1', '2'],
      ['3', '#4'],
    ]);
  });

  it('is a footer of so many rows, though they could not be read', async () => {
    const text = 'a,b\n1,2\n3,4\nTotal: 2 "rows\nEnd\n\n';
    expect(await cells(text, ['a'], { endpoint: { footer: 2 } })).toEqual([['1'], ['3']]);
  });

  it('is everything from the line that a footer starts with', async () => {
    const text = 'a,b\n1,2\n3,Total\nTotal;"\n5,6\n';
    const endpoint = { footer: { startsWith: 'Total' } };
    expect(await cells(text, ['a'], { endpoint })).toEqual([['1'], ['3']]);
  });

  it('never reaches a test that could not compare it', async () => {
    const accepts = (cell: { text: string | null }): boolean => {
      if (!/^\d+$/.test(cell.text ?? '')) throw new SpeanError('legacy-value-invalid');
      return Number(cell.text) > 1;
    };
    const sketch = { endpoint: { footer: 1 }, tests: [{ slot: 0, accepts }] };
    expect(await cells('a,b\n1,2\n3,4\nTotal,2\n', ['a'], sketch)).toEqual([['3']]);
    expect(await error('a,b\n1,2\nTotal,2\n', ['a'], { tests: sketch.tests })).toContain('legacy-value-invalid');
    const setAside = { columns: ['a'], endpoint: { badRows: 'setAside' }, tests: sketch.tests };
    expect(await readRows(csvFormat, setAside, 'a,b\n1,2\nTotal,2\n3,4\n')).toEqual({
      rows: [['3']],
      numbers: [4],
      setAside: 1,
    });
  });

  it('is the line in which Excel names the separator', async () => {
    const text = 'sep=;\r\na;b\r\n1;2\r\n';
    expect(await cells(text, ['b'], { endpoint: { separator: ';' } })).toEqual([['2']]);
    expect(await cells(`\u{feff}"SEP=;"\n-\na;b\n1;2\n`, ['b'], { endpoint: { separator: ';', preamble: 1 } })).toEqual(
      [['2']],
    );
    expect(await error(text, ['b'])).toBe(
      'legacy-unexpected: The document names another separator than the adapter: expected "," (row 1, line 1)',
    );
  });
});

describe('Tests', () => {
  const table = 'id,name\n1,Sok\n2,"S""ok"\n3,សុខ\n4,Sok \n5,Sok\n';

  it.each([
    ['Sok', ['1', '5']],
    ['S"ok', ['2']],
    ['សុខ', ['3']],
    ['Sok ', ['4']],
    ['\u{d800}', []],
    ['', []],
  ])('pass rows whose cell is %j and no other', async (text, ids) => {
    expect(await cells(table, ['id', 'name'], { tests: [equalTest(1, text)] })).toEqual(ids.map((id) => [id, text]));
  });

  it('compare in the bytes of single-byte charsets', async () => {
    const bytes = Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a, 0x65, 0x0a);
    const sketch = { endpoint: { charset: 'windows-1252' } };
    expect(await cells(bytes, ['a'], { ...sketch, tests: [equalTest(0, 'é')] })).toEqual([['é']]);
    expect(await cells(bytes, ['a'], { ...sketch, tests: [equalTest(0, 'ខ')] })).toEqual([]);
  });

  it('need not be of one text', async () => {
    const accepts = (cell: { text: string | null }): boolean => Number(cell.text) >= 4;
    expect(await cells(table, ['name', 'id'], { tests: [{ slot: 1, accepts }] })).toEqual([
      ['Sok ', '4'],
      ['Sok', '5'],
    ]);
  });

  it('are told where the cell stands that cannot be compared', async () => {
    const accepts: RowTest['accepts'] = ({ offset }, place) => {
      throw new SpeanError('legacy-value-invalid', { detail: describePlace(place(offset)) });
    };
    expect(await error(table, ['id', 'name'], { tests: [{ slot: 1, accepts }] })).toBe(
      'legacy-value-invalid: row 2, column "name"',
    );
  });

  it('pass no row over that is malformed', async () => {
    expect(await error('id,name\n1,Sok\n2\n', ['id'], { tests: [equalTest(0, '9')] })).toContain('A row has 1 cell(s)');
  });
});

describe('Charsets', () => {
  const khmer = 'ល.រ,ឈ្មោះ\n1,សុខ\n';

  it('is UTF-8 where nothing says otherwise', async () => {
    expect(await cells(khmer, ['ឈ្មោះ'])).toEqual([['សុខ']]);
  });

  it.each([
    ['a byte order mark', '\u{feff}a,b\n1,é\n', 'utf-16le', {}],
    ['a byte order mark, big endian', '\u{feff}a,b\n1,é\n', 'utf-16be', {}],
    ['Content-Type', 'a,b\n1,é\n', 'utf-16le', { contentType: 'text/csv; charset="UTF-16LE"' }],
    ['a bare utf-16 that is big endian', 'a,b\n1,é\n', 'utf-16be', { contentType: 'text/csv; charset=utf-16' }],
    [
      'a bare utf-16, whatever the first character',
      'ឈ,b\n1,é\n',
      'utf-16be',
      { contentType: 'text/csv; charset=utf-16' },
    ],
    ['a bare utf-16 that is little endian', 'ឈ,b\n1,é\n', 'utf-16le', { contentType: 'text/csv; charset=utf-16' }],
    ['the adapter', 'a,b\n1,é\n', 'utf-16be', { endpoint: { charset: 'utf-16be' } }],
  ])('is UTF-16 by %s', async (_name, text, charset, sketch) => {
    const units = [...text].flatMap((character) => [character.charCodeAt(0) & 0xff, character.charCodeAt(0) >> 8]);
    const bytes = Uint8Array.from(charset === 'utf-16le' ? units : units.map((_, index) => units[index ^ 1]!));
    const [first = ''] = text.replace('\u{feff}', '');
    expect(await cells(bytes, [first, 'b'], sketch)).toEqual([['1', 'é']]);
  });

  it('is that of Content-Type before that of the adapter', async () => {
    const bytes = Uint8Array.of(0x61, 0x0a, 0xe4, 0x0a);
    const endpoint = { charset: 'windows-1252' };
    expect(await cells(bytes, ['a'], { endpoint })).toEqual([['ä']]);
    expect(await cells(bytes, ['a'], { endpoint, contentType: 'text/csv; charset=windows-1251' })).toEqual([['д']]);
  });

  it('is never windows-1252 where it is said to be ASCII', async () => {
    const contentType = 'text/csv; charset=US-ASCII';
    expect(await cells(khmer, ['ឈ្មោះ'], { contentType })).toEqual([['សុខ']]);
    const latin = Uint8Array.of(0x61, 0x0a, 0xe9, 0x0a);
    expect(await error(latin, ['a'], { contentType })).toContain('The bytes are not utf-8 text (row 2, offset 3)');
  });

  it('may have separators inside its characters', async () => {
    // the separator 0x7C is also the second byte of the first character here
    const bytes = Uint8Array.of(0x61, 0x7c, 0x62, 0x0a, 0x90, 0x7c, 0x7c, 0x31, 0x0a);
    const [row] = await cells(bytes, ['a', 'b'], { endpoint: { charset: 'shift_jis', separator: '|' } });
    expect(row).toEqual([new TextDecoder('shift_jis').decode(Uint8Array.of(0x90, 0x7c)), '1']);
  });

  it('must be known', async () => {
    expect(await error('a\n1\n', ['a'], { contentType: 'text/csv; charset=klingon' })).toBe(
      'legacy-malformed: The charset "klingon" of Content-Type is not known',
    );
  });

  it('is that of every byte, in cells that nobody asks for as well', async () => {
    const bytes = Uint8Array.of(...utf8('a,b\n1,'), 0xff, ...utf8('\n2,x\n'));
    expect(await error(bytes, ['a'])).toBe('legacy-malformed: The bytes are not utf-8 text (row 2, offset 6)');
    expect(await error(bytes, ['a'], { tests: [equalTest(0, '2')] })).toContain('offset 6');
  });

  it('is checked from the first byte of the document, its mark included', async () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x0a, 0xc3, 0x0a);
    expect(await error(bytes, ['a'])).toBe('legacy-malformed: The bytes are not utf-8 text (row 2, offset 6)');
  });

  it('keeps a zero-width no-break space that is no mark', async () => {
    expect(await cells('a\n\u{feff}x\u{feff}\n', ['a'])).toEqual([['\u{feff}x\u{feff}']]);
  });
});

describe('Limits', () => {
  it('bound the rows', async () => {
    expect(await error('a\n1\n2\n3\n', ['a'], { limits: { rows: 2 } })).toBe(
      'legacy-too-large: The document has more than 2 rows (row 4, line 4)',
    );
    expect(await cells('a\n1\n2\n', ['a'], { limits: { rows: 2 } })).toHaveLength(2);
  });

  it('bound a row, though it never ends', async () => {
    const text = `a\n"${'x'.repeat(200)}`;
    expect(await error(text, ['a'], { limits: { rowBytes: 100 } })).toBe(
      'legacy-too-large: A row is longer than 100 bytes (row 2, line 2)',
    );
    expect(await cells(`a\n${'x'.repeat(100)}\n`, ['a'], { limits: { rowBytes: 100 } })).toHaveLength(1);
  });
});

describe('A reply', () => {
  it('that is a part of the document is refused: rows do not tell that others are missing', async () => {
    expect(await error('a,b\n1,2\n', ['a'], { status: 206 })).toBe(
      'legacy-unexpected: The legacy system answered a part of its document (HTTP 206): expected the whole',
    );
  });

  it('outside 2xx is a fault, of which no more is read than its start', async () => {
    const { reply, state } = chunkedReply([utf8('x'.repeat(1_500)), utf8('y')], { status: 500 });
    const fault = await decodeRows(csvFormat, { columns: ['a'] }, reply).catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(LegacyFaultError);
    expect((fault as LegacyFaultError).facts).toEqual({ httpStatus: 500, names: [] });
    expect(state).toEqual({ taken: 1, closed: true });
  });

  it('that is a page is refused, by its type or by its text', async () => {
    const page = 'legacy-unexpected: The legacy system answered an HTML page: expected rows (line 1)';
    expect(await error('\n <p>Log in</p>', ['a'], { contentType: 'text/html' })).toBe(page);
    expect(await error('<!DOCTYPE html>\n<html>', ['a'], { contentType: 'text/csv' })).toBe(page);
    expect(await cells('a\n<b>\n', ['a'], { contentType: 'text/html' })).toEqual([['<b>']]);
  });

  it('is read no further than the consumer reads', async () => {
    function* endless(): Generator<Uint8Array> {
      yield utf8('id,name\n');
      for (let id = 0; ; id++) yield utf8(`${id},x\n`.padEnd(1_000, '\n'));
    }
    const { reply, state } = chunkedReply(endless());
    const sketch = { columns: ['id'], tests: [equalTest(0, '20')] };
    const { document } = await decodeRows(csvFormat, sketch, reply);
    search: for await (const records of document.batches) {
      for (const record of records) {
        expect(record.slots[0]).toMatchObject({ text: '20' });
        break search;
      }
    }
    expect(state).toEqual({ taken: 22, closed: true });
  });
});

describe('A definition', () => {
  const mistakes = (endpoint: object, ...columns: string[]): string[] =>
    compileSketch(csvFormat as never, { endpoint, call: { get: '/' }, response: plan(...columns) }).mistakes;

  it.each([
    [{ charset: 'klingon' }, 'charset: The charset "klingon" is not known'],
    [{ separator: '||' }, 'separator: "||" cannot be the separator: expected one ASCII character'],
    [{ separator: '\n' }, 'separator: "\\n" cannot be the separator'],
    [{ separator: '' }, 'separator: "" cannot be the separator'],
    [{ quote: '«' }, 'quote: "«" cannot be the quote'],
    [{ separator: '"' }, 'quote: The quote is the separator too'],
    [{ escape: ',' }, 'escape: The escape is the separator too'],
    [{ quote: null, escape: '\\' }, 'escape: An escape without quotes has no meaning'],
    [{ header: 0 }, 'header: 0 is no number of rows: expected a whole number from 1'],
    [{ preamble: -1 }, 'preamble: -1 is no number of rows'],
    [{ footer: 1.5 }, 'footer: 1.5 is no number of rows'],
    [{ footer: { startsWith: '' } }, 'footer.startsWith: "" cannot start a line'],
    [{ comment: ',' }, 'comment: A comment cannot start with the separator or the quote'],
  ])('%j is reported', (endpoint, message) => {
    expect(mistakes(endpoint)).toEqual([expect.stringContaining(message)]);
  });

  it('with bad columns is reported', () => {
    expect(mistakes({}, '#0')).toEqual(['output: The column #0 does not exist: columns count from #1']);
    expect(mistakes({ header: false }, 'name', '#1')).toEqual([
      expect.stringContaining('The column "name" has a name, and there is no header'),
    ]);
  });

  it('without a mistake is not', () => {
    expect(mistakes({ separator: '\t', quote: "'", escape: '\\', comment: '#', footer: 2 }, 'a', '#2')).toEqual([]);
  });

  it('fills the request line', async () => {
    const sketch = { call: { get: '/export/{month}.csv' }, request: plan('?year', '{month}') };
    expect(await encodeOne(csvFormat as never, sketch, values(cell('2024'), cell('05')))).toEqual({
      method: 'GET',
      path: '/export/05.csv',
      query: [['year', '2024']],
      headers: [],
    });
  });

  it('that sends an input nowhere is reported', () => {
    const sketch = { call: { get: '/x' }, request: plan('kind') };
    expect(compileSketch(csvFormat as never, sketch).mistakes).toEqual([
      'input: Nothing takes the input at "kind": expected ?query or {hole}',
    ]);
  });
});
