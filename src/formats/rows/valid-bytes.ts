import { DocumentError } from '../../model/errors.ts';
import { decodeText } from '../../syntax/charset.ts';
import { type RowCharset, UTF_8 } from './row-charset.ts';

/** Bytes passed on at a time, so that the reader's window stays small however large the source's chunks are. */
const PIECE_BYTES = 128 * 1024;
/** Bytes that wait for the boundary of a character before they are checked all the same. */
const PENDING_BYTES = 4_096;

/** Valid bytes, and what checking them has made of them. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Their text; undefined where what follows them is bad, and when their reader is done with it. */
  text: string | undefined;
}

/**
 * The bytes of a document, every one of them checked to be of its charset before it is passed on: as they are, or
 * as UTF-8 where `target` asks for it. Pieces end between characters. What is valid before a bad byte is passed on
 * first, so that how the chunks are cut changes neither the rows nor the error. `skip` bytes at the start are dropped.
 *
 * Throws DocumentError `undecodable` with the offset from the document's first byte and the row that it is in, which
 * `rowToCome` tells once what is valid has been read.
 */
export async function* validBytes(
  chunks: AsyncIterable<Uint8Array>,
  charset: RowCharset,
  target: 'asIs' | 'utf-8',
  skip: number,
  rowToCome: () => number,
): AsyncGenerator<Piece, void, undefined> {
  const check = new Check(charset, target, rowToCome);
  let offset = 0;
  let pending: Uint8Array = NOTHING;
  for await (const chunk of chunks) {
    const isFirst = offset === 0 && pending.length === 0;
    if (isFirst) offset = skip;
    for (let at = isFirst ? skip : 0; at < chunk.length; at += PIECE_BYTES) {
      const fresh = chunk.subarray(at, at + PIECE_BYTES);
      const bytes = pending.length === 0 ? fresh : joined(pending, fresh);
      const cut = boundary(bytes, charset);
      if (cut > 0) yield* check.pass(bytes.subarray(0, cut), offset, false);
      offset += cut;
      pending = bytes.slice(cut);
    }
  }
  yield* check.pass(pending, offset, true);
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

class Check {
  readonly #charset: RowCharset;
  readonly #transcodes: boolean;
  readonly #rowToCome: () => number;
  readonly #decoder: TextDecoder;

  constructor(charset: RowCharset, target: 'asIs' | 'utf-8', rowToCome: () => number) {
    this.#charset = charset;
    this.#transcodes = target === 'utf-8' && charset !== UTF_8;
    this.#rowToCome = rowToCome;
    this.#decoder = strictDecoder(charset);
  }

  /**
   * Passes a piece on that starts and ends between characters. Only of a multi-byte charset does the decoder go on, as
   * ISO-2022-JP has states: it would wait for the rest of a character that ends too early, and call its start valid.
   */
  *pass(piece: Uint8Array, offset: number, isLast: boolean): Generator<Piece, void, undefined> {
    let text: string;
    try {
      text = this.#decoder.decode(piece, { stream: !isLast && this.#charset.kind === 'multiByte' });
    } catch {
      const good = goodBytes(piece, this.#charset);
      const valid = piece.subarray(0, wholeCharacters(piece, good, this.#charset));
      const bytes = this.#transcodes
        ? encoder.encode(strictDecoder(this.#charset).decode(valid, { stream: true }))
        : valid;
      yield { bytes, text: undefined };
      const place = { row: this.#rowToCome(), offset: offset + good };
      throw new DocumentError('undecodable', `The bytes are not ${this.#charset.name} text`, place);
    }
    yield { bytes: this.#transcodes ? encoder.encode(text) : piece, text };
  }
}

function strictDecoder({ name }: RowCharset): TextDecoder {
  return new TextDecoder(name, { fatal: true, ignoreBOM: true });
}

function goodBytes(piece: Uint8Array, { name }: RowCharset): number {
  try {
    decodeText(piece, name);
  } catch (error) {
    if (error instanceof DocumentError) return error.place.offset ?? 0;
    throw error;
  }
  return 0; // ISO-2022-JP alone: the piece is bad for the state that earlier bytes left
}

/** Most bytes of a character that the bad byte cuts off. */
const CUT_OFF_BYTES = 3;

/** The offset of the first bad byte may be inside a character: how many bytes before it are whole ones. */
function wholeCharacters(piece: Uint8Array, good: number, charset: RowCharset): number {
  for (let length = good; length > 0 && length >= good - CUT_OFF_BYTES; length--) {
    try {
      strictDecoder(charset).decode(piece.subarray(0, length));
      return length;
    } catch {}
  }
  return 0;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** How many of the bytes may be passed on: up to the last place that is certainly between two characters. */
function boundary(bytes: Uint8Array, { kind, name }: RowCharset): number {
  if (kind === 'singleByte') return bytes.length;
  if (kind === 'utf-8') return utf8Boundary(bytes);
  if (kind === 'utf-16') return utf16Boundary(bytes, name === 'utf-16be');
  // no multi-byte charset has a byte up to the space inside a character; the escape starts a sequence of ISO-2022-JP
  for (let at = bytes.length; at > 0; at--) {
    const before = bytes[at - 1]!;
    if (before <= 0x20 && before !== 0x1b) return at;
  }
  return bytes.length > PENDING_BYTES ? bytes.length : 0;
}

function utf8Boundary(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    if (byte < 0x80) return length;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < size ? length - back : length;
    }
  }
  return length;
}

function utf16Boundary(bytes: Uint8Array, bigEndian: boolean): number {
  const even = bytes.length - (bytes.length % 2);
  if (even === 0) return 0;
  const high = bytes[bigEndian ? even - 2 : even - 1]!;
  return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
}
