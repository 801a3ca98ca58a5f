import type { SlotPlan, SourceDocument, SourceRecord } from '../../model/source.ts';
import { Interest, placeAt, readXml, type XmlLimits } from '../../syntax/xml-reader.ts';

/** The one record of an XML answer. Its offsets are those of open tags in the document, which is kept to tell places. */
export function sourceDocument(document: Uint8Array, record: SourceRecord, limits: XmlLimits): SourceDocument {
  return {
    batches: [[record]],
    place: (offset, slot) => ({ ...placeAt(document, offset), path: pathAt(document, offset, slot, limits) }),
  };
}

/** Ends a reading whose answer is known. */
class PathFound extends Error {}

/** The path of the element that starts at the offset: read again up to there, because only problems need it. */
function pathAt(document: Uint8Array, offset: number, slot: SlotPlan | undefined, limits: XmlLimits): string {
  const names: string[] = [];
  try {
    readXml(
      document,
      {
        open: (tag) => {
          names.push(tag.local);
          if (tag.offset >= offset) throw new PathFound();
          return Interest.elements;
        },
        text: () => {},
        close: () => {
          names.pop();
        },
      },
      limits,
    );
  } catch (error) {
    if (!(error instanceof PathFound)) throw error;
  }
  const attribute = slot?.at.length === 1 ? /(?:^|\/)(@[^/]+)$/.exec(slot.at[0] ?? '')?.[1] : undefined;
  return [...names, ...(attribute === undefined ? [] : [attribute])].join('/');
}
