import { isNcName } from '../../../syntax/xml-chars.ts';
import { type Content, contentOf, EMPTY_CONTENT } from './content-model.ts';
import { UnsupportedError } from './notes.ts';
import { type ElementUse, elementUse, ONCE, type SchemaReading } from './particles.ts';
import { isAbstract } from './schema-set.ts';
import { childNamed, type QName, type SourceElement, wholeText } from './source-element.ts';
import { typeNamed } from './type-use.ts';
import { WSDL } from './vocabulary.ts';
import type { BodyUse, Part, WsdlOperation } from './wsdl-operations.ts';

/** The one element of a SOAP body, and what is inside it. */
export interface MessageBody {
  readonly wrapper: QName;
  readonly content: Content;
  /** The types that drafting is inside of already. */
  readonly open: readonly SourceElement[];
  /** The way from the wrapper to the content, where wrappers that hold nothing else were taken off. */
  readonly path: readonly ElementUse[];
  /** The body element itself may be nil. */
  readonly nillable: boolean;
}

/** The body of a request or answer as its style has it (WSDL 1.1, 3.5). Throws UnsupportedError for what no call can write. */
export function messageBody(
  operation: WsdlOperation,
  direction: 'input' | 'output',
  targetNamespace: string,
  reading: SchemaReading,
): MessageBody {
  const use = operation[direction];
  if (use.encoded) noteEncoded(use, operation, reading);
  if (use.attachments.length > 0) noteAttachments(use, direction, reading);
  const body =
    operation.style === 'rpc'
      ? rpcBody(operation, use, direction, targetNamespace, reading)
      : documentBody(operation, use, reading);
  return unwrapped(body, reading);
}

function rpcBody(
  { name }: WsdlOperation,
  { namespace, parts, place }: BodyUse,
  direction: 'input' | 'output',
  targetNamespace: string,
  reading: SchemaReading,
): MessageBody {
  const local = direction === 'input' ? name : `${name}Response`;
  const particles = parts.map((part) => accessor(part, reading));
  return {
    wrapper: { namespace: namespace ?? targetNamespace, local },
    content: { ...EMPTY_CONTENT, particles, place },
    open: [],
    path: [],
    nillable: false,
  };
}

/** An rpc parameter: an element without a namespace, named as the part (WS-I Basic Profile 1.1, R2735). */
function accessor({ name, element, type, source }: Part, reading: SchemaReading): ElementUse {
  if (element !== undefined) return elementAccessor(element, source, reading);
  const documentation = childNamed(source, WSDL, 'documentation');
  const said = documentation === undefined ? undefined : wholeText(documentation) || undefined;
  const user = { element: source, schema: { root: source, targetNamespace: '', chameleon: false } };
  if (type === undefined) {
    throw new UnsupportedError(source.place, `part ${name}`, 'It has neither an element nor a type');
  }
  if (!isNcName(name)) {
    throw new UnsupportedError(source.place, `part name ${JSON.stringify(name)}`, 'It is no XML name, as WSDL demands');
  }
  return {
    ...{ kind: 'element', local: name, namespace: '', min: 1, max: 1, nillable: false, fixed: undefined },
    ...{ description: said, type: typeNamed(type, user, reading.schemas), place: source.place },
  };
}

/** The profile forbids it (R2203), and old stacks write the element itself into the wrapper. */
function elementAccessor(element: QName, source: SourceElement, reading: SchemaReading): ElementUse {
  reading.notes.cannot(
    source.place,
    'rpc part of an element',
    'WS-I Basic Profile forbids it (R2203): drafted as most stacks write it, the element inside the wrapper',
  );
  const component = reading.schemas.get('element', element, source);
  return elementUse(component, component.name, ONCE, reading);
}

function documentBody({ name }: WsdlOperation, { parts, place }: BodyUse, reading: SchemaReading): MessageBody {
  const [part, ...others] = parts;
  if (part === undefined) {
    throw new UnsupportedError(place, 'an empty SOAP body', `Operation ${name} is left out: a message has an element`);
  }
  if (others.length > 0) {
    const construct = `document style with ${parts.length} body parts`;
    throw new UnsupportedError(place, construct, `Operation ${name} is left out: a SOAP body holds one element`);
  }
  if (part.element === undefined) {
    const consequence = `Operation ${name} is left out: the SOAP body's element has no name`;
    throw new UnsupportedError(part.source.place, 'document style with a part of a type', consequence);
  }
  const component = reading.schemas.get('element', part.element, part.source);
  const use = elementUse(component, component.name, ONCE, reading);
  const { type } = use;
  const isNeverThere = isAbstract(component.element) || (type.kind === 'complex' && isAbstract(type.component.element));
  if (isNeverThere) {
    const consequence = `Operation ${name} is left out: another element or type has to stand for it in the SOAP body`;
    throw new UnsupportedError(use.place, `abstract body element ${use.local}`, consequence);
  }
  return { wrapper: component.name, ...rootContent(use, reading), path: [], nillable: use.nillable };
}

function rootContent(use: ElementUse, reading: SchemaReading): Pick<MessageBody, 'content' | 'open'> {
  const { type } = use;
  if (type.kind === 'simple') return { content: { ...EMPTY_CONTENT, simple: type.simple, place: use.place }, open: [] };
  if (type.kind === 'unknown') throw type.error;
  if (type.kind === 'anything') {
    reading.notes.cannot(
      use.place,
      `element ${use.local} of type xsd:anyType`,
      'It is written empty, and read without its content',
    );
    return { content: { ...EMPTY_CONTENT, place: use.place }, open: [] };
  }
  return { content: contentOf(type.component, reading), open: [type.component.element] };
}

/** Takes off wrappers whose only content is one record. */
function unwrapped(body: MessageBody, reading: SchemaReading): MessageBody {
  const { attributes, particles, mixed, wildcard } = body.content;
  const [only] = particles;
  if (particles.length !== 1 || attributes.length > 0 || mixed || wildcard) return body;
  if (only?.kind !== 'element' || only.max > 1 || only.type.kind !== 'complex') return body;
  const { component } = only.type;
  if (isAbstract(component.element) || body.open.includes(component.element)) return body;
  const content = contentOf(component, reading);
  if (content.simple !== undefined || !holdsRecord(content)) return body;
  return unwrapped({ ...body, content, open: [...body.open, component.element], path: [...body.path, only] }, reading);
}

/** Not empty, and no array wrapper, which becomes a list where it stands. */
function holdsRecord({ attributes, particles }: Content): boolean {
  const [only] = particles;
  if (only === undefined) return attributes.length > 0;
  return particles.length > 1 || attributes.length > 0 || only.kind === 'choice' || only.max === 1;
}

function noteEncoded({ place }: BodyUse, { name }: WsdlOperation, { notes }: SchemaReading): void {
  notes.cannot(
    place,
    'use="encoded"',
    `Operation ${name} is drafted as rpc/literal: requests carry no xsi:type, and answers with multi-reference values (href) are refused`,
  );
}

function noteAttachments({ place, attachments }: BodyUse, direction: string, { notes }: SchemaReading): void {
  const what = direction === 'input' ? 'Requests are written without it' : 'It is read where an element refers to it';
  notes.cannot(place, `MIME attachment ${attachments.join(', ')}`, what);
}
