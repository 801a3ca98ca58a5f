import { isNcName } from '../../../syntax/xml-chars.ts';
import { type Notes, UnsupportedError } from './notes.ts';
import { type Component, isAbstract, referenced, type SchemaSet } from './schema-set.ts';
import { childNamed, clark, type QName, type SourceElement, wholeText } from './source-element.ts';
import { type TypeUse, typeUse } from './type-use.ts';
import { XSD } from './vocabulary.ts';

/** An element where a content model allows it. */
export interface ElementUse extends QName {
  readonly kind: 'element';
  readonly min: number;
  readonly max: number;
  readonly nillable: boolean;
  readonly fixed: string | undefined;
  readonly description: string | undefined;
  readonly type: TypeUse;
  readonly place: string;
}

export interface ChoiceUse {
  readonly kind: 'choice';
  readonly min: number;
  readonly max: number;
  readonly branches: readonly (readonly Particle[])[];
  readonly place: string;
}

export type Particle = ElementUse | ChoiceUse;

/** What is read of schemas goes through these two. */
export interface SchemaReading {
  readonly schemas: SchemaSet;
  readonly notes: Notes;
}

/** Groups within groups; real schemas have a handful. */
const MAX_NESTING = 60;

/** The element's own documentation, cut where an essay begins. */
export function descriptionOf(element: SourceElement): string | undefined {
  const annotation = childNamed(element, XSD, 'annotation');
  const text = annotation?.children.map(wholeText).find((told) => told !== '') ?? '';
  if (text === '') return undefined;
  return text.length <= MAX_DESCRIPTION_CHARACTERS ? text : `${text.slice(0, MAX_DESCRIPTION_CHARACTERS).trimEnd()}…`;
}

const MAX_DESCRIPTION_CHARACTERS = 300;

interface Occurrence {
  readonly min: number;
  readonly max: number;
}

export const ONCE: Occurrence = { min: 1, max: 1 };
export const GROUPS: ReadonlySet<string> = new Set(['sequence', 'all', 'choice', 'group']);

function occurrence({ attributes, place }: SourceElement): Occurrence {
  const read = (name: string): number => {
    const text = attributes.get(name)?.trim() ?? '1';
    if (text === 'unbounded') return Number.POSITIVE_INFINITY;
    if (!/^[0-9]+$/.test(text))
      throw new UnsupportedError(place, `${name}="${text}"`, 'Expected a number or unbounded');
    return Number(text);
  };
  return { min: read('minOccurs'), max: read('maxOccurs') };
}

function times(outer: Occurrence, own: Occurrence): Occurrence {
  // minOccurs 0 times unbounded is 0, not NaN
  return { min: outer.min * own.min, max: own.max === 0 || outer.max === 0 ? 0 : outer.max * own.max };
}

/** The particles of a group. Sequences dissolve into their holder: how often they occur goes to their elements. */
export function particlesOf(
  component: Component,
  reading: SchemaReading,
  outer: Occurrence,
  wildcard: { found: boolean },
  depth: number,
): Particle[] {
  const { element, schema } = component;
  if (depth > MAX_NESTING) throw new UnsupportedError(element.place, element.local, 'The group holds itself');
  const occurs = times(outer, occurrence(element));
  if (occurs.max === 0) return [];
  const inside = (child: SourceElement, within: Occurrence): Particle[] =>
    particlesOf({ element: child, schema }, reading, within, wildcard, depth + 1);
  switch (element.local) {
    case 'element':
      return elementParticles(component, occurs, reading);
    case 'any':
      wildcard.found = true;
      reading.notes.cannot(element.place, 'xsd:any', 'What the system puts there is left out of requests and answers');
      return [];
    case 'group': {
      const [name] = referenced(component, 'ref');
      if (name === undefined) throw new UnsupportedError(element.place, 'group', 'It refers to no group');
      const group = reading.schemas.get('group', name, element);
      return group.element.children
        .filter((child) => child.namespace === XSD && GROUPS.has(child.local))
        .flatMap((child) =>
          particlesOf({ element: child, schema: group.schema }, reading, occurs, wildcard, depth + 1),
        );
    }
    case 'choice': {
      const branches = groupChildren(element).map((child) => inside(child, ONCE));
      return [{ kind: 'choice', ...occurs, branches, place: element.place }];
    }
    default:
      if (groupChildren(element).length > 1) noteGroup(component, occurs, reading);
      return groupChildren(element).flatMap((child) => inside(child, occurs));
  }
}

