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
