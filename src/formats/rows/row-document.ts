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
    batches: rowBatches(reader, bytes),
    place: (offset, slot) => reader.place(offset, slot),
    setAside: () => reader.setAside,
  };
}

/** Rows that are complete have been given out before more bytes are asked for, so a bad byte does not outrun them. */
async function* rowBatches(
  reader: RowReader,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Iterable<SourceRecord>, void, undefined> {
  const { window } = reader;
  const atHand = rowsAtHand(reader);
  try {
    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        window.append(chunk.subarray(at, at + PIECE_BYTES));
        yield atHand;
      }
    }
  } catch (error) {
    readLegacy(() => {
      throw error;
    });
  }
  window.ended = true;
  yield atHand;
}

/** The rows that the window's bytes hold, anew each time they are iterated. */
function rowsAtHand(reader: RowReader): Iterable<SourceRecord> {
  const next = (): IteratorResult<SourceRecord, undefined> => {
    const value = nextRow(reader);
    return value === undefined ? { done: true, value } : { done: false, value };
  };
  return { [Symbol.iterator]: () => ({ next }) };
}

function nextRow(reader: RowReader): SourceRecord | undefined {
  try {
    return reader.next();
  } catch (error) {
    return readLegacy(() => {
      throw error;
    });
  }
}
