import { describe, expect, test } from 'vitest';
import { xmlFormat } from '../../../../src/formats/xml/format.ts';
import type { RecordPlan, Slot } from '../../../../src/model/source.ts';
import {
  cell,
  compileCall,
  compileSketch,
  decodeOne,
  encodeOne,
  group,
  many,
  oneOf,
  plan,
  recordsOf,
  reply,
  values,
} from '../../../support/format-call.ts';

const NAMESPACES = { namespaces: { p: 'urn:p', q: 'urn:q' } };

function decode(xml: string, response: RecordPlan): ReturnType<typeof decodeOne> {
  return decodeOne(xmlFormat, { call: { get: '/' }, endpoint: NAMESPACES, response }, reply(xml));
}

describe('positions in an XML answer', () => {
  test('reach elements, attributes, nested paths and the root', async () => {
    const read = await decode(
      '<Company id="007"><RegNo>00012345</RegNo><Owner><Name lang="km">សុខា</Name></Owner></Company>',
      plan('@id', 'RegNo', 'Owner/Name', 'Owner/Name/@lang', 'Owner/Phone'),
    );
    expect(read).toEqual({
      '@id': '007',
      RegNo: '00012345',
      'Owner/Name': 'សុខា',
      'Owner/Name/@lang': 'km',
      'Owner/Phone': undefined,
    });
  });

  test('reach the text of the root itself', async () => {
    expect(await decode('<Rate cur="KHR"> 4 100.50 </Rate>', plan('.', '@cur'))).toEqual({
      '.': ' 4 100.50 ',
      '@cur': 'KHR',
    });
  });

  test('keep every character of a text that comes in pieces', async () => {
    const xml = '<a><t>x<!-- c -->&#6016;<?p i?><![CDATA[<&]]>&amp;y\r\nz</t></a>';
    expect(await decode(xml, plan('t'))).toEqual({ t: 'xក<&&y\nz' });
  });

  test('keep text beside attributes and mixed content', async () => {
    const xml = '<a><Amount cur="KHR">0100.10</Amount><Note>see <b>this</b> page</Note></a>';
    expect(await decode(xml, plan('Amount', 'Amount/@cur', 'Note/text()', 'Note/b'))).toEqual({
      Amount: '0100.10',
      'Amount/@cur': 'KHR',
      'Note/text()': 'see  page',
      'Note/b': 'this',
    });
  });

  test('match a local name in any namespace without a prefix and in one with a prefix', async () => {
    const xml = '<r xmlns="urn:p" xmlns:x="urn:q"><n>1</n><x:m>2</x:m></r>';
    expect(await decode(xml, plan('n', 'm'))).toEqual({ n: '1', m: '2' });
    expect(await decode(xml, plan('p:n', 'q:n', 'q:m', 'p:m'))).toEqual({
      'p:n': '1',
      'q:n': undefined,
      'q:m': '2',
      'p:m': undefined,
    });
  });

  test('read an unprefixed attribute without namespace only, and xsi:type and xml:lang by their prefix', async () => {
    const xml =
      '<r xmlns:p="urn:p" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><n p:id="2" id="1" xml:lang="km" xsi:type="p:T"/></r>';
    expect(await decode(xml, plan('n/@id', 'n/@p:id', 'n/@xml:lang', 'n/@xsi:type'))).toEqual({
      'n/@id': '1',
      'n/@p:id': '2',
      'n/@xml:lang': 'km',
      'n/@xsi:type': 'p:T',
    });
  });

  test("read xsi:type as a name with the endpoint's prefix, whatever prefix the sender has", async () => {
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    const sent = (element: string) => decode(`<r ${xsi}>${element}</r>`, plan('n/@xsi:type'));
    expect(await sent('<n xmlns:ns7="urn:p" xsi:type="ns7:T"/>')).toEqual({ 'n/@xsi:type': 'p:T' });
    expect(await sent('<n xmlns="urn:q" xsi:type=" T "/>')).toEqual({ 'n/@xsi:type': 'q:T' });
    expect(await sent('<n xmlns:x="urn:other" xsi:type="x:T"/>')).toEqual({ 'n/@xsi:type': 'x:T' });
  });

  test.each([
    ['<c><ds/></c>', undefined],
    ['<c><ds><d><n>1</n></d></ds></c>', [{ n: '1' }]],
    ['<c><ds><d><n>1</n></d><d/></ds></c>', [{ n: '1' }, { n: undefined }]],
    ['<c><ds><d><n>1</n></d></ds><ds><d><n>2</n></d></ds></c>', [{ n: '1' }, { n: '2' }]],
  ])('read %s as a list', async (xml, expected) => {
    expect(await decode(xml, plan(many('ds/d', 'n')))).toEqual({ 'ds/d': expected });
  });

  test('read lists within lists, and lists of attributes', async () => {
    const xml = '<r><g k="1"><v>a</v><v>b</v></g><g k="2"/></r>';
    expect(await decode(xml, plan(many('g', '@k', many('v'))))).toEqual({
      g: [
        { '@k': '1', v: ['a', 'b'] },
        { '@k': '2', v: undefined },
      ],
    });
    expect(await decode(xml, plan(many('g/@k')))).toEqual({ 'g/@k': ['1', '2'] });
  });

  test('take the first alternative that is present, whatever the order in the document', async () => {
    const response = plan(oneOf('a', 'b', '@c'));
    expect(await decode('<r c="3"><b>2</b><a>1</a></r>', response)).toEqual({ 'a|b|@c': '1' });
    expect(await decode('<r c="3"><b>2</b></r>', response)).toEqual({ 'a|b|@c': '2' });
    expect(await decode('<r c="3"/>', response)).toEqual({ 'a|b|@c': '3' });
    expect(await decode('<r/>', response)).toEqual({ 'a|b|@c': undefined });
  });

  test('may share an element, as a record and a test for its presence do', async () => {
    const response = plan(group('c', 'n'), { at: ['c'], repeats: false, record: plan() }, 'c/n');
    expect(await decode('<r><c><n>1</n></c></r>', response)).toEqual({ c: {}, 'c/n': '1' });
    expect(await decode('<r/>', response)).toEqual({ c: undefined, 'c/n': undefined });
  });

  test('tell absent, empty and nil apart', async () => {
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    const xml = `<r ${xsi}><empty/><open></open><nil xsi:nil=" true "/><one xsi:nil="1"></one><not xsi:nil="false">x</not></r>`;
    expect(await decode(xml, plan('absent', 'empty', 'open', 'nil', 'one', 'not'))).toEqual({
      absent: undefined,
      empty: '',
      open: '',
      nil: null,
      one: null,
      not: 'x',
    });
  });

  test('tell a nil record from an empty one', async () => {
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    expect(await decode(`<r ${xsi}><c xsi:nil="true"/></r>`, plan(group('c', 'n')))).toEqual({
      c: { nil: 'true', n: undefined },
    });
    expect(await decode('<r><c/></r>', plan(group('c', 'n')))).toEqual({ c: { n: undefined } });
  });

  test('treat names such as __proto__ and constructor as any other', async () => {
    const xml = '<r><__proto__>1</__proto__><constructor>2</constructor><toString>3</toString></r>';
    const { compiled } = compileSketch(xmlFormat, {
      call: { get: '/' },
      response: plan('__proto__', 'constructor', 'x'),
    });
    const document = await compiled.decode(reply(xml), []);
    const [record] = await recordsOf(document);
    expect(record?.slots).toEqual([
      expect.objectContaining({ text: '1' }),
      expect.objectContaining({ text: '2' }),
      undefined,
    ]);
  });

  test('are found again with line, column and path', async () => {
    const response = plan(many('ds/d', '@n'), 'x');
    const document = await compileCall(xmlFormat, { call: { get: '/' }, response }).decode(
      reply('<r>\n <ds>\n  <d n="1"/>\n  <d n="2"/>\n </ds>\n <x>1</x></r>'),
      [],
    );
    const [record] = await recordsOf(document);
    const [list, x] = (record?.slots ?? []) as unknown as [
      { slots: { offset: number }[]; offset: number }[],
      { offset: number },
    ];
    expect(document.place(list[1]?.slots[0]?.offset ?? 0, response.slots[0]?.record?.slots[0])).toMatchObject({
      line: 4,
      column: 3,
      path: 'r/ds/d/@n',
    });
    expect(document.place(x.offset, response.slots[1])).toMatchObject({ line: 6, column: 2, path: 'r/x' });
  });
});

