import { type FaultDetail, LegacyFaultError } from '../model/errors.ts';
import { charsetOfContentType, decodeXml } from '../syntax/charset.ts';
import { Interest, readXmlText, type XmlLimits } from '../syntax/xml-reader.ts';

/** What a legacy system said went wrong, for the log, characters: enough for a message and the top of a trace. */
const FAULT_TEXT_CHARACTERS = 2_000;

/** RFC 9110, 15.3: the request was received, understood and accepted. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

/** An error answer as text; empty where its charset cannot be read, as the status alone says that it is no answer. */
export function errorText(bytes: Uint8Array, contentType: string | undefined, charset: string | undefined): string {
  try {
    return decodeXml(bytes, charsetOfContentType(contentType), charset);
  } catch {
    return '';
  }
}

/** The fault that an HTTP status outside 2xx is; the answer's own words are for the log only. */
export function statusFault(
  httpStatus: number,
  names: readonly string[],
  text: string,
  detail?: FaultDetail,
): LegacyFaultError {
  const said = text === '' ? {} : { text: text.slice(0, FAULT_TEXT_CHARACTERS) };
  return new LegacyFaultError({ httpStatus, names, ...said, ...(detail === undefined ? {} : { detail }) });
}

/** The local names of the root element and of its children; none where the text is no XML or is a page. */
export function elementNames(text: string, limits: XmlLimits): string[] {
  const names: string[] = [];
  try {
    readXmlText(
      text,
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
