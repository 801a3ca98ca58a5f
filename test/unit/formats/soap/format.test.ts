import { describe, expect, test } from 'vitest';
import { soapFormat } from '../../../../src/formats/soap/format.ts';
import type { LegacyReply } from '../../../../src/model/legacy.ts';
import type { RecordPlan } from '../../../../src/model/source.ts';
import {
  compileCall,
  decodeOne,
  many,
  oneOf,
  plan,
  type Read,
  readRecord,
  recordsOf,
  reply,
} from '../../../support/format-call.ts';

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
const ENDPOINT = { namespace: 'urn:registry', namespaces: { c: 'urn:common' } };

interface Facts {
  readonly call?: object;
  readonly endpoint?: object;
  readonly status?: number;
  readonly contentType?: string;
}

function decode(text: string, response: RecordPlan, facts: Facts = {}): Promise<Read> {
  const sketch = {
    call: { operation: 'GetCompany', ...facts.call },
    endpoint: { ...ENDPOINT, ...facts.endpoint },
    response,
  };
  return decodeOne(soapFormat, sketch, reply(text, { contentType: 'text/xml', ...facts }));
}

function envelope(body: string, namespace = SOAP11): string {
  return `<s:Envelope xmlns:s="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><a xmlns="urn:a" s:mustUnderstand="1"><RegNo>header</RegNo></a></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

const COMPANY =
  '<GetCompanyResponse xmlns="urn:registry"><Company id="1"><RegNo>00012345</RegNo></Company></GetCompanyResponse>';
const REG_NO = plan('Company/RegNo', 'Company/@id', 'RegNo');
const READ = { 'Company/RegNo': '00012345', 'Company/@id': '1', RegNo: undefined };

describe('a SOAP answer', () => {
  test('is read relative to the wrapper, headers aside', async () => {
    expect(await decode(envelope(COMPANY), REG_NO)).toEqual(READ);
    expect(await decode(envelope(COMPANY, SOAP12), REG_NO, { endpoint: { version: '1.2' } })).toEqual(READ);
  });

  test('is read with white space, comments and an XML declaration around its elements', async () => {
    const text = `<?xml version="1.0"?>\n<!-- x -->${envelope(`\n<!-- y -->\n${COMPANY}\n`)}\n`;
    expect(await decode(text, REG_NO)).toEqual(READ);
  });

  test('has the wrapper that the definition names, in its namespace', async () => {
    const body = '<c:Answer xmlns:c="urn:common"><RegNo>1</RegNo></c:Answer>';
    expect(await decode(envelope(body), plan('RegNo'), { call: { response: 'c:Answer' } })).toEqual({ RegNo: '1' });
    expect(
      await decode(envelope(body), plan('RegNo'), { call: { response: 'Answer', namespace: 'urn:common' } }),
    ).toEqual({ RegNo: '1' });
  });

  test('may be a bare element with a text', async () => {
    const text = envelope('<Rate xmlns="urn:registry">4100</Rate>');
    expect(await decode(text, plan('.'), { call: { response: 'Rate' } })).toEqual({ '.': '4100' });
  });

  test('may be an empty wrapper', async () => {
    expect(await decode(envelope('<GetCompanyResponse xmlns="urn:registry"/>'), plan('RegNo', many('D')))).toEqual({
      RegNo: undefined,
      D: undefined,
    });
  });

  test('of rpc/literal has unqualified parts, with or without xsi:type', async () => {
    const body =
      '<m:GetCompanyResponse xmlns:m="urn:registry"><return xsi:type="m:T"><RegNo>01</RegNo></return></m:GetCompanyResponse>';
    expect(
      await decode(envelope(body), plan('return/RegNo', 'return/@xsi:type'), { endpoint: { style: 'rpc' } }),
    ).toEqual({
      'return/RegNo': '01',
      'return/@xsi:type': 'm:T',
    });
  });

  test('may hold an href that the definition reads as data', async () => {
    const body = '<GetCompanyResponse xmlns="urn:registry"><Link href="#top">x</Link></GetCompanyResponse>';
    expect(await decode(envelope(body), plan('Link', 'Link/@href'))).toEqual({ Link: 'x', 'Link/@href': '#top' });
  });
});

describe('a SOAP fault', () => {
  const FAULT11 =
    '<s:Fault><faultcode>c:Client.NotFound</faultcode><faultstring>No company of Sok</faultstring><faultactor/><detail><e:CompanyNotFound xmlns:e="urn:e"><RegNo>1</RegNo></e:CompanyNotFound><stack/></detail></s:Fault>';
  const FAULT12 =
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>\n m:CompanyNotFound </s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">None</s:Text><s:Text xml:lang="km">គ្មាន</s:Text></s:Reason><s:Detail><x xmlns="urn:e"/></s:Detail></s:Fault>';

  test.each([[200], [202], [400], [404], [500], [503]])('is noticed with HTTP %i, in both versions', async (status) => {
    await expect(decode(envelope(FAULT11), REG_NO, { status })).rejects.toMatchObject({
      name: 'LegacyFaultError',
      facts: { httpStatus: status, names: ['Client.NotFound', 'CompanyNotFound', 'stack'] },
    });
    await expect(
      decode(envelope(FAULT12, SOAP12), REG_NO, { status, endpoint: { version: '1.2' } }),
    ).rejects.toMatchObject({
      name: 'LegacyFaultError',
      facts: { httpStatus: status, names: ['Sender', 'CompanyNotFound', 'x'] },
    });
  });

  test('is noticed in the version that the endpoint does not speak, such as VersionMismatch', async () => {
    const text = envelope(
      '<s:Fault><faultcode>s:VersionMismatch</faultcode><faultstring>1.1 only</faultstring></s:Fault>',
    );
    await expect(decode(text, REG_NO, { endpoint: { version: '1.2' } })).rejects.toMatchObject({
      facts: { names: ['VersionMismatch'] },
    });
  });

  test('is one even when it is empty, or stands beside an answer', async () => {
    await expect(decode(envelope('<s:Fault/>'), REG_NO)).rejects.toMatchObject({
      facts: { httpStatus: 200, names: [] },
    });
    await expect(decode(envelope(`${COMPANY}${FAULT11}`), REG_NO)).rejects.toMatchObject({ name: 'LegacyFaultError' });
  });

  test.each<[string, readonly string[]]>([
    ['NOT_FOUND', ['NOT_FOUND']],
    ['E-1', ['E-1']],
    ['E1', []],
    ['X'.repeat(64), ['X'.repeat(64)]],
    ['X'.repeat(65), []],
    ['NOT_FOUND: Sok Dara', []],
    ['For Sok: NOT_FOUND', []],
  ])('has its reason among its names only where that is a code: %s', async (reason, names) => {
    const [first, second] = [
      `<s:Fault><faultcode>s:Server</faultcode><faultstring>${reason}</faultstring></s:Fault>`,
      `<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason></s:Fault>`,
    ];
    await expect(decode(envelope(first), REG_NO)).rejects.toMatchObject({ facts: { names: ['Server', ...names] } });
    await expect(decode(envelope(second, SOAP12), REG_NO, { endpoint: { version: '1.2' } })).rejects.toMatchObject({
      facts: { names: ['Receiver', ...names] },
    });
  });

  test('is that of its own answer, and leaves nothing behind for the next one', async () => {
    const sketch = { call: { operation: 'GetCompany' }, endpoint: ENDPOINT, response: REG_NO };
    const compiled = compileCall(soapFormat, sketch);
    const read = async (answer: LegacyReply) => {
      const [record] = await recordsOf(await compiled.decode(answer, []));
      return readRecord(record!, REG_NO);
    };
    const fault = (code: string) => reply(envelope(`<s:Fault><faultcode>${code}</faultcode></s:Fault>`));
    await expect(read(fault('One'))).rejects.toMatchObject({ facts: { names: ['One'] } });
    expect(await read(reply(envelope(COMPANY)))).toEqual(READ);
    await expect(read(reply(envelope('')))).rejects.toMatchObject({ code: 'legacy-unexpected' });
    await expect(read(reply(envelope('<Other/>')))).rejects.toThrow('not declared');
    await expect(read(fault('Two'))).rejects.toMatchObject({ facts: { names: ['Two'] } });
    expect(await read(reply(envelope(COMPANY)))).toEqual(READ);
  });

  test('does not tell the legacy system’s words in its message', async () => {
    await expect(decode(envelope(FAULT11), REG_NO)).rejects.not.toThrow('Sok');
  });

  test('is not every element called Fault', async () => {
    const body = '<GetCompanyResponse xmlns="urn:registry"><Fault>none</Fault></GetCompanyResponse>';
    expect(await decode(envelope(body), plan('Fault'))).toEqual({ Fault: 'none' });
  });

  test.each([['<html>Oops'], [''], [envelope(COMPANY)], ['<broken'], ['{}']])(
    'is what an error status is without one: %j',
    async (text) => {
      await expect(decode(text, REG_NO, { status: 500 })).rejects.toMatchObject({
        name: 'LegacyFaultError',
        facts: { httpStatus: 500, names: [] },
      });
    },
  );
});

describe('a SOAP answer is refused', () => {
  test.each<[string, string, string, object?]>([
    [
      'another element',
      envelope('<Other xmlns="urn:registry"/>'),
      'expected GetCompanyResponse of namespace "urn:registry"',
    ],
    ['the element in another namespace', envelope('<GetCompanyResponse xmlns="urn:x"/>'), 'not declared'],
    ['two elements', envelope(`${COMPANY}${COMPANY}`), 'more than one element'],
    ['an empty body', envelope(''), 'The SOAP body is empty: expected GetCompanyResponse'],
    ['no body', `<s:Envelope xmlns:s="${SOAP11}"/>`, 'has no Body'],
    ['two bodies', `<s:Envelope xmlns:s="${SOAP11}"><s:Body/><s:Body/></s:Envelope>`, 'two Bodies'],
    ['an unknown version', envelope(COMPANY, 'http://example.org/soap'), 'no known SOAP version'],
    ['another version', envelope(COMPANY, SOAP12), 'The answer is SOAP 1.2: expected SOAP 1.1'],
    ['no envelope', COMPANY, 'no SOAP envelope: its root element is GetCompanyResponse'],
    ['an HTML page', '<!DOCTYPE html><html></html>', 'HTML page'],
    ['a multiRef', envelope(`${COMPANY}<multiRef id="id0"/>`), 'rpc/encoded with multi-reference values'],
    [
      'an href',
      envelope('<GetCompanyResponse xmlns="urn:registry"><Company href="#id0"/></GetCompanyResponse>'),
      'rpc/encoded with multi-reference values',
    ],
  ])('with %s', async (_, text, message) => {
    await expect(decode(text, REG_NO)).rejects.toMatchObject({
      code: 'legacy-unexpected',
      detail: expect.stringContaining(message),
    });
  });

  test('with the place of what is wrong', async () => {
    const text = `<s:Envelope xmlns:s="${SOAP11}">\n<s:Body>\n<GetCompanyResponse xmlns="urn:registry"><a>1</a>\n <a>2</a></GetCompanyResponse></s:Body></s:Envelope>`;
    await expect(decode(text, plan('a'))).rejects.toMatchObject({
      issues: [{ place: { line: 4, column: 2, path: 'Envelope/Body/GetCompanyResponse/a' } }],
    });
    await expect(decode(text.replace('<a>2</a>', '<a>2</b>'), plan(many('a')))).rejects.toMatchObject({
      code: 'legacy-malformed',
      issues: [{ place: expect.objectContaining({ line: 4 }) }],
    });
    await expect(decode(text, plan(oneOf('b', 'a')))).rejects.toMatchObject({ code: 'legacy-unexpected' });
  });

  test('with a DOCTYPE, however harmless', async () => {
    await expect(decode(`<!DOCTYPE x>${envelope(COMPANY)}`, REG_NO)).rejects.toMatchObject({
      code: 'legacy-malformed',
    });
  });
});
