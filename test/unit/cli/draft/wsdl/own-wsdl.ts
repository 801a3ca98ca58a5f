import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { draftFromWsdl } from '../../../../../src/cli/draft/wsdl/draft-from-wsdl.ts';

/** Everything of a WSDL but its types: the operation `Get` of namespace `urn:own`, whose elements the schemas define. */
export function ownWsdl(schemas: string, { style = 'document', use = 'literal', parts = ['Get', 'GetResponse'] } = {}) {
  const [request, answer] = parts.map((part) =>
    part === '' || part.startsWith('<')
      ? part
      : `<w:part name="p" element="${part.includes(':') ? part : `o:${part}`}"/>`,
  );
  return `<?xml version="1.0"?>
<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xmlns:o="urn:own" targetNamespace="urn:own">
<w:types>${schemas}</w:types>
<w:message name="In">${request}</w:message>
<w:message name="Out">${answer}</w:message>
<w:portType name="P"><w:operation name="Get"><w:input message="o:In"/><w:output message="o:Out"/></w:operation></w:portType>
<w:binding name="B" type="o:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http" style="${style}"/>
<w:operation name="Get"><s:operation soapAction="urn:own#Get"/>
<w:input><s:body use="${use}"/></w:input><w:output><s:body use="${use}"/></w:output></w:operation></w:binding>
<w:service name="S"><w:port name="P" binding="o:B"><s:address location="http://localhost/own"/></w:port></w:service>
</w:definitions>`;
}

/** A schema of `urn:own` with qualified elements. */
export function ownSchema(content: string): string {
  return `<x:schema targetNamespace="urn:own" elementFormDefault="qualified">${content}</x:schema>`;
}

/** A global element with a sequence. */
export function element(name: string, content: string, more = ''): string {
  return `<x:element name="${name}"><x:complexType><x:sequence>${content}</x:sequence>${more}</x:complexType></x:element>`;
}

/** Drafts `own.wsdl`; `beside` has the other documents by location. */
export function draftOwn(wsdl: string, beside: Readonly<Record<string, string>> = {}): Promise<Draft> {
  const documents: Readonly<Record<string, string>> = { 'own.wsdl': wsdl, ...beside };
  const load = async (location: string) => {
    const text = documents[location];
    if (text === undefined) throw new Error('it is not there');
    return new TextEncoder().encode(text);
  };
  return draftFromWsdl({ location: 'own.wsdl', load }, { name: 'own' });
}
