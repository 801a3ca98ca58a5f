import { isNcName } from '../../../syntax/xml-chars.ts';
import type { SoapPort } from './choose-port.ts';
import { type Notes, UnsupportedError } from './notes.ts';
import { childNamed, childrenNamed, type QName, type SourceElement, wholeText } from './source-element.ts';
import { WSDL, WSDL_SOAP11, WSDL_SOAP12 } from './vocabulary.ts';
import { soapExtension, type WsdlIndex } from './wsdl-index.ts';

export type Style = 'document' | 'rpc';

/** One part of a message: of an element, or of a type. */
export interface Part {
  readonly name: string;
  readonly element: QName | undefined;
  readonly type: QName | undefined;
  readonly source: SourceElement;
}

/** What stands in a SOAP body. */
export interface BodyUse {
  readonly parts: readonly Part[];
  /** Of an rpc wrapper. */
  readonly namespace: string | undefined;
  readonly encoded: boolean;
  readonly place: string;
  /** Parts that travel as MIME attachments beside the body. */
  readonly attachments: readonly string[];
}

export interface HeaderUse {
  readonly part: Part;
  readonly place: string;
}

export interface FaultUse {
  /** The local name of the element inside the fault's detail. */
  readonly element: string;
}

/** An operation of a binding, its messages resolved. */
export interface WsdlOperation {
  readonly name: string;
  readonly place: string;
  readonly style: Style;
  readonly action: string | undefined;
  readonly documentation: readonly string[];
  readonly input: BodyUse;
  readonly output: BodyUse;
  readonly headers: readonly HeaderUse[];
  readonly faults: readonly FaultUse[];
  /** The binding's own and the port type's, for extensions such as X-Road's version or WS-Addressing's action. */
  readonly sources: { readonly bound: SourceElement; readonly declared: SourceElement };
}

/** The operations that a binding names, in its order; of its port type where it names none. */
export function boundOperations({ binding }: SoapPort, index: WsdlIndex, notes: Notes): readonly SourceElement[] {
  const own = childrenNamed(binding.element, WSDL, 'operation');
  if (own.length > 0) return own;
  const portType = index.get('portType', binding.element.names.get('type')?.[0], binding.element);
  notes.cannot(
    binding.element.place,
    `binding ${binding.name.local} without operations`,
    'Those of its port type are drafted, as document/literal without SOAPAction',
  );
  return childrenNamed(portType.element, WSDL, 'operation');
}

/** Resolves one operation of a port. Throws UnsupportedError for what a call needs and the WSDL does not give. */
export function readOperation(bound: SourceElement, port: SoapPort, index: WsdlIndex, notes: Notes): WsdlOperation {
  const name = bound.attributes.get('name')?.trim() ?? '';
  if (!isNcName(name)) {
    throw new UnsupportedError(
      bound.place,
      `operation name ${JSON.stringify(name)}`,
      'It is left out: no XML name, as WSDL demands',
    );
  }
  const portType = index.get('portType', port.binding.element.names.get('type')?.[0], port.binding.element);
  const declared = declaredOperation(bound, portType.element);
  const soap = soapExtension(bound, 'operation')?.element;
  const style = soap?.attributes.get('style') ?? port.soapBinding.attributes.get('style') ?? 'document';
  const input = childNamed(declared, WSDL, 'input');
  const output = childNamed(declared, WSDL, 'output');
  if (input === undefined || output === undefined) {
    const kind = input === undefined ? 'an operation that only sends (notification)' : 'a one-way operation';
    throw new UnsupportedError(bound.place, kind, `Operation ${name} is left out: a call has a request and an answer`);
  }
  const boundInput = childNamed(bound, WSDL, 'input');
  return {
    name,
    place: bound.place,
    style: style.trim() === 'rpc' ? 'rpc' : 'document',
    action: actionOf(soap, notes),
    documentation: documentationOf(declared),
    input: readBody(input, boundInput, index),
    output: readBody(output, childNamed(bound, WSDL, 'output'), index),
    headers: boundInput === undefined ? [] : readHeaders(boundInput, index, notes),
    faults: childrenNamed(declared, WSDL, 'fault').flatMap((fault) =>
      notes.orLeftOut([], () => readFault(fault, index)),
    ),
    sources: { bound, declared },
  };
}

