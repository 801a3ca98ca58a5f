import { describe, expect, it } from 'vitest';
import {
  boolean,
  choice,
  code,
  constant,
  date,
  decimal,
  defaultTo,
  type Field,
  integer,
  list,
  nullable,
  optional,
  record,
  taggedChoice,
  text,
} from '../../../src/adapter.ts';
import { compileMapping } from '../../../src/mapping/compile.ts';
import { LegacyFaultError, type SpeanError } from '../../../src/model/errors.ts';
import type { RecordField } from '../../../src/model/field.ts';
import type { JsonValue } from '../../../src/model/json.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import { readJson } from '../../support/json-bytes.ts';
import { compileMistakes, issuesOf, type Legacy, mapIn, mapOut, mapQuery } from '../../support/map-field.ts';

const value = { empty: 'absent' } as const;

describe('absent, empty, nil and declared markers', () => {
  const cases: [string, Field, unknown, unknown, unknown][] = [
    // field, what absent, empty and nil become: a value, undefined (left out) or 'refused'
    ['required', text('X'), 'refused', '', 'refused'],
    ['optional', optional(text('X')), undefined, '', 'refused'],
    ['nullable', nullable(text('X')), 'refused', '', null],
    ['optional and nullable', optional(nullable(text('X'))), undefined, '', null],
    ['with a default', defaultTo(text('X'), 'd'), 'd', '', 'refused'],
    ['optional, empty counts as absent', optional(text('X', value)), undefined, undefined, 'refused'],
    ['nullable, empty counts as nil', nullable(text('X', { empty: 'nil' })), 'refused', null, null],
    ['optional, nil counts as absent', optional(text('X', { nil: 'absent' })), undefined, '', undefined],
    ['required, empty counts as absent', text('X', value), 'refused', 'refused', 'refused'],
    ['an optional date', optional(date('X')), undefined, 'refused', 'refused'],
  ];
  it.each(cases)('%s', async (_, field, forAbsent, forEmpty, forNil) => {
    const become = async (legacy: Legacy) => {
      const output = record({ v: field });
      const issues = await issuesOf(() => mapOut(output, legacy));
      return issues.length > 0 ? 'refused' : ((await mapOut(output, legacy)) as { v?: unknown }).v;
    };
    expect([await become({}), await become({ X: '' }), await become({ X: null })]).toEqual([
      forAbsent,
      forEmpty,
      forNil,
    ]);
  });

  it.each(['', '-', '0', '00/00/0000', 'N/A', ' - '])(
    'the marker %j means no value where it is declared',
    async (marker) => {
      const markers = { missing: ['', '-', '0', '00/00/0000', 'N/A'] };
      const output = record({
        a: optional(date('X', markers)),
        b: nullable(decimal('X', markers)),
        c: defaultTo(integer('X', markers), 7),
        d: optional(nullable(decimal('X', markers))),
        e: defaultTo(nullable(integer('X', markers)), 8),
      });
      expect(await mapOut(output, { X: marker })).toEqual({ b: null, c: 7, e: 8 });
      expect(await issuesOf(() => mapOut(record({ v: date('X') }), { X: marker }))).toHaveLength(1);
    },
  );

  it('may be a marker of blanks, as fixed-width columns have them', async () => {
    const output = record({ v: optional(date('X', { format: 'yyyyMMdd', missing: ['        ', '00000000'] })) });
    expect(await mapOut(output, { X: '        ' })).toEqual({});
    expect(await issuesOf(() => mapOut(output, { X: '      ' }))).toHaveLength(1);
  });

  it('cannot be sent as a value that stands for none', async () => {
    const input = { a: optional(text('A', { missing: ['-'] })) };
    expect(await issuesOf(() => mapIn(input, { a: '-' }))).toHaveLength(1);
    expect(mapIn(input, {})).toEqual({});
    for (const field of [text('A', { empty: 'absent' }), text('A', { missing: [''], rules: ['trim'] })]) {
      expect(await issuesOf(() => mapIn({ a: optional(field) }, { a: '' }))).toHaveLength(1);
    }
    expect(await issuesOf(() => mapIn({ a: text('A', { missing: ['-'], rules: ['trim'] }) }, { a: ' - ' }))).toEqual([
      'a: Expected a value, found the text that stands for none in the legacy system',
    ]);
    expect(mapIn({ a: defaultTo(text('A', { empty: 'absent' }), '') }, {})).toEqual({ A: '' });
    expect(mapIn({ a: defaultTo(nullable(text('A')), null) }, {})).toEqual({ A: null });
  });

  it('go out as they came in', () => {
    const input = {
      a: text('A'),
      b: optional(text('B')),
      c: nullable(text('C')),
      d: defaultTo(text('D'), 'x'),
      e: optional(nullable(text('E'))),
    };
    expect(mapIn(input, { a: '', c: null })).toEqual({ A: '', C: null, D: 'x' });
    expect(mapIn(input, { a: 'a', b: 'b', c: 'c', d: 'd', e: null })).toEqual({
      A: 'a',
      B: 'b',
      C: 'c',
      D: 'd',
      E: null,
    });
  });
});

