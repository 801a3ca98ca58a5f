import type { MissingDocument, Schema } from './load-documents.ts';
import { type Notes, UnsupportedError } from './notes.ts';
import { clark, type QName, type SourceElement } from './source-element.ts';
import { XSD } from './vocabulary.ts';

/** A part of a schema, with the schema whose defaults hold for it. */
export interface Component {
  readonly element: SourceElement;
  readonly schema: Schema;
}

export interface NamedComponent extends Component {
  readonly name: QName;
}

export type ComponentKind = 'element' | 'type' | 'group' | 'attributeGroup' | 'attribute';

const KIND_OF: Readonly<Record<string, ComponentKind>> = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
};

/** All schemas of a WSDL as one: components by name, and who derives from or substitutes whom. */
export class SchemaSet {
  readonly #components = new Map<string, NamedComponent>();
  readonly #derived = new Map<string, NamedComponent[]>();
  readonly #substitutes = new Map<string, NamedComponent[]>();
  readonly #missing: readonly MissingDocument[];
  readonly #notes: Notes;

  constructor(schemas: readonly Schema[], missing: readonly MissingDocument[], notes: Notes) {
    this.#missing = missing;
    this.#notes = notes;
    for (const schema of schemas) {
      for (const element of schema.root.children) this.#add({ element, schema });
    }
  }

  /** Throws UnsupportedError that names the component, who asks for it, and the document that could not be loaded. */
  get(kind: ComponentKind, name: QName, from: SourceElement): NamedComponent {
    const found = this.find(kind, name) ?? this.#namesake(kind, name, from);
    if (found !== undefined) return found;
    throw this.missing(kind, name, from);
  }

  /** The only component of this local name: many hand-written schemas forget a prefix or an import. */
  #namesake(kind: ComponentKind, name: QName, from: SourceElement): NamedComponent | undefined {
    if (this.#missing.some(({ namespace }) => namespace === name.namespace)) return undefined;
    const [only, ...others] = [...this.#components].filter(
      ([key, component]) => key === `${kind} ${clark(component.name)}` && component.name.local === name.local,
    );
    if (only === undefined || others.length > 0) return undefined;
    const found = only[1];
    const construct = `${kind} ${clark(name)}`;
    this.#notes.cannot(from.place, construct, `No document defines it: ${clark(found.name)} was taken in its place`);
    return found;
  }

  /** Why a component is not there, and for whom. */
  missing(kind: ComponentKind, name: QName, from: SourceElement): UnsupportedError {
    const lost = this.#missing.find(({ namespace }) => namespace === name.namespace);
    const reason =
      lost === undefined
        ? 'no document defines it'
        : `${lost.location}, imported at ${lost.place}, could not be loaded (${lost.reason})`;
    return new UnsupportedError(from.place, `${kind} ${clark(name)}`, `It is used here, and ${reason}`);
  }

  find(kind: ComponentKind, name: QName): NamedComponent | undefined {
    return this.#components.get(`${kind} ${clark(name)}`);
  }

  /** The types that extend or restrict this one, directly or through others; no cycle makes it endless. */
  derivedFrom(name: QName): readonly NamedComponent[] {
    return this.#closure(this.#derived, name);
  }

  /** The elements that may stand for this one, directly or through others. */
  substitutesOf(name: QName): readonly NamedComponent[] {
    return this.#closure(this.#substitutes, name);
  }

  #closure(map: ReadonlyMap<string, readonly NamedComponent[]>, name: QName): NamedComponent[] {
    const found = new Map<string, NamedComponent>();
    const visit = (key: string): void => {
      for (const component of map.get(key) ?? []) {
        const own = clark(component.name);
        if (found.has(own)) continue;
        found.set(own, component);
        visit(own);
      }
    };
    visit(clark(name));
    return [...found.values()];
  }

  /** The first definition of a name counts: includes may bring the same document twice. */
  #add({ element, schema }: Component): void {
    const kind = element.namespace === XSD ? KIND_OF[element.local] : undefined;
    const local = element.attributes.get('name');
    if (kind === undefined || local === undefined) return;
    const component = { element, schema, name: { namespace: schema.targetNamespace, local } };
    const key = `${kind} ${clark(component.name)}`;
    if (this.#components.has(key)) return;
    this.#components.set(key, component);
    if (kind === 'element') {
      for (const head of referenced(component, 'substitutionGroup')) append(this.#substitutes, clark(head), component);
    }
    if (element.local === 'complexType') {
      const base = derivationOf(component);
      if (base !== undefined) append(this.#derived, clark(base), component);
    }
  }
}

/** The names in an attribute of QNames, as they count in the schema that uses them. */
export function referenced({ element, schema }: Component, attribute: string): readonly QName[] {
  const names = element.names.get(attribute) ?? [];
  if (!schema.chameleon) return names;
  return names.map((name) => (name.namespace === '' ? { ...name, namespace: schema.targetNamespace } : name));
}

/** The base of a complex type that extends or restricts another. */
function derivationOf({ element, schema }: Component): QName | undefined {
  for (const content of element.children) {
    for (const derivation of content.children) {
      if (derivation.namespace === XSD && (derivation.local === 'extension' || derivation.local === 'restriction')) {
        return referenced({ element: derivation, schema }, 'base')[0];
      }
    }
  }
  return undefined;
}

/** A type that only others derived from it can stand for, or an element that only its substitutes can. */
export function isAbstract({ attributes }: SourceElement): boolean {
  return /^(?:true|1)$/.test(attributes.get('abstract')?.trim() ?? '');
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
