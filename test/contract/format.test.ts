import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import type { CompiledCall, Format } from '../../src/model/contracts.ts';
import type { FormatName, HttpCall, SoapCall } from '../../src/model/definition.ts';
import type { AdapterLimits } from '../../src/model/limits.ts';
import type { SourceDocument, SourceRecord } from '../../src/model/source.ts';
import {
  type CallSketch,
  cell,
  compileCall,
  compileSketch,
  FIXED_CONTEXT,
  plan,
  type Read,
  readRecord,
  recordsOf,
  reply,
  values,
} from '../support/format-call.ts';

/** How one format shows what every format must do. Positions `first`, `second`, `third` stand for the same fields. */
interface Bench {
  readonly endpoint: object;
  readonly call: SoapCall | HttpCall;
  readonly positions: readonly [first: string, second: string, third: string];
  /** A document of one record with these texts; undefined leaves the field out, where the format can. */
  readonly document: (...texts: readonly (string | undefined)[]) => string;
  /** The same with something that no position names. */
  readonly undeclared: string;
  readonly malformed: string;
  readonly tooLarge: { readonly limits: Partial<AdapterLimits>; readonly document: string };
  /** What an absent field becomes; formats of rows have no absent columns. */
  readonly canLeaveOut: boolean;
  /** Texts that a document can hold in one field. */
  readonly text: fc.Arbitrary<string>;
  /** The answer that has the same body as this request, for formats that write documents. */
  readonly echo?: (request: string) => string;
  readonly charset: { readonly endpoint: object; readonly contentType?: string };
  readonly mistake: Partial<CallSketch>;
}

const XML_TEXT = fc.string({
  unit: fc.constantFrom('a', '0', ' ', '<', '&', '>', ']', '"', '\n', '\r', '\t', 'ក', '\u{1f600}'),
});
const escaped = (text: string): string => text.replace(/[&<>\r]/g, (character) => `&#${character.codePointAt(0)};`);
const elements = (names: readonly string[], texts: readonly (string | undefined)[]): string =>
  names
    .map((name, index) => (texts[index] === undefined ? '' : `<${name}>${escaped(texts[index] ?? '')}</${name}>`))
    .join('');

