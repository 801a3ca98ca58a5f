import { DocumentError } from '../../model/errors.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from '../../model/limits.ts';
import type { Attachments } from './attachments.ts';
import { type MimeHeaders, parameter, readMimeHeaders } from './mime-headers.ts';

/** A SOAP message on the wire: its envelope's bytes and content type, and its attachments. */
export interface WireMessage {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly attachments: Attachments;
}

export type MultipartLimits = Pick<AdapterLimits, 'multipartParts' | 'multipartHeaderBytes'>;

interface Part {
  readonly headers: MimeHeaders;
  readonly bytes: Uint8Array;
}

/**
 * Takes a `multipart/related` message (RFC 2387) apart; any other content type is the envelope itself. The envelope is
 * the part that `start` names, or the first. Parts are found by their delimiter lines alone, whatever bytes they hold.
 *
 * Throws DocumentError `malformed` for a missing boundary, delimiter or end, for headers that are none, and for
 * transfer encodings other than 7bit, 8bit, binary and base64; `limit` for too many parts or too long headers.
 */
export function readMessage(
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: MultipartLimits = DEFAULT_LIMITS,
): WireMessage {
  if (contentType === undefined || !/^\s*multipart\//i.test(contentType)) {
    return { bytes, contentType, attachments: new Map() };
  }
  if (!/^\s*multipart\/related\s*(;|$)/i.test(contentType)) {
    throw new DocumentError('malformed', 'A multipart answer is not multipart/related');
  }
  const boundary = parameter(contentType, 'boundary');
  if (boundary === undefined || boundary === '')
    throw new DocumentError('malformed', 'A multipart answer names no boundary');
  const parts = readParts(bytes, boundary, limits);
  const start = withoutBrackets(parameter(contentType, 'start'));
  const root = start === undefined ? parts[0] : parts.find(({ headers }) => contentId(headers) === start);
  if (root === undefined) throw new DocumentError('malformed', 'A multipart answer lacks its start part');
  return { bytes: root.bytes, contentType: root.headers.get('content-type'), attachments: attachmentsOf(parts, root) };
}

function attachmentsOf(parts: readonly Part[], root: Part): Attachments {
  const attachments = new Map<string, Uint8Array>();
  for (const part of parts) {
    const id = contentId(part.headers);
    if (part === root || id === undefined) continue;
    if (attachments.has(id))
      throw new DocumentError('malformed', 'Two parts of a multipart answer have the same Content-ID');
    attachments.set(id, part.bytes);
  }
  return attachments;
}

function contentId(headers: MimeHeaders): string | undefined {
  return withoutBrackets(headers.get('content-id'));
}

function withoutBrackets(id: string | undefined): string | undefined {
  return id?.trim().replace(/^<(.*)>$/s, '$1');
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const HYPHEN = 0x2d;

interface Delimiter {
  /** Where the part before ends: without the line break, which belongs to the delimiter (RFC 2046, 5.1.1). */
  readonly start: number;
  /** Where the part after begins. */
  readonly end: number;
  readonly closes: boolean;
}

function readParts(bytes: Uint8Array, boundary: string, limits: MultipartLimits): Part[] {
  const dashes = new TextEncoder().encode(`--${boundary}`);
  let delimiter = nextDelimiter(bytes, dashes, 0);
  if (delimiter === undefined) throw new DocumentError('malformed', 'A multipart answer does not hold its boundary');
  const parts: Part[] = [];
  while (!delimiter.closes) {
    const next = nextDelimiter(bytes, dashes, delimiter.end);
    if (next === undefined) {
      throw new DocumentError('malformed', 'A multipart answer ends within a part', { offset: bytes.length });
    }
    if (parts.length === limits.multipartParts) {
      throw new DocumentError('limit', `A multipart answer has more than ${limits.multipartParts} parts`, {
        offset: delimiter.end,
      });
    }
    parts.push(readPart(bytes, delimiter.end, Math.max(delimiter.end, next.start), limits));
    delimiter = next;
  }
  return parts;
}

/** The next line that is the boundary's, at a line's start, with nothing after it but the closing hyphens and padding. */
function nextDelimiter(bytes: Uint8Array, dashes: Uint8Array, from: number): Delimiter | undefined {
  for (let at = from; at <= bytes.length - dashes.length; at = bytes.indexOf(LF, at) + 1 || bytes.length) {
    if (!dashes.every((byte, index) => bytes[at + index] === byte)) continue;
    let end = at + dashes.length;
    const closes = bytes[end] === HYPHEN && bytes[end + 1] === HYPHEN;
    if (closes) end += 2;
    while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
    if (bytes[end] === CR) end += 1;
    if (bytes[end] !== LF && end < bytes.length) continue;
    const lineBreak = bytes[at - 2] === CR ? 2 : 1;
    return { start: at - lineBreak, end: end + 1, closes };
  }
  return undefined;
}

function readPart(bytes: Uint8Array, start: number, end: number, limits: MultipartLimits): Part {
  const { headers, bodyStart } = readMimeHeaders(bytes, start, end, limits.multipartHeaderBytes);
  return { headers, bytes: transferDecode(bytes.subarray(bodyStart, end), headers, start) };
}

function transferDecode(bytes: Uint8Array, headers: MimeHeaders, offset: number): Uint8Array {
  const encoding = headers.get('content-transfer-encoding')?.trim().toLowerCase() ?? 'binary';
  if (['7bit', '8bit', 'binary'].includes(encoding)) return bytes;
  if (encoding !== 'base64') {
    throw new DocumentError('malformed', 'A part has a transfer encoding other than 7bit, 8bit, binary or base64', {
      offset,
    });
  }
  try {
    return Uint8Array.from(atob(new TextDecoder().decode(bytes)), (character) => character.charCodeAt(0));
  } catch {
    throw new DocumentError('malformed', 'A part that says it is base64 is not', { offset });
  }
}
