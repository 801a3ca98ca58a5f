import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { madeUpExamples } from '../../../../../src/cli/draft/made-up/made-up-examples.ts';
import { tryOperation } from '../../../../../src/cli/try/try-operation.ts';
import { compileDraft } from './draft-file.ts';
import { draftOwn, element, ownSchema, ownWsdl } from './own-wsdl.ts';

const NOTHING = element('GetResponse', '');

function told({ unsupported }: Draft): string[] {
  return unsupported.map(({ construct, consequence }) => `${construct}: ${consequence}`);
}

function operation(draft: Draft) {
  const [found] = Object.values(draft.definition.operations);
  if (found === undefined) throw new Error('the draft has no operation');
  return found;
}

function outputFields(draft: Draft) {
  const { output } = operation(draft);
  return output.type === 'record' ? output.fields : {};
}

async function answered(draft: Draft, envelopeContent: string): Promise<{ status: number; answer: unknown }> {
  const { method, path } = operation(draft);
  const bytes = new TextEncoder().encode(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${envelopeContent}</s:Body></s:Envelope>`,
  );
  const reply = { status: 200, contentType: 'text/xml', bytes };
  return tryOperation(draft.definition, 'get', { method: method.toUpperCase(), path } as never, {}, async () => reply);
}

async function sentBody(draft: Draft): Promise<string> {
  const [example] = await madeUpExamples(compiled(draft).definition);
  return String(example?.files['sent.xml']);
}

/** As a deployment does: a draft with mistakes is none. */
function compiled(draft: Draft): Draft {
  compileDraft(draft);
  return draft;
}

describe('what a WSDL imports', () => {
  const imports = (more: string) =>
    ownWsdl(ownSchema(`${more}${element('Get', '<x:element name="Id" type="x:string"/>')}${NOTHING}`));

  it('may be missing where nothing needs it, which is told', async () => {
    const draft = await draftOwn(imports('<x:import namespace="urn:gone" schemaLocation="gone.xsd"/>'));
    expect(operation(compiled(draft)).input).toEqual({ id: { type: 'text', at: 'Id' } });
    expect(told(draft)).toEqual([
      'import of gone.xsd: It could not be loaded: it is not there. What only it defines is left out',
    ]);
  });

  it('is named where it is missing and needed, an include as well', async () => {
    const wsdl = ownWsdl(
      ownSchema(
        `<x:include schemaLocation="gone.xsd"/>${element('Get', '<x:element name="Id" type="o:Id"/>')}${NOTHING}`,
      ),
    );
    expect(told(await draftOwn(wsdl)).join('\n')).toMatch(
      /type \{urn:own\}Id: It is used here, and gone\.xsd, imported at own\.wsdl:4, could not be loaded/,
    );
  });

  it('is left out where it cannot be read, as a schema with a DOCTYPE, which is told with the reason', async () => {
    const wsdl = imports('<x:import namespace="urn:dsig" schemaLocation="dsig.xsd"/>');
    const schema = '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:dsig"/>';
    const draft = await draftOwn(wsdl, { 'dsig.xsd': `<?xml version="1.0"?>\n<!DOCTYPE x:schema>${schema}` });
    expect(operation(compiled(draft)).input).toEqual({ id: { type: 'text', at: 'Id' } });
    expect(told(draft)).toEqual([
      expect.stringMatching(
        /^import of dsig\.xsd: It could not be loaded: dsig\.xsd:2 cannot be read: .*DOCTYPE.* What only it defines is left out$/,
      ),
    ]);
  });

  it('is the WSDL itself that has to be readable', async () => {
    const draft = draftOwn(`<!DOCTYPE a>${imports('')}`);
    await expect(draft).rejects.toThrow(/^own\.wsdl:1 cannot be read: The document has a DOCTYPE/);
  });

  it('is found by a reference whose spaces are escaped', async () => {
    const other =
      '<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other">' +
      '<x:simpleType name="Id"><x:restriction base="x:string"><x:maxLength value="3"/></x:restriction></x:simpleType></x:schema>';
    const reference = '<x:import namespace="urn:other" schemaLocation="my%20types/other.xsd"/>';
    const request = element('Get', '<x:element name="Id" type="p:Id" xmlns:p="urn:other"/>');
    const wsdl = ownWsdl(ownSchema(`${reference}${request}${NOTHING}`));
    const draft = await draftOwn(wsdl, { 'my types/other.xsd': other });
    expect(operation(draft).input).toEqual({ id: { type: 'text', at: 'Id', maxLength: 3 } });
  });
});

describe('a draft tells', () => {
  it('an abstract element that nothing substitutes, and what a request lacks without it', async () => {
    const types = `<x:element name="Party" abstract="true" type="x:string"/>`;
    const draft = await draftOwn(
      ownWsdl(
        ownSchema(
          `${types}${element('Get', '<x:element ref="o:Party"/>')}${element('GetResponse', '<x:element ref="o:Party" minOccurs="0"/>')}`,
        ),
      ),
    );
    expect(told(draft)).toEqual([
      'abstract element {urn:own}Party: No element substitutes it: it is left out. Requests must have Party by the schema and go out without it: the system may refuse them',
      'abstract element {urn:own}Party: No element substitutes it: it is left out',
    ]);
  });

  it('a body element that is abstract, or of an abstract type', async () => {
    const types =
      '<x:complexType name="Base" abstract="true"/><x:element name="Get" type="o:Base"/>' +
      `<x:element name="Ask" abstract="true" type="x:string"/>${NOTHING}`;
    for (const part of ['Get', 'Ask']) {
      const drafted = draftOwn(ownWsdl(ownSchema(types), { parts: [part, 'GetResponse'] }));
      await expect(drafted).rejects.toThrow(`abstract body element ${part}: Operation Get is left out`);
    }
  });

  it('elements that come together or not at all', async () => {
    const pair = '<x:element name="A" type="x:string"/><x:element name="B" type="x:string"/>';
    const request = element(
      'Get',
      `<x:sequence minOccurs="0">${pair}</x:sequence><x:sequence minOccurs="0"><x:element name="C" type="x:int"/></x:sequence>`,
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${request}${NOTHING}`)));
    expect(told(draft)).toEqual([
      'xsd:sequence minOccurs="0": Its elements are drafted as optional ones: that they come together is not checked',
    ]);
  });

  it('names whose prefix is not declared', async () => {
    const types =
      '<x:complexType name="T"><x:complexContent><x:extension base="no:Base"><x:sequence/></x:extension></x:complexContent></x:complexType>';
    const attributes = '<x:attribute name="a" type="no:Id"/><x:attributeGroup ref="no:Group"/>';
    const answer = element(
      'GetResponse',
      '<x:element name="E" type="x:string"/><x:element name="T" type="o:T"/>',
      attributes,
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${types}${element('Get', '')}${answer}`)));
    expect(outputFields(draft)).toEqual({ e: { type: 'text', at: 'E' } });
    expect(told(draft)).toEqual([
      'type="no:Id": Its prefix is not declared',
      'attributeGroup: It refers to no group: its attributes are left out',
      'base="no:Base": Its prefix is not declared',
    ]);
  });

  it('arrays of arrays, which it leaves out', async () => {
    const array = (name: string, type: string) =>
      `<x:complexType name="${name}"><x:complexContent><x:restriction base="e:Array">` +
      `<x:attribute ref="e:arrayType" w:arrayType="${type}"/></x:restriction></x:complexContent></x:complexType>`;
    const schema = `<x:schema targetNamespace="urn:own">${array('Plain', 'x:string[]')}${array('Deep', 'x:string[][]')}${array('Wide', 'x:int[,]')}</x:schema>`;
    const parts = [
      '',
      '<w:part name="a" type="o:Plain"/><w:part name="b" type="o:Deep"/><w:part name="c" type="o:Wide"/>',
    ];
    const draft = await draftOwn(ownWsdl(schema, { style: 'rpc', use: 'encoded', parts }));
    expect(Object.keys(outputFields(compiled(draft)))).toEqual(['a']);
    expect(told(draft)).toEqual(
      expect.arrayContaining([
        'SOAP-encoded array of string[][]: Arrays of arrays are left out',
        'SOAP-encoded array of int[,]: Arrays of arrays are left out',
      ]),
    );
  });

  it('facets that a field cannot check', async () => {
    const simple = (name: string, base: string, facets: string) =>
      `<x:element name="${name}"><x:simpleType><x:restriction base="x:${base}">${facets}</x:restriction></x:simpleType></x:element>`;
    const fields = [
      simple('A', 'boolean', '<x:pattern value="0|1"/>'),
      simple('B', 'dateTime', '<x:minInclusive value="2000-01-01T00:00:00"/>'),
      simple('C', 'date', '<x:minInclusive value="2000-01-01"/><x:maxExclusive value="2100-01-01"/>'),
      simple('D', 'double', '<x:maxInclusive value="9"/>'),
      simple('E', 'hexBinary', '<x:minLength value="2"/>'),
      simple('F', 'int', '<x:pattern value="\\d{4}"/><x:minInclusive value="1000"/>'),
      '<x:element name="G" type="x:QName"/>',
    ].join('');
    const draft = await draftOwn(ownWsdl(ownSchema(`${element('Get', fields)}${NOTHING}`)));
    expect(told(draft).map((line) => line.split(': ')[0])).toEqual([
      'xsd:pattern "0|1"',
      'xsd:minInclusive="2000-01-01T00:00:00"',
      'xsd:maxExclusive="2100-01-01"',
      'xsd:maxInclusive="9"',
      'xsd:minLength="2"',
      'xsd:minInclusive="1000"',
      'xsd:QName',
    ]);
    expect(operation(draft).input).toMatchObject({ c: { type: 'date', min: '2000-01-01' }, f: { digits: 4 } });
  });

  it('lengths of a list, which count items', async () => {
    const three =
      '<x:simpleType name="Three"><x:restriction><x:simpleType><x:list itemType="x:int"/></x:simpleType>' +
      '<x:length value="3"/></x:restriction></x:simpleType>';
    const answer = element(
      'GetResponse',
      '<x:element name="A" type="o:Three"/><x:element name="B" type="x:NMTOKENS"/>',
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${three}${element('Get', '')}${answer}`)));
    const content = '<GetResponse xmlns="urn:own"><A>10 20 30</A><B>a b</B></GetResponse>';
    expect(await answered(draft, content)).toMatchObject({ answer: { a: '10 20 30', b: 'a b' } });
    expect(told(draft).map((line) => line.split(': ')[0])).toEqual(['xsd:list', 'xsd:length="3"']);
  });

  it('patterns with anchors, which it leaves off', async () => {
    const simple = (name: string, pattern: string) =>
      `<x:element name="${name}"><x:simpleType><x:restriction base="x:string"><x:pattern value="${pattern}"/></x:restriction></x:simpleType></x:element>`;
    const fields = `${simple('A', '^[0-9]{8}$')}${simple('B', '[A-Z]+\\$')}`;
    const draft = await draftOwn(ownWsdl(ownSchema(`${element('Get', fields)}${NOTHING}`)));
    expect(operation(draft).input).toEqual({
      a: { type: 'text', at: 'A', digits: 8 },
      b: { type: 'text', at: 'B', pattern: '^[A-Z]+\\$$' },
    });
    expect(draft.questions.filter(({ question }) => question.includes('anchors'))).toHaveLength(1);
  });

  it('a list whose wrapper may be nil', async () => {
    const array =
      '<x:complexType name="Ids"><x:sequence><x:element name="Id" type="x:int" minOccurs="0" maxOccurs="unbounded"/></x:sequence></x:complexType>';
    const answer = element(
      'GetResponse',
      '<x:element name="N" type="x:int"/><x:element name="Ids" type="o:Ids" nillable="true"/>',
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${array}${element('Get', '')}${answer}`)));
    expect(draft.questions.map(({ question }) => question)).toContain(
      'Ids, which holds the list, may be nil: does that say anything else than that there are none?',
    );
  });
});

describe('a request', () => {
  it('has xml:lang under the one prefix that it may have', async () => {
    const request = element('Get', '<x:element name="A" type="x:string"/>', '<x:attribute ref="xml:lang"/>');
    const draft = await draftOwn(ownWsdl(ownSchema(`${request}${NOTHING}`)));
    expect(await sentBody(draft)).toContain('<Get xmlns="urn:own" xml:lang="text">');
  });
});

describe('an answer', () => {
  it('may have elements of a choice beside it too', async () => {
    const both =
      '<x:choice><x:element name="K" type="x:string"/><x:element name="L" type="x:string"/></x:choice><x:element name="K" type="x:string"/>';
    const draft = await draftOwn(ownWsdl(ownSchema(`${element('Get', '')}${element('GetResponse', both)}`)));
    const answer = async (content: string) =>
      (await answered(compiled(draft), `<GetResponse xmlns="urn:own">${content}</GetResponse>`)).answer;
    expect(await answer('<L>1</L><K>2</K>')).toEqual({ k: ['2'], l: '1' });
    expect(await answer('<K>1</K><K>2</K>')).toEqual({ k: ['1', '2'] });
    expect(told(draft)).toHaveLength(2);
  });

  it('may have an element of no namespace beside one of the same name', async () => {
    const ids =
      '<x:element name="Id" type="x:string" form="unqualified"/><x:element ref="o:Id"/><x:element name="Z" type="x:string"/>';
    const schema = `<x:element name="Id" type="x:string"/>${element('Get', '')}${element('GetResponse', ids)}`;
    const draft = await draftOwn(ownWsdl(ownSchema(schema)));
    const content = '<o:GetResponse xmlns:o="urn:own"><Id>1</Id><o:Id>2</o:Id><o:Z>3</o:Z></o:GetResponse>';
    expect(await answered(compiled(draft), content)).toMatchObject({ answer: { id: '1', id2: '2', z: '3' } });
  });

  it('may have nil where the schema says so', async () => {
    const money =
      '<x:complexType name="Money"><x:simpleContent><x:extension base="x:decimal"><x:attribute name="value" use="required"/></x:extension></x:simpleContent></x:complexType>';
    const card = '<x:complexType name="Card"><x:attribute name="no"/></x:complexType>';
    const shapes =
      '<x:complexType name="Shape" abstract="true"/><x:complexType name="Dot"><x:complexContent><x:extension base="o:Shape"/></x:complexContent></x:complexType>';
    const answer = element(
      'GetResponse',
      '<x:element name="M" type="o:Money" nillable="true"/><x:element name="C" type="o:Card" nillable="true" maxOccurs="unbounded"/><x:element name="S" type="o:Shape" nillable="true"/>',
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${money}${card}${shapes}${element('Get', '')}${answer}`)));
    const xsi = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';
    const content = `<GetResponse xmlns="urn:own" ${xsi}><M i:nil="true" value="KHR"/><C no="1"/><C i:nil="true"/><S i:nil="true"/></GetResponse>`;
    expect(await answered(compiled(draft), content)).toMatchObject({
      answer: { m: { value: 'KHR', value2: null }, c: [{ no: '1' }, null], s: null },
    });
    expect(told(draft)).toEqual([]);
  });

  it('may be nil as a whole where the schema says so', async () => {
    const nil = '<o:GetResponse xmlns:o="urn:own" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>';
    const simple = '<x:element name="GetResponse" type="x:int" nillable="true"/>';
    const record = element('GetResponse', '<x:element name="A" type="x:int"/>').replace('>', ' nillable="true">');
    const answerOf = async (type: string) =>
      (await answered(compiled(await draftOwn(ownWsdl(ownSchema(`${element('Get', '')}${type}`)))), nil)).answer;
    expect(await answerOf(simple)).toEqual({ value: null });
    expect(await answerOf(record)).toBeNull();
  });

  it('may refer to attachments though nobody brings the schema of swaRef', async () => {
    const answer = element(
      'GetResponse',
      '<x:element name="A" type="r:swaRef" xmlns:r="http://ws-i.org/profiles/basic/1.1/xsd"/>',
    );
    const draft = await draftOwn(ownWsdl(ownSchema(`${element('Get', '')}${answer}`)));
    expect(outputFields(draft)).toMatchObject({ a: { type: 'text', at: 'A' } });
    expect(told(draft)).toEqual([]);
  });
});
