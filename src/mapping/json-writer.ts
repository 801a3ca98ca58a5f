import type { JsonValue } from '../model/json.ts';
import type { Utf8 } from '../model/utf8.ts';

const INITIAL_BYTES = 4096;
/** A writer that has grown beyond this does not keep its room for the next answer. */
const MOST_KEPT_BYTES = 256 * 1024;
/** Of a code unit in UTF-8; two that make one character take four together. */
const MOST_BYTES = 3;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

const encoder = new TextEncoder();

/** A JSON text in UTF-8, for what is written many times. */
export function encodeJson(value: JsonValue): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** What stands before a member's value. */
export function memberHead(name: string): Uint8Array {
  return encoder.encode(`${JSON.stringify(name)}:`);
}

/** Stands before an item of an array, or before a whole document. */
export const NO_HEAD = new Uint8Array();
export const OBJECT_START = encoder.encode('{');
export const OBJECT_END = encoder.encode('}');
export const ARRAY_START = encoder.encode('[');
export const ARRAY_END = encoder.encode(']');

/**
 * Writes a JSON text (RFC 8259) in UTF-8, as JSON.stringify would: an answer goes from the legacy texts to its bytes
 * without an object, and without a string, in between. The caller sees to it that what is written is one JSON value.
 */
export class JsonWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  /** How many bytes are written; to `rewind` to. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written since. */
  rewind(length: number): void {
    this.#length = length;
  }

  /** What is written, for good; the next writing begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const isLarge = this.#bytes.length > MOST_KEPT_BYTES;
    const taken = isLarge ? this.#bytes.subarray(0, this.#length) : this.#bytes.slice(0, this.#length);
    this.clear();
    return taken;
  }

  /** Forgets what is written, and room that was made for a large answer. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > MOST_KEPT_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
  }

  /** Begins a member or an item: a comma where it is not the first, and its head. */
  begin(head: Uint8Array): void {
    this.#reserve(head.length + 1);
    const bytes = this.#bytes;
    let at = this.#length;
    if (at > 0 && bytes[at - 1] !== BRACE && bytes[at - 1] !== BRACKET) bytes[at++] = COMMA;
    for (let index = 0; index < head.length; index++) bytes[at++] = head[index]!;
    this.#length = at;
  }

  /** What is JSON already. */
  raw(json: Uint8Array): void {
    this.#reserve(json.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < json.length; index++) bytes[at++] = json[index]!;
    this.#length = at;
  }

  /** A member or an item: what `begin` does, and its value. */
  member(head: Uint8Array, value: JsonValue): void {
    if (typeof value === 'string' && this.#writeSimple(head, value)) return;
    this.begin(head);
    this.#encode(JSON.stringify(value));
  }

  /**
   * Most strings: without anything to escape, and without surrogates. Writes nothing of the others. All in one piece, as
   * this is where most of the writing's time goes.
   */
  #writeSimple(head: Uint8Array, text: string): boolean {
    this.#reserve(head.length + text.length * MOST_BYTES + 3);
    const bytes = this.#bytes;
    let at = this.#length;
    if (at > 0 && bytes[at - 1] !== BRACE && bytes[at - 1] !== BRACKET) bytes[at++] = COMMA;
    for (let index = 0; index < head.length; index++) bytes[at++] = head[index]!;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x80) {
        if (code < 0x20 || code === QUOTE || code === BACKSLASH) return false;
        bytes[at++] = code;
      } else if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        if (code >= 0xd800 && code <= 0xdfff) return false;
        bytes[at++] = 0xe0 | (code >> 12);
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        bytes[at++] = 0x80 | (code & 0x3f);
      }
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  /** A member or an item that is a string, given in UTF-8. Writes nothing, and gives false, where it has to be escaped. */
  memberUtf8(head: Uint8Array, { bytes: text, start, end }: Utf8): boolean {
    this.#reserve(head.length + (end - start) + 3);
    const bytes = this.#bytes;
    let at = this.#length;
    if (at > 0 && bytes[at - 1] !== BRACE && bytes[at - 1] !== BRACKET) bytes[at++] = COMMA;
    for (let index = 0; index < head.length; index++) bytes[at++] = head[index]!;
    bytes[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = text[index]!;
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return false;
      bytes[at++] = byte;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  #encode(json: string): void {
    this.#reserve(json.length * MOST_BYTES);
    this.#length += encoder.encodeInto(json, this.#bytes.subarray(this.#length)).written;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