describe('lists', () => {
  const output = record({ items: list('Item', { id: text('Id') }), tags: list('Tag', text('.')) });

  it('stay lists with none, one and many', async () => {
    expect(await mapOut(output, {})).toEqual({ items: [], tags: [] });
    expect(await mapOut(output, { Item: [{ Id: '01' }], Tag: ['a'] })).toEqual({ items: [{ id: '01' }], tags: ['a'] });
    expect(await mapOut(output, { Item: [{ Id: '01' }, { Id: '02' }], Tag: ['a', ''] })).toEqual({
      items: [{ id: '01' }, { id: '02' }],
      tags: ['a', ''],
    });
  });

  it.each([[['']], [['a', null]], [['a;', 'b']], [['a;b']], [[null]]])(
    'inside one text are refused where they would be read as others: %j',
    async (items) => {
      const field = list('X', nullable(text('.')), { separator: ';' });
      expect(await issuesOf(() => mapIn({ v: field }, { v: items }))).toEqual([
        `v.${items.findIndex((item) => item === null || item === '' || item.includes(';'))}: ` +
          'Expected a value without the separator, which is neither null nor the only one and empty',
      ]);
    },
  );

  it('inside one text are split at separators of more than one character', async () => {
    const field = list('X', text('.'), { separator: ';;' });
    expect(await issuesOf(() => mapIn({ v: field }, { v: ['a;', 'b'] }))).toHaveLength(1);
    expect(mapIn({ v: field }, { v: ['a', ';b', ''] })).toEqual({ X: 'a;;;b;;' });
    expect(await mapOut(record({ v: field }), { X: 'a;;;b;;' })).toEqual({ v: ['a', ';b', ''] });
    expect(mapIn({ v: list('X', text('.'), { separator: ';' }) }, { v: ['', ''] })).toEqual({ X: ';' });
  });

  it('inside one text are split, and joined when written', async () => {
    const field = list('X', integer('.'), { separator: ';' });
    expect(await mapOut(record({ v: field }), { X: '1;02;3' })).toEqual({ v: [1, 2, 3] });
    expect(await mapOut(record({ v: field }), { X: '' })).toEqual({ v: [] });
    expect(mapIn({ v: field }, { v: [1, 2] })).toEqual({ X: '1;2' });
    expect(await issuesOf(() => mapIn({ v: list('X', text('.'), { separator: ';' }) }, { v: ['a;b'] }))).toHaveLength(
      1,
    );
  });

  it('are held to their sizes', async () => {
    const sized = record({ v: list('X', text('.'), { minItems: 1, maxItems: 2 }) });
    expect(await issuesOf(() => mapOut(sized, {}))).toEqual(['v: Expected at least 1 items, found 0']);
    expect(await issuesOf(() => mapOut(sized, { X: ['a', 'b', 'c'] }))).toEqual([
      'v: Expected at most 2 items, found 3',
    ]);
  });

  it('go out as records in their order', () => {
    const input = { items: list('Items/Item', { id: text('Id'), note: optional(text('Note')) }) };
    expect(mapIn(input, { items: [{ id: '1' }, { id: '2', note: 'n' }] })).toEqual({
      'Items/Item': [{ Id: '1' }, { Id: '2', Note: 'n' }],
    });
  });

  it('are left out where they are optional and not there', async () => {
    const output = record({
      a: optional(list('A', text('.'), { minItems: 1 })),
      b: optional(list('B', text('.'), { separator: ';', minItems: 1 })),
      c: list('C', text('.'), { separator: ';' }),
    });
    expect(await mapOut(output, {})).toEqual({ c: [] });
    expect(await mapOut(output, { A: ['1'], B: '1;2', C: '' })).toEqual({ a: ['1'], b: ['1', '2'], c: [] });
    expect(await issuesOf(() => mapOut(output, { A: [], B: '' }))).toEqual([
      'a: Expected at least 1 items, found 0',
      'b: Expected at least 1 items, found 0',
    ]);
  });

  it('come from repeated query parameters', () => {
    expect(
      mapQuery({ tag: list('?t', text('.')) }, [
        ['tag', 'a'],
        ['tag', 'b'],
      ]),
    ).toEqual({ '?t': ['a', 'b'] });
  });

  it('are absent where no query parameter has their name, and empty where they are not optional', async () => {
    const sized = list('?t', text('.'), { minItems: 1 });
    const joined = list('?j', text('.'), { separator: ';' });
    expect(mapQuery({ tag: optional(sized), joined: optional(joined) }, [])).toEqual({});
    expect(mapQuery({ joined: optional(joined) }, [['joined', '']])).toEqual({ '?j': '' });
    expect(mapQuery({ tag: list('?t', text('.')) }, [])).toEqual({ '?t': [] });
    expect(await issuesOf(() => mapQuery({ tag: sized }, []))).toEqual(['tag: Expected at least 1 items, found 0']);
  });
});

