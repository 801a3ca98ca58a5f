import type { Report } from '../../model/contracts.ts';
import type { CsvEndpoint } from '../../model/definition.ts';

/** How a CSV document is written, all defaults filled in; characters as their ASCII codes. */
export interface Dialect {
  readonly separator: number;
  /** undefined: quotes are data. */
  readonly quote: number | undefined;
  readonly escape: number | undefined;
  /** The header's row behind the preamble, empty lines not counted; 0: none. */
  readonly header: number;
  readonly preamble: number;
  readonly footerRows: number;
  readonly footerStart: string | undefined;
  readonly comment: string | undefined;
  readonly setAside: boolean;
}

/** The dialect that an endpoint declares. Reports characters that cannot play their part and counts that are none. */
export function compileDialect(endpoint: CsvEndpoint, report: Report): Dialect {
  const { footer, quote = '"' } = endpoint;
  const quoteCode = quote === null ? undefined : asciiCode(quote, 'quote', report);
  const dialect: Dialect = {
    separator: asciiCode(endpoint.separator ?? ',', 'separator', report),
    quote: quoteCode,
    escape: endpoint.escape === undefined ? quoteCode : asciiCode(endpoint.escape, 'escape', report),
    header: endpoint.header === false ? 0 : count(endpoint.header ?? 1, 1, 'header', report),
    preamble: count(endpoint.preamble ?? 0, 0, 'preamble', report),
    footerRows: typeof footer === 'number' ? count(footer, 0, 'footer', report) : 0,
    footerStart: typeof footer === 'object' ? prefix(footer.startsWith, 'footer.startsWith', report) : undefined,
    comment: endpoint.comment === undefined ? undefined : prefix(endpoint.comment, 'comment', report),
    setAside: endpoint.badRows === 'setAside',
  };
  reportConflicts(dialect, endpoint, report);
  return dialect;
}

function asciiCode(character: string, place: string, report: Report): number {
  const code = character.charCodeAt(0);
  if (character.length !== 1 || code >= 0x80 || '\0\r\n'.includes(character)) {
    report(place, `${JSON.stringify(character)} cannot be the ${place}: expected one ASCII character, no line end`);
  }
  return code;
}

function count(value: number, least: number, place: string, report: Report): number {
  if (!Number.isSafeInteger(value) || value < least) {
    report(place, `${value} is no number of rows: expected a whole number from ${least}`);
  }
  return value;
}

function prefix(text: string, place: string, report: Report): string {
  if (text === '' || /[\r\n]/.test(text)) {
    report(place, `${JSON.stringify(text)} cannot start a line: expected some text without line ends`);
  }
  return text;
}

function reportConflicts(dialect: Dialect, endpoint: CsvEndpoint, report: Report): void {
  if (dialect.quote === undefined && endpoint.escape !== undefined) {
    report('escape', 'An escape without quotes has no meaning: expected a quote, or no escape');
  }
  if (dialect.separator === dialect.quote) report('quote', 'The quote is the separator too');
  else if (dialect.separator === dialect.escape) report('escape', 'The escape is the separator too');
  if (dialect.comment !== undefined && [dialect.separator, dialect.quote].includes(dialect.comment.charCodeAt(0))) {
    report('comment', 'A comment cannot start with the separator or the quote: rows start with these');
  }
}
