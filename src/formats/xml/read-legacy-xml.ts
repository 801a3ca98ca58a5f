import { DocumentError } from '../../model/errors.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import { charsetOfContentType, xmlInUtf8 } from '../../syntax/charset.ts';
import { utf8Text } from '../../syntax/utf8.ts';
import type { XmlLimits } from '../../syntax/xml-reader.ts';
import { readLegacy, unexpected } from '../refusal.ts';

/**
 * Reads an XML answer, given in UTF-8: its charset is from HTTP, its BOM or declaration, or the endpoint's, in this
 * order. Throws SpeanError `legacy-malformed` for what is not well-formed or not of the charset, `legacy-too-large`,
 * `legacy-unexpected` for HTML, and whatever `read` throws.
 */
export function readLegacyXml<T>(
  bytes: Uint8Array,
  contentType: string | undefined,
  charset: string | undefined,
  read: (document: Uint8Array) => T,
): T {
  return readLegacy(() => {
    const document = xmlInUtf8(bytes, charsetOfContentType(contentType), charset);
    try {
      return read(document);
    } catch (error) {
      const isText = !(error instanceof DocumentError && error.failure === 'undecodable');
      if (isText) refuseHtml(document); // a page fails in many ways, and none of them says what it is
      throw error;
    }
  });
}

/** Old servers show their trouble as a page, with HTTP 200 too; told from the text, as the content type is often wrong. */
const HTML = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html)[\s>]/i;
const HTML_PROBE_BYTES = 4_096;

/** Throws SpeanError `legacy-unexpected` where the document begins as a page does. */
export function refuseHtml(document: Uint8Array): void {
  if (HTML.test(utf8Text(document, 0, Math.min(document.length, HTML_PROBE_BYTES)))) {
    throw unexpected('The legacy system answered an HTML page: expected an XML document', { line: 1, column: 1 });
  }
}

/** The adapter's limits as the reader knows them. */
export function xmlLimits(limits: AdapterLimits): XmlLimits {
  return {
    maxDepth: limits.xmlDepth,
    maxElements: limits.xmlElements,
    maxAttributes: limits.xmlAttributes,
    maxNameLength: limits.xmlNameLength,
    maxTextLength: limits.xmlTextLength,
  };
}
