import { DocumentError } from '../../model/errors.ts';
import type { RowCharset } from '../rows/row-charset.ts';
import type { RowWindow } from '../rows/row-window.ts';
import { offsetOfUnit, type UnitSize } from './unit-size.ts';

/**
 * Finds records of one length that follow each other without line ends. At the document's end one line end is passed
 * over, and a footer that is shorter than a record.
 */
export class UnseparatedScanner {
  readonly #window: RowWindow;
  readonly #units: number;
  readonly #size: UnitSize;
  readonly #charset: RowCharset;
  readonly #footerStart: Uint8Array | undefined;
  #begun = false;
  /** Length of the record found, bytes from the window's `start`. */
  length = 0;

  constructor(
    window: RowWindow,
    record: { readonly units: number; readonly size: UnitSize; readonly charset: RowCharset },
    footerStart: Uint8Array | undefined,
  ) {
    this.#window = window;
    this.#units = record.units;
    this.#size = record.size;
    this.#charset = record.charset;
    this.#footerStart = footerStart;
  }

  /** Moves to the next record; false where more bytes are needed, or the document has ended. Throws DocumentError `malformed`. */
  scan(): boolean {
    const window = this.#window;
    if (!this.#begun && !window.begin()) return false;
    this.#begun = true;
    const { bytes, start, end } = window;
    const length = offsetOfUnit(this.#units, bytes.subarray(start, end), this.#size);
    if (length === undefined) return this.#endOfDocument();
    if (this.#size === 'oneByte' && endsInsideCharacter(bytes, start, start + length, this.#charset)) {
      throw new DocumentError('undecodable', `A record of ${length} bytes ends inside a character`, {
        row: window.row,
      });
    }
    this.length = length;
    this.#begun = false;
    window.finishUnseparated(start + length);
    return true;
  }

  #endOfDocument(): false {
    const { bytes, start, end, ended, row } = this.#window;
    if (this.#footerStart !== undefined && this.#window.startsWith(this.#footerStart)) return false;
    if (ended && !/^(?:\r\n?|\n)$/.test(String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 3))))) {
      throw new DocumentError('malformed', `The document ends inside a record: expected ${this.#units} of its units`, {
        row,
      });
    }
    return false;
  }
}

/** Told for a stretch that starts with a character; where one ends so, the next one does not. */
function endsInsideCharacter(bytes: Uint8Array, start: number, end: number, { kind, name }: RowCharset): boolean {
  if (kind === 'singleByte') return false;
  if (kind === 'utf-8') return (bytes[end]! & 0xc0) === 0x80;
  try {
    new TextDecoder(name, { fatal: true }).decode(bytes.subarray(start, end));
    return false;
  } catch {
    return true;
  }
}
