/** XML 1.0 (fifth edition) character classes, by code point. */

/** Production [4], NameStartChar, without the colon, since namespaces give it a meaning of its own. */
const NAME_START =
  /[A-Z_a-z\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2ff}\u{370}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}]/u;
/** What production [4a], NameChar, adds. */
const NAME_MORE = /[\u{300}-\u{36f}\u{203f}-\u{2040}\u{b7}.0-9-]/u;

/** NCName's first character (Namespaces in XML 1.0, production [4]). */
export function isNameStart(code: number): boolean {
  return NAME_START.test(String.fromCodePoint(code));
}

/** A further character of an NCName. */
export function isNamePart(code: number): boolean {
  return isNameStart(code) || NAME_MORE.test(String.fromCodePoint(code));
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
