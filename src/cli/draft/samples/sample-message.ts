import { readMimeHeaders } from '../../../formats/soap/mime-headers.ts';
import { readMessage } from '../../../formats/soap/multipart.ts';
import { refuseHtml } from '../../../formats/xml/read-legacy-xml.ts';
import { DocumentError, SpeanError } from '../../../model/errors.ts';
import { DEFAULT_LIMITS } from '../../../model/limits.ts';
import { charsetOfContentType, decodeXml } from '../../../syntax/charset.ts';
import { CommandError } from '../../shell.ts';
import { type SourceTree, sourceTreeOf } from '../wsdl/source-element.ts';

/** A sample as an HTTP body, read. */
export interface SampleMessage extends SourceTree {
  /** The document, decoded. */
  readonly text: string;
  /** The body alone: MIME headers that a recording has in front are cut off. */
  readonly bytes: Uint8Array;
  /** As given, as recorded, or as a multipart body tells it; undefined where nothing does. */
  readonly contentType: string | undefined;
  /** Content-IDs of the parts beside the document. */
  readonly attachments: readonly string[];
}

/**
 * Reads a sample by the same readers that will read the legacy system's answers, so that what is drafted from is what
 * an adapter can read. `location` is the file for all that is told of it. Throws CommandError with file, line and
 * reason: not XML, a DOCTYPE, an HTML page, bytes of another charset, a multipart that cannot be taken apart.
 */
export function readSampleMessage(sample: Uint8Array, given: string | undefined, location: string): SampleMessage {
  const { bytes, contentType } = withoutHeaders(sample, given, location);
  const message = refusing(location, () => readMessage(bytes, contentType));
  const text = refusing(location, () => {
    const decoded = decodeXml(message.bytes, charsetOfContentType(message.contentType));
    refuseHtml(new TextEncoder().encode(decoded));
    return decoded;
  });
  const tree = sourceTreeOf(() => text, location);
  if (tree.startedLate) {
    throw new CommandError(
      `${location}:1 cannot be read: Space stands before the XML declaration, which adapters refuse as malformed`,
    );
  }
  return { ...tree, text, bytes, contentType, attachments: [...message.attachments.keys()] };
}

function refusing<T>(location: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SpeanError || error instanceof DocumentError)) throw error;
    const line = (error instanceof SpeanError ? error.issues[0]?.place : error.place)?.line;
    throw new CommandError(`${location}${line === undefined ? '' : `:${line}`} cannot be read: ${error.message}`);
  }
}

/** How much of a sample is looked at for headers or a boundary, bytes. */
const LOOK_AT_BYTES = 16 * 1024;
const HEADERS = /^(?:MIME-Version|Content-[A-Za-z-]+)[ \t]*:/i;
/** RFC 2046, 5.1.1: a boundary has at most 70 characters. */
const BOUNDARY = /^\s*--([!-~](?:[ -~]{0,68}[!-~])?)[ \t]*\r?\n/;

function withoutHeaders(
  sample: Uint8Array,
  given: string | undefined,
  location: string,
): Pick<SampleMessage, 'bytes' | 'contentType'> {
  const start = new TextDecoder('latin1').decode(sample.subarray(0, LOOK_AT_BYTES));
  if (HEADERS.test(start)) {
    const { headers, bodyStart } = refusing(location, () =>
      readMimeHeaders(sample, 0, sample.length, DEFAULT_LIMITS.multipartHeaderBytes),
    );
    return { bytes: sample.subarray(bodyStart), contentType: given ?? headers.get('content-type') };
  }
  const boundary = given === undefined ? BOUNDARY.exec(start)?.[1] : undefined;
  if (boundary === undefined) return { bytes: sample, contentType: given };
  return { bytes: sample, contentType: `multipart/related; boundary="${boundary}"` };
}
