import { DocumentError } from '../../model/errors.ts';
import type { RowCharset } from './row-charset.ts';

/**
 * The texts of one row's cells. The row is decoded once and its cells are cut out of that text where every character
 * is one byte; only rows where that is not so decode cell by cell. A cell's text never keeps more than its own row.
 */
export class RowText {
  readonly #decoder: TextDecoder;
  #row = new Uint8Array(0);
  #text = '';

  constructor({ name }: RowCharset) {
    this.#decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  }

  take(row: Uint8Array<ArrayBuffer>): void {
    this.#row = row;
    this.#text = this.#decode(row);
  }

  /** The text between two byte offsets into the row. Throws DocumentError `undecodable` where they cut a character in two. */
  slice(start: number, end: number): string {
    // no charset makes more UTF-16 units than bytes, so equal lengths mean one byte for each
    if (this.#text.length === this.#row.length) return this.#text.slice(start, end);
    return this.#decode(this.#row.subarray(start, end));
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw new DocumentError('undecodable', `A column cuts a character of ${this.#decoder.encoding} in two`);
    }
  }
}
