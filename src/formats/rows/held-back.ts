/** Lets items pass with a delay: the last `count` of them, a footer, never come out. */
export class HeldBack<T> {
  readonly #count: number;
  readonly #ring: T[] = [];
  #at = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** Takes one item and gives the one that is certainly no footer; undefined while there is none. */
  pass(item: T): T | undefined {
    if (this.#count === 0) return item;
    const released = this.#ring[this.#at];
    this.#ring[this.#at] = item;
    this.#at = (this.#at + 1) % this.#count;
    return released;
  }
}
