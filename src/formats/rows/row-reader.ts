import type { Place } from '../../model/place.ts';
import type { SlotPlan, SourceRecord } from '../../model/source.ts';
import type { RowWindow } from './row-window.ts';

/** Reads wanted rows out of a window, as far as its bytes go. */
export interface RowReader {
  readonly window: RowWindow;
  /**
   * The next wanted row; undefined where more bytes are needed, or the window has ended and there is none.
   * Throws DocumentError or SpeanError for a document that is refused.
   */
  next(): SourceRecord | undefined;
  /** Rows set aside so far. */
  readonly setAside: number;
  place(offset: number, slot?: SlotPlan): Place;
}
