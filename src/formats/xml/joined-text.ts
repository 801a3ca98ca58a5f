/** The least room that is taken for a text of several pieces, bytes. */
const LEAST_BYTES = 32;
const BLOCK_BYTES = 8 * 1024;
const NO_BLOCK = new Uint8Array();

/** A text that is being collected: the bytes so far, and how far it may grow where it is. */
export interface CollectedText {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** The end of its room in a block of joined texts; `end` or less where its bytes are not in one. */
  room: number;
}

/**
 * Joins the pieces of texts that references, comments or CDATA sections have cut. Joined texts stand in blocks, one
 * behind the other, and never move or change once they are complete. A text that outgrows its room gets twice as much,
 * so that joining is linear however many pieces there are.
 */
export class JoinedTexts {
  #block = NO_BLOCK;
  #used = 0;

  append(text: CollectedText, bytes: Uint8Array, start: number, end: number): void {
    const length = text.end - text.start;
    const more = end - start;
    if (text.end + more > text.room) this.#move(text, (length + more) * 2);
    const target = text.bytes;
    let at = text.end;
    for (let index = start; index < end; index++) target[at++] = bytes[index]!;
    text.end = at;
  }

  /** Lets go of a block that one large text has made; what is left of another serves the next document. */
  forget(): void {
    if (this.#block.length <= BLOCK_BYTES) return;
    this.#block = NO_BLOCK;
    this.#used = 0;
  }

  #move(text: CollectedText, wanted: number): void {
    const room = Math.max(wanted, LEAST_BYTES);
    if (this.#used + room > this.#block.length) {
      this.#block = new Uint8Array(Math.max(BLOCK_BYTES, room));
      this.#used = 0;
    }
    const { bytes, start, end } = text;
    const target = this.#block;
    text.bytes = target;
    text.start = this.#used;
    let at = this.#used;
    for (let index = start; index < end; index++) target[at++] = bytes[index]!;
    text.end = at;
    this.#used += room;
    text.room = this.#used;
  }
}
