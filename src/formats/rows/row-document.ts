import type { SourceDocument, SourceRecord } from '../../model/source.ts';
import { readLegacy } from '../refusal.ts';
import type { RowReader } from './row-reader.ts';
import type { Piece } from './valid-bytes.ts';

/**
 * A document whose rows are read while the consumer iterates, and no further: a consumer that stops ends the source.
 * The rows can be iterated once. Errors of reader and source come out as SpeanError.
 */
export function rowDocument(reader: RowReader, pieces: AsyncIterable<Piece>): SourceDocument {
  return {
    batches: rowBatches(reader, pieces),
    place: (offset, slot) => reader.place(offset, slot),
    setAside: () => reader.setAside,
  };
}

/** Rows that are complete have been given out before more bytes are asked for, so a bad byte does not outrun them. */
async function* rowBatches(
  reader: RowReader,
  pieces: AsyncIterable<Piece>,
): AsyncGenerator<Iterable<SourceRecord>, void, undefined> {
  const { window } = reader;
  const atHand = rowsAtHand(reader);
  try {
    for await (const piece of pieces) {
      window.append(piece);
      yield atHand;
      piece.text = undefined; // else it would outlive the making of the next one, as this loop's promises hold the piece
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
