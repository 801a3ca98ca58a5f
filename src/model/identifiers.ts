/**
 * X-Road identifiers as headers and paths write them: parts between slashes, each percent-encoded UTF-8 on its own
 * (PR-REST 4.1; contract 1.3 and 5). Matching is case-sensitive.
 */

/** The kinds of identifier and how many parts each may have. */
const PARTS = {
  /** INSTANCE/CLASS/MEMBER and mostly /SUBSYSTEM. */
  client: [3, 4],
  /** [CLASS/]CODE. */
  representedParty: [1, 2],
  /** INSTANCE/CLASS/MEMBER/SERVER. */
  securityServer: [4],
  /** INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE: over REST a service always has a subsystem and never a version. */
  service: [5],
  /** A client identifier cut off behind any of its parts: all clients below it. */
  clientPattern: [1, 2, 3, 4],
} as const satisfies Record<string, readonly number[]>;

export type IdentifierKind = keyof typeof PARTS;

/** Length of one decoded part in UTF-16 code units: X-Road's own limit (contract 5). */
export const IDENTIFIER_PART_CHARACTERS = 255;

/** RFC 3986's pchar: the characters that may stand in a segment, `%` only before two hexadecimal digits. */
const SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/;
/** Everything but what is no control character: `\p{Cc}` as a literal takes a start a third of a millisecond. */
const CONTROLS = /[^ -~\u00a0-\uffff]/;

/**
 * Splits an identifier into its decoded parts; `%2F` is a slash inside a part and `+` is a plus. Throws a TypeError
 * that says why a text is none. The message does not repeat the text, which a stranger may have written.
 */
export function parseIdentifier(kind: IdentifierKind, text: string): readonly string[] {
  const segments = text.split('/');
  const counts: readonly number[] = PARTS[kind];
  if (!counts.includes(segments.length)) {
    throw new TypeError(`${segments.length} part(s) between slashes where ${counts.join(' or ')} belong`);
  }
  return segments.map((segment, index) => decodePart(segment, index + 1));
}

function decodePart(segment: string, number: number): string {
  if (segment === '') throw new TypeError(`Part ${number} is empty`);
  if (!SEGMENT.test(segment)) {
    throw new TypeError(`Part ${number} has a character that must be percent-encoded, or a broken percent-encoding`);
  }
  const part = decodeUtf8(segment);
  if (part === undefined) throw new TypeError(`Part ${number} is not percent-encoded UTF-8`);
  if (CONTROLS.test(part)) throw new TypeError(`Part ${number} has a control character`);
  if (part.length > IDENTIFIER_PART_CHARACTERS) {
    throw new TypeError(`Part ${number} has more than ${IDENTIFIER_PART_CHARACTERS} characters`);
  }
  return part;
}

function decodeUtf8(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * Writes parts as one identifier. A comma is encoded although the grammar lets it stand: HTTP joins repeated headers
 * with commas, so one inside a value could not be told from two values. Throws a URIError for a lone surrogate.
 */
export function encodeIdentifier(parts: readonly string[]): string {
  return parts
    .map((part) => encodeURIComponent(part).replace(/%(?:24|26|2B|3A|3B|3D|40)/g, decodeURIComponent))
    .join('/');
}

/** Whether two identifiers name the same thing, however each was percent-encoded. */
export function sameIdentifier(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

/** Whether a client stands on or below what a pattern names: an instance, a class, a member or a subsystem. */
export function matchesClient(pattern: readonly string[], client: readonly string[]): boolean {
  return pattern.every((part, index) => part === client[index]);
}
