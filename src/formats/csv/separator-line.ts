import { unexpected } from '../refusal.ts';
import type { RowWindow } from '../rows/row-window.ts';

/** `"sep=;"` and its line end. */
const LONGEST_BYTES = 9;
const SEPARATOR_LINE = /^("?)sep=([^\r\n])\1(?:[\r\n]|$)/i;

/**
 * Whether the document starts with the line `sep=;` that Excel writes and reads; undefined while too few bytes are
 * there to tell. Throws SpeanError `legacy-unexpected` where it names another separator than the one declared.
 */
export function startsWithSeparatorLine(window: RowWindow, separator: number): boolean | undefined {
  const { bytes, start, end, ended } = window;
  const head = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + LONGEST_BYTES)));
  if (!'sep='.startsWith(head.replace('"', '').slice(0, 4).toLowerCase())) return false;
  if (head.length < LONGEST_BYTES && !ended) return undefined;
  const named = SEPARATOR_LINE.exec(head)?.[2];
  if (named === undefined) return false;
  if (named.charCodeAt(0) === separator) return true;
  throw unexpected(
    `The document names another separator than the adapter: expected ${JSON.stringify(String.fromCharCode(separator))}`,
    { row: 1, line: 1 },
  );
}
