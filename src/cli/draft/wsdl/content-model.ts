import { type AttributeUse, attributesOf } from './attribute-uses.ts';
import { UnsupportedError } from './notes.ts';
import { type ElementUse, GROUPS, ONCE, type Particle, particlesOf, type SchemaReading } from './particles.ts';
import { type Component, referenced } from './schema-set.ts';
import { narrowed, type SimpleType } from './simple-type.ts';
import { childNamed, clark, type SourceElement } from './source-element.ts';
import { PREFIX_UNKNOWN, typeNamed } from './type-use.ts';
import { SOAP_ENCODING, WSDL, XSD } from './vocabulary.ts';

export interface Content {
  readonly attributes: readonly AttributeUse[];
  /** The text, where the content is simple. */
  readonly simple: SimpleType | undefined;
  readonly particles: readonly Particle[];
  /** Text may stand between its elements. */
  readonly mixed: boolean;
  /** It stands for anything: a wildcard is among its particles. */
  readonly wildcard: boolean;
  /** Where its type stands. */
  readonly place: string;
}

/** No content at all; the place is its user's to say. */
export const EMPTY_CONTENT = {
  attributes: [],
  simple: undefined,
  particles: [],
  mixed: false,
  wildcard: false,
} as const;

/** Bases of bases; real schemas have a handful. */
const MAX_NESTING = 60;

/** The content of a complex type: of its bases first, then its own (XML Schema part 1, 3.4.2). */
export function contentOf(component: Component, reading: SchemaReading, depth = 0): Content {
  const { element, schema } = component;
  if (depth > MAX_NESTING) throw new UnsupportedError(element.place, 'complexType', 'It derives from itself');
  const inside = (child: SourceElement): Component => ({ element: child, schema });
  const simpleContent = childNamed(element, XSD, 'simpleContent');
  if (simpleContent !== undefined) return simpleContentOf(inside(simpleContent), reading, depth);
  const complexContent = childNamed(element, XSD, 'complexContent');
  const mixed = [element, complexContent].some((holder) => /^(?:true|1)$/.test(holder?.attributes.get('mixed') ?? ''));
  if (complexContent !== undefined) return { ...complexContentOf(inside(complexContent), reading, depth), mixed };
  return { ...ownContent(component, reading, depth), mixed };
}

function ownContent(component: Component, reading: SchemaReading, depth: number): Content {
  const particles: Particle[] = [];
  const wildcard = { found: false };
  for (const child of component.element.children) {
    if (child.namespace !== XSD || !GROUPS.has(child.local)) continue;
    particles.push(...particlesOf({ element: child, schema: component.schema }, reading, ONCE, wildcard, depth + 1));
  }
  const attributes = attributesOf(component, reading);
  const { place } = component.element;
  return { attributes, simple: undefined, particles, mixed: false, wildcard: wildcard.found, place };
}

function complexContentOf(holder: Component, reading: SchemaReading, depth: number): Content {
  const derivation = childNamed(holder.element, XSD, 'extension', 'restriction');
  if (derivation === undefined) {
    throw new UnsupportedError(holder.element.place, 'complexContent', 'It neither extends nor restricts a type');
  }
  const own: Component = { element: derivation, schema: holder.schema };
  const [base] = referenced(own, 'base');
  if (base === undefined && derivation.attributes.has('base')) {
    throw new UnsupportedError(derivation.place, `base="${derivation.attributes.get('base')}"`, PREFIX_UNKNOWN);
  }
  if (base?.namespace === SOAP_ENCODING && base.local === 'Array') return encodedArray(own, reading, depth);
  const content = ownContent(own, reading, depth);
  if (base === undefined || (base.namespace === XSD && base.local === 'anyType')) return content;
  const inherited = contentOf(reading.schemas.get('type', base, derivation), reading, depth + 1);
  const attributes = inheritedAttributes(inherited.attributes, content.attributes);
  if (derivation.local === 'restriction') return { ...content, attributes };
  return {
    attributes,
    simple: inherited.simple,
    particles: [...inherited.particles, ...content.particles],
    mixed: inherited.mixed,
    wildcard: inherited.wildcard || content.wildcard,
    place: content.place,
  };
}

/** Attributes of a base stay, but for those that the derivation writes anew. */
function inheritedAttributes(base: readonly AttributeUse[], own: readonly AttributeUse[]): AttributeUse[] {
  const names = new Set(own.map(clark));
  return [...base.filter((attribute) => !names.has(clark(attribute))), ...own].filter(({ prohibited }) => !prohibited);
}

function simpleContentOf(holder: Component, reading: SchemaReading, depth: number): Content {
  const derivation = childNamed(holder.element, XSD, 'extension', 'restriction');
  const own: Component = { element: derivation ?? holder.element, schema: holder.schema };
  const [base] = referenced(own, 'base');
  if (derivation === undefined || base === undefined) {
    throw new UnsupportedError(holder.element.place, 'simpleContent', 'It neither extends nor restricts a type');
  }
  const type = typeNamed(base, own, reading.schemas);
  const attributes = attributesOf(own, reading);
  const plain = { particles: [], mixed: false, wildcard: false, place: holder.element.place };
  if (type.kind === 'simple') return { ...plain, attributes, simple: withFacets(type.simple, derivation) };
  if (type.kind !== 'complex') {
    throw new UnsupportedError(derivation.place, `simpleContent of ${clark(base)}`, 'Its base has no simple content');
  }
  const inherited = contentOf(type.component, reading, depth + 1);
  const simple = inherited.simple && withFacets(inherited.simple, derivation);
  return { ...plain, attributes: inheritedAttributes(inherited.attributes, attributes), simple };
}

function withFacets(simple: SimpleType, derivation: SourceElement): SimpleType {
  return { ...simple, facets: narrowed(simple.facets, derivation) };
}

/** What SOAP 1.1, 5.4.2 leaves to the writer, and what all common stacks write. */
const ARRAY_ITEM = 'item';

function encodedArray(restriction: Component, reading: SchemaReading, depth: number): Content {
  const { element } = restriction;
  const declared = ownContent(restriction, reading, depth).particles;
  const base: Content = { ...EMPTY_CONTENT, place: element.place };
  const [first] = declared;
  if (first?.kind === 'element') return { ...base, particles: [{ ...first, min: 0, max: Number.POSITIVE_INFINITY }] };
  const attribute = element.children.find((child) => child.names.has(`{${WSDL}}arrayType`));
  const [itemType] = attribute?.names.get(`{${WSDL}}arrayType`) ?? [];
  const [, local = 'anyType', sizes = ''] = /^([^[]*)(.*)$/.exec(itemType?.local ?? '') ?? [];
  if (!/^(?:\[[0-9]*\])?$/.test(sizes)) {
    throw new UnsupportedError(
      element.place,
      `SOAP-encoded array of ${local}${sizes}`,
      'Arrays of arrays are left out',
    );
  }
  reading.notes.ask(
    element.place,
    'What are the items of this SOAP-encoded array called on the wire? Any name is allowed',
    `${ARRAY_ITEM}, as most stacks write it`,
  );
  const type = typeNamed({ namespace: itemType?.namespace ?? XSD, local }, restriction, reading.schemas);
  const item: ElementUse = {
    ...{ kind: 'element', local: ARRAY_ITEM, namespace: '', min: 0, max: Number.POSITIVE_INFINITY, nillable: true },
    ...{ fixed: undefined, description: undefined, type, place: element.place },
  };
  return { ...base, particles: [item] };
}