describe('records without a position', () => {
  const inside = { a: optional(text('A')), b: optional(text('B')) };

  it('are there where any part of them is', async () => {
    const output = record({ r: optional(record(inside)), z: optional(text('Z')) });
    expect(await mapOut(output, { B: 'b' })).toEqual({ r: { b: 'b' } });
    expect(await mapOut(output, { Z: 'z' })).toEqual({ z: 'z' });
  });

  it('are what is declared where no part of them is', async () => {
    const output = record({ r: { ...record(inside), default: { a: 'none' } } });
    expect(await mapOut(output, {})).toEqual({ r: { a: 'none' } });
    expect(await mapOut(output, { A: 'a' })).toEqual({ r: { a: 'a' } });
    expect(await mapOut(record({ r: record(inside) }), {})).toEqual({ r: {} });
  });
});

describe('a value that is refused is told with its place', () => {
  const places = async (field: Field, legacy: Legacy) => {
    const error = await mapOut(record({ v: field }), legacy).catch((thrown: unknown) => thrown);
    return (error as SpeanError).issues.map(({ place }) => place);
  };
  const [ofRecord, ofCell] = [1, 7];

  it.each<[string, Field, Legacy, number, string | undefined]>([
    ['a value', integer('X'), { X: 'x' }, ofCell, 'X'],
    ['a value that is not there', integer('X'), {}, ofRecord, 'X'],
    ['a record that is not there', record('X', { a: text('A') }), {}, ofRecord, 'X'],
    ['a list with too few', list('X', text('.'), { minItems: 1 }), {}, ofRecord, 'X'],
    ['a list with too many', list('X', text('.'), { maxItems: 1 }), { X: ['a', 'b'] }, ofCell, 'X'],
    ['an item', list('X', integer('.')), { X: ['x'] }, ofCell, 'X'],
    ['a list in a text', list('X', text('.'), { separator: ';', maxItems: 1 }), { X: 'a;b' }, ofCell, 'X'],
    ['an item in a text', list('X', integer('.'), { separator: ';' }), { X: 'x' }, ofCell, 'X'],
    ['too little in a text', list('X', text('.'), { separator: ';', minItems: 1 }), {}, ofRecord, 'X'],
    ['a tag', taggedChoice('T', 'kind', { a: ['1', record({})] }), { T: '2' }, ofCell, 'T'],
    ['a tag that is not there', taggedChoice('T', 'kind', { a: ['1', record({})] }), {}, ofRecord, 'T'],
    ['a choice', choice('kind', { a: record('A', {}) }), {}, ofRecord, undefined],
  ])('%s', async (_, field, legacy, offset, path) => {
    expect(await places(field, legacy)).toEqual([path === undefined ? { offset } : { offset, path }]);
  });

  it('and with what stood there only where the items are public', async () => {
    const issues = (options: object) =>
      issuesOf(() => mapOut(record({ v: list('X', integer('.', { public: true }), options) }), { X: 'x' as never }));
    expect(await issues({ separator: ';' })).toEqual(['v.0: Expected a whole number, found "x"']);
    const listed = record({ v: list('X', integer('.', { public: true })) });
    expect(await issuesOf(() => mapOut(listed, { X: ['x'] }))).toEqual(['v.0: Expected a whole number, found "x"']);
  });
});

