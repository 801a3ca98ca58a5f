import { clark, type SourceElement } from '../wsdl/source-element.ts';
import { INSTEAD_OF_SECRET } from './sample-request.ts';

/** Where a request stops being the sample's. */
export interface RequestDifference {
  /** Of the sample's element. */
  readonly place: string;
  readonly what: string;
}

/**
 * The first difference between the element that a draft sends and the sample's. Prefixes, the order of attributes and
 * the space between elements are none; credentials are others on purpose.
 */
export function requestDifference(sent: SourceElement, sample: SourceElement): RequestDifference | undefined {
  const { place, local } = sample;
  if (clark(sent) !== clark(sample)) return { place, what: `${clark(sent)} instead of ${clark(sample)}` };
  if (attributesOf(sent) !== attributesOf(sample)) return { place, what: `other attributes on ${local}` };
  const isLeaf = sent.children.length === 0 && sample.children.length === 0;
  if (isLeaf && sent.text !== INSTEAD_OF_SECRET && textOf(sent) !== textOf(sample)) {
    return { place, what: `another text in ${local}` };
  }
  for (const [index, child] of sample.children.entries()) {
    const other = sent.children[index];
    if (other === undefined) return { place: child.place, what: `${child.local} is missing` };
    const inside = requestDifference(other, child);
    if (inside !== undefined) return inside;
  }
  const extra = sent.children[sample.children.length];
  return extra === undefined ? undefined : { place, what: `${extra.local} is one too many in ${local}` };
}

function textOf({ text }: SourceElement): string {
  return text.trim() === '' ? '' : text;
}

function attributesOf({ attributes, names }: SourceElement): string {
  const values = [...attributes].map(([name, value]) => [name, names.get(name)?.map(clark).join() ?? value]);
  return JSON.stringify(values.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}
