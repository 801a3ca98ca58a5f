import type { Place } from './place.ts';
import type { Utf8 } from './utf8.ts';

/**
 * What a format is asked for, in the compiled order of the fields: one slot for each position. Decoding fills the
 * slots of a source record, encoding writes them; nothing that has no slot is read.
 */
export interface RecordPlan {
  readonly slots: readonly SlotPlan[];
}

export interface SlotPlan {
  /** Positions as the definition writes them, in the order in which they are tried; encoding uses the first. */
  readonly at: readonly string[];
  /** Present where the slot holds records rather than a text. */
  readonly record?: RecordPlan;
  /** The position may occur more than once; where it may not, a second occurrence is refused. */
  readonly repeats: boolean;
}

/** One legacy text with its place. */
export interface Cell {
  /** null: `xsi:nil="true"`. */
  readonly text: string | null;
  /** Where it stands; what the number counts is the format's business, which turns it into a place. */
  readonly offset: number;
  /** The same text, where its format has the bytes: what is answered as it stands need not become a string. */
  readonly utf8?: Utf8 | undefined;
}

/** undefined: absent. */
export type Slot = undefined | Cell | SourceRecord | readonly Cell[] | readonly SourceRecord[];

/** What decoding yields before mapping, and what encoding is given: legacy texts by slot. */
export interface SourceRecord {
  readonly slots: readonly Slot[];
  readonly offset: number;
  /** `xsi:nil="true"` on the record's element. */
  readonly nil?: true;
}

/** Whether a row is wanted, by the text of one of its slots; rows that fail a test are passed over, not mapped. */
export interface RowTest {
  readonly slot: number;
  /** Throws SpeanError, with the place that it is given a way to, where the text cannot be compared. */
  readonly accepts: (cell: Cell, place: (offset: number) => Place) => boolean;
  /** Set where accepting means nothing but being this very text, so that a reader may compare bytes. */
  readonly equals?: string;
}

/** A decoded legacy answer. */
export interface SourceDocument {
  /**
   * One record for a document format; for a row format the rows, those together that can be read without waiting, as a
   * turn of the event loop's queue for each costs as much as half its reading. Rows are read while they are iterated, once.
   */
  readonly batches: Iterable<Iterable<SourceRecord>> | AsyncIterable<Iterable<SourceRecord>>;
  /** The place of a record or cell, computed only when a problem needs it. */
  place(offset: number, slot?: SlotPlan): Place;
  /** Row formats: rows set aside so far. */
  readonly setAside?: () => number;
}
