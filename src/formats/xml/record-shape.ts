import type { Report } from '../../model/contracts.ts';
import type { RecordPlan, SlotPlan } from '../../model/source.ts';
import { isXsiType, type Namespaces, parsePosition, type Step, type XmlPosition } from './position.ts';

/**
 * A record plan as a tree of the element names on the way to its positions. Several `at` of one slot are targets of their own until the record
 * ends; then the first that is present wins.
 */
export interface RecordShape {
  readonly root: ElementNode;
  /** What its targets hold when a record begins: nothing, once for each. */
  readonly empty: readonly undefined[];
  /** The targets of each slot, in the order of its `at`; undefined where every slot has one: target is slot. */
  readonly alternatives: readonly (readonly number[])[] | undefined;
}

export interface ElementNode {
  /** By local name: the namespace that is demanded, or undefined for any, and what it leads to. */
  readonly children: Map<string, ChildEdge[]>;
  /** Slots that take the element's text and, with it, the promise that it has no child elements. */
  readonly texts: Target[];
  /** Slots that take the element's own text (`text()`), whatever children stand between. */
  readonly ownTexts: Target[];
  readonly attributes: AttributeTarget[];
  readonly records: RecordTarget[];
}

export interface ChildEdge {
  readonly namespace: string | undefined;
  readonly node: ElementNode;
}

export interface Target {
  readonly index: number;
  readonly repeats: boolean;
}

export interface AttributeTarget extends Target {
  readonly local: string;
  readonly namespace: string;
  /** Of `xsi:type`: namespace name → the endpoint's prefix, so that the value does not depend on the sender's. */
  readonly prefixes?: ReadonlyMap<string, string>;
}

export interface RecordTarget extends Target {
  readonly shape: RecordShape;
}

/**
 * Compiles the positions of an answer. A step without prefix matches its local name in any namespace; an attribute
 * without prefix is one without namespace, as in XPath. Reports every position that is no XML position.
 */
export function compileShape(plan: RecordPlan, namespaces: Namespaces, report: Report): RecordShape {
  const root = emptyNode();
  const alternatives: number[][] = [];
  let targets = 0;
  for (const slot of plan.slots) {
    const shape = slot.record === undefined ? undefined : compileShape(slot.record, namespaces, report);
    const indexes = slot.at.map((position) => {
      const index = targets++;
      const parsed = tryParse(position, namespaces, report);
      if (parsed !== undefined) {
        reportMisfit(slot, position, parsed, report);
        addTarget(root, parsed, { index, repeats: slot.repeats }, shape, namespaces);
      }
      return index;
    });
    alternatives.push(indexes);
  }
  const single = alternatives.every((indexes) => indexes.length === 1);
  return {
    root,
    empty: emptySlots(targets),
    alternatives: single ? undefined : alternatives,
  };
}

/**
 * One undefined for each target, each put in the place of a text: V8 keeps undefined among numbers where there was
 * nothing else, and would make the elements of every copy over again when its first cell comes.
 */
function emptySlots(targets: number): readonly undefined[] {
  const slots: (string | undefined)[] = Array.from({ length: targets }, () => '');
  for (const index of slots.keys()) slots[index] = undefined;
  return slots as readonly undefined[];
}

function tryParse(position: string, namespaces: Namespaces, report: Report): XmlPosition | undefined {
  try {
    return parsePosition(position, namespaces);
  } catch (error) {
    report('output', (error as TypeError).message);
    return undefined;
  }
}

function reportMisfit(
  slot: SlotPlan,
  position: string,
  { steps, attribute, ownText }: XmlPosition,
  report: Report,
): void {
  if (slot.record !== undefined && (attribute !== undefined || ownText)) {
    report('output', `Position ${JSON.stringify(position)} holds a record, which only an element can`);
  }
  if (slot.repeats && steps.length === 0) {
    report('output', `Position ${JSON.stringify(position)} cannot occur more than once in its record`);
  }
}

function addTarget(
  root: ElementNode,
  position: XmlPosition,
  target: Target,
  shape: RecordShape | undefined,
  namespaces: Namespaces,
): void {
  const node = position.steps.reduce(childNode, root);
  if (shape !== undefined) {
    node.records.push({ ...target, shape });
  } else if (position.attribute !== undefined) {
    const { local, namespace = '' } = position.attribute;
    const prefixes = isXsiType(position.attribute) ? { prefixes: prefixesOf(namespaces) } : {};
    node.attributes.push({ ...target, local, namespace, ...prefixes });
  } else {
    (position.ownText ? node.ownTexts : node.texts).push(target);
  }
}

function prefixesOf(namespaces: Namespaces): ReadonlyMap<string, string> {
  return new Map(Object.entries(namespaces).map(([prefix, namespace]) => [namespace, prefix]));
}

function emptyNode(): ElementNode {
  return { children: new Map(), texts: [], ownTexts: [], attributes: [], records: [] };
}

function childNode(parent: ElementNode, step: Step): ElementNode {
  const edges = parent.children.get(step.local) ?? [];
  const known = edges.find(({ namespace }) => namespace === step.namespace);
  if (known !== undefined) return known.node;
  const node = emptyNode();
  parent.children.set(step.local, [...edges, { namespace: step.namespace, node }]);
  return node;
}