describe('a default', () => {
  const party = choice('kind', { person: record('P', { name: text('N') }) });
  const defaults: [string, Field, JsonValue, Legacy][] = [
    ['record', defaultTo(record('V', { a: text('A') }), { a: '1' }), { a: '1' }, { V: { A: '1' } }],
    ['list', defaultTo(list('V', text('.')), ['a', 'b']), ['a', 'b'], { V: ['a', 'b'] }],
    ['joined list', defaultTo(list('V', text('.'), { separator: ';' }), ['a', 'b']), ['a', 'b'], { V: 'a;b' }],
    ['choice', defaultTo(party, { kind: 'person', name: 'n' }), { kind: 'person', name: 'n' }, { P: { N: 'n' } }],
  ];
  it.each(defaults)('stands in for a %s that is left out, both ways', async (_, v, value, legacy) => {
    expect(mapIn({ v }, {})).toEqual(legacy);
    expect(await mapOut(record({ v }), {})).toEqual({ v: value });
  });

  it('stands in for a list that the query does not have', () => {
    const tag = defaultTo(list('?t', text('.')), ['a']);
    expect(mapQuery({ tag }, [])).toEqual({ '?t': ['a'] });
    expect(mapQuery({ tag }, [['tag', 'b']])).toEqual({ '?t': ['b'] });
  });
});

