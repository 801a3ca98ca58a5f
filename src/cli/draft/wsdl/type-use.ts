import { UnsupportedError } from './notes.ts';
import { type Component, referenced, type SchemaSet } from './schema-set.ts';
import { builtInType, type SimpleType, simpleTypeNamed, simpleTypeOf } from './simple-type.ts';
import { childNamed, type QName } from './source-element.ts';
import { XSD } from './vocabulary.ts';

/** What an element holds: a text, elements and attributes, or anything at all. */
export type TypeUse =
  | { readonly kind: 'simple'; readonly simple: SimpleType }
  | { readonly kind: 'complex'; readonly component: Component; readonly name: QName | undefined }
  | { readonly kind: 'anything' }
  /** It cannot be resolved; that matters only where the element is drafted. */
  | { readonly kind: 'unknown'; readonly error: UnsupportedError };

/** Why a name means nothing. */
export const PREFIX_UNKNOWN = 'Its prefix is not declared';

/** The type of an element: by name, inline, or anything where it says none. */
export function typeUse(component: Component, schemas: SchemaSet): TypeUse {
  try {
    return resolved(component, schemas);
  } catch (error) {
    if (error instanceof UnsupportedError) return { kind: 'unknown', error };
    throw error;
  }
}

function resolved(component: Component, schemas: SchemaSet): TypeUse {
  const { element, schema } = component;
  const [name] = referenced(component, 'type');
  if (name !== undefined) return typeNamed(name, component, schemas);
  if (element.attributes.has('type')) {
    throw new UnsupportedError(element.place, `type="${element.attributes.get('type')}"`, PREFIX_UNKNOWN);
  }
  const simple = childNamed(element, XSD, 'simpleType');
  if (simple !== undefined) return { kind: 'simple', simple: simpleTypeOf({ element: simple, schema }, schemas) };
  const complex = childNamed(element, XSD, 'complexType');
  if (complex !== undefined) return { kind: 'complex', component: { element: complex, schema }, name: undefined };
  const [head] = referenced(component, 'substitutionGroup');
  return head === undefined ? { kind: 'anything' } : resolved(schemas.get('element', head, element), schemas);
}

/** A type by name, built-in ones included. Throws UnsupportedError where no document defines it. */
export function typeNamed(name: QName, user: Component, schemas: SchemaSet): TypeUse {
  if ((name.namespace === XSD && name.local === 'anyType') || name.local === 'ur-type') return { kind: 'anything' };
  const builtIn = builtInType(name, user.element);
  if (builtIn !== undefined && schemas.find('type', name) === undefined) return { kind: 'simple', simple: builtIn };
  const component = schemas.get('type', name, user.element);
  return component.element.local === 'simpleType'
    ? { kind: 'simple', simple: simpleTypeNamed(name, user, schemas) }
    : { kind: 'complex', component, name };
}
