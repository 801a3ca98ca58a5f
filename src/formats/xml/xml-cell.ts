import type { Cell } from '../../model/source.ts';
import type { Utf8 } from '../../model/utf8.ts';
import { utf8Text } from '../../syntax/utf8.ts';

/** The text of an element or attribute as it stands in the document; it becomes a string only for those who ask. */
export class XmlCell implements Cell, Utf8 {
  /** Between two answers there is no cell: V8 would throw away all code that knows them, and compile it anew. */
  static readonly kept: XmlCell = new XmlCell(new Uint8Array(), 0, 0, 0);

  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly offset: number;

  constructor(bytes: Uint8Array, start: number, end: number, offset: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.offset = offset;
  }

  get text(): string {
    return utf8Text(this.bytes, this.start, this.end);
  }

  get utf8(): Utf8 {
    return this;
  }
}