describe('choices', () => {
  const byPresence = record({
    holder: choice('kind', {
      person: record('Person', { name: text('Name') }),
      firm: record('Firm', { staff: integer('Staff') }),
    }),
  });
  const byTag = record({
    line: taggedChoice('T', 'kind', {
      head: ['H', record({ title: text('A') })],
      item: ['I', record({ sum: decimal('A') })],
    }),
  });

  it('tell the case by which record is there', async () => {
    expect(await mapOut(byPresence, { Firm: { Staff: '3' } })).toEqual({ holder: { kind: 'firm', staff: 3 } });
    expect(await issuesOf(() => mapOut(byPresence, {}))).toEqual(['holder: Expected a value, found none']);
    expect(await issuesOf(() => mapOut(byPresence, { Firm: { Staff: '3' }, Person: { Name: 'x' } }))).toEqual([
      'holder: Expected one of person, firm, found 2',
    ]);
  });

  it('tell the case by a text, and read only its fields', async () => {
    expect(await mapOut(byTag, { T: 'H', A: 'not a number' })).toEqual({
      line: { kind: 'head', title: 'not a number' },
    });
    expect(await mapOut(byTag, { T: 'I', A: '1.50' })).toEqual({ line: { kind: 'item', sum: '1.50' } });
    expect(await issuesOf(() => mapOut(byTag, { T: 'X', A: '1' }))).toEqual(['line: Expected one of H, I']);
  });

  it('may have an optional record as a case, and are left out with it', async () => {
    const head: RecordField = { ...record('Head', { title: text('A') }), optional: true };
    const output = record({
      line: optional(taggedChoice('T', 'kind', { head: ['H', head] })),
      last: text('Z'),
    });
    expect(await mapOut(output, { T: 'H', Z: 'z' })).toEqual({ last: 'z' });
    expect(await mapOut(output, { T: 'H', Head: { A: 'a' }, Z: 'z' })).toEqual({
      line: { kind: 'head', title: 'a' },
      last: 'z',
    });
    expect(await mapOut(output, { Z: 'z' })).toEqual({ last: 'z' });
  });

  it('have no case with a field of the name of the discriminator', () => {
    const field = choice('kind', { person: record('Person', { kind: text('Kind') }) });
    const message = 'The field kind has the name of the discriminator: rename one of them';
    expect(compileMistakes({ v: field }, record({ v: field }))).toEqual([
      `input.v.cases.person: ${message}`,
      `output.v.cases.person: ${message}`,
    ]);
  });

  it('go out as the case that the discriminator names', async () => {
    expect(mapIn(byPresence.fields, { holder: { kind: 'person', name: 'x' } })).toEqual({ Person: { Name: 'x' } });
    expect(mapIn(byTag.fields, { line: { kind: 'item', sum: '2' } })).toEqual({ T: 'I', A: '2' });
    expect(await issuesOf(() => mapIn(byPresence.fields, { holder: { kind: 'person', staff: 3 } }))).toEqual([
      'holder.staff: Expected no member of this name',
      'holder.name: Expected a value, found none',
    ]);
  });
});

describe('records', () => {
  it('may hold names that are nothing special', async () => {
    const fields = Object.fromEntries([
      ['__proto__', text('A')],
      ['constructor', text('B')],
      ['toString', optional(text('C'))],
    ]);
    const body = await mapOut(record(fields), { A: 'x', B: 'y' });
    expect(JSON.stringify(body)).toBe('{"__proto__":"x","constructor":"y"}');
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(mapIn(fields, JSON.parse('{"__proto__":"1","constructor":"2"}'))).toEqual({ A: '1', B: '2' });
  });

  it('without a position are there when any part is, whatever else stands at its position', async () => {
    const extra = optional(record({ id: text('I'), note: text('N') }));
    for (const output of [record({ id: text('I'), extra }), record({ extra, id: text('I') })]) {
      expect(await mapOut(output, { I: '1', N: 'n' })).toEqual({ id: '1', extra: { id: '1', note: 'n' } });
      expect(await issuesOf(() => mapOut(output, { I: '1' }))).toEqual(['extra.note: Expected a value, found none']);
    }
    const twice = record({ id: text('I'), again: optional(record({ id: text('I') })) });
    expect(await mapOut(twice, { I: '1' })).toEqual({ id: '1', again: { id: '1' } });
  });

  it('without a position stand where their parent stands', async () => {
    const output = record({
      name: record({ khmer: text('K'), latin: text('L') }),
      extra: optional(record({ note: text('N') })),
    });
    expect(await mapOut(output, { K: 'ក', L: 'k' })).toEqual({ name: { khmer: 'ក', latin: 'k' } });
    expect(await mapOut(output, { K: 'ក', L: 'k', N: 'n' })).toEqual({
      name: { khmer: 'ក', latin: 'k' },
      extra: { note: 'n' },
    });
  });

  it('may be nil where that is declared', async () => {
    const compile = (field: Field) =>
      compileMapping(
        {
          input: {},
          output: record({ v: field }),
          problems: [],
          pathParameters: [],
          inBody: false,
          rows: false,
          setAside: false,
          limits: DEFAULT_LIMITS,
        },
        () => undefined,
      );
    const nil = { slots: [{ slots: [], offset: 0, nil: true as const }], offset: 0 };
    const document = { batches: [[nil]], place: () => ({}) };
    const { body } = await compile(nullable(record('P', { a: text('A') }))).mapOut(document);
    expect(readJson(body)).toEqual({ v: null });
    expect(await issuesOf(() => compile(record('P', { a: text('A') })).mapOut(document))).toHaveLength(1);
  });

  it('take a constant as what must stand there, and send one', async () => {
    const fields = { type: constant('Type', 'A'), always: constant('x') };
    expect(await mapOut(record(fields), { Type: 'A' })).toEqual({ type: 'A', always: 'x' });
    expect(await issuesOf(() => mapOut(record(fields), { Type: 'B' }))).toEqual(['type: Expected one of A, found "B"']);
    expect(mapIn({ type: constant('Type', 'A'), id: text('Id') }, { id: '1' })).toEqual({ Type: 'A', Id: '1' });
    expect(await issuesOf(() => mapIn({ type: constant('Type', 'A') }, { type: 'A' }))).toEqual([
      'type: Expected no member of this name',
    ]);
  });

  it('take the first of several positions that is there', async () => {
    const output = record({ name: text('NameEn', { or: ['NameKh', 'Alias'] }) });
    expect(await mapOut(output, { Alias: 'c', NameKh: 'b' })).toEqual({ name: 'b' });
  });
});

