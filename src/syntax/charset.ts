import { DocumentError } from '../model/errors.ts';

/** Whether the runtime decodes the charset: a label of the WHATWG Encoding Standard (`iso-8859-1` means windows-1252 there). */
export function isKnownCharset(label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true });
    return true;
  } catch {
    return false;
  }
}

/** The `charset` parameter of a `Content-Type` (RFC 9110, 8.3.2), undefined where there is none. */
export function charsetOfContentType(header: string | undefined): string | undefined {
  const match = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(header ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * Decodes text. A byte order mark of the charset's own is dropped. Throws DocumentError `undecodable` with the offset
 * of the first byte that is not of the charset, and for a charset that the runtime does not know.
 */
export function decodeText(bytes: Uint8Array, label: string): string {
  try {
    return decoder(label).decode(bytes);
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    const offset = firstUndecodable(bytes, label);
    throw new DocumentError('undecodable', `The bytes are not ${decoder(label).encoding} text`, { offset });
  }
}

/**
 * An XML document in UTF-8. Its charset is told by, in this order (RFC 7303, 3.2): its byte order mark, the charset of
 * its Content-Type, its XML declaration (XML 1.0, appendix F), the charset that the adapter declares, UTF-8. What is
 * UTF-8 already is given as it came, not looked at: its reader has to see to it that it is. A declaration that
 * contradicts the byte order mark is refused (XML 1.0, 4.3.3); one that contradicts Content-Type is what transcoding
 * leaves behind. Errors as `decodeText`.
 */
export function xmlInUtf8(bytes: Uint8Array, httpCharset?: string, declared?: string): Uint8Array {
  const mark = byteOrderMark(bytes);
  const label = mark ?? httpLabel(bytes, httpCharset) ?? declaredInDocument(bytes) ?? declared ?? 'utf-8';
  const isUtf8 = /^utf-?8$/i.test(label) || decoder(label).encoding === 'utf-8';
  if (isUtf8 && (mark === undefined || !contradictsMark(bytes))) return bytes;
  const text = decodeText(bytes, label);
  if (mark !== undefined) refuseContradiction(text, mark);
  return new TextEncoder().encode(text);
}

/** The same as a text. */
export function decodeXml(bytes: Uint8Array, httpCharset?: string, declared?: string): string {
  return decodeText(xmlInUtf8(bytes, httpCharset, declared), 'utf-8');
}

function refuseContradiction(text: string, mark: string): void {
  const named = ENCODING.exec(text.slice(0, DECLARATION_LENGTH))?.[1]?.toLowerCase();
  if (named !== undefined && named !== mark && !(named === 'utf-16' && mark.startsWith('utf-16'))) {
    throw new DocumentError(
      'undecodable',
      `The XML declaration names ${named}, and the byte order mark is that of ${mark}`,
    );
  }
}

function contradictsMark(bytes: Uint8Array): boolean {
  const named = ENCODING.exec(declarationOf(bytes.subarray(UTF8_MARK_BYTES)))?.[1]?.toLowerCase();
  return named !== undefined && named !== 'utf-8';
}

/** The charset that a byte order mark tells: the Encoding Standard's three. */
export function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return undefined;
}

/** `utf-16` without a mark says nothing about the order of bytes; how the document begins does. */
function httpLabel(bytes: Uint8Array, label: string | undefined): string | undefined {
  return label?.toLowerCase() === 'utf-16' ? (wideCharset(bytes) ?? 'utf-16be') : label;
}

/** `<` and a zero byte, or the reverse: UTF-16 without a mark. */
function wideCharset(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0x3c && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c && third === 0 && fourth !== 0) return 'utf-16be';
  return undefined;
}

const GREATER = 0x3e;
const UTF8_MARK_BYTES = 3;

/** Longest XML declaration looked at, bytes or characters. */
const DECLARATION_LENGTH = 256;
const ENCODING = /^<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]*)["']/;

function declaredInDocument(bytes: Uint8Array): string | undefined {
  const wide = wideCharset(bytes);
  if (wide !== undefined) return wide;
  const named = ENCODING.exec(declarationOf(bytes))?.[1];
  if (named === undefined || !/utf-16|ucs-2|unicode/i.test(named)) return named;
  const contradiction = `The XML declaration names ${named}, and is itself written in single bytes`;
  throw new DocumentError(
    'undecodable',
    `${contradiction}: expected the charset in Content-Type, or a declaration that is true`,
  );
}

/** The bytes up to the first `>` as characters: in small documents, more of them or a decoder would cost as much as reading. */
function declarationOf(bytes: Uint8Array): string {
  let declaration = '';
  for (let index = 0; index < DECLARATION_LENGTH && index < bytes.length && bytes[index] !== GREATER; index++) {
    declaration += String.fromCharCode(bytes[index]!);
  }
  return declaration;
}

const ASCII = /^\s*(?:us-ascii|ascii|ansi_x3\.4-1968)\s*$/i;

/**
 * The label to decode by. The Encoding Standard takes ASCII for windows-1252, and every byte for a character: it is read
 * as the UTF-8 that it is, so that other bytes are characters of that or refused.
 */
export function decodableLabel(label: string): string {
  return ASCII.test(label) ? 'utf-8' : label;
}

function decoder(label: string): TextDecoder {
  try {
    return new TextDecoder(decodableLabel(label), { fatal: true });
  } catch {
    throw new DocumentError('undecodable', `The charset ${JSON.stringify(label)} is not known`);
  }
}

/** Finds the byte by halving: only refusals pay for it. A prefix that ends inside a character is no error yet. */
function firstUndecodable(bytes: Uint8Array, label: string): number {
  const decodes = (length: number, stream: boolean): boolean => {
    try {
      decoder(label).decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= bytes.length && decodes(middle, true)) good = middle;
    else bad = middle;
  }
  return Math.min(good, bytes.length);
}
