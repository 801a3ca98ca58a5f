import { SpeanError } from '../../model/errors.ts';
import type { LegacyBody } from '../../model/legacy.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { Platform, RunningHash } from '../../model/platform.ts';
import type { CallTimer } from './call-timer.ts';
import { transportError } from './transport-error.ts';

/** What was read of a legacy answer, for the statement. */
export interface ReadBytes {
  readonly length: number;
  readonly sha256: Uint8Array;
  /** The reader stopped before the end: the digest covers what was read. */
  readonly partial: boolean;
}

/** Reading in pieces of at least this many bytes: the upstream's own pieces of some 4 KiB cost more than their content. */
const READ_AT_LEAST_BYTES = 32 * 1024;
const READ_BUFFER_BYTES = 64 * 1024;

/** What bounds the reading of an answer. */
export interface BodyContext {
  /** `legacyBytes` for an answer taken whole, `streamedBytes` for one read as a stream. */
  readonly limits: Pick<AdapterLimits, 'legacyBytes' | 'streamedBytes'>;
  readonly platform: Pick<Platform, 'createHash'>;
  /** An answer of at most so many bytes is kept whole. */
  readonly keepBytes: number;
}

/**
 * The body of a legacy answer, bounded and hashed while it is read. Sizes are of decoded bytes where the answer is
 * compressed all the same. Throws SpeanError `legacy-too-large` beyond the limit, having read no more than one piece
 * beyond it, and what the transport throws as a coded error.
 */
export class ReplyBody implements LegacyBody {
  readonly #response: Response;
  readonly #context: BodyContext;
  /** Stopped when nothing more will be read. */
  readonly #timer: CallTimer;
  #length = 0;
  #begun = false;
  #complete = false;
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #hash: RunningHash | undefined;
  #measured: Promise<ReadBytes> | undefined;

  constructor(response: Response, context: BodyContext, timer: CallTimer) {
    this.#response = response;
    this.#context = context;
    this.#timer = timer;
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const { legacyBytes } = this.#context.limits;
    return isSmallAsDeclared(this.#response, legacyBytes) ? this.#wholeAtOnce() : this.#collect(legacyBytes);
  }

  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { platform, limits, keepBytes } = this.#context;
    const hash = platform.createHash();
    this.#hash = hash;
    for await (const piece of this.#pieces(limits.streamedBytes)) {
      const hashed = hash.update(piece);
      if (hashed !== undefined) await hashed;
      if (this.#length <= keepBytes) this.#parts.push(piece);
      else this.#parts.length = 0;
      yield piece;
    }
  }

  /** What has been read when the reader is done; ends the call. */
  measure(): Promise<ReadBytes> {
    this.#measured ??= this.#measure();
    return this.#measured;
  }

  /** All of the bytes, where they were read to the end and are no more than were to be kept. */
  whole(): Uint8Array<ArrayBuffer> | undefined {
    return this.#complete && this.#length <= this.#context.keepBytes ? join(this.#parts) : undefined;
  }

  /** Cancels what has not been read; a promise only where there is something to cancel. */
  end(): Promise<void> | undefined {
    if (this.#begun) return undefined; // a reader that stops early, or fails, ends the call itself
    this.#begun = true;
    this.#timer.stop();
    return this.#response.body?.cancel().catch(() => undefined); // an errored stream throws its error again
  }

  async #measure(): Promise<ReadBytes> {
    await this.end();
    const partial = !this.#complete;
    if (this.#hash !== undefined) return { length: this.#length, sha256: await this.#hash.digest(), partial };
    const whole = join(this.#parts);
    const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
    return { length: whole.byteLength, sha256, partial };
  }

  async #collect(limit: number): Promise<Uint8Array<ArrayBuffer>> {
    for await (const piece of this.#pieces(limit)) this.#parts.push(piece);
    return join(this.#parts);
  }

  /** The runtime collects a body of known size in one step. */
  async #wholeAtOnce(): Promise<Uint8Array<ArrayBuffer>> {
    this.#begun = true;
    try {
      const bytes = new Uint8Array(await this.#timer.within(this.#response.arrayBuffer()));
      this.#length = bytes.byteLength;
      this.#complete = true;
      this.#parts.push(bytes);
      return bytes;
    } catch (cause) {
      throw transportError(cause, this.#timer);
    } finally {
      this.#timer.stop();
    }
  }

  async *#pieces(limit: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.#begun = true;
    const { body } = this.#response;
    if (body === null) {
      this.#complete = true;
      this.#timer.stop();
      return;
    }
    const next = pieceReader(body);
    try {
      for (;;) {
        const piece = await this.#timer.within(next.read()).catch((cause: unknown) => {
          throw transportError(cause, this.#timer);
        });
        if (piece === undefined) break;
        this.#length += piece.byteLength;
        if (this.#length > limit) {
          throw new SpeanError('legacy-too-large', { detail: `The legacy answer is larger than ${limit} bytes` });
        }
        yield piece;
      }
      this.#complete = true;
    } finally {
      this.#timer.stop();
      if (!this.#complete) await next.cancel().catch(() => undefined);
    }
  }
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
