import { LegacyFaultError } from '../../model/errors.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import { isSuccess } from '../error-answer.ts';
import { readLegacy, unexpected } from '../refusal.ts';
import { documentCharset, type RowCharset } from './row-charset.ts';
import { type Piece, validBytes } from './valid-bytes.ts';

/** Bytes looked at before reading: enough for a byte order mark and the first tag of a page. Of an error answer no more is read. */
const HEAD_BYTES = 512;
const PARTIAL_CONTENT = 206;

/** A legacy answer that is to be read as rows. */
export interface RowAnswer {
  readonly charset: RowCharset;
  /** The document's bytes without its byte order mark, valid in `charset`; DocumentError as `validBytes`. */
  pieces(target: 'asIs' | 'utf-8', rowToCome: () => number): AsyncIterable<Piece>;
}

/**
 * Opens an answer. Throws LegacyFaultError for a status outside 2xx, SpeanError `legacy-unexpected` for a part of a
 * document and for an HTML page (old systems show their trouble so, with status 200 too) and `legacy-malformed` for an
 * unknown charset. The content type itself is not looked at: exports come as `application/octet-stream` and under any
 * other name.
 */
export async function openRowAnswer(reply: LegacyReply, declaredCharset: string | undefined): Promise<RowAnswer> {
  const source = reply.body.chunks()[Symbol.asyncIterator]();
  const head = await readHead(source, HEAD_BYTES);
  try {
    if (!isSuccess(reply.status)) throw new LegacyFaultError({ httpStatus: reply.status, names: [] });
    // nobody asked for a range, and rows do not tell that others are missing
    if (reply.status === PARTIAL_CONTENT) {
      throw unexpected('The legacy system answered a part of its document (HTTP 206): expected the whole', {});
    }
    refuseHtml(head, reply.contentType);
    const { charset, markBytes } = readLegacy(() => documentCharset(head, reply.contentType, declaredCharset));
    return {
      charset,
      pieces: (target, rowToCome) => validBytes(withHead(head, source), charset, target, markBytes, rowToCome),
    };
  } catch (error) {
    await source.return?.();
    throw error;
  }
}

async function readHead(source: AsyncIterator<Uint8Array>, least: number): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < least) {
    const { done, value } = await source.next();
    if (done) break;
    const longer = new Uint8Array(head.length + value.length);
    longer.set(head);
    longer.set(value, head.length);
    head = longer;
  }
  return head;
}

/** The whole source again: what was read of it already, then its rest. */
async function* withHead(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (;;) {
      const { done, value } = await source.next();
      if (done) return;
      yield value;
    }
  } finally {
    await source.return?.();
  }
}

const HTML_PAGE = /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype\s+html|html)[\s>]/i;
const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;

/** A cell may start with `<` as well, so that alone is a page only where the content type says so. */
function refuseHtml(head: Uint8Array, contentType: string | undefined): void {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (HTML_PAGE.test(text) || (HTML_TYPE.test(contentType ?? '') && /^\s*</.test(text))) {
    throw unexpected('The legacy system answered an HTML page: expected rows', { line: 1 });
  }
}
