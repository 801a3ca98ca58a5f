import type { AdapterLimits } from '../../model/limits.ts';
import { charsetOfContentType, decodeXml } from '../../syntax/charset.ts';
import type { XmlLimits } from '../../syntax/xml-reader.ts';
import { readLegacy, unexpected } from '../refusal.ts';

/**
 * The text of an XML answer: its charset from HTTP, its BOM or declaration, or the endpoint's, in this order.
 * Throws SpeanError `legacy-malformed` for bytes that are not of the charset and `legacy-unexpected` for HTML.
 */
export function decodeLegacyXml(bytes: Uint8Array, contentType: string | undefined, charset?: string): string {
  const text = readLegacy(() => decodeXml(bytes, charsetOfContentType(contentType), charset));
  refuseHtml(text);
  return text;
}

/** Old servers show their trouble as a page, with HTTP 200 too; told from the text, as the content type is often wrong. */
const HTML = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html)[\s>]/i;
const HTML_PROBE_CHARACTERS = 4_096;

function refuseHtml(text: string): void {
  if (HTML.test(text.slice(0, HTML_PROBE_CHARACTERS))) {
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
