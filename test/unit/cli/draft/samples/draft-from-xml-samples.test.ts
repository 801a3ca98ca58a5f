import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { draftFromXmlSamples, type XmlSample } from '../../../../../src/cli/draft/samples/draft-from-xml-samples.ts';
import { CommandError } from '../../../../../src/cli/shell.ts';
import { compileDraft } from '../wsdl/draft-file.ts';

const REGISTRY = 'urn:example:registry';
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

interface Texts {
  readonly name?: string;
  readonly request?: string;
  readonly response: string;
  readonly contentType?: string;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function draft(...samples: readonly Texts[]): Promise<Draft> {
  const read = samples.map(
    ({ name, request, response, contentType }, index): XmlSample => ({
      name: name ?? `sample-${index + 1}.xml`,
      ...(request === undefined ? {} : { request: bytes(request) }),
      response: bytes(response),
      ...(contentType === undefined ? {} : { contentType }),
    }),
  );
  const drafted = await draftFromXmlSamples(read, { name: 'business-registry' });
  compileDraft(drafted);
  return drafted;
}

function envelope(body: string, headers = '', version: '1.1' | '1.2' = '1.1'): string {
  const namespace =
    version === '1.1' ? 'http://schemas.xmlsoap.org/soap/envelope/' : 'http://www.w3.org/2003/05/soap-envelope';
  return `<s:Envelope xmlns:s="${namespace}">${headers === '' ? '' : `<s:Header>${headers}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`;
}

function ask(number: string): string {
  return envelope(`<GetCompany xmlns="${REGISTRY}"><RegNo>${number}</RegNo></GetCompany>`);
}

function company(inside: string): string {
  return envelope(`<GetCompanyResponse xmlns="${REGISTRY}" ${XSI}><Company>${inside}</Company></GetCompanyResponse>`);
}

function outputOf({ definition }: Draft, name: string): unknown {
  return definition.operations[name]?.output;
}

function answerOf({ examples }: Draft, index = 0): unknown {
  return JSON.parse(String(examples[index]?.files['case.json'])).answer;
}

function questionAt({ questions }: Draft, place: string, words: RegExp): Draft['questions'][number] | undefined {
  return questions.find((question) => question.place === place && words.test(question.question));
}

describe('texts in forms that XML Schema does not have', () => {
  test.each([
    ['01/03/1979', 'Is each of these values a date as dd/MM/yyyy?'],
    ['1.234,50', 'Are these numbers with separators between thousands?'],
    ['12,5', 'Are these decimal numbers with a comma?'],
    ['១២៣', 'Are these numbers or dates in Khmer digits?'],
  ])('%s stays text, and is asked about', async (value, question) => {
    const { questions, definition } = await draft({ response: `<A><V>${value}</V></A>` });
    expect(definition.operations.a?.output).toMatchObject({ fields: { v: { type: 'text' } } });
    expect(questions).toContainEqual(
      expect.objectContaining({ question, evidence: expect.stringContaining(`v (the only value: ${value})`) }),
    );
  });

  test('a name is no such text', async () => {
    const { questions } = await draft({ response: '<A><V>សុខ តារា</V></A>' });
    expect(questions.filter(({ place }) => place === 'operations.a.output')).toHaveLength(1);
  });
});

describe('structure merged over samples', () => {
  const full = company(
    '<RegNo>00012345</RegNo><Active>true</Active><Director since="2020-01-31">Sok</Director><Director>Dara</Director><Remarks>late</Remarks><Phone>012</Phone>',
  );
  const bare = company('<RegNo>00000007</RegNo><Active>false</Active><Remarks xsi:nil="true"/>');

  test('what repeats is a list, what some samples lack is optional, what is nil somewhere may be null', async () => {
    const drafted = await draft(
      { request: ask('00012345'), response: full },
      { request: ask('00000007'), response: bare },
    );
    expect(outputOf(drafted, 'getCompany')).toEqual({
      type: 'record',
      at: 'Company',
      fields: {
        regNo: { type: 'text', at: 'RegNo' },
        active: { type: 'boolean', at: 'Active' },
        director: {
          type: 'list',
          at: 'Director',
          items: {
            type: 'record',
            fields: {
              since: { type: 'date', at: '@since', optional: true },
              value: { type: 'text', at: '.' },
            },
          },
        },
        remarks: { type: 'text', at: 'Remarks', nullable: true },
        phone: { type: 'text', at: 'Phone', optional: true },
      },
    });
    expect(answerOf(drafted, 1)).toEqual({
      status: 200,
      body: { regNo: '00000007', active: false, director: [], remarks: null },
    });
    expect(drafted.unsupported).toEqual([]);
  });

  test('the operation, its route and its input come from the request', async () => {
    const { definition } = await draft({ request: ask('00012345'), response: full });
    expect(definition.legacy).toEqual({
      legacy: {
        format: 'soap',
        endpoint: { from: 'variable', name: 'BUSINESS_REGISTRY_URL' },
        namespace: REGISTRY,
      },
    });
    expect(definition.operations.getCompany).toMatchObject({
      method: 'get',
      path: '/company/{regNo}',
      call: { operation: 'GetCompany' },
      input: { regNo: { type: 'text', at: 'RegNo' } },
    });
  });

  test('an element that came once everywhere is a record, and whether it is a list is asked with its line', async () => {
    const drafted = await draft({ response: company('\n<Owner><Name>Sok</Name></Owner><RegNo>1</RegNo>') });
    expect(outputOf(drafted, 'getCompany')).toMatchObject({ fields: { owner: { type: 'record', at: 'Owner' } } });
    expect(
      questionAt(drafted, 'operations.getCompany.output.owner', /more than one Owner: one record, or a list/),
    ).toMatchObject({
      evidence: 'in 1 of 1, sample-1.xml:2',
    });
  });

  test('a wrapper named as the plural of the one element in it is drafted as a list, and asked', async () => {
    const drafted = await draft({
      response: company('<RegNo>1</RegNo><Directors><Director>Sok</Director></Directors>'),
    });
    expect(outputOf(drafted, 'getCompany')).toMatchObject({
      fields: { directors: { type: 'list', at: 'Directors/Director', items: { type: 'text', at: '.' } } },
    });
    expect(questionAt(drafted, 'operations.getCompany.output.directors', /a list, or one record/)?.guess).toBe(
      'A list',
    );
  });

  test('a record that some answers lack is a 404 for a GET', async () => {
    const nothing = envelope(`<GetCompanyResponse xmlns="${REGISTRY}"/>`);
    const drafted = await draft({ request: ask('00012345'), response: full }, { request: ask('9'), response: nothing });
    expect(drafted.definition.operations.getCompany?.problems).toEqual([
      { absent: 'Company', status: 404, title: 'Not found' },
    ]);
    expect(answerOf(drafted, 1)).toMatchObject({ status: 404 });
  });

  test('identifiers, amounts and dates that are no days stay as they are written', async () => {
    const drafted = await draft({
      response: company(
        '<RegNo>007</RegNo><Capital>1500.00</Capital><Until>2024-02-30</Until><Long>12345678901234567890</Long>',
      ),
    });
    expect(answerOf(drafted)).toMatchObject({
      body: { regNo: '007', capital: '1500.00', until: '2024-02-30', long: '12345678901234567890' },
    });
  });

  test('text beside elements is answered, and told as mixed content with its line', async () => {
    const drafted = await draft({ response: company('\n\n<Note>see <b>annex</b> 4</Note><RegNo>1</RegNo>') });
    expect(answerOf(drafted)).toMatchObject({ body: { note: { text: 'see  4', b: 'annex' } } });
    expect(drafted.unsupported).toEqual([
      expect.objectContaining({ place: 'sample-1.xml:3', construct: 'mixed content' }),
    ]);
  });

  test('elements that take turns are lists of their own, and the lost order is told', async () => {
    const drafted = await draft({ response: company('<A>1</A><B>x</B><A>2</A>') });
    expect(answerOf(drafted)).toMatchObject({ body: { a: ['1', '2'], b: 'x' } });
    expect(drafted.unsupported[0]).toMatchObject({ construct: 'elements that take turns', place: 'sample-1.xml:1' });
  });

  test('one local name in two namespaces is two fields', async () => {
    const drafted = await draft({ response: company('<Id>1</Id><o:Id xmlns:o="urn:example:other">2</o:Id>') });
    expect(answerOf(drafted)).toMatchObject({ body: { id: '1', id2: '2' } });
  });

  test('an empty element is an empty text, and absent where the others are no texts', async () => {
    const drafted = await draft(
      { response: company('<Name/><Since>2024-01-31</Since>') },
      { response: company('<Name>Sok</Name><Since/>') },
    );
    expect(answerOf(drafted, 0)).toMatchObject({ body: { name: '', since: '2024-01-31' } });
    expect((answerOf(drafted, 1) as { body: object }).body).toEqual({ name: 'Sok' });
    expect(questionAt(drafted, 'operations.getCompany.output', /empty element/)?.evidence).toBe('name, since');
  });

  test('xsi:type declares the type of a value', async () => {
    const xsd = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';
    const drafted = await draft({
      response: company(`<Count ${xsd} xsi:type="xsd:int">7</Count><No ${xsd} xsi:type="xsd:string">7</No>`),
    });
    expect(answerOf(drafted)).toMatchObject({ body: { count: 7, no: '7' } });
  });
});

describe('what goes out', () => {
  const done = envelope(`<SubmitFormResponse xmlns="${REGISTRY}"><Receipt>1</Receipt></SubmitFormResponse>`);

  test('a structured request becomes the body of a POST, and is sent as the sample was', async () => {
    const body = `<SubmitForm xmlns="${REGISTRY}"><Form kind="A"><Line>1</Line><Line>2</Line></Form></SubmitForm>`;
    const drafted = await draft({ request: envelope(body), response: done });
    expect(drafted.definition.operations.submitForm).toMatchObject({ method: 'post', path: '/form' });
    const { files } = drafted.examples[0] as Draft['examples'][number];
    expect(JSON.parse(String(files['case.json'])).request.body).toEqual({ form: { kind: 'A', line: ['1', '2'] } });
    expect(files['sent.xml']).toContain(
      `<SubmitForm xmlns="${REGISTRY}"><Form kind="A"><Line>1</Line><Line>2</Line></Form>`,
    );
    expect(drafted.unsupported).toEqual([]);
  });

  test('parts without a namespace make an endpoint of unqualified elements', async () => {
    const body = `<o:SubmitForm xmlns:o="${REGISTRY}"><form><o:line>1</o:line></form></o:SubmitForm>`;
    const drafted = await draft({ request: envelope(body), response: done });
    expect(drafted.definition.legacy.legacy).toMatchObject({ elements: 'unqualified' });
    expect(drafted.unsupported).toEqual([]);
  });

  test('a UsernameToken becomes references, and no credential of a sample is in the draft', async () => {
    const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
    const token = `<w:Security xmlns:w="${wsse}"><w:UsernameToken><w:Username>agency-user</w:Username><w:Password Type="x#PasswordDigest">s3cr3t-digest</w:Password></w:UsernameToken></w:Security>`;
    const session = `<Session xmlns="${REGISTRY}"><Token>s3cr3t-token</Token></Session>`;
    const body = `<SubmitForm xmlns="${REGISTRY}"><Password>s3cr3t-password</Password></SubmitForm>`;
    const drafted = await draft({ request: envelope(body, token + session), response: done });
    expect(drafted.definition.legacy.legacy).toMatchObject({
      auth: {
        scheme: 'usernameToken',
        user: { from: 'variable', name: 'BUSINESS_REGISTRY_USER' },
        password: { from: 'secret', name: 'BUSINESS_REGISTRY_PASSWORD' },
        passwordType: 'digest',
      },
    });
    expect(drafted.definition.operations.submitForm?.input).toMatchObject({
      session: { type: 'record', at: '^Session', fields: { token: { type: 'text', at: 'Token' } } },
    });
    const all = JSON.stringify([drafted, ...drafted.examples.flatMap(({ files }) => Object.values(files).map(String))]);
    for (const secret of ['agency-user', 's3cr3t-digest', 's3cr3t-token', 's3cr3t-password']) {
      expect(all).not.toContain(secret);
    }
    expect(drafted.examples).toHaveLength(1);
  });

  test('other SOAP headers are constants; what is new for each call is told', async () => {
    const wsa = 'xmlns:a="http://www.w3.org/2005/08/addressing"';
    const headers = `<a:Action ${wsa}>urn:submit</a:Action><a:MessageID ${wsa}>urn:uuid:1</a:MessageID><Agency xmlns="${REGISTRY}">GDT</Agency>`;
    const drafted = await draft({ request: envelope(`<SubmitForm xmlns="${REGISTRY}"/>`, headers), response: done });
    expect(drafted.definition.operations.submitForm).toMatchObject({
      call: { action: 'urn:submit' },
      input: { agency: { type: 'constant', at: '^Agency', value: 'GDT' } },
    });
    expect(drafted.unsupported).toEqual([
      expect.objectContaining({ construct: 'wsa:MessageID', place: 'sample-1.xml (request):1' }),
    ]);
  });

  test('X-Road headers take the id and the user of the exchange', async () => {
    const xrd = 'xmlns:x="http://x-road.eu/xsd/xroad.xsd"';
    const headers = `<x:id ${xrd}>42</x:id><x:userId ${xrd}>EE1</x:userId><x:protocolVersion ${xrd}>4.0</x:protocolVersion>`;
    const drafted = await draft({ request: envelope(`<SubmitForm xmlns="${REGISTRY}"/>`, headers), response: done });
    expect(drafted.definition.operations.submitForm?.input).toMatchObject({
      id: { at: '^x:id', exchange: 'messageId' },
      userId: { at: '^x:userId', exchange: 'userId' },
      protocolVersion: { type: 'constant', value: '4.0' },
    });
  });
});

describe('faults, formats and several operations', () => {
  const answered = { request: ask('1'), response: company('<RegNo>1</RegNo><Name>Sok</Name>') };

  test('a fault becomes a problem rule and an example of its own', async () => {
    const fault = envelope(
      `<s:Fault><faultcode>s:Client</faultcode><faultstring>none</faultstring><detail><CompanyNotFound xmlns="${REGISTRY}"/></detail></s:Fault>`,
    );
    const drafted = await draft(answered, { request: ask('9'), response: fault });
    expect(drafted.definition.operations.getCompany?.problems).toEqual([{ fault: 'CompanyNotFound', status: 404 }]);
    expect(answerOf(drafted, 1)).toEqual({ status: 404, problem: 'legacy-fault' });
  });

  test('a fault of codes that any fault has is asked, and class names of a stack make no rule', async () => {
    const fault = envelope(
      '<s:Fault><faultcode>s:Server</faultcode><faultstring>it broke</faultstring><detail><exceptionName>gov.Oops</exceptionName></detail></s:Fault>',
    );
    const drafted = await draft(answered, { response: fault });
    expect(drafted.definition.operations.getCompany?.problems).toBeUndefined();
    expect(questionAt(drafted, 'operations.getCompany.problems', /What does this fault mean/)).toBeDefined();
  });

  test('nothing but faults is refused', async () => {
    const fault = envelope('<s:Fault><faultcode>s:Server</faultcode></s:Fault>');
    await expect(draft({ request: ask('1'), response: fault })).rejects.toThrow(
      'All samples are faults: at least one answer is needed',
    );
  });

  test('plain XML without a request is got, with the root that the answer must have', async () => {
    const drafted = await draft({
      response: '<Rates><Rate currency="USD">4100.50</Rate><Rate currency="THB">115.20</Rate></Rates>',
    });
    expect(drafted.definition.legacy.legacy).toMatchObject({ format: 'xml' });
    expect(drafted.definition.operations.rates).toMatchObject({
      method: 'get',
      path: '/rates',
      call: { get: '', answers: 'Rates' },
    });
    expect(answerOf(drafted)).toEqual({
      status: 200,
      body: {
        rate: [
          { currency: 'USD', value: '4100.50' },
          { currency: 'THB', value: '115.20' },
        ],
      },
    });
  });

  test('plain XML with a request is posted as a document', async () => {
    const drafted = await draft({
      request: `<FindTaxpayer xmlns="${REGISTRY}"><Tin>012</Tin></FindTaxpayer>`,
      response: '<Taxpayer><Name>Sok</Name></Taxpayer>',
    });
    expect(drafted.definition.legacy.legacy).toMatchObject({ format: 'xml', namespace: REGISTRY });
    expect(drafted.definition.operations.findTaxpayer).toMatchObject({
      path: '/taxpayer/{tin}',
      call: { post: '', root: 'FindTaxpayer', answers: 'Taxpayer' },
    });
    expect(drafted.unsupported).toEqual([]);
  });

  test('samples of several operations and SOAP versions are one adapter', async () => {
    const list = envelope(
      `<ListTypesResponse xmlns="${REGISTRY}"><Type>A</Type><Type>B</Type></ListTypesResponse>`,
      '',
      '1.2',
    );
    const drafted = await draft(answered, { response: list });
    expect(Object.keys(drafted.definition.legacy)).toEqual(['soap11', 'soap12']);
    expect(drafted.definition.operations).toMatchObject({
      getCompany: { via: 'soap11' },
      listTypes: { via: 'soap12' },
    });
    expect(drafted.examples).toHaveLength(2);
  });

  test('an answer without a request joins the operation that its element belongs to', async () => {
    const drafted = await draft(answered, { response: company('<RegNo>2</RegNo>') });
    expect(Object.keys(drafted.definition.operations)).toEqual(['getCompany']);
    expect(outputOf(drafted, 'getCompany')).toMatchObject({ fields: { name: { optional: true } } });
  });

  test('another element in an answer of the same operation is told', async () => {
    const other = envelope(`<Busy xmlns="${REGISTRY}"/>`);
    const drafted = await draft(answered, { request: ask('2'), response: other });
    expect(drafted.unsupported[0]).toMatchObject({ place: 'sample-2.xml:1', construct: 'another answer, Busy' });
    expect(drafted.examples).toHaveLength(1);
  });

  test('an attachment is answered as base64, and one that nothing names is told', async () => {
    const include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:photo"/>';
    const message = [
      '--part',
      'Content-Type: application/xop+xml',
      '',
      company(`<RegNo>1</RegNo><Photo>${include}</Photo>`),
      '--part',
      'Content-ID: <photo>',
      '',
      'Spean',
      '--part',
      'Content-ID: <other>',
      '',
      'x',
      '--part--',
      '',
    ].join('\r\n');
    const drafted = await draft({ response: message });
    expect(answerOf(drafted)).toMatchObject({ body: { photo: btoa('Spean') } });
    expect(drafted.unsupported).toEqual([expect.objectContaining({ construct: 'attachment other' })]);
  });

  test('a sample that cannot be read is told, and the others are drafted', async () => {
    const drafted = await draft(answered, { name: 'page.xml', response: '<!DOCTYPE html><html></html>' });
    expect(drafted.unsupported).toEqual([
      expect.objectContaining({ place: 'page.xml', consequence: expect.stringMatching(/answered an HTML page/) }),
    ]);
    expect(drafted.examples).toHaveLength(1);
  });

  test.each([
    ['<a><b></a>', /broken\.xml:1 cannot be read/],
    ['<!DOCTYPE a><a/>', /DOCTYPE/],
    [envelope('<a/><b/>'), /more than one element/],
    [envelope('<a href="#id0"/><multiRef id="id0">1</multiRef>'), /multi-reference values/],
    [envelope(''), /The SOAP body is empty/],
    ['{"a":1}', /broken\.xml:1 cannot be read/],
  ])('%s is refused with file and reason', async (response, reason) => {
    const error = await draft({ name: 'broken.xml', response }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toMatch(reason);
  });
});