describe('problems of one document', () => {
  it('come together, each with its field', async () => {
    const output = record({ id: integer('Id'), lines: list('Line', { on: date('On'), sum: decimal('Sum') }) });
    const legacy = { Id: 'x', Line: [{ On: '2024-01-01', Sum: '1' }, { On: '1', Sum: 'y' }, { Sum: '2' }] };
    expect(await issuesOf(() => mapOut(output, legacy))).toEqual([
      'id: Expected a whole number, found 1 characters',
      'lines.1.on: Expected a date as yyyy-MM-dd, found 1 characters',
      'lines.1.sum: Expected a decimal number, found 1 characters',
      'lines.2.on: Expected a value, found none',
    ]);
  });

  it('come up to the limit', async () => {
    const output = record({ v: list('X', integer('.')) });
    const many = Array.from({ length: 500 }, () => 'x');
    expect(await issuesOf(() => mapOut(output, { X: many }))).toHaveLength(DEFAULT_LIMITS.issues);
  });

  it('of an input come together too, unknown members among them', async () => {
    const input = { id: integer('Id'), at: record('At', { city: text('City') }), kind: code('Kind', { A: 'a' }) };
    expect(await issuesOf(() => mapIn(input, { id: '1', at: { town: 'x' }, kind: 'b', more: 1 }))).toEqual([
      'more: Expected no member of this name',
      'id: Expected a whole number',
      'at.town: Expected no member of this name',
      'at.city: Expected a value, found none',
      'kind: Expected one of a',
    ]);
    expect(await issuesOf(() => mapIn(input, []))).toContain(': Expected the request body to be a JSON object');
  });

  it('of a query are told by parameter', async () => {
    const input = { year: integer('?y'), q: text('?q') };
    expect(
      mapQuery(input, [
        ['q', ''],
        ['year', '2024'],
      ]),
    ).toEqual({ '?y': '2024', '?q': '' });
    expect(
      await issuesOf(() =>
        mapQuery(input, [
          ['year', '07'],
          ['q', 'a'],
          ['q', 'b'],
          ['z', ''],
        ]),
      ),
    ).toEqual([
      'z: Expected no query parameter of this name',
      'year: Expected a whole number',
      'q: Expected the parameter once, found it 2 times',
    ]);
  });
});

