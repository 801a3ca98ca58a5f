/** What a draft can be made from. */
export const SOURCE_KINDS = ['wsdl', 'xml', 'csv', 'fixed-width', 'table-schema', 'csvw'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** How much of a source is looked at, bytes. */
const LOOK_AT_BYTES = 64 * 1024;
const SEPARATORS = [',', ';', '\t', '|'];

/** Tells what kind of source this is by its first bytes; samples of rows without any separator are fixed width. */
export function detectSource(bytes: Uint8Array): SourceKind {
  const start = asciiOf(bytes.subarray(0, LOOK_AT_BYTES)).trimStart();
  if (/^[{[]/.test(start)) return /"@context"[^}]*ns\/csvw/.test(start) ? 'csvw' : 'table-schema';
  if (start.startsWith('<')) return isWsdl(start) ? 'wsdl' : 'xml';
  if (/^(?:--|MIME-Version:|Content-Type:)/i.test(start)) return 'xml';
  return SEPARATORS.some((separator) => start.includes(separator)) ? 'csv' : 'fixed-width';
}

/** WSDL 2.0's root is named too, so that its reader can say that it takes 1.1 only. */
function isWsdl(start: string): boolean {
  return /<(?:[\w.-]+:)?(?:definitions|description)\b[^>]*\b(?:schemas\.xmlsoap\.org\/wsdl|www\.w3\.org\/ns\/wsdl)/.test(
    start,
  );
}

/** ASCII characters are the same bytes in every charset that is met, but for the zeros of UTF-16. */
function asciiOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1')
    .decode(bytes)
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '')
    .replaceAll('\0', '');
}
