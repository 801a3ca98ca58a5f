/** Labels of one series, in a fixed order for each metric. */
export type Labels = Readonly<Record<string, string>>;

/** Most series of one metric: beyond it, a series is counted under `other`, so that no caller can fill the memory. */
const MOST_SERIES = 2_000;

export interface Entry<V> {
  readonly labels: Labels;
  value: V;
}

/** One metric's values by labels. */
export class Series<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #initial: () => V;

  constructor(initial: () => V) {
    this.#initial = initial;
  }

  update(labels: Labels, change: (value: V) => V): void {
    const entry = this.entry(labels);
    entry.value = change(entry.value);
  }

  entries(): Iterable<Readonly<Entry<V>>> {
    return this.#entries.values();
  }

  /** One series, to be held by who counts in it again and again. */
  entry(labels: Labels): Entry<V> {
    const key = Object.values(labels).join('\n');
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= MOST_SERIES && Object.values(labels).some((value) => value !== 'other')) {
      return this.entry(Object.fromEntries(Object.keys(labels).map((name) => [name, 'other'])));
    }
    const entry = { labels, value: this.#initial() };
    this.#entries.set(key, entry);
    return entry;
  }
}
