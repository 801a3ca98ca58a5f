import type * as adapter from '../../../adapter.ts';

/** The functions of `src/adapter.ts` that a definition can be written with. */
export type BuilderName = {
  [K in keyof typeof adapter]: (typeof adapter)[K] extends (...args: never) => unknown ? K : never;
}[keyof typeof adapter];

/** Prints calls of builders, and remembers which of them have to be imported. */
export class Builders {
  readonly #used = new Set<BuilderName>();

  /** Arguments that are undefined are left out. */
  call(name: BuilderName, ...args: readonly (string | undefined)[]): string {
    this.#used.add(name);
    return `${name}(${args.filter((arg) => arg !== undefined).join(', ')})`;
  }

  get used(): readonly BuilderName[] {
    return [...this.#used].sort();
  }
}
