import { charsetOfContentType, xmlInUtf8 } from '../syntax/charset.ts';
import { Interest, readXml, type XmlLimits } from '../syntax/xml-reader.ts';

/** RFC 9110, 15.3: the request was received, understood and accepted. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

/** An error answer in UTF-8; empty where its charset cannot be read, as the status alone says that it is no answer. */
export function errorDocument(
  bytes: Uint8Array,
  contentType: string | undefined,
  charset: string | undefined,
): Uint8Array {
  try {
    return xmlInUtf8(bytes, charsetOfContentType(contentType), charset);
  } catch {
    return new Uint8Array();
  }
}

/** The local names of the root element and of its children; none where the document is no XML or is a page. */
export function elementNames(document: Uint8Array, limits: XmlLimits): string[] {
  const names: string[] = [];
  try {
    readXml(
      document,
      {
        open: (tag) => {
          names.push(tag.local);
          return names.length === 1 ? Interest.elements : Interest.nothing;
        },
        text: () => {},
        close: () => {},
      },
      limits,
    );
  } catch {
    return [];
  }
  return names[0] === 'html' ? [] : names;
}