describe('problem rules', () => {
  const output = record('Company', { id: text('Id') });
  const rules = [
    { absent: 'Company', status: 404, title: 'No such company' },
    { value: { at: 'Code', equals: 'E9' }, status: 503 },
  ];

  it('turn an absence or a value into the declared problem', async () => {
    await expect(mapOut(output, {}, rules)).rejects.toMatchObject({
      code: 'legacy-fault',
      status: 404,
      owner: 'caller',
      title: 'No such company',
    });
    await expect(mapOut(output, { Company: { Id: '1' }, Code: 'E9' }, rules)).rejects.toMatchObject({
      status: 503,
      owner: 'legacy',
    });
    await expect(mapOut(output, { Company: { Id: '1' }, Code: 'e9' }, rules)).resolves.toEqual({ id: '1' });
  });

  it('explain faults by name or status, and tell nothing of the fault itself', () => {
    const mapping = compileMapping(
      {
        input: {},
        output,
        problems: [
          { fault: 'Gone', status: 410 },
          { httpStatus: 409, status: 409 },
        ],
        pathParameters: [],
        inBody: false,
        rows: false,
        setAside: false,
        limits: DEFAULT_LIMITS,
      },
      () => undefined,
    );
    const fault = (httpStatus: number, ...names: string[]) =>
      mapping.explain(new LegacyFaultError({ httpStatus, names }));
    expect(fault(500, 'Server', 'Gone')).toMatchObject({ status: 410, owner: 'caller' });
    expect(fault(409)).toMatchObject({ status: 409 });
    const unknown = fault(500, 'Server', 'java.lang.Secret');
    expect(unknown).toMatchObject({ code: 'legacy-fault', status: 502, owner: 'legacy' });
    expect(JSON.stringify(unknown)).not.toContain('Secret');
    expect(unknown.message).not.toContain('Secret');
  });
});

