import { placeAt, type XmlTag } from '../../syntax/xml-reader.ts';
import { unexpected } from '../refusal.ts';

/** The bytes of a message's other parts by Content-ID, without its angle brackets. */
export type Attachments = ReadonlyMap<string, Uint8Array>;

const XOP_INCLUDE = 'http://www.w3.org/2004/08/xop/include';

/**
 * What an `xop:Include` stands for: the base64 of the attachment (XOP, 2.1), which the sender took out of the document.
 * undefined for any other element. Throws SpeanError `legacy-unexpected` where the message has no such part.
 */
export function includedText(tag: XmlTag, document: Uint8Array, attachments: Attachments): string | undefined {
  if (tag.local !== 'Include' || tag.namespace !== XOP_INCLUDE) return undefined;
  const bytes = attachmentOf(tag.attribute('href') ?? '', attachments);
  if (bytes !== undefined) return base64(bytes);
  throw unexpected('An xop:Include names no part of the message', {
    ...placeAt(document, tag.offset),
    path: tag.local,
  });
}

/** The base64 of the attachment that a text refers to (WS-I Attachments Profile 1.0, 4.4, swaRef); undefined of others. */
export function referencedText(text: string, attachments: Attachments): string | undefined {
  const bytes = attachmentOf(text.trim(), attachments);
  return bytes && base64(bytes);
}

/** RFC 2392: `cid:` and the percent-encoded Content-ID. */
function attachmentOf(reference: string, attachments: Attachments): Uint8Array | undefined {
  const id = /^cid:(.+)$/is.exec(reference)?.[1];
  if (id === undefined) return undefined;
  return attachments.get(id) ?? attachments.get(percentDecode(id));
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `String.fromCharCode` takes its arguments from the stack, so bytes go in pieces; a multiple of 3 needs no padding. */
const PIECE_BYTES = 3 * 8192;

function base64(bytes: Uint8Array): string {
  let encoded = '';
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    encoded += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE_BYTES)));
  }
  return encoded;
}
