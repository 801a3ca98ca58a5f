import { DocumentError } from '../../model/errors.ts';
import { byteOrderMark, charsetOfContentType, decodableLabel, isKnownCharset } from '../../syntax/charset.ts';

/**
 * A charset as a reader of rows sees it. In `utf-8` and `singleByte` every byte under 0x80 is that ASCII character
 * and nothing else, so separators and line ends are found in the bytes; in `multiByte` that holds for bytes under
 * 0x30 and for control characters only, in `utf-16` for none.
 */
export interface RowCharset {
  /** The encoding's name in the WHATWG Encoding Standard, lower case. */
  readonly name: string;
  readonly kind: 'utf-8' | 'utf-16' | 'multiByte' | 'singleByte';
}

export const UTF_8: RowCharset = { name: 'utf-8', kind: 'utf-8' };

/** The legacy multi-byte encodings of the Encoding Standard (chapters 10 to 13); all others of it are single-byte (chapter 9). */
const MULTI_BYTE = new Set(['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr']);

/** The charset that a label means. Throws a RangeError for a label that the runtime does not know. */
export function rowCharset(label: string): RowCharset {
  const name = new TextDecoder(decodableLabel(label)).encoding.toLowerCase();
  if (name === 'utf-8') return UTF_8;
  if (name.startsWith('utf-16')) return { name, kind: 'utf-16' };
  return { name, kind: MULTI_BYTE.has(name) ? 'multiByte' : 'singleByte' };
}

/** A document's charset, and how many bytes its byte order mark takes. */
export interface MarkedCharset {
  readonly charset: RowCharset;
  readonly markBytes: number;
}

/**
 * The charset of a document of rows: that of its byte order mark, which the bytes of no other charset plausibly are
 * (Encoding Standard, `decode`), then that of Content-Type, then what the adapter declares, then UTF-8. Throws
 * DocumentError `undecodable` for a Content-Type that names an unknown charset.
 */
export function documentCharset(head: Uint8Array, contentType: string | undefined, declared?: string): MarkedCharset {
  const mark = byteOrderMark(head);
  if (mark !== undefined) return { charset: rowCharset(mark), markBytes: mark === 'utf-8' ? 3 : 2 };
  const label = charsetOfContentType(contentType) ?? declared ?? UTF_8.name;
  if (!isKnownCharset(label)) {
    throw new DocumentError('undecodable', `The charset ${JSON.stringify(label)} of Content-Type is not known`);
  }
  if (label.toLowerCase() === 'utf-16' && isBigEndian(head)) return { charset: rowCharset('utf-16be'), markBytes: 0 };
  return { charset: rowCharset(label), markBytes: 0 };
}

/** The bare label leaves the order of bytes open; separators, digits and line ends tell it, whose zero byte comes first. */
function isBigEndian(head: Uint8Array): boolean {
  let excess = 0;
  for (const [index, byte] of head.entries()) if (byte === 0) excess += index % 2 === 0 ? 1 : -1;
  return excess > 0;
}
