import { SOAP_VERSIONS } from '../../../formats/soap/soap-version.ts';
import { XSI_NAMESPACE } from '../../../formats/xml/position.ts';
import { clark, type QName, type SourceElement } from '../wsdl/source-element.ts';

/** What all occurrences of an element in one place of the samples say together. */
export interface ElementShape extends QName {
  /** Where the first one stands. */
  readonly place: string;
  readonly occurrences: number;
  /** Of them, those with `xsi:nil="true"`. */
  readonly nils: number;
  /** Where a nil one has attributes that say something, which null cannot hold. */
  readonly nilAttributesAt: string | undefined;
  /** Occurrences of the element around it, and of these the ones that have it. */
  readonly owners: number;
  readonly owned: number;
  /** Most occurrences in one owner. */
  readonly most: number;
  /** Texts of the occurrences that hold nothing else. */
  readonly texts: readonly string[];
  /** Texts, white space aside, of those that hold elements as well, and where the first of them stands. */
  readonly mixed: { readonly texts: readonly string[]; readonly place: string } | undefined;
  readonly attributes: readonly AttributeShape[];
  /** In wire order. */
  readonly children: readonly ElementShape[];
  /** An occurrence holds an `xop:Include`: its text is an attachment. */
  readonly included: boolean;
  /** The types that `xsi:type` names. */
  readonly types: readonly QName[];
  /** The element says that it is an array of the SOAP encoding. */
  readonly array: boolean;
  /** Where children of several names take turns: lists of each lose the order between them. */
  readonly interleavedAt: string | undefined;
}

export interface AttributeShape extends QName {
  readonly values: readonly string[];
  /** Elements that could have it, nil ones left out. */
  readonly owners: number;
}

const XOP_INCLUDE = '{http://www.w3.org/2004/08/xop/include}Include';
const XSI_TYPE = `{${XSI_NAMESPACE}}type`;
const XSI_NIL = `{${XSI_NAMESPACE}}nil`;
/** SOAP 1.1, 5 and SOAP 1.2 part 2, 3: attributes that describe how values are encoded, and are none themselves. */
const ENCODINGS: readonly string[] = [
  'http://schemas.xmlsoap.org/soap/encoding/',
  'http://www.w3.org/2003/05/soap-encoding',
];
const ARRAY = /\}(?:arrayType|itemType|arraySize)$/;
const ABOUT_THE_MESSAGE: readonly string[] = [
  XSI_NAMESPACE,
  ...ENCODINGS,
  ...SOAP_VERSIONS.map(({ namespace }) => namespace),
];

/** An attribute that tells how a message is written rather than what it says. */
export function isAboutTheMessage({ namespace }: QName): boolean {
  return ABOUT_THE_MESSAGE.includes(namespace);
}

/** Merges occurrences of the samples' body or root element. */
export function shapeOf(roots: readonly [SourceElement, ...SourceElement[]]): ElementShape {
  return mergeElements(roots, { owners: roots.length, owned: roots.length, most: 1 });
}

type Owning = Pick<ElementShape, 'owners' | 'owned' | 'most'>;

function mergeElements(elements: readonly [SourceElement, ...SourceElement[]], owning: Owning): ElementShape {
  const [{ local, namespace, place }] = elements;
  const live = elements.filter((element) => !isNil(element));
  const plain = live.filter(({ children }) => children.length === 0);
  const mixed = live.filter(({ children, text }) => children.length > 0 && text.trim() !== '');
  const included = live.some(isInclusion);
  const hasText = included || (plain.length === live.length && plain.some(({ text }) => text.trim() !== ''));
  // of an item with a text it is the text that is null; any other item is null itself
  const owners = owning.most > 1 && hasText ? elements : live;
  const kept = new Set(owners);
  const [firstMixed] = mixed;
  return {
    ...{ local, namespace, place, occurrences: elements.length, nils: elements.length - live.length, ...owning },
    texts: plain.map(({ text }) => text),
    mixed: firstMixed && { texts: mixed.map(({ text }) => text), place: firstMixed.place },
    attributes: mergeAttributes(owners),
    children: included ? [] : mergeChildren(owners),
    included,
    types: typesOf(elements),
    array: elements.some(({ attributes }) => [...attributes.keys()].some(isArrayAttribute)),
    nilAttributesAt: elements.find((element) => !kept.has(element) && hasDataAttributes(element))?.place,
    interleavedAt: live.find(takesTurns)?.place,
  };
}

function isNil({ attributes }: SourceElement): boolean {
  return /^\s*(?:true|1)\s*$/.test(attributes.get(XSI_NIL) ?? '');
}

function hasDataAttributes({ attributes }: SourceElement): boolean {
  return [...attributes.keys()].some((name) => !isAboutTheMessage(parseClark(name)));
}

function isInclusion({ children }: SourceElement): boolean {
  const [only, ...others] = children;
  return only !== undefined && others.length === 0 && clark(only) === XOP_INCLUDE;
}

function isArrayAttribute(name: string): boolean {
  return ARRAY.test(name) && ENCODINGS.some((namespace) => name.startsWith(`{${namespace}}`));
}

function typesOf(elements: readonly SourceElement[]): QName[] {
  const named = elements.flatMap(({ names }) => names.get(XSI_TYPE) ?? []);
  return [...new Map(named.map((name) => [clark(name), name])).values()];
}

function mergeAttributes(owners: readonly SourceElement[]): AttributeShape[] {
  const found = new Map<string, string[]>();
  for (const [name, value] of owners.flatMap(({ attributes }) => [...attributes])) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return [...found].map(([name, values]) => ({ ...parseClark(name), values, owners: owners.length }));
}

function parseClark(name: string): QName {
  const [, namespace = '', local = name] = /^\{(.*)\}(.*)$/.exec(name) ?? [];
  return { namespace, local };
}

function mergeChildren(owners: readonly SourceElement[]): ElementShape[] {
  const groups = new Map<string, { elements: SourceElement[]; owned: number; most: number }>();
  for (const { children } of owners) {
    for (const [name, own] of Map.groupBy(children, clark)) {
      const group = groups.get(name) ?? { elements: [], owned: 0, most: 0 };
      group.elements.push(...own);
      group.owned += 1;
      group.most = Math.max(group.most, own.length);
      groups.set(name, group);
    }
  }
  return wireOrder(owners).map((name) => {
    const { elements, owned, most } = groups.get(name) as NonNullable<ReturnType<typeof groups.get>>;
    const owning = { owners: owners.length, owned, most };
    return mergeElements(elements as [SourceElement, ...SourceElement[]], owning);
  });
}

/** Names in an order that agrees with every owner's where that can be: a new name goes behind the one before it. */
function wireOrder(owners: readonly SourceElement[]): string[] {
  const order: string[] = [];
  const known = new Set<string>();
  for (const { children } of owners) {
    let before: string | undefined;
    for (const name of children.map(clark)) {
      if (!known.has(name)) {
        known.add(name);
        order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
      }
      before = name;
    }
  }
  return order;
}

function takesTurns({ children }: SourceElement): boolean {
  const ended = new Set<string>();
  let before: string | undefined;
  for (const name of children.map(clark)) {
    if (name === before) continue;
    if (ended.has(name)) return true;
    if (before !== undefined) ended.add(before);
    before = name;
  }
  return false;
}