const NAMES = ['First', 'Second', 'Third'] as const;
const soapAnswer = (inside: string): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GetResponse xmlns="urn:x">${inside}</GetResponse></e:Body></e:Envelope>`;

const CELL = fc.string({ unit: fc.constantFrom('a', '0', ' ', '-', 'é', 'ក'), maxLength: 8 });

const BENCHES: Readonly<Record<FormatName, Bench>> = {
  soap: {
    endpoint: { namespace: 'urn:x' },
    call: { operation: 'Get' },
    positions: NAMES,
    document: (...texts) => soapAnswer(elements(NAMES, texts)),
    undeclared: soapAnswer('<Extra><First>no</First></Extra><First>1</First>'),
    malformed: soapAnswer('<First>1</Second>'),
    tooLarge: { limits: { xmlElements: 4 }, document: soapAnswer('<a/><a/>') },
    canLeaveOut: true,
    text: XML_TEXT,
    echo: (request) =>
      request
        .replaceAll('<Get ', '<GetResponse ')
        .replaceAll('</Get>', '</GetResponse>')
        .replace('<Get>', '<GetResponse>'),
    charset: { endpoint: { charset: 'iso-8859-1' } },
    mistake: { response: plan('a//b') },
  },
  xml: {
    endpoint: {},
    call: { post: '/', root: 'R' },
    positions: NAMES,
    document: (...texts) => `<R>${elements(NAMES, texts)}</R>`,
    undeclared: '<R><Extra><First>no</First></Extra><First>1</First></R>',
    malformed: '<R><First>1</Second></R>',
    tooLarge: { limits: { xmlElements: 2 }, document: '<R><a/><a/></R>' },
    canLeaveOut: true,
    text: XML_TEXT,
    echo: (request) => request,
    charset: { endpoint: { charset: 'iso-8859-1' } },
    mistake: { response: plan('a//b') },
  },
  csv: {
    endpoint: { separator: ';' },
    call: { get: 'x.csv' },
    positions: NAMES,
    document: (...texts) => `First;Second;Third\r\n${texts.map((text) => `"${text}"`).join(';')}\r\n`,
    undeclared: 'Extra;First;Second;Third\r\nno;1;;\r\n',
    malformed: 'First;Second;Third\r\n"1;2;3\r\n',
    tooLarge: { limits: { rows: 1 }, document: 'First;Second;Third\r\n1;2;3\r\n4;5;6\r\n' },
    canLeaveOut: false,
    text: CELL,
    charset: { endpoint: { separator: ';', charset: 'iso-8859-1' } },
    mistake: { endpoint: { charset: 'khmer-8' } },
  },
  fixedWidth: {
    endpoint: { unit: 'character' },
    call: { get: 'x.txt' },
    positions: ['1-8', '9-16', '17-24'],
    document: (...texts) => `${texts.map((text) => (text ?? '').padEnd(8)).join('')}\r\n`,
    undeclared: `${'1'.padEnd(24)}no\r\n`,
    malformed: 'ab\r\n',
    tooLarge: { limits: { rows: 1 }, document: `${'1'.padEnd(24)}\r\n${'2'.padEnd(24)}\r\n` },
    canLeaveOut: false,
    text: CELL.map((text) => text.padEnd(8)),
    charset: { endpoint: { unit: 'character', charset: 'iso-8859-1' } },
    mistake: { response: plan('9-1') },
  },
};

/** Positions as keys, so that every format's records compare alike. */
async function decodeFirst(
  bench: Bench,
  format: Format,
  document: string | Uint8Array,
  sketch: Partial<CallSketch> = {},
): Promise<Read> {
  const all = await decodeAll(bench, format, document, sketch);
  return all[0];
}

async function decodeAll(
  bench: Bench,
  format: Format,
  document: string | Uint8Array,
  sketch: Partial<CallSketch> = {},
): Promise<Read[]> {
  const whole = sketchOf(bench, sketch);
  const source = await compileCall(format as Format<never>, whole).decode(reply(document), []);
  return (await recordsOf(source)).map((record) => readRecord(record, whole.response ?? plan()));
}

function sketchOf(bench: Bench, sketch: Partial<CallSketch>): CallSketch {
  return { call: bench.call, endpoint: bench.endpoint, response: plan(...bench.positions), ...sketch };
}

const byPosition = (bench: Bench, ...texts: readonly Read[]): Read =>
  Object.fromEntries(bench.positions.map((position, index) => [position, texts[index]]));

describe.each(Object.entries(formats))('the format %s', (name, format) => {
  const bench = BENCHES[name as FormatName];
  const pad = (text: string): string => (name === 'fixedWidth' ? text.padEnd(8) : text);

  test('is registered under its own name', () => {
    expect(format.name).toBe(name);
  });

  test('reads the declared positions, leading zeros and Khmer text as they stand', async () => {
    expect(await decodeFirst(bench, format, bench.document('00123', 'ក ខ', '1.50'))).toEqual(
      byPosition(bench, pad('00123'), pad('ក ខ'), pad('1.50')),
    );
  });

  test('reads every text that its documents can hold, over generated records', async () => {
    const texts = fc.tuple(bench.text, bench.text, bench.text);
    await fc.assert(
      fc.asyncProperty(texts, async ([first, second, third]) => {
        fc.pre(name !== 'csv' || `${first}${second}${third}` !== '');
        expect(await decodeFirst(bench, format, bench.document(first, second, third))).toEqual(
          byPosition(bench, first, second, third),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('tells an empty text from an absent one, where documents can leave a field out', async () => {
    expect(await decodeFirst(bench, format, bench.document('1', '', '3'))).toEqual(
      byPosition(bench, pad('1'), pad(''), pad('3')),
    );
    if (!bench.canLeaveOut) return;
    expect(await decodeFirst(bench, format, bench.document('1', undefined, '3'))).toEqual(
      byPosition(bench, '1', undefined, '3'),
    );
  });

  test('ignores what no position names', async () => {
    const [first] = bench.positions;
    const read = await decodeFirst(bench, format, bench.undeclared, { response: plan(first) });
    expect(read).toEqual({ [first]: pad('1') });
  });

  test('reads a declared charset', async () => {
    const document = bench.document('caf\u00e9', 'x', 'y');
    const bytes = Uint8Array.from(document, (character) => character.charCodeAt(0));
    expect(
      await decodeFirst(bench, format, bytes, { endpoint: { ...bench.endpoint, ...bench.charset.endpoint } }),
    ).toEqual(byPosition(bench, pad('caf\u00e9'), pad('x'), pad('y')));
  });

  test.each(['malformed', 'undecodable'] as const)('refuses a %s document with its place', async (kind) => {
    const bytes = Uint8Array.from(bench.document('\u00ff', 'x', 'y'), (character) => character.charCodeAt(0));
    await expect(decodeAll(bench, format, kind === 'malformed' ? bench.malformed : bytes)).rejects.toMatchObject({
      code: 'legacy-malformed',
      issues: [{ place: expect.toSatisfy((place: object) => Object.keys(place).length > 0) }],
    });
  });

  test('refuses a document beyond a limit', async () => {
    const { limits, document } = bench.tooLarge;
    await expect(decodeAll(bench, format, document, { limits })).rejects.toMatchObject({ code: 'legacy-too-large' });
    await expect(decodeAll(bench, format, document)).resolves.toBeDefined();
  });

  test('never quotes a document’s text in a refusal', async () => {
    const personal = bench.malformed.replace('1', 'Sok Dara');
    await expect(decodeAll(bench, format, personal)).rejects.not.toThrow('Sok Dara');
  });

  test('takes an HTML page for no answer', async () => {
    await expect(decodeAll(bench, format, '<!DOCTYPE html>\n<html><body>Busy</body></html>\n')).rejects.toMatchObject({
      owner: 'legacy',
      status: 502,
    });
  });

  test.each([400, 404, 500, 503])('takes HTTP %i for a fault, whatever the body', async (status) => {
    const call = compileCall(format as Format<never>, sketchOf(bench, {}));
    for (const body of [bench.document('1', '2', '3'), '', '<html>']) {
      await expect(drain(call, body, status)).rejects.toMatchObject({
        name: 'LegacyFaultError',
        facts: { httpStatus: status },
      });
    }
  });

  test('reports a mistake of the definition when it is compiled, and does not throw', () => {
    const { mistakes } = compileSketch(format as Format<never>, {
      ...sketchOf(bench, {}),
      ...bench.mistake,
      endpoint: { ...bench.endpoint, ...bench.mistake.endpoint },
    });
    expect(mistakes).toHaveLength(1);
  });

  test('tells the place of every cell', async () => {
    const whole = sketchOf(bench, {});
    const source = await compileCall(format as Format<never>, whole).decode(reply(bench.document('1', '2', '3')), []);
    const [record] = await recordsOf(source);
    expect(placesOf(source, record, whole)).toEqual(
      bench.positions.map(() => expect.toSatisfy((place) => Object.keys(place).length > 0)),
    );
  });
});

async function drain(call: CompiledCall, body: string, status: number): Promise<void> {
  const source = await call.decode(reply(body, { status }), []);
  await recordsOf(source);
}

function placesOf(source: SourceDocument, record: SourceRecord | undefined, sketch: CallSketch): object[] {
  return (sketch.response?.slots ?? []).map((slot, index) => {
    const value = record?.slots[index];
    return value !== undefined && 'offset' in value ? source.place(value.offset, slot) : {};
  });
}

const writers = (['soap', 'xml'] as const).map((name) => [name, BENCHES[name], formats[name]] as const);

describe.each(writers)('the format %s, which writes documents,', (_, bench, format) => {
  const PLAN = plan(
    { at: ['@kind'], repeats: false },
    'First',
    { at: ['Group/Item'], repeats: true },
    { at: ['Group/Entry'], repeats: true, record: plan('@id', 'Name', 'Address/Street', 'Address/City') },
    'Last/@unit',
    'Last',
  );
  const optional = fc.option(bench.text.map(cell), { nil: undefined });
  const nillable = fc.oneof(optional, fc.constant(cell(null)));
  const entry = fc.tuple(optional, nillable, optional, optional).map((slots) => values(...slots));
  const list = <T>(items: fc.Arbitrary<T>): fc.Arbitrary<readonly T[] | undefined> =>
    fc.option(fc.array(items, { minLength: 1, maxLength: 3 }), { nil: undefined });
  const record = fc
    .tuple(optional, nillable, list(nillable.filter((item) => item !== undefined)), list(entry), optional, nillable)
    .map(([kind, first, items, entries, unit, last]) =>
      // a unit of nothing would itself be an empty element
      values(kind, first, items, entries, last === undefined ? undefined : unit, last),
    );

  test('reads back exactly what it has written, over generated records', async () => {
    const call = compileCall(format as Format<never>, {
      call: bench.call,
      endpoint: bench.endpoint,
      request: PLAN,
      response: PLAN,
    });
    await fc.assert(
      fc.asyncProperty(record, async (written) => {
        const { body } = await call.encode(written, FIXED_CONTEXT);
        const [read] = await recordsOf(await call.decode(reply(bench.echo?.(String(body)) ?? ''), []));
        expect(read === undefined ? undefined : readRecord(read, PLAN)).toEqual(readRecord(written, PLAN));
      }),
      { numRuns: 150 },
    );
  });

  test('writes the same document again from what it has read', async () => {
    const call = compileCall(format as Format<never>, {
      call: bench.call,
      endpoint: bench.endpoint,
      request: PLAN,
      response: PLAN,
    });
    await fc.assert(
      fc.asyncProperty(record, async (first) => {
        const { body } = await call.encode(first, FIXED_CONTEXT);
        const [read] = await recordsOf(await call.decode(reply(bench.echo?.(String(body)) ?? ''), []));
        expect(await call.encode(read ?? values(), FIXED_CONTEXT)).toEqual(await call.encode(first, FIXED_CONTEXT));
      }),
      { numRuns: 100 },
    );
  });
});
