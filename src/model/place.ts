/** Where something stands in a legacy document or in an input; only what is known is present. */
export interface Place {
  /** Line, from 1. */
  readonly line?: number;
  /** Column in UTF-16 code units, from 1. */
  readonly column?: number;
  /** Offset from the document's first byte (fixed width, charset errors) or first character, from 0. */
  readonly offset?: number;
  /** Element path from the document's root, such as `Envelope/Body/Company/@id`. */
  readonly path?: string;
  /** Row number from 1, counting the rows as the legacy file has them, header and preamble included. */
  readonly row?: number;
  /** A column's name, or `#3` where it has none. */
  readonly columnName?: string;
}

/** A place in words, for a message: `line 3, column 7, element Company/RegNo`. */
export function describePlace(place: Place): string {
  const words: string[] = [];
  if (place.row !== undefined) words.push(`row ${place.row}`);
  if (place.columnName !== undefined) words.push(`column ${JSON.stringify(place.columnName)}`);
  if (place.line !== undefined) words.push(`line ${place.line}`);
  if (place.column !== undefined) words.push(`column ${place.column}`);
  if (place.offset !== undefined && place.line === undefined) words.push(`offset ${place.offset}`);
  if (place.path !== undefined) words.push(`at ${place.path}`);
  return words.join(', ');
}