/** Overloaded operations are told apart by the names of their messages (WSDL 1.1, 2.5). */
function declaredOperation(bound: SourceElement, portType: SourceElement): SourceElement {
  const name = bound.attributes.get('name');
  const candidates = childrenNamed(portType, WSDL, 'operation').filter(
    (operation) => operation.attributes.get('name') === name,
  );
  const inputName = childNamed(bound, WSDL, 'input')?.attributes.get('name');
  const exact = candidates.find((one) => childNamed(one, WSDL, 'input')?.attributes.get('name') === inputName);
  const found = (candidates.length > 1 ? exact : undefined) ?? candidates[0];
  if (found !== undefined) return found;
  throw new UnsupportedError(
    bound.place,
    `operation ${name}`,
    `The port type at ${portType.place} does not declare it`,
  );
}

/** Of several texts (X-Road puts a title and notes there, in several languages) the first one leads. */
function documentationOf(operation: SourceElement): readonly string[] {
  const documentation = childNamed(operation, WSDL, 'documentation');
  if (documentation === undefined) return [];
  const own = documentation.text.replace(/\s+/g, ' ').trim();
  return [own, ...documentation.children.map(wholeText)].filter((text) => text !== '');
}

function messageParts(user: SourceElement, index: WsdlIndex): readonly Part[] {
  const { element } = index.get('message', user.names.get('message')?.[0], user);
  return childrenNamed(element, WSDL, 'part').map((source) => ({
    name: source.attributes.get('name') ?? '',
    element: source.names.get('element')?.[0],
    type: source.names.get('type')?.[0],
    source,
  }));
}

const MIME = 'http://schemas.xmlsoap.org/wsdl/mime/';

function readBody(message: SourceElement, bound: SourceElement | undefined, index: WsdlIndex): BodyUse {
  const all = messageParts(message, index);
  const inside = bound === undefined ? [] : descendants(bound);
  const body = inside.find((element) => isSoap(element) && element.local === 'body');
  const named = body?.attributes.get('parts')?.trim();
  const attachments = inside
    .filter((element) => element.namespace === MIME && element.local === 'content')
    .flatMap((element) => element.attributes.get('part') ?? []);
  const inHeader = inside
    .filter((element) => isSoap(element) && element.local === 'header' && sameMessage(element, message))
    .flatMap((element) => element.attributes.get('part') ?? []);
  const parts =
    named === undefined
      ? all.filter(({ name }) => !attachments.includes(name) && !inHeader.includes(name))
      : all.filter(({ name }) => named.split(/\s+/).includes(name));
  return {
    parts,
    namespace: body?.attributes.get('namespace'),
    encoded: body?.attributes.get('use') === 'encoded',
    place: body?.place ?? message.place,
    attachments: attachments.filter((name) => all.some((part) => part.name === name)),
  };
}

function sameMessage(a: SourceElement, b: SourceElement): boolean {
  const [one, other] = [a.names.get('message')?.[0], b.names.get('message')?.[0]];
  return one !== undefined && one.local === other?.local && one.namespace === other.namespace;
}

/** A header that no document defines is left out: most systems can do without, and the draft tells it. */
function readHeaders(boundInput: SourceElement, index: WsdlIndex, notes: Notes): HeaderUse[] {
  return descendants(boundInput)
    .filter((element) => isSoap(element) && element.local === 'header')
    .flatMap((header) => notes.orLeftOut([], () => [readHeader(header, index)]));
}

function readHeader(header: SourceElement, index: WsdlIndex): HeaderUse {
  const name = header.attributes.get('part');
  const part = messageParts(header, index).find((candidate) => candidate.name === name);
  if (part !== undefined) return { part, place: header.place };
  throw new UnsupportedError(header.place, `soap:header part ${name}`, 'The message that it names has no such part');
}

function readFault(fault: SourceElement, index: WsdlIndex): FaultUse[] {
  return messageParts(fault, index).map(({ name, element }) => ({ element: element?.local ?? name }));
}

function isSoap({ namespace }: SourceElement): boolean {
  return namespace === WSDL_SOAP11 || namespace === WSDL_SOAP12;
}

function descendants(element: SourceElement): SourceElement[] {
  return element.children.flatMap((child) => [child, ...descendants(child)]);
}

/** SOAP 1.1, 6.1.1: the action is a URI. What is none cannot stand in the header. */
function actionOf(soap: SourceElement | undefined, notes: Notes): string | undefined {
  const action = soap?.attributes.get('soapAction')?.trim();
  if (soap === undefined || action === undefined || action === '') return undefined;
  if (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(action)) return action;
  notes.cannot(
    soap.place,
    `soapAction ${JSON.stringify(action)}`,
    'It is no URI: requests go out with an empty action',
  );
  return undefined;
}