describe('an XML answer is refused', () => {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

  test.each<[string, string, RecordPlan, string, object]>([
    [
      'a second occurrence',
      '<r><n>1</n>\n<n>2</n></r>',
      plan('n'),
      'occurs again',
      { line: 2, column: 1, path: 'r/n' },
    ],
    [
      'a second occurrence below two parents',
      '<r><a><n/></a><a><n/></a></r>',
      plan('a/n'),
      'occurs again',
      { path: 'r/a/n' },
    ],
    ['a second record', '<r><c/><c/></r>', plan(group('c', 'n')), 'occurs again', { path: 'r/c' }],
    ['child elements in a text', '<r><n>1<b/></n></r>', plan('n'), 'child elements', { path: 'r/n/b' }],
    ['nil with text', `<r ${xsi}><n xsi:nil="1">x</n></r>`, plan('n'), 'nil', { path: 'r/n' }],
    ['nil with elements', `<r ${xsi}><c xsi:nil="1"><n/></c></r>`, plan(group('c', 'n')), 'content', { path: 'r/c/n' }],
    ['a nil that is no boolean', `<r ${xsi}><n xsi:nil="yes"/></r>`, plan('n'), 'no boolean', { path: 'r/n' }],
    ['an HTML page', '<!DOCTYPE html><html><body>Oops</body></html>', plan('n'), 'HTML page', { line: 1 }],
    [
      'an XHTML page',
      '<?xml version="1.0"?>\n<!-- x --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html/>',
      plan('n'),
      'HTML page',
      { line: 1 },
    ],
    ['an HTML page without DOCTYPE', '\n<HTML><body>Oops', plan('n'), 'HTML page', { line: 1 }],
  ])('for %s', async (_, xml, response, message, place) => {
    await expect(decode(xml, response)).rejects.toMatchObject({
      code: 'legacy-unexpected',
      detail: expect.stringContaining(message),
      issues: [{ place: expect.objectContaining(place) }],
    });
  });

  test('whose root element is not the declared one', async () => {
    const sketch = { call: { get: '/', answers: 'p:Rates' }, endpoint: NAMESPACES };
    await expect(decodeOne(xmlFormat, sketch, reply('<Rates xmlns="urn:p"/>'))).resolves.toEqual({});
    await expect(decodeOne(xmlFormat, sketch, reply('<Rates/>'))).rejects.toMatchObject({ code: 'legacy-unexpected' });
    await expect(decodeOne(xmlFormat, sketch, reply('<Error xmlns="urn:p"/>'))).rejects.toThrow(
      'expected Rates of namespace urn:p (line 1, column 1, at Error)',
    );
  });

  test.each([['<r><n>1</r>'], ['<r>'], [''], ['ERROR 17'], ['<!DOCTYPE r []><r/>'], ['<r/><r/>'], ['<p:r/>']])(
    'that is not well-formed: %s',
    async (xml) => {
      await expect(decode(xml, plan('n'))).rejects.toMatchObject({
        code: 'legacy-malformed',
        issues: [{ place: expect.objectContaining({ line: 1 }) }],
      });
    },
  );

  test('whose part that nobody asked for is not well-formed', async () => {
    await expect(decode('<r><n>1</n><x><y></x></r>', plan('n'))).rejects.toMatchObject({ code: 'legacy-malformed' });
  });

  test.each([
    [{ xmlDepth: 2 }, '<r><a><b/></a></r>'],
    [{ xmlElements: 3 }, '<r><a/><a/><a/></r>'],
    [{ xmlAttributes: 1 }, '<r a="1" b="2"/>'],
    [{ xmlNameLength: 4 }, '<r><abcde/></r>'],
    [{ xmlTextLength: 4 }, '<r><n>12345</n></r>'],
  ])('beyond the limit %o', async (limits, xml) => {
    const sketch = { call: { get: '/' }, response: plan('n') };
    await expect(decodeOne(xmlFormat, sketch, reply(xml))).resolves.toBeDefined();
    await expect(decodeOne(xmlFormat, { ...sketch, limits }, reply(xml))).rejects.toMatchObject({
      code: 'legacy-too-large',
    });
  });

  test('with bytes that are not of its charset', async () => {
    const bytes = Uint8Array.of(0x3c, 0x72, 0x3e, 0xe1, 0x3c, 0x2f, 0x72, 0x3e);
    await expect(decodeOne(xmlFormat, { call: { get: '/' } }, reply(bytes))).rejects.toMatchObject({
      code: 'legacy-malformed',
    });
    await expect(
      decodeOne(
        xmlFormat,
        { call: { get: '/' }, response: plan('.'), endpoint: { charset: 'iso-8859-1' } },
        reply(bytes),
      ),
    ).resolves.toEqual({ '.': 'á' });
  });
});

