import { isNcName } from '../../../syntax/xml-chars.ts';
import type { QName } from './source-element.ts';
import { XML } from './vocabulary.ts';

/** Hands out prefixes for the endpoint's `namespaces`: the ones that the documents use, where they are free. */
export class PrefixTable {
  readonly #preferred: ReadonlyMap<string, string>;
  readonly #prefixes = new Map<string, string>();

  constructor(preferred: ReadonlyMap<string, string>) {
    this.#preferred = preferred;
  }

  prefixOf(namespace: string): string {
    const known = this.#prefixes.get(namespace);
    if (known !== undefined) return known;
    const taken = new Set([...this.#prefixes.values(), ...RESERVED]);
    let prefix = namespace === '' ? NO_NAMESPACE : (this.#preferred.get(namespace) ?? '');
    for (let number = 1; !isNcName(prefix) || taken.has(prefix); number++) prefix = `ns${number}`;
    this.#prefixes.set(namespace, prefix);
    return prefix;
  }

  /** Prefixes that positions have used, with their namespaces. */
  get namespaces(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#prefixes].map(([namespace, prefix]) => [prefix, namespace]));
  }
}

/** The prefix, of positions alone, for names in no namespace. */
const NO_NAMESPACE = 'none';

/** Prefixes that positions know without a declaration, and those that the writer of requests uses itself. */
const RESERVED = ['xml', 'xmlns', 'xsi', 'soap', 'wsse', 'wsu'];

/** Namespaces in XML 1.0, 3 forbids another prefix for the first of them. */
const KNOWN_PREFIXES: ReadonlyMap<string, string> = new Map([
  [XML, 'xml'],
  ['http://www.w3.org/2001/XMLSchema-instance', 'xsi'],
]);

/** How the names of elements and attributes stand in positions. */
export interface StepNames {
  /** `clashes`: another element beside it has the same local name in another namespace. */
  element(name: QName, clashes?: boolean): string;
  attribute(name: QName): string;
  /** A QName in a value, such as that of `xsi:type`. */
  value(name: QName): string;
}

function attributeStep(prefixes: PrefixTable, { namespace, local }: QName): string {
  if (namespace === '') return `@${local}`;
  return `@${KNOWN_PREFIXES.get(namespace) ?? prefixes.prefixOf(namespace)}:${local}`;
}

/**
 * Steps of answers: a local name matches in any namespace, so that the prefix stands only where two elements of one
 * name have to be told apart. Stacks that qualify otherwise than their WSDL says are read all the same.
 */
export function outputSteps(prefixes: PrefixTable): StepNames {
  return {
    element: ({ namespace, local }, clashes = false) => (clashes ? `${prefixes.prefixOf(namespace)}:${local}` : local),
    attribute: (name) => attributeStep(prefixes, name),
    value: ({ namespace, local }) => `${prefixes.prefixOf(namespace)}:${local}`,
  };
}

/** How an endpoint writes names without a prefix: in the call's namespace, or in none. */
export type ElementsForm = 'qualified' | 'unqualified';

/** Told of an element without a namespace, which an endpoint of qualified elements cannot write. */
export type ReportUnqualified = () => void;

/** Steps of requests, which must come out as the schema has them. */
export function inputSteps(
  prefixes: PrefixTable,
  form: ElementsForm,
  callNamespace: string,
  reportUnqualified: ReportUnqualified,
): StepNames {
  const prefixed = ({ namespace, local }: QName): string => `${prefixes.prefixOf(namespace)}:${local}`;
  return {
    element: (name) => {
      if (name.namespace === '') {
        if (form === 'qualified' && callNamespace !== '') reportUnqualified();
        return name.local;
      }
      return form === 'qualified' && name.namespace === callNamespace ? name.local : prefixed(name);
    },
    attribute: (name) => attributeStep(prefixes, name),
    value: prefixed,
  };
}
