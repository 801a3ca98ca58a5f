/** How the cells of a sample are told apart. */
export interface Splitting {
  readonly separator: string;
  /** Lines that start with it are no rows. */
  readonly comment: string | undefined;
}

/** A row as a careless reader sees it. */
export interface SplitRow {
  readonly cells: readonly string[];
  /** Line of its first character, from 1. */
  readonly line: number;
  /** Index behind its line end. */
  readonly end: number;
}

/**
 * Splits a document into rows, as far as `maxRows`: quotes as in RFC 4180, but whatever breaks its rules is taken as it
 * stands. For looking at a sample only: what is drafted is read by the strict reader. Empty lines are no rows.
 */
export function splitRows(
  text: string,
  { separator, comment }: Splitting,
  maxRows = Number.POSITIVE_INFINITY,
): SplitRow[] {
  const rows: SplitRow[] = [];
  let [at, line] = [0, 1];
  while (at < text.length && rows.length < maxRows) {
    const firstLine = line;
    const isComment = comment !== undefined && text.startsWith(comment, at);
    const cells: string[] = [];
    let cell = '';
    let ended = false;
    while (!ended) {
      if (!isComment && cell === '' && text[at] === '"') {
        const close = closingQuote(text, at + 1);
        cell = text.slice(at + 1, close).replaceAll('""', '"');
        line += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
        at = close + 1;
      }
      const character = text[at];
      if (character === undefined || character === '\n' || character === '\r') {
        cells.push(cell);
        at += character === '\r' && text[at + 1] === '\n' ? 2 : 1;
        ended = true;
      } else {
        if (character === separator && !isComment) {
          cells.push(cell);
          cell = '';
        } else cell += character;
        at++;
      }
    }
    line++;
    const isEmpty = cells.length === 1 && cells[0] === '';
    if (!isComment && !isEmpty) rows.push({ cells, line: firstLine, end: Math.min(at, text.length) });
  }
  return rows;
}

/** The quote that closes a cell; the end of the text where none does. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return text.length;
}