describe('an error status is a fault', () => {
  test('with the names of the elements of its body, and nothing of its text', async () => {
    const answer = reply('<Error><Code><Part>17</Part></Code><Message>no such payment of Sok</Message></Error>', {
      status: 404,
    });
    const refusal = decodeOne(xmlFormat, { call: { get: '/' } }, answer);
    await expect(refusal).rejects.toMatchObject({
      name: 'LegacyFaultError',
      facts: { httpStatus: 404, names: ['Error', 'Code', 'Message'] },
    });
    await expect(refusal).rejects.not.toThrow('Sok');
  });

  test.each([['<html><body>Stack trace'], [''], ['{"error": 1}']])('without names for %j', async (body) => {
    await expect(decodeOne(xmlFormat, { call: { get: '/' } }, reply(body, { status: 500 }))).rejects.toMatchObject({
      name: 'LegacyFaultError',
      facts: { httpStatus: 500, names: [] },
    });
  });
});

describe('a plain XML request', () => {
  test('is a GET with its query and no body', async () => {
    const sketch = { call: { get: '/rates/{day}' }, request: plan('{day}', '?cur') };
    expect(await encodeOne(xmlFormat, sketch, values(cell('2024-05-17'), cell('KHR')))).toEqual({
      method: 'GET',
      path: '/rates/2024-05-17',
      query: [['cur', 'KHR']],
      headers: [],
    });
  });

  const POST = { call: { post: '/payments', root: 'Payment' }, endpoint: { namespace: 'urn:tax', ...NAMESPACES } };

  async function body(request: RecordPlan, ...slots: readonly Slot[]): Promise<string> {
    const message = await encodeOne(xmlFormat, { ...POST, request }, values(...slots));
    return String(message.body).replace(/^<\?xml[^>]*\?>\s*/, '');
  }

  test('is a document in the order of the inputs, neighbours sharing their parents', async () => {
    const request = plan('@version', 'Payer/@kind', 'Payer/TIN', 'Payer/Name', 'Amount', 'Amount/@cur', 'Payer/Phone');
    expect(
      await body(request, cell('2'), cell('C'), cell('00123'), cell('សុខា & <co>'), cell('1.50'), cell('KHR'), cell('')),
    ).toBe(
      '<Payment xmlns="urn:tax" version="2"><Payer kind="C"><TIN>00123</TIN><Name>សុខា &amp; &lt;co&gt;</Name></Payer>' +
        '<Amount cur="KHR">1.50</Amount><Payer><Phone/></Payer></Payment>',
    );
  });

  test('leaves out what is absent, with the parents that hold nothing else', async () => {
    expect(await body(plan('Payer/TIN', 'Amount', many('Items/Item')), undefined, cell('1'), undefined)).toBe(
      '<Payment xmlns="urn:tax"><Amount>1</Amount></Payment>',
    );
  });

  test('holds lists and records, each record an element of its own', async () => {
    const request = plan(many('Items/Item', '@no', 'Sum'), many('Code'), group('Payer', 'TIN'));
    const items = [values(cell('1'), cell('10')), values(cell('2'), undefined)];
    expect(await body(request, items, [cell('A'), cell('B')], values(undefined))).toBe(
      '<Payment xmlns="urn:tax"><Items><Item no="1"><Sum>10</Sum></Item><Item no="2"/></Items>' +
        '<Code>A</Code><Code>B</Code><Payer/></Payment>',
    );
  });

  test('writes a record and what stands beside it into one element, but nothing into the items of a list', async () => {
    const slots = [cell('7'), values(cell('00123')), cell('n')];
    expect(await body(plan('Payer/@id', group('Payer', 'TIN'), 'Payer/Name'), ...slots)).toBe(
      '<Payment xmlns="urn:tax"><Payer id="7"><TIN>00123</TIN><Name>n</Name></Payer></Payment>',
    );
    expect(await body(plan(many('Item', 'No'), 'Item/Note'), [values(cell('1'))], cell('n'))).toBe(
      '<Payment xmlns="urn:tax"><Item><No>1</No></Item><Item><Note>n</Note></Item></Payment>',
    );
    expect(await body(plan('Note', 'Note'), cell('1'), cell('2'))).toContain('<Note>1</Note><Note>2</Note>');
    expect(await body(plan('Amount/@cur', 'Amount'), cell('KHR'), cell('5'))).toContain('<Amount cur="KHR">5</Amount>');
  });

  test('says null with xsi:nil, and cannot in an attribute', async () => {
    expect(await body(plan('Amount'), cell(null))).toBe(
      '<Payment xmlns="urn:tax"><Amount xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></Payment>',
    );
    await expect(body(plan('@x'), cell(null))).rejects.toMatchObject({ code: 'input-invalid' });
  });

  test('declares the prefixes that its positions use', async () => {
    expect(await body(plan('p:Payer/@q:id', 'p:Payer/Name'), cell('1'), cell('n'))).toBe(
      '<Payment xmlns="urn:tax" xmlns:p="urn:p" xmlns:q="urn:q"><p:Payer q:id="1"><Name>n</Name></p:Payer></Payment>',
    );
  });

  test('is a form where the call says so', async () => {
    const request = plan('tin', many('code'), '?year', 'note');
    const sketch = { call: { post: '/payments', form: true as const }, request };
    expect(
      await encodeOne(xmlFormat, sketch, values(cell('0 1&2'), [cell('A'), cell('ខ')], cell('2024'), undefined)),
    ).toEqual({
      method: 'POST',
      path: '/payments',
      query: [['year', '2024']],
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: 'tin=0+1%262&code=A&code=%E1%9E%81',
    });
    await expect(encodeOne(xmlFormat, sketch, values(cell(null)))).rejects.toMatchObject({ code: 'input-invalid' });
  });

  test.each([['\u0000'], ['a\u0008'], ['\ufffe'], ['\ud800']])(
    'refuses %j, which XML 1.0 cannot hold',
    async (text) => {
      await expect(body(plan('Amount'), cell(text))).rejects.toMatchObject({ code: 'input-invalid' });
      await expect(body(plan('@amount'), cell(text))).rejects.toMatchObject({ code: 'input-invalid' });
    },
  );
});

