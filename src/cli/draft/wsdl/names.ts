/**
 * Letters and digits in words: at other characters, before a capital after a small letter, and before the last capital
 * of an acronym, whose plural is one word (`IDs`).
 */
const WORDS =
  /\p{Lu}{2,}s(?![\p{Ll}\p{M}])|\p{Lu}+(?![\p{Ll}\p{M}])\p{N}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+\p{N}*|\p{Lu}\p{N}*|\p{N}+/gu;

/** `RegNo` → `reg`, `no`; `TAX_PAYER_ID` → `tax`, `payer`, `id`; letters of all scripts count. */
export function wordsOf(name: string): string[] {
  return (name.match(WORDS) ?? []).map((word) => word.toLowerCase());
}

/** A public JSON name; `fallback` where a name has no letter. */
export function camelCase(name: string, fallback = 'field'): string {
  const [first = '', ...rest] = wordsOf(name);
  const camel = first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (camel === '') return fallback;
  return /^\p{N}/u.test(camel) ? `${fallback}${camel}` : camel;
}

/** A segment of a path: small ASCII letters, digits and hyphens. */
export function kebabCase(name: string): string {
  return wordsOf(name)
    .map((word) => word.normalize('NFKD').replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
    .join('-');
}

/** Names that must differ: the second `id` becomes `id2`. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.#taken.add(name);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** An English plural, for the list of a wrapper whose own name says nothing. */
export function plural(name: string): string {
  if (/(?:[^aeiou])y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
