import type { Report } from '../../model/contracts.ts';
import type { FaultDetail } from '../../model/errors.ts';
import type { RecordPlan, SourceRecord } from '../../model/source.ts';
import { Interest, readXml, type XmlLimits, type XmlTag } from '../../syntax/xml-reader.ts';
import { compileMatcher, type ElementMatcher } from '../xml/element-matcher.ts';
import { Match } from '../xml/match.ts';
import { sourceDocument } from '../xml/source-document.ts';

/** The details that an operation's problem rules read, by the local name of the element inside `detail`. */
export type DetailMatchers = ReadonlyMap<string, ElementMatcher>;

export function compileDetails(
  details: readonly { readonly name: string; readonly plan: RecordPlan }[],
  namespaces: Readonly<Record<string, string>>,
  report: Report,
): DetailMatchers {
  return new Map(details.map(({ name, plan }) => [name, compileMatcher(plan, namespaces, report)]));
}

/**
 * Reads the first detail of a fault that a rule wants, in a second pass over the envelope: faults are rare, and the
 * first pass must not pay for them. Undefined where there is none, or where it is not as declared: the fault stays one.
 */
export function readFaultDetail(
  document: Uint8Array,
  matchers: DetailMatchers,
  limits: XmlLimits,
): FaultDetail | undefined {
  if (matchers.size === 0) return undefined;
  let name = '';
  let match: Match | undefined;
  const parents: string[] = [];
  const open = (tag: XmlTag): Interest => {
    const matcher = /^detail$/i.test(parents.at(-1) ?? '') && match === undefined ? matchers.get(tag.local) : undefined;
    if (matcher !== undefined) {
      name = tag.local;
      match = new Match(matcher, parents.join('/'));
      tag.handInside(match);
      return match.begin(tag, document);
    }
    parents.push(tag.local);
    return Interest.elements;
  };
  try {
    readXml(document, { open, text: () => {}, close: () => parents.pop() }, limits);
  } catch {
    return undefined;
  }
  const record: SourceRecord | undefined = match?.record;
  return record && { name, record, document: sourceDocument(document, record, limits) };
}
