import type { SourceDocument, SourceRecord } from '../../model/source.ts';
import { readLegacy } from '../refusal.ts';
import type { RowReader } from './row-reader.ts';

/** Bytes given to the reader at a time, so that its window stays small however large the source's chunks are. */
const PIECE_BYTES = 128 * 1024;

/**
 * A document whose rows are read while the consumer iterates, and no further: a consumer that stops ends the source.
 * The rows can be iterated once. Errors of reader and source come out as SpeanError.
 */
export function rowDocument(reader: RowReader, bytes: AsyncIterable<Uint8Array>): SourceDocument {
  return {
    records: { [Symbol.asyncIterator]: () => new RowIterator(reader, bytes[Symbol.asyncIterator]()) },
    place: (offset, slot) => reader.place(offset, slot),
    setAside: () => reader.setAside,
  };
}

/** Written by hand because a generator costs several turns of the event loop's queue for each row. */
class RowIterator implements AsyncIterator<SourceRecord, undefined> {
  readonly #reader: RowReader;
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #done = false;

  constructor(reader: RowReader, source: AsyncIterator<Uint8Array>) {
    this.#reader = reader;
    this.#source = source;
  }

  next(): Promise<IteratorResult<SourceRecord, undefined>> {
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    let record: SourceRecord | undefined;
    try {
      record = this.#reader.next();
    } catch (error) {
      return this.#fail(error);
    }
    return record === undefined ? this.#readOn() : Promise.resolve({ done: false, value: record });
  }

  async return(): Promise<IteratorResult<SourceRecord, undefined>> {
    if (!this.#done) {
      this.#done = true;
      await this.#source.return?.();
    }
    return { done: true, value: undefined };
  }

  /** Rows that are complete have been given out before more bytes are asked for, so a bad byte does not outrun them. */
  async #readOn(): Promise<IteratorResult<SourceRecord, undefined>> {
    const { window } = this.#reader;
    try {
      while (!window.ended) {
        if (this.#chunk.length === 0) await this.#nextChunk();
        window.append(this.#chunk.subarray(0, PIECE_BYTES));
        this.#chunk = this.#chunk.subarray(PIECE_BYTES);
        const record = this.#reader.next();
        if (record !== undefined) return { done: false, value: record };
      }
    } catch (error) {
      return this.#fail(error);
    }
    return this.return();
  }

  async #nextChunk(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) this.#reader.window.ended = true;
    else this.#chunk = value;
  }

  async #fail(error: unknown): Promise<never> {
    await this.return();
    return readLegacy(() => {
      throw error;
    });
  }
}
