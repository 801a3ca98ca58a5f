/** XML 1.0 (fifth edition) character classes, by code point. */

/** Production [4], NameStartChar, beyond ASCII: pairs of first and last code point. */
const NAME_START_RANGES = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef,
  0x3001, 0xd7ff, 0xf900, 0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0xeffff,
];
/** What production [4a], NameChar, adds. */
const NAME_MORE_RANGES = [0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

const NAME_START = 1;
const NAME_PART = 2;

/** Classes of the ASCII characters; the colon is left out, since namespaces give it a meaning of its own. */
const ASCII = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
  const digit = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
  ASCII[code] = letter ? NAME_START | NAME_PART : digit ? NAME_PART : 0;
}

function within(ranges: readonly number[], code: number): boolean {
  for (let index = 0; index < ranges.length; index += 2) {
    if (code >= (ranges[index] ?? 0) && code <= (ranges[index + 1] ?? 0)) return true;
  }
  return false;
}

/** NCName's first character (Namespaces in XML 1.0, production [4]). */
export function isNameStart(code: number): boolean {
  return code < 128 ? (ASCII[code] ?? 0) >= NAME_START && ASCII[code] !== NAME_PART : within(NAME_START_RANGES, code);
}

/** A further character of an NCName. */
export function isNamePart(code: number): boolean {
  if (code < 128) return (ASCII[code] ?? 0) !== 0;
  return within(NAME_START_RANGES, code) || within(NAME_MORE_RANGES, code);
}

/** Production [2], Char. */
export function isXmlChar(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff && code <= 0x10ffff);
}

/** Production [3], S. */
export function isXmlSpace(code: number): boolean {
  return code === 0x20 || code === 0xa || code === 0xd || code === 0x9;
}

/** Whether the text is an NCName, or two of them with a colon between. */
export function isQName(text: string): boolean {
  const parts = text.split(':');
  return parts.length <= 2 && parts.every(isNcName);
}

export function isNcName(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return codes.length > 0 && codes.every((code, index) => (index === 0 ? isNameStart(code) : isNamePart(code)));
}
