import { DocumentError } from '../model/errors.ts';

/**
 * The text of UTF-8 bytes. A byte order mark stays in the text, for a reader that takes none to refuse. Throws
 * DocumentError `undecodable`.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DocumentError('undecodable', 'The text is not UTF-8');
  }
}

/** Above this many bytes a call into the runtime costs less than characters one by one. */
const SHORT_BYTES = 64;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of bytes that are known to be well-formed UTF-8. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_BYTES || !isAscii(bytes, start, end)) return decoder.decode(bytes.subarray(start, end));
  let text = '';
  let at = start;
  for (; end - at >= 8; at += 8) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    );
  }
  if (end - at >= 4) {
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
    at += 4;
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at]!;
  return all < 0x80;
}

/** How many UTF-16 code units the text of well-formed UTF-8 has. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 : 1;
  }
  return length;
}

/** Whether the same bytes stand at an offset. */
export function standsAt(part: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  if (offset + part.length > bytes.length) return false;
  for (let index = 0; index < part.length; index++) if (bytes[offset + index] !== part[index]) return false;
  return true;
}

/** What the first byte of a character begins with, by how many bytes follow. */
const LEADS = [0, 0xc0, 0xe0, 0xf0];

/** Writes a character, which is no surrogate, and gives how many bytes it takes: 4 at the most. */
export function encodeCharacter(code: number, bytes: Uint8Array): number {
  const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  bytes[0] = LEADS[more]! | (code >> (6 * more));
  for (let index = 1; index <= more; index++) bytes[index] = 0x80 | ((code >> (6 * (more - index))) & 0x3f);
  return more + 1;
}
