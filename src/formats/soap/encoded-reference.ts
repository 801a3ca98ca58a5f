import type { RecordPlan } from '../../model/source.ts';
import type { XmlTag } from '../../syntax/xml-reader.ts';

/** The `ref` of SOAP 1.2 part 2, 3.1.5; SOAP 1.1's `href` (5.4.1) has no namespace. */
const SOAP12_ENCODING = 'http://www.w3.org/2003/05/soap-encoding';

/** Multi-reference values are refused by name: resolving them needs the whole document as a graph. */
export const ENCODED_REFERENCE =
  'The answer is rpc/encoded with multi-reference values (href, multiRef), which are not supported: expected a literal style';

/** Tells elements that stand for another by reference; none where the plan reads `@href` itself, which then is data. */
export function encodedReferenceTest(plan: RecordPlan): (tag: XmlTag) => boolean {
  if (readsHref(plan)) return () => false;
  return (tag) =>
    (tag.attribute('href')?.startsWith('#') ?? false) || tag.attribute('ref', SOAP12_ENCODING) !== undefined;
}

function readsHref(plan: RecordPlan): boolean {
  return plan.slots.some(
    ({ at, record }) =>
      at.some((position) => /(?:^|\/)@href$/.test(position)) || (record !== undefined && readsHref(record)),
  );
}
