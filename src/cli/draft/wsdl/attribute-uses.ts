import { isNcName } from '../../../syntax/xml-chars.ts';
import { type Notes, UnsupportedError } from './notes.ts';
import { type Component, referenced, type SchemaSet } from './schema-set.ts';
import { type SimpleType, simpleTypeNamed, simpleTypeOf } from './simple-type.ts';
import { childNamed, type QName, type SourceElement } from './source-element.ts';
import { PREFIX_UNKNOWN } from './type-use.ts';
import { SOAP_ENCODING, XML, XSD } from './vocabulary.ts';

/** An attribute where a complex type allows it. */
export interface AttributeUse extends QName {
  readonly required: boolean;
  /** A restriction forbids what its base allows. */
  readonly prohibited: boolean;
  /** What absence means (XML Schema part 1, 3.2.1): a default or fixed value. */
  readonly whenAbsent: string | undefined;
  readonly isFixed: boolean;
  readonly simple: SimpleType;
  readonly place: string;
}

/** Groups within groups; real schemas have two or three. */
const MAX_NESTING = 20;

interface Reading {
  readonly schemas: SchemaSet;
  readonly notes: Notes;
}

/** The attributes that a type, derivation or group declares itself, groups resolved. */
export function attributesOf({ element, schema }: Component, reading: Reading, depth = 0): AttributeUse[] {
  if (depth > MAX_NESTING) throw new UnsupportedError(element.place, 'attributeGroup', 'The group holds itself');
  return element.children.flatMap((child): AttributeUse[] => {
    if (child.namespace !== XSD) return [];
    const component = { element: child, schema };
    switch (child.local) {
      case 'attribute':
        return knownAttribute(component, reading);
      case 'attributeGroup': {
        const [name] = referenced(component, 'ref');
        if (name === undefined) {
          reading.notes.cannot(child.place, 'attributeGroup', 'It refers to no group: its attributes are left out');
          return [];
        }
        return attributesOf(reading.schemas.get('attributeGroup', name, child), reading, depth + 1);
      }
      case 'anyAttribute':
        reading.notes.cannot(child.place, 'xsd:anyAttribute', 'Attributes that the schema does not name are left out');
        return [];
      default:
        return [];
    }
  });
}

/** An attribute of an unknown type is left out: the element around it can be drafted all the same. */
function knownAttribute(component: Component, reading: Reading): AttributeUse[] {
  try {
    return attributeUse(component, reading);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    reading.notes.add(error.unsupported);
    return [];
  }
}

function attributeUse(component: Component, reading: Reading): AttributeUse[] {
  const { element } = component;
  const [ref] = referenced(component, 'ref');
  if (ref === undefined) {
    const local = element.attributes.get('name');
    if (local === undefined) {
      throw new UnsupportedError(element.place, 'attribute', 'It has neither a name nor a reference');
    }
    if (!isNcName(local)) {
      throw new UnsupportedError(element.place, `attribute ${JSON.stringify(local)}`, 'Its name is no XML name');
    }
    const namespace = isQualified(component) ? component.schema.targetNamespace : '';
    return [use({ namespace, local }, component, element, reading)];
  }
  if (ref.namespace === SOAP_ENCODING) return [];
  const declared = reading.schemas.find('attribute', ref);
  if (declared === undefined && ref.namespace === XML) {
    const simple: SimpleType = { variety: 'atomic', builtIn: 'string', facets: {}, place: element.place };
    return [{ ...ref, ...usage(element, element), simple }];
  }
  const found = declared ?? reading.schemas.get('attribute', ref, element);
  return [use(ref, found, element, reading)];
}

function use(name: QName, declaration: Component, user: SourceElement, { schemas }: Reading): AttributeUse {
  const { element, schema } = declaration;
  const inline = childNamed(element, XSD, 'simpleType');
  const [type] = referenced(declaration, 'type');
  if (type === undefined && element.attributes.has('type')) {
    throw new UnsupportedError(element.place, `type="${element.attributes.get('type')}"`, PREFIX_UNKNOWN);
  }
  const simple =
    type !== undefined
      ? simpleTypeNamed(type, declaration, schemas)
      : inline !== undefined
        ? simpleTypeOf({ element: inline, schema }, schemas)
        : ({ variety: 'atomic', builtIn: 'anySimpleType', facets: {}, place: element.place } as const);
  return { ...name, ...usage(user, element), simple };
}

function usage(
  user: SourceElement,
  declaration: SourceElement,
): Pick<AttributeUse, 'required' | 'prohibited' | 'whenAbsent' | 'isFixed' | 'place'> {
  const of = (name: string): string | undefined => user.attributes.get(name) ?? declaration.attributes.get(name);
  const fixed = of('fixed');
  return {
    required: user.attributes.get('use') === 'required',
    prohibited: user.attributes.get('use') === 'prohibited',
    whenAbsent: fixed ?? of('default'),
    isFixed: fixed !== undefined,
    place: user.place,
  };
}

function isQualified({ element, schema }: Component): boolean {
  return (element.attributes.get('form') ?? schema.root.attributes.get('attributeFormDefault')) === 'qualified';
}
