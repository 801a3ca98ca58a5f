import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { soapFormat } from '../../../../src/formats/soap/format.ts';
import type { LegacyMessage } from '../../../../src/model/legacy.ts';
import type { RecordPlan, Slot } from '../../../../src/model/source.ts';
import { cell, compileSketch, encodeOne, group, many, plan, values } from '../../../support/format-call.ts';

const ENDPOINT = { namespace: 'urn:registry', namespaces: { c: 'urn:common' } };
const SOAP11 = 'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"';
const CALL = { operation: 'GetCompany' };

interface Facts {
  readonly endpoint?: object;
  readonly call?: object;
}

async function message(request: RecordPlan, slots: readonly Slot[], facts: Facts = {}): Promise<LegacyMessage> {
  const sketch = { call: { ...CALL, ...facts.call }, endpoint: { ...ENDPOINT, ...facts.endpoint }, request };
  return encodeOne(soapFormat, sketch, values(...slots));
}

async function envelope(...args: Parameters<typeof message>): Promise<string> {
  return String((await message(...args)).body).replace(/^<\?xml[^>]*\?>\s*/, '');
}

describe('a SOAP request', () => {
  test('of SOAP 1.1 is a POST with a quoted SOAPAction', async () => {
    const request = await message(plan('RegNo'), [cell('00012345')], { call: { action: 'urn:registry/GetCompany' } });
    expect(request).toEqual({
      method: 'POST',
      path: '',
      query: [],
      headers: [
        ['content-type', 'text/xml; charset=utf-8'],
        ['soapaction', '"urn:registry/GetCompany"'],
      ],
      body: expect.any(String),
    });
    expect((await message(plan(), [])).headers).toContainEqual(['soapaction', '""']);
  });

  test('of SOAP 1.2 names its action in the content type', async () => {
    const endpoint = { version: '1.2' };
    expect((await message(plan(), [], { endpoint, call: { action: 'urn:a' } })).headers).toEqual([
      ['content-type', 'application/soap+xml; charset=utf-8; action="urn:a"'],
    ]);
    expect((await message(plan(), [], { endpoint })).headers).toEqual([
      ['content-type', 'application/soap+xml; charset=utf-8'],
    ]);
    expect(await envelope(plan(), [], { endpoint })).toContain('xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
  });

  test('wraps qualified elements in the operation', async () => {
    expect(await envelope(plan('RegNo', 'c:Language'), [cell('00012345'), cell('km')])).toBe(
      `<soap:Envelope ${SOAP11}><soap:Body><GetCompany xmlns="urn:registry" xmlns:c="urn:common">` +
        '<RegNo>00012345</RegNo><c:Language>km</c:Language></GetCompany></soap:Body></soap:Envelope>',
    );
  });

  test('of no namespace has no prefix, as none can be declared for that', async () => {
    const facts = { endpoint: { elements: 'unqualified', namespaces: { none: '' } }, call: { namespace: '' } };
    expect(await envelope(plan('RegNo', '@xsi:type'), [cell('1'), cell('t')], facts)).toBe(
      `<soap:Envelope ${SOAP11}><soap:Body><GetCompany xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t">` +
        '<RegNo>1</RegNo></GetCompany></soap:Body></soap:Envelope>',
    );
    const inside = { endpoint: { elements: 'unqualified', namespaces: { none: '' } } };
    expect(await envelope(plan('none:RegNo'), [cell('1')], inside)).toContain(
      '<op:GetCompany xmlns:op="urn:registry"><RegNo>1</RegNo></op:GetCompany>',
    );
  });

  test('declares the prefixes of the endpoint where a value of xsi:type may have one', async () => {
    expect(await envelope(plan('Owner/@xsi:type', 'Owner/Name'), [cell('c:Person'), cell('Sok')])).toContain(
      '<GetCompany xmlns="urn:registry" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:c="urn:common">' +
        '<Owner xsi:type="c:Person"><Name>Sok</Name></Owner>',
    );
  });

  test('gives only the wrapper the namespace where elements are unqualified', async () => {
    const text = await envelope(plan('Filing/Year'), [cell('2024')], { endpoint: { elements: 'unqualified' } });
    expect(text).toContain('<op:GetCompany xmlns:op="urn:registry"><Filing><Year>2024</Year></Filing></op:GetCompany>');
  });

  test('leaves rpc/literal parts unqualified, and qualifies inside them where the schema does', async () => {
    const request = plan(group('filing', 'Year', many('Page')));
    const slots = [values(cell('2024'), [cell('1')])];
    expect(await envelope(request, slots, { endpoint: { style: 'rpc' } })).toContain(
      '<op:GetCompany xmlns:op="urn:registry"><filing><Year>2024</Year><Page>1</Page></filing></op:GetCompany>',
    );
    expect(await envelope(request, slots, { endpoint: { style: 'rpc', elements: 'qualified' } })).toContain(
      '<filing><op:Year>2024</op:Year><op:Page>1</op:Page></filing>',
    );
  });

  test('avoids a prefix that the endpoint declares', async () => {
    const endpoint = { style: 'rpc', namespaces: { op: 'urn:other' } };
    expect(await envelope(plan('op:X'), [cell('1')], { endpoint })).toContain(
      '<op_:GetCompany xmlns:op_="urn:registry" xmlns:op="urn:other"><op:X>1</op:X></op_:GetCompany>',
    );
  });

  test('names a bare body element and its namespace', async () => {
    expect(await envelope(plan('.'), [cell('7')], { call: { request: 'RegNo', namespace: 'urn:bare' } })).toContain(
      '<soap:Body><RegNo xmlns="urn:bare">7</RegNo></soap:Body>',
    );
    expect(await envelope(plan('@v'), [cell('7')], { call: { request: 'c:Query' } })).toContain(
      '<soap:Body><c:Query xmlns="urn:registry" xmlns:c="urn:common" v="7"/></soap:Body>',
    );
  });

  test('carries header blocks from ^ positions, each with its namespace', async () => {
    const request = plan('^Session/Token', 'RegNo', '^Session/@id', '^c:Trace');
    const slots = [cell('t'), cell('1'), cell('9'), cell('x')];
    expect(await envelope(request, slots)).toBe(
      `<soap:Envelope ${SOAP11}><soap:Header>` +
        '<Session xmlns="urn:registry" xmlns:c="urn:common" id="9"><Token>t</Token></Session>' +
        '<c:Trace xmlns="urn:registry" xmlns:c="urn:common">x</c:Trace></soap:Header>' +
        '<soap:Body><GetCompany xmlns="urn:registry"><RegNo>1</RegNo></GetCompany></soap:Body></soap:Envelope>',
    );
    expect(await envelope(request, slots, { endpoint: { elements: 'unqualified' } })).toContain(
      '<op:Session xmlns:op="urn:registry" xmlns:c="urn:common" id="9"><Token>t</Token></op:Session>',
    );
  });

  test('has no header where all its values are absent', async () => {
    expect(await envelope(plan('^Session'), [undefined])).not.toContain('Header');
  });

  test('refuses a character that XML cannot hold as the caller’s mistake', async () => {
    await expect(envelope(plan('RegNo'), [cell('\u0001')])).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

describe('a UsernameToken', () => {
  const auth = (passwordType?: string): object => ({
    auth: {
      scheme: 'usernameToken',
      user: { from: 'variable', name: 'USER' },
      password: { from: 'secret', name: 'PASSWORD' },
      ...(passwordType === undefined ? {} : { passwordType }),
    },
  });

  test('as text carries user and password, to be understood', async () => {
    const text = await envelope(plan(), [], { endpoint: auth() });
    expect(text).toContain('soap:mustUnderstand="1"');
    expect(text).toContain('<wsse:UsernameToken><wsse:Username>USER resolved</wsse:Username>');
    expect(text).toMatch(
      /<wsse:Password Type="[^"]*#PasswordText">PASSWORD resolved<\/wsse:Password><\/wsse:UsernameToken>/,
    );
    expect(text).not.toContain('Nonce');
  });

  test('as digest carries nonce, time and an expiry, and never the password', async () => {
    const text = await envelope(plan(), [], { endpoint: { ...auth('digest'), version: '1.2' } });
    const part = (name: string): string => new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
    const nonce = Buffer.from(part('wsse:Nonce'), 'base64');
    expect(nonce).toHaveLength(16);
    expect(part('wsu:Created')).toBe('2024-05-17T03:00:00.000Z');
    expect(part('wsu:Expires')).toBe('2024-05-17T03:05:00.000Z');
    expect(part('wsse:Password')).toBe(
      createHash('sha1').update(nonce).update('2024-05-17T03:00:00.000ZPASSWORD resolved').digest('base64'),
    );
    expect(text).toContain('soap:mustUnderstand="true"');
    expect(text).not.toContain('PASSWORD resolved');
  });

  test('stands before the header blocks of the inputs', async () => {
    const text = await envelope(plan('^Session'), [cell('1')], { endpoint: auth() });
    expect(text).toMatch(/<soap:Header><wsse:Security.*<\/wsse:Security><Session /);
  });
});

describe('compiling a SOAP call reports', () => {
  test.each<[string, Parameters<typeof compileSketch>[1], string]>([
    ['a path', { call: { get: '/x' }, endpoint: ENDPOINT }, 'call: A SOAP endpoint is called by operation'],
    ['an operation that is no name', { call: { operation: 'Get Company' }, endpoint: ENDPOINT }, 'call.request: '],
    ['a response that is no name', { call: { ...CALL, response: 'z:R' }, endpoint: ENDPOINT }, 'call.response: '],
    ['an action with a quote', { call: { ...CALL, action: 'a"b' }, endpoint: ENDPOINT }, 'call.action: '],
    ['an action with a line break', { call: { ...CALL, action: 'a\r\nX-Y: 1' }, endpoint: ENDPOINT }, 'call.action: '],
    ['a header without a block', { call: CALL, endpoint: ENDPOINT, request: plan('^@id') }, 'names no header block'],
    ['an unknown charset', { call: CALL, endpoint: { ...ENDPOINT, charset: 'khmer-8' } }, 'charset: '],
    ['a query parameter', { call: CALL, endpoint: ENDPOINT, request: plan('?q') }, 'is no XML name'],
    [
      'a header position in an answer',
      { call: CALL, endpoint: ENDPOINT, response: plan('^Session') },
      'is no XML name',
    ],
  ])('%s', (_, sketch, text) => {
    expect(compileSketch(soapFormat, sketch).mistakes.join('\n')).toContain(text);
  });
});
