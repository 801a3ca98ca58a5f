import { SpeanError } from '../../model/errors.ts';
import type { LegacyBody } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform, RunningHash } from '../../model/platform.ts';

/** What was read of a legacy answer, for the statement. */
export interface ReadBytes {
  readonly length: number;
  readonly sha256: Uint8Array;
  /** The reader stopped before the end: the digest covers what was read. */
  readonly partial: boolean;
}

export interface MeasuredBody extends LegacyBody {
  /** What has been read when the reader is done; ends the call. */
  measure(): Promise<ReadBytes>;
  /** All of the bytes, where they were read to the end and are no more than were to be kept. */
  whole(): Uint8Array<ArrayBuffer> | undefined;
  /** Cancels what has not been read. */
  end(): Promise<void>;
}

/** Reading in pieces of at least this many bytes: the upstream's own pieces of some 4 KiB cost more than their content. */
const READ_AT_LEAST_BYTES = 32 * 1024;
const READ_BUFFER_BYTES = 64 * 1024;

export interface BodyContext {
  /** `legacyBytes` for an answer taken whole, `streamedBytes` for one read as a stream. */
  readonly limits: Pick<AdapterLimits, 'legacyBytes' | 'streamedBytes'>;
  readonly platform: Pick<Platform, 'createHash'>;
  /** An answer of at most so many bytes is kept whole. */
  readonly keepBytes: number;
  /** Turns what the transport throws while reading into a coded error. */
  readonly failure: (cause: unknown) => Error;
  /** Told once, when nothing more will be read. */
  readonly ended: () => void;
}

/**
 * The body of a legacy answer, bounded and hashed while it is read. Sizes are of decoded bytes where the answer is
 * compressed all the same. Throws SpeanError `legacy-too-large` beyond the limit, having read no more than one piece
 * beyond it.
 */
export function measureBody(response: Response, context: BodyContext): MeasuredBody {
  const { limits, keepBytes, failure } = context;
  let length = 0;
  let begun = false;
  let complete = false;
  let hash: RunningHash | undefined;
  let measured: Promise<ReadBytes> | undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];

  async function end(): Promise<void> {
    if (begun) return; // a reader that stops early, or fails, ends the call itself
    begun = true;
    context.ended();
    await response.body?.cancel().catch(() => undefined); // an errored stream throws its error again
  }

  async function* pieces(limit: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    begun = true;
    if (response.body === null) {
      complete = true;
      context.ended();
      return;
    }
    const next = pieceReader(response.body);
    try {
      for (;;) {
        const piece = await next.read().catch((cause: unknown) => {
          throw failure(cause);
        });
        if (piece === undefined) break;
        length += piece.byteLength;
        if (length > limit) {
          throw new SpeanError('legacy-too-large', { detail: `The legacy answer is larger than ${limit} bytes` });
        }
        yield piece;
      }
      complete = true;
    } finally {
      context.ended();
      if (!complete) await next.cancel().catch(() => undefined);
    }
  }

  /** The runtime collects a body of known size in one step. */
  async function wholeAtOnce(): Promise<Uint8Array<ArrayBuffer>> {
    begun = true;
    try {
      const bytes = new Uint8Array(await response.arrayBuffer());
      length = bytes.byteLength;
      complete = true;
      parts.push(bytes);
      return bytes;
    } catch (cause) {
      throw failure(cause);
    } finally {
      context.ended();
    }
  }

  async function measure(): Promise<ReadBytes> {
    await end();
    if (hash !== undefined) return { length, sha256: await hash.digest(), partial: !complete };
    const whole = join(parts);
    const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
    return { length: whole.byteLength, sha256, partial: !complete };
  }

  return {
    async bytes() {
      if (isSmallAsDeclared(response, limits.legacyBytes)) return wholeAtOnce();
      for await (const piece of pieces(limits.legacyBytes)) parts.push(piece);
      return join(parts);
    },
    async *chunks() {
      hash = context.platform.createHash();
      for await (const piece of pieces(limits.streamedBytes)) {
        const hashed = hash.update(piece);
        if (hashed !== undefined) await hashed;
        if (length <= keepBytes) parts.push(piece);
        else parts.length = 0;
        yield piece;
      }
    },
    measure: () => (measured ??= measure()),
    whole: () => (complete && length <= keepBytes ? join(parts) : undefined),
    end,
  };
}

/** A coding would make the declared length that of the compressed bytes, and what they become anything. */
function isSmallAsDeclared({ headers }: Response, limit: number): boolean {
  const declared = headers.get('content-length');
  if (declared === null || headers.has('content-encoding')) return false;
  return /^\d{1,15}$/.test(declared) && Number(declared) <= limit;
}

/** One piece, which is what a small answer comes as, is not copied. */
function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

interface PieceReader {
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  cancel(): Promise<void>;
}

/** A byte stream is read into buffers of our own size; a stream that is none gives its own pieces. */
function pieceReader(stream: ReadableStream<Uint8Array<ArrayBuffer>>): PieceReader {
  const reader = byteReader(stream);
  if (reader === undefined) {
    const plain = stream.getReader();
    return {
      read: async () => (await plain.read()).value,
      cancel: () => plain.cancel(),
    };
  }
  let ended = false;
  return {
    read: async () => {
      if (ended) return undefined;
      const buffer = new Uint8Array(READ_BUFFER_BYTES);
      const { value, done } = await (reader.readAtLeast?.(READ_AT_LEAST_BYTES, buffer) ?? reader.read(buffer));
      ended = done; // the last piece, shorter than asked for, comes with the end itself
      return value === undefined || value.byteLength === 0 ? undefined : (value as Uint8Array<ArrayBuffer>);
    },
    cancel: () => reader.cancel(),
  };
}

/** workerd's addition. The standard's `min` option does the same, but fails in Node 24 on a stream that has ended. */
interface ByteReader extends ReadableStreamBYOBReader {
  readAtLeast?(
    bytes: number,
    view: Uint8Array<ArrayBuffer>,
  ): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>;
}

function byteReader(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ByteReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return undefined; // a TypeError where the stream is not a byte stream; nothing has been read
  }
}