describe('mistakes of a definition are told at start, with their place', () => {
  it.each<[string, Field, string]>([
    ['a pattern that is none', text('X', { pattern: '(' }), 'output.v.pattern'],
    ['a minimum above the maximum', text('X', { minLength: 3, maxLength: 2 }), 'output.v.minLength'],
    ['a bound that is no number', integer('X', { min: 'a' }), 'output.v.min'],
    ['a bound with leading zeros', integer('X', { max: '01' }), 'output.v.max'],
    ['a least integer above the greatest', integer('X', { min: 3, max: 2 }), 'output.v.min'],
    ['a least decimal above the greatest', decimal('X', { min: '0.2', max: '0.15' }), 'output.v.min'],
    ['a decimal bound that is no number', decimal('X', { min: '1,5' }), 'output.v.min'],
    ['a greatest decimal that is no number', decimal('X', { max: 'a' }), 'output.v.max'],
    ['an empty separator', decimal('X', { decimalSeparator: '' }), 'output.v.decimalSeparator'],
    [
      'a separator for groups that is the usual decimal one',
      decimal('X', { groupSeparator: '.' }),
      'output.v.groupSeparator',
    ],
    [
      'one separator for two things',
      decimal('X', { decimalSeparator: ',', groupSeparator: ',' }),
      'output.v.groupSeparator',
    ],
    [
      'implied decimals with a separator',
      decimal('X', { impliedDecimals: 2, decimalSeparator: ',' }),
      'output.v.impliedDecimals',
    ],
    ['an unknown letter of a format', date('X', { format: 'dd/QQ/yyyy' }), 'output.v.format'],
    ['a format without a day', date('X', { format: 'MM/yyyy' }), 'output.v.format'],
    ['a two-digit year without a pivot', date('X', { format: 'ddMMyy' }), 'output.v.pivot'],
    ['an empty table', code('X', {}), 'output.v.table'],
    ['a rule that does not exist', text('X', { rules: ['shout' as 'trim'] }), 'output.v.rules'],
    ['filling of two characters', text('X', { rules: [{ pad: 'left', with: 'ab', width: 3 }] }), 'output.v.rules'],
    ['a default of another type', { type: 'integer', at: 'X', default: 'one' }, 'output.v.default'],
    ['a default of an optional field', { type: 'integer', at: 'X', default: 1, optional: true }, 'output.v.default'],
    ['a list of lists', list('X', list('Y', text('.'))), 'output.v.items'],
    ['a list of constants', list('X', constant('x')), 'output.v.items'],
    ['a list in one text with a constant', list('X', constant('x'), { separator: ';' }), 'output.v.items'],
    ['a list in one text with records', list('X', record({ a: text('A') }), { separator: ';' }), 'output.v.items'],
    ['a list in one text with lists', list('X', list('Y', text('.')), { separator: ';' }), 'output.v.items'],
    [
      'a list of sizes that exclude each other',
      list('X', text('.'), { minItems: 2, maxItems: 1 }),
      'output.v.minItems',
    ],
    [
      'a case without a tag',
      { type: 'choice', by: 'T', discriminator: 'kind', cases: { a: { record: record({}) } } },
      'output.v.cases.a',
    ],
    ['a tagged choice without cases', taggedChoice('T', 'kind', {}), 'output.v.cases'],
    ['a boolean without a text for true', boolean('X', { true: [] }), 'output.v.true'],
    ['a boolean with one text for both', boolean('X', { true: ['Y'], false: ['Y'] }), 'output.v.false'],
    ['a list that may be null', nullable(list('X', text('.'))), 'output.v.nullable'],
    ['a list with a marker', list('X', text('.'), { separator: ';', missing: ['-'] }), 'output.v.missing'],
    ['an item with two positions', list('X', text('A', { or: ['B'] })), 'output.v.items'],
    ['an item between separators elsewhere', list('X', text('@a'), { separator: ';' }), 'output.v.items'],
    ['a choice without cases', choice('kind', {}), 'output.v.cases'],
    ['a case that nothing tells', choice('kind', { a: record({ b: text('B') }) }), 'output.v.cases.a'],
    [
      'two cases of one tag',
      taggedChoice('T', 'kind', { a: ['1', record({})], b: ['1', record({})] }),
      'output.v.cases.b',
    ],
  ])('%s', (_, field, place) => {
    expect(compileMistakes({}, record({ v: field })).map((mistake) => mistake.split(': ')[0])).toContain(place);
  });

  it('none where bounds are equal, or where there is only one', () => {
    const fields = {
      a: integer('A', { min: 2, max: 2 }),
      b: integer('B', { max: 2 }),
      c: decimal('C', { min: '0.20', max: '0.2' }),
      d: decimal('D', { min: '0.2' }),
    };
    expect(compileMistakes({}, record(fields))).toEqual([]);
  });

  it('an unknown zone', () => {
    const mistakes = compileMistakes({}, record({ v: { type: 'dateTime', at: 'X', zone: 'Mars/Base' } }));
    expect(mistakes).toEqual([expect.stringContaining('output.v.zone')]);
  });

  it('inputs that cannot be where they are', () => {
    const places = (input: Record<string, Field>, more = {}) =>
      compileMistakes(input, record({}), more).map((mistake) => mistake.split(': ')[0]);
    expect(places({ id: optional(text('Id')) }, { pathParameters: ['id'] })).toEqual(['input.id']);
    expect(places({ id: list('Id', text('.')) }, { pathParameters: ['id'] })).toEqual(['input.id']);
    expect(places({ c: constant('x') })).toEqual(['input.c.at']);
    expect(compileMistakes({}, record({}), { problems: [{ status: 404 }, { fault: 'X', status: 200 }] })).toHaveLength(
      2,
    );
    const statuses = [399, 400, 599, 600, 404.5].map((status) => ({ fault: 'X', status }));
    expect(compileMistakes({}, record({}), { problems: statuses }).map((mistake) => mistake.split(': ')[0])).toEqual([
      'problems.0',
      'problems.3',
      'problems.4',
    ]);
    expect(
      compileMistakes({}, record({}), { problems: [{ httpStatus: 409, status: 409, fields: { a: text('A') } }] }),
    ).toEqual(['problems.0.fields: Only a rule about a fault reads its detail']);
  });
});