function groupChildren(group: SourceElement): SourceElement[] {
  return group.children.filter(
    ({ namespace, local }) => namespace === XSD && (GROUPS.has(local) || local === 'element' || local === 'any'),
  );
}

/** What is lost of a group whose elements become its holder's. */
function noteGroup({ element }: Component, { max }: Occurrence, { notes }: SchemaReading): void {
  const { place, local, attributes } = element;
  if (max > 1) {
    notes.cannot(
      place,
      `xsd:${local} maxOccurs="${attributes.get('maxOccurs') ?? '1'}"`,
      'Each of its elements is drafted as a list of its own: which ones belong together is lost',
    );
  } else if (occurrence(element).min === 0) {
    notes.cannot(
      place,
      `xsd:${local} minOccurs="0"`,
      'Its elements are drafted as optional ones: that they come together is not checked',
    );
  }
}

/** An element, or the choice among it and those that may substitute it. */
function elementParticles(component: Component, occurs: Occurrence, reading: SchemaReading): Particle[] {
  const [ref] = referenced(component, 'ref');
  if (ref === undefined) return [elementUse(component, undefined, occurs, reading)];
  if (ref.namespace === XSD) {
    reading.notes.cannot(
      component.element.place,
      `element ref="${ref.local}" of XML Schema`,
      'A schema inside the message (DataSet) is left out',
    );
    return [];
  }
  const head = reading.schemas.find('element', ref);
  if (head === undefined) return [unknownElement(ref, component, occurs, reading)];
  const members = reading.schemas.substitutesOf(ref);
  const candidates = [head, ...members].filter(({ element }) => !isAbstract(element));
  if (candidates.length === 0) return [unsubstituted(ref, component, occurs)];
  if (members.length === 0 || candidates.length === 1) {
    return candidates.slice(0, 1).map((only) => elementUse(only, only.name, occurs, reading));
  }
  const branches = candidates.map((candidate) => [elementUse(candidate, candidate.name, ONCE, reading)]);
  return [{ kind: 'choice', ...occurs, branches, place: component.element.place }];
}

/** An element that no document defines: told where it would be drafted. */
function unknownElement(
  ref: QName,
  { element }: Component,
  occurs: Occurrence,
  { schemas }: SchemaReading,
): ElementUse {
  return {
    ...elementOf(ref, occurs, element),
    type: { kind: 'unknown', error: schemas.missing('element', ref, element) },
  };
}

function elementOf(ref: QName, occurs: Occurrence, { place }: SourceElement): Omit<ElementUse, 'type'> {
  return { kind: 'element', ...ref, ...occurs, nillable: false, fixed: undefined, description: undefined, place };
}

/** An abstract element that no document substitutes: told where it would be drafted. */
function unsubstituted(ref: QName, { element }: Component, occurs: Occurrence): ElementUse {
  const construct = `abstract element ${clark(ref)}`;
  const error = new UnsupportedError(element.place, construct, 'No element substitutes it: it is left out');
  return { ...elementOf(ref, occurs, element), type: { kind: 'unknown', error } };
}

function nameless({ place }: SourceElement): TypeUse {
  return { kind: 'unknown', error: new UnsupportedError(place, 'element without a name', 'It is left out') };
}

/** `name`: of a global element, which always has its schema's namespace. */
export function elementUse(
  component: Component,
  name: QName | undefined,
  occurs: Occurrence,
  reading: SchemaReading,
): ElementUse {
  const { element, schema } = component;
  const { attributes, place } = element;
  const local = name?.local ?? attributes.get('name')?.trim() ?? '';
  return {
    kind: 'element',
    local,
    namespace: name?.namespace ?? (isQualified(component) ? schema.targetNamespace : ''),
    ...occurs,
    nillable: /^(?:true|1)$/.test(attributes.get('nillable')?.trim() ?? ''),
    fixed: attributes.get('fixed'),
    description: descriptionOf(element),
    type: isNcName(local) ? typeUse(component, reading.schemas) : nameless(element),
    place,
  };
}

function isQualified({ element, schema }: Component): boolean {
  return (element.attributes.get('form') ?? schema.root.attributes.get('elementFormDefault')) === 'qualified';
}