describe('compiling an XML call reports', () => {
  test.each<[string, Parameters<typeof compileSketch>[1], string]>([
    ['a position that is none', { call: { get: '/' }, response: plan('a//b') }, '"" is no XML name'],
    ['an undeclared prefix', { call: { get: '/' }, response: plan('z:a') }, 'prefix "z"'],
    ['a record at an attribute', { call: { get: '/' }, response: plan(group('@a', 'b')) }, 'which only an element can'],
    ['a list at the record itself', { call: { get: '/' }, response: plan(many('.')) }, 'more than once'],
    ['a bad root', { call: { get: '/', answers: 'a b' } }, 'call.answers: '],
    ['a body for a GET', { call: { get: '/' }, request: plan('Name') }, 'A GET has no body'],
    ['a POST that sends nothing', { call: { post: '/' } }, 'expected "root" or "form"'],
    ['a root that is no name', { call: { post: '/', root: '1a' } }, 'call.root: '],
    ['a record in a form', { call: { post: '/', form: true }, request: plan(group('a', 'b')) }, 'A form holds texts'],
    ['a list of attributes', { call: { post: '/', root: 'r' }, request: plan(many('@a')) }, 'which holds one text'],
    ['an attribute twice', { call: { post: '/', root: 'r' }, request: plan('a/@b', 'a/@b') }, 'Two inputs write'],
    [
      'text and elements in one',
      { call: { post: '/', root: 'r' }, request: plan('a', 'a/b') },
      'holds other positions',
    ],
    [
      'text and a record in one',
      { call: { post: '/', root: 'r' }, request: plan(group('a', 'b'), 'a') },
      'holds other positions',
    ],
    ['text() in a request', { call: { post: '/', root: 'r' }, request: plan('a/text()') }, 'text() only reads'],
    ['a list at the root', { call: { post: '/', root: 'r' }, request: plan(many('.')) }, 'an element of its own'],
    ['an unknown charset', { call: { get: '/' }, endpoint: { charset: 'khmer-8' } }, 'charset: '],
    ['a SOAP operation', { call: { operation: 'GetCompany' } }, 'called by path'],
  ])('%s', (_, sketch, message) => {
    expect(compileSketch(xmlFormat, sketch).mistakes.join('\n')).toContain(message);
  });
});
