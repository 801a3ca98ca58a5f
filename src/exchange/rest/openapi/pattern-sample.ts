/** Most repetitions of one atom; a pattern that wants more gets no sample. */
const REPETITIONS = 1_000;
/** Longest sample tried, characters. */
const SAMPLE_CHARACTERS = 10_000;
/** How many more repetitions than demanded are tried, to reach a minimum length. */
const EXTRA_REPETITIONS = 64;

/** Tried in this order wherever a class, an escape or a dot leaves the choice. */
const CANDIDATES = 'A1a0 -_./+,:;@#()[]{}"\'!?*&%$=<>|^~`\\កÀ'.split('');

/**
 * A text that a regular expression (ECMA-262, `u` flag) matches and whose length in code points lies in bounds, the
 * same one each time; undefined where the pattern uses something that this does not follow. Used for examples only.
 */
export function samplePattern(
  pattern: string,
  minLength = 0,
  maxLength = Number.POSITIVE_INFINITY,
): string | undefined {
  const whole = new RegExp(pattern, 'u');
  for (let extra = 0; extra <= EXTRA_REPETITIONS; extra++) {
    const text = new Sampler(pattern, extra).sample();
    if (text === undefined || text.length > SAMPLE_CHARACTERS) return undefined;
    const length = [...text].length;
    if (length >= minLength && length <= maxLength && whole.test(text)) return text;
  }
  return undefined;
}

/** Walks a pattern that is known to compile and writes the first alternative of everything. */
class Sampler {
  readonly #pattern: string;
  readonly #extra: number;
  #offset = 0;

  constructor(pattern: string, extra: number) {
    this.#pattern = pattern;
    this.#extra = extra;
  }

  sample(): string | undefined {
    return this.#alternatives();
  }

  #alternatives(): string | undefined {
    const first = this.#sequence();
    while (this.#match(/\|/y) !== '') this.#sequence();
    return first;
  }

  #sequence(): string | undefined {
    let text: string | undefined = '';
    while (this.#offset < this.#pattern.length && !'|)'.includes(this.#pattern[this.#offset] ?? '')) {
      const atom = this.#atom();
      const count = this.#count();
      text = text === undefined || atom === undefined || count > REPETITIONS ? undefined : text + atom.repeat(count);
      if (text !== undefined && text.length > SAMPLE_CHARACTERS) text = undefined;
    }
    return text;
  }

  #atom(): string | undefined {
    if (this.#match(/\^|\$|\\b|\\B/y) !== '') return '';
    const group = this.#match(/\((?:\?(?:<?[=!]|<[^>]*>|:))?/y);
    if (group !== '') return this.#group(/^\(\?<?[=!]$/.test(group));
    if (this.#match(/\\[1-9k]/y) !== '') return undefined;
    const set = this.#match(/\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[0-9A-Fa-f]{4}|\\x..|\\c.|\\.|\./suy);
    return set === '' ? this.#match(/./suy) : oneOf(set);
  }

  /** A look-around writes nothing; whether it holds is seen when the sample is tried. */
  #group(lookAround: boolean): string | undefined {
    const text = this.#alternatives();
    this.#match(/\)/y);
    return lookAround ? '' : text;
  }

  #count(): number {
    const quantifier = this.#match(/(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??/y);
    if (quantifier === '') return 1;
    const bounds = /\{([0-9]+)(,?)([0-9]*)\}/.exec(quantifier);
    const min = bounds ? Number(bounds[1]) : quantifier.startsWith('+') ? 1 : 0;
    const most = bounds && (bounds[3] !== '' || bounds[2] === '') ? Number(bounds[3] || bounds[1]) : undefined;
    return Math.min(most ?? (quantifier.startsWith('?') ? 1 : Number.POSITIVE_INFINITY), min + this.#extra);
  }

  #match(part: RegExp): string {
    part.lastIndex = this.#offset;
    const found = part.exec(this.#pattern)?.[0] ?? '';
    this.#offset += found.length;
    return found;
  }
}

/** The first candidate, or character that the set itself names, which the set takes. */
function oneOf(set: string): string | undefined {
  const matcher = new RegExp(`^(?:${set})$`, 'u');
  return [...CANDIDATES, ...set, '\n', '\t'].find((character) => matcher.test(character));
}
