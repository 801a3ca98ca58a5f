/**
 * Translates the patterns of a simple type into one regular expression of ECMA-262 (`u` flag) that matches the same
 * texts: of each derivation step one pattern must match, and of all steps (XML Schema part 2, 4.3.4). Undefined where
 * a pattern uses what ECMAScript has no like of: character class subtraction, blocks (`\p{IsKhmer}`), `\i` and `\c`.
 */
export function translatePatterns(steps: readonly (readonly string[])[]): string | undefined {
  const parts: string[] = [];
  for (const alternatives of steps) {
    const translated = alternatives.map(translatePattern);
    if (translated.includes(undefined)) return undefined;
    parts.push(translated.length === 1 ? `${translated[0]}` : translated.map((part) => `(?:${part})`).join('|'));
  }
  const last = parts.pop();
  if (last === undefined) return undefined;
  const whole = `^${parts.map((part) => `(?=(?:${part})$)`).join('')}${hasAlternatives(last) ? `(?:${last})` : last}$`;
  return compiles(whole) ? whole : undefined;
}

function hasAlternatives(pattern: string): boolean {
  return pattern.includes('|');
}

/** Multi-character escapes whose meaning differs: XML Schema's `\d` and `\w` are Unicode's, its `\s` is XML's white space. */
const ESCAPES: Readonly<Record<string, { readonly alone: string; readonly inClass: string | undefined }>> = {
  d: { alone: '\\p{Nd}', inClass: '\\p{Nd}' },
  D: { alone: '\\P{Nd}', inClass: '\\P{Nd}' },
  w: { alone: '[^\\p{P}\\p{Z}\\p{C}]', inClass: undefined },
  W: { alone: '[\\p{P}\\p{Z}\\p{C}]', inClass: '\\p{P}\\p{Z}\\p{C}' },
  s: { alone: '[ \\t\\n\\r]', inClass: ' \\t\\n\\r' },
  S: { alone: '[^ \\t\\n\\r]', inClass: undefined },
};

/** Digits of a system whose numbers are ASCII: what a schema's author means by `\d`, and the stricter reading. */
const ASCII_DIGIT = { alone: '[0-9]', inClass: '0-9' };

function translatePattern(pattern: string): string | undefined {
  let translated = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '\\') {
      const escaped = translateEscape(pattern.slice(at + 1), inClass);
      if (escaped === undefined) return undefined;
      translated += escaped.text;
      at += escaped.length;
    } else if (inClass) {
      if (character === '[') return undefined;
      if (character === ']') inClass = false;
      translated += character;
    } else {
      if (character === '[') {
        inClass = true;
        translated += character;
        if (pattern.charAt(at + 1) === '^') translated += pattern.charAt(++at);
      } else if (character === '^' || character === '$') translated += `\\${character}`;
      else translated += character === '.' ? '[^\\n\\r]' : character;
    }
  }
  return translated;
}

function translateEscape(
  rest: string,
  inClass: boolean,
): { readonly text: string; readonly length: number } | undefined {
  const property = /^([pP])\{([A-Z][a-z]?)\}/.exec(rest);
  if (property !== null) return { text: `\\${property[0]}`, length: property[0].length };
  const letter = rest.charAt(0);
  const special = letter === 'd' ? ASCII_DIGIT : ESCAPES[letter];
  if (special !== undefined) {
    const text = inClass ? special.inClass : special.alone;
    return text === undefined ? undefined : { text, length: 1 };
  }
  if (/^[nrt\\|.?*+(){}[\]^$/]$/.test(letter)) return { text: `\\${letter}`, length: 1 };
  if (letter === '-') return { text: inClass ? '\\-' : '-', length: 1 };
  return undefined;
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
