import { DocumentError } from '../../model/errors.ts';
import type { AdapterLimits } from '../../model/limits.ts';
import type { RowWindow } from './row-window.ts';

/** `rows`, and `rowBytes` of one row, as bytes of UTF-8 where the charset was transcoded. */
export type RowLimits = Pick<AdapterLimits, 'rows' | 'rowBytes'>;

/** Throws DocumentError `limit` when the current row, or what has come of it, is longer than a row may be. */
export function checkRowLength(length: number, window: RowWindow, { rowBytes }: RowLimits): void {
  if (length <= rowBytes) return;
  throw new DocumentError('limit', `A row is longer than ${rowBytes} bytes`, { row: window.row, line: window.line });
}

/** Throws DocumentError `limit` when a document has more rows than it may have. */
export function checkRowCount(count: number, window: RowWindow, { rows }: RowLimits): void {
  if (count <= rows) return;
  throw new DocumentError('limit', `The document has more than ${rows} rows`, { row: window.row, line: window.line });
}
