import { UnsupportedError } from './notes.ts';
import { type Component, referenced, type SchemaSet } from './schema-set.ts';
import type { QName, SourceElement } from './source-element.ts';
import { childrenNamed, clark } from './source-element.ts';
import { SOAP_ENCODING, XSD } from './vocabulary.ts';

/** A simple type, its derivations resolved down to the built-in type that says how its texts are read. */
export interface SimpleType {
  readonly variety: 'atomic' | 'list' | 'union';
  /** Local name of XML Schema's own type; `anySimpleType` for unions, `string` for lists that a schema makes. */
  readonly builtIn: string;
  readonly facets: Facets;
  /** Where the type, or the element that uses a built-in one, stands. */
  readonly place: string;
}

/** The facets of all derivation steps together, the narrower one where both have it. */
export interface Facets {
  readonly enumeration?: readonly string[];
  /** Each step's patterns, of which one must match; all steps must (XML Schema part 2, 4.3.4.3). */
  readonly patterns?: readonly (readonly string[])[];
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minInclusive?: string;
  readonly minExclusive?: string;
  readonly maxInclusive?: string;
  readonly maxExclusive?: string;
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly whiteSpace?: string;
}

const COUNTS: ReadonlySet<string> = new Set(['length', 'minLength', 'maxLength', 'totalDigits', 'fractionDigits']);
const TEXTS: ReadonlySet<string> = new Set([
  'minInclusive',
  'minExclusive',
  'maxInclusive',
  'maxExclusive',
  'whiteSpace',
]);

/** Derivation chains of real schemas have a handful of steps; more is a circle. */
const MAX_STEPS = 50;

/** Built-in types that are lists (XML Schema part 2, 3.3). */
const LISTS: ReadonlySet<string> = new Set(['NMTOKENS', 'IDREFS', 'ENTITIES']);

/** What a reference to an attachment is (WS-I Attachments Profile 1.0, 4.4), whose schema few descriptions bring along. */
const WSI_ATTACHMENTS = 'http://ws-i.org/profiles/basic/1.1/xsd';
const ANY_URI: QName = { namespace: XSD, local: 'anyURI' };

/** A built-in type by name: of XML Schema, or its namesake in SOAP encoding; undefined for all others. */
export function builtInType(name: QName, user: SourceElement): SimpleType | undefined {
  if (name.namespace === WSI_ATTACHMENTS && name.local === 'swaRef') return builtInType(ANY_URI, user);
  if (name.namespace !== XSD && name.namespace !== SOAP_ENCODING) return undefined;
  if (name.local === 'anyType' || name.local === 'ur-type' || name.local === 'Array') return undefined;
  const builtIn = name.local === 'base64' ? 'base64Binary' : name.local;
  return { variety: LISTS.has(builtIn) ? 'list' : 'atomic', builtIn, facets: {}, place: user.place };
}

/** Resolves a simple type by name. Throws UnsupportedError where it is not defined or derives from itself. */
export function simpleTypeNamed(name: QName, user: Component, schemas: SchemaSet, step = 0): SimpleType {
  const builtIn = builtInType(name, user.element);
  if (builtIn !== undefined) return builtIn;
  if (step > MAX_STEPS) {
    throw new UnsupportedError(user.element.place, `simpleType ${clark(name)}`, 'It derives from itself');
  }
  return simpleTypeOf(schemas.get('type', name, user.element), schemas, step);
}

/** Resolves an `xsd:simpleType` element, or the content of a complex type with simple content. */
export function simpleTypeOf(component: Component, schemas: SchemaSet, step = 0): SimpleType {
  const { element, schema } = component;
  const inside = (child: SourceElement): Component => ({ element: child, schema });
  for (const child of element.children) {
    if (child.namespace !== XSD) continue;
    if (child.local === 'restriction') return restricted(inside(child), schemas, step);
    if (child.local === 'list') return { variety: 'list', builtIn: 'string', facets: {}, place: element.place };
    if (child.local === 'union')
      return { variety: 'union', builtIn: 'anySimpleType', facets: {}, place: element.place };
  }
  throw new UnsupportedError(element.place, `${element.local} without a derivation`, 'Its texts have no type');
}

function restricted(restriction: Component, schemas: SchemaSet, step: number): SimpleType {
  const { element, schema } = restriction;
  const [name] = referenced(restriction, 'base');
  const [inline] = childrenNamed(element, XSD, 'simpleType');
  if (name === undefined && inline === undefined) {
    throw new UnsupportedError(element.place, 'restriction without a base', 'Its texts have no type');
  }
  const base =
    name === undefined
      ? simpleTypeOf({ element: inline as SourceElement, schema }, schemas, step + 1)
      : simpleTypeNamed(name, restriction, schemas, step + 1);
  return { ...base, facets: narrowed(base.facets, element), place: element.place };
}

/** The facets of a base with those of one restriction. */
export function narrowed(base: Facets, restriction: SourceElement): Facets {
  const facets: Record<string, unknown> = { ...base };
  const enumeration: string[] = [];
  const patterns: string[] = [];
  for (const { namespace, local, attributes } of restriction.children) {
    const value = attributes.get('value');
    if (namespace !== XSD || value === undefined) continue;
    if (local === 'enumeration') enumeration.push(value);
    else if (local === 'pattern') patterns.push(value);
    else if (COUNTS.has(local) && /^\+?[0-9]+$/.test(value.trim())) facets[local] = Number(value);
    else if (TEXTS.has(local)) facets[local] = value.trim();
  }
  if (enumeration.length > 0) facets.enumeration = enumeration;
  if (patterns.length > 0) facets.patterns = [...(base.patterns ?? []), patterns];
  return facets as Facets;
}
