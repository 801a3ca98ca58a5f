import { type Notes, UnsupportedError } from './notes.ts';
import { childrenNamed, clark, type QName, type SourceElement } from './source-element.ts';
import { WSDL, WSDL_SOAP11, WSDL_SOAP12 } from './vocabulary.ts';

/** A component of a WSDL with the namespace of the document that defines it. */
export interface WsdlComponent {
  readonly element: SourceElement;
  readonly name: QName;
}

type Kind = 'message' | 'portType' | 'binding';

/** The parts of all WSDL documents of one description, by name. */
export interface WsdlIndex {
  /** Throws UnsupportedError that names who refers to what is not there. */
  get(kind: Kind, name: QName | undefined, user: SourceElement): WsdlComponent;
  readonly bindings: readonly WsdlComponent[];
  readonly services: readonly WsdlComponent[];
}

export function indexWsdl(definitions: readonly SourceElement[], notes: Notes): WsdlIndex {
  const components = new Map<string, WsdlComponent>();
  const services: WsdlComponent[] = [];
  for (const root of definitions) {
    const namespace = root.attributes.get('targetNamespace') ?? '';
    for (const element of childrenNamed(root, WSDL, 'message', 'portType', 'binding', 'service')) {
      const component = { element, name: { namespace, local: element.attributes.get('name') ?? '' } };
      if (element.local === 'service') services.push(component);
      const key = `${element.local} ${clark(component.name)}`;
      if (!components.has(key)) components.set(key, component);
    }
  }
  return {
    services,
    bindings: [...components.values()].filter(({ element }) => element.local === 'binding'),
    get(kind, name, user) {
      const found = name && components.get(`${kind} ${clark(name)}`);
      if (found !== undefined) return found;
      const [only, ...others] = [...components].filter(([key]) => key.startsWith(`${kind} `) && isNamesake(key, name));
      if (only !== undefined && others.length === 0) {
        const taken = clark(only[1].name);
        notes.cannot(
          user.place,
          `${kind} ${name && clark(name)}`,
          `No document defines it: ${taken} was taken in its place`,
        );
        return only[1];
      }
      const wanted = name === undefined ? kind : `${kind} ${clark(name)}`;
      throw new UnsupportedError(user.place, wanted, `The ${user.local} refers to it, and no document defines it`);
    },
  };
}

/** The same local name in another namespace: prefixes are forgotten and namespaces mistyped. */
function isNamesake(key: string, name: QName | undefined): boolean {
  return name !== undefined && (key.endsWith(`}${name.local}`) || key.endsWith(` ${name.local}`));
}

export type SoapVersionName = '1.1' | '1.2';

/** The SOAP version of a binding or port, by its extension element (WSDL 1.1, 3.3; its SOAP 1.2 namesake). */
export function soapExtension(
  holder: SourceElement,
  ...locals: string[]
): { readonly element: SourceElement; readonly version: SoapVersionName } | undefined {
  for (const element of holder.children) {
    if (!locals.includes(element.local)) continue;
    if (element.namespace === WSDL_SOAP11) return { element, version: '1.1' };
    if (element.namespace === WSDL_SOAP12) return { element, version: '1.2' };
  }
  return undefined;
}
