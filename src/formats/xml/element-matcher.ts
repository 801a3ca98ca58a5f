import type { Report } from '../../model/contracts.ts';
import type { RecordPlan } from '../../model/source.ts';
import { Interest } from '../../syntax/xml-reader.ts';
import type { Namespaces } from './position.ts';
import {
  type AttributeTarget,
  type ChildEdge,
  compileShape,
  type ElementNode,
  type RecordShape,
  type Target,
} from './record-shape.ts';

/** A slot to fill, and the record that has it: the records around an element are numbered from the outermost. */
export interface Filling<T extends Target = Target> {
  readonly record: number;
  readonly target: T;
}

/** A record that begins with an element, and the slot that it fills: none for the outermost. */
export interface Beginning {
  readonly number: number;
  readonly shape: RecordShape;
  readonly fills: Filling | undefined;
}

/** A node of a plan that an element has reached, and the number of the record that it is about. */
interface Reached {
  readonly node: ElementNode;
  readonly record: number;
}

/** Compiles a plan for reading: what its record's own element means. Errors as `compileShape()`. */
export function compileMatcher(plan: RecordPlan, namespaces: Namespaces, report: Report): ElementMatcher {
  const shape = compileShape(plan, namespaces, report);
  return new ElementMatcher([{ node: shape.root, record: 0 }], [{ number: 0, shape, fills: undefined }], 0);
}

/**
 * What an element means to a plan, over all positions that lead to it, so that reading an element is one look-up
 * however many fields there are. It is worked out when the first such element comes, and kept with the plan.
 */
export class ElementMatcher {
  readonly beginnings: readonly Beginning[];
  readonly attributes: readonly Filling<AttributeTarget>[];
  readonly texts: readonly Filling[];
  /** A slot takes the element's whole text, so that a child element would lose some of it. */
  readonly wholeText: boolean;
  readonly interest: Interest;
  readonly #children = new Map<string, ChildMatchers>();
  #last: Child | undefined;

  /** `records`: how many are around the element. */
  constructor(first: readonly Reached[], outermost: readonly Beginning[], records: number) {
    const reached = [...first];
    const beginnings = [...outermost];
    // `reached` grows while it is walked: a record's own root may hold another record at `.`
    for (const { node, record } of reached) {
      for (const target of node.records) {
        const number = records + beginnings.length;
        beginnings.push({ number, shape: target.shape, fills: { record, target } });
        reached.push({ node: target.shape.root, record: number });
      }
    }
    this.beginnings = beginnings;
    this.attributes = fillings(reached, (node) => node.attributes);
    this.texts = fillings(reached, (node) => [...node.texts, ...node.ownTexts]);
    this.wholeText = reached.some(({ node }) => node.texts.length > 0);
    this.interest = this.texts.length > 0 ? Interest.content : Interest.elements;
    for (const local of new Set(reached.flatMap(({ node }) => [...node.children.keys()]))) {
      this.#children.set(local, new ChildMatchers(local, reached, records + beginnings.length));
    }
  }

  /** What a child element means; undefined where no position asks for it. Which comes next is mostly what did before. */
  child(local: string, namespace: string): ElementMatcher | undefined {
    const guess = this.#last?.next;
    if (guess !== undefined && guess.local === local && guess.namespace === namespace) {
      this.#last = guess;
      return guess.matcher;
    }
    const child = this.#children.get(local)?.of(local, namespace);
    if (child === undefined) return undefined;
    if (this.#last !== undefined) this.#last.next = child;
    this.#last = child;
    return child.matcher;
  }
}

/** A child element that was asked for, and the one behind it. */
interface Child {
  readonly local: string;
  readonly namespace: string;
  readonly matcher: ElementMatcher | undefined;
  next: Child | undefined;
}

/**
 * The children of one local name. Those of namespaces that the plan does not name are all alike, so there are at most
 * as many matchers as namespaces that it names, and one.
 */
class ChildMatchers {
  readonly #edges: readonly { readonly edge: ChildEdge; readonly record: number }[];
  readonly #records: number;
  readonly #named: ReadonlySet<string | undefined>;
  /** undefined, as a namespace: any that is not named; as a matcher: no position asks for it. */
  readonly #matchers = new Map<string | undefined, ElementMatcher | undefined>();
  /** What was asked for last: most documents keep to one namespace. */
  #last: Child | undefined;

  constructor(local: string, parents: readonly Reached[], records: number) {
    this.#edges = parents.flatMap(({ node, record }) =>
      (node.children.get(local) ?? []).map((edge) => ({ edge, record })),
    );
    this.#records = records;
    this.#named = new Set(this.#edges.flatMap(({ edge }) => edge.namespace ?? []));
  }

  /** `local` is the name as the document's names have it: comparing it with the next one's is comparing pointers. */
  of(local: string, namespace: string): Child {
    if (this.#last?.local !== local || this.#last.namespace !== namespace) {
      this.#last = { local, namespace, matcher: this.#find(namespace), next: undefined };
    }
    return this.#last;
  }

  #find(namespace: string): ElementMatcher | undefined {
    const key = this.#named.size > 0 && this.#named.has(namespace) ? namespace : undefined;
    const known = this.#matchers.get(key);
    if (known !== undefined || this.#matchers.has(key)) return known;
    const matcher = this.#compile(key);
    this.#matchers.set(key, matcher);
    return matcher;
  }

  #compile(namespace: string | undefined): ElementMatcher | undefined {
    const reached = this.#edges
      .filter(({ edge }) => edge.namespace === undefined || edge.namespace === namespace)
      .map(({ edge: { node }, record }) => ({ node, record }));
    return reached.length === 0 ? undefined : new ElementMatcher(reached, [], this.#records);
  }
}

function fillings<T extends Target>(
  reached: readonly Reached[],
  of: (node: ElementNode) => readonly T[],
): Filling<T>[] {
  return reached.flatMap(({ node, record }) => of(node).map((target) => ({ record, target })));
}
