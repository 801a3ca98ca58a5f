import type { Notes } from '../wsdl/notes.ts';
import { type SplitRow, splitRows } from './split-rows.ts';

/** How a sample of rows is written, as an endpoint declares it. */
export interface Dialect {
  readonly separator: string;
  readonly comment?: string;
  /** Lines before the header. */
  readonly preamble: number;
  readonly hasHeader: boolean;
  /** What is no data at the end: so many rows, or those from the first one that starts with a text. */
  readonly footer: number | { readonly startsWith: string };
}

export interface DialectGuess {
  readonly dialect: Dialect;
  /** Header and data rows, without what stands before and behind them. */
  readonly rows: readonly SplitRow[];
  readonly width: number;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;
const COMMENTS = [undefined, '#'] as const;
const NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };
/** A title may stand in so many rows before the header. */
const MAX_PREAMBLE_ROWS = 10;
/** A line that Excel writes before the header: the reader takes it by itself. */
const SEPARATOR_LINE = /^\ufeff?sep=(.)(?:\r\n|\r|\n)/i;

/** The dialect in which most rows have the same number of cells, and that number is the largest; what is not certain is asked. */
export function guessDialect(text: string, notes: Notes): DialectGuess {
  const told = SEPARATOR_LINE.exec(text);
  const body = told === null ? text.replace(/^\ufeff/, '') : text.slice(told[0].length);
  const separators = told === null ? SEPARATORS : [told[1] ?? ','];
  const judged = separators
    .flatMap((separator) => COMMENTS.map((comment) => judge(body, separator, comment)))
    .sort((a, b) => b.agreement - a.agreement || b.width - a.width || a.oddity - b.oddity);
  const several = judged.filter(({ width }) => width > 1);
  const best = several.find(({ agreement }) => agreement > 0.5) ?? byFirstRow(judged) ?? judged[0]!;
  const { separator, comment, width } = best;
  askAboutSeparator(best, several, notes);
  const first = firstRow(best.rows, width);
  const short = footerRows(best.rows.slice(first), width);
  const total = short === 0 ? totalRow(best.rows.slice(first), separator) : undefined;
  const footer = total ?? short;
  const rows = best.rows.slice(first, best.rows.length - (total === undefined ? short : 1));
  const preamble = first === 0 ? 0 : best.rows[first]!.line - 1;
  if (preamble > 0) {
    notes.ask(
      'legacy.preamble',
      'Do so many lines always stand before the header?',
      `Yes: ${preamble}`,
      quote(best.rows[0]!),
    );
  }
  if (footer !== 0) {
    const guess = typeof footer === 'number' ? `Yes: ${footer}` : `Yes, from ${JSON.stringify(footer.startsWith)} on`;
    notes.ask('legacy.footer', 'Do these rows at the end hold no data?', guess, quote(best.rows.at(-1)!));
  }
  const hasHeader = looksLikeHeader(rows);
  const evidence = rows[0] === undefined ? undefined : quote(rows[0]);
  notes.ask('legacy.header', "Is the first row a header with the columns' names?", hasHeader ? 'Yes' : 'No', evidence);
  const dialect = { separator, ...(comment === undefined ? {} : { comment }), preamble, hasHeader, footer };
  return { dialect, rows, width };
}

interface Judged {
  readonly separator: string;
  readonly comment: string | undefined;
  readonly rows: readonly SplitRow[];
  /** Cells that most rows have. */
  readonly width: number;
  /** The share of rows that have so many. */
  readonly agreement: number;
  /** How unusual the dialect is: taken only for what it explains. */
  readonly oddity: number;
}

function judge(text: string, separator: string, comment: string | undefined): Judged {
  const rows = splitRows(text, { separator, comment });
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[width, most] = [1, 0]] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || b - a);
  const oddity = (comment === undefined ? 0 : 1) + SEPARATORS.indexOf(separator as (typeof SEPARATORS)[number]) / 10;
  return { separator, comment, rows, width, agreement: rows.length === 0 ? 0 : most / rows.length, oddity };
}

/** Where rows have any number of cells, the header is what there is to go by. */
function byFirstRow(judged: readonly Judged[]): Judged | undefined {
  const cells = ({ rows }: Judged) => rows[0]?.cells.length ?? 0;
  const [best] = [...judged].sort((a, b) => cells(b) - cells(a) || a.oddity - b.oddity);
  return best === undefined || cells(best) < 2 ? undefined : { ...best, width: cells(best) };
}

function askAboutSeparator({ separator, agreement, width }: Judged, several: readonly Judged[], notes: Notes): void {
  const rivals = several.filter((other) => other.separator !== separator && other.agreement > 0.9);
  if (rivals.length === 0 && agreement === 1) return;
  const share = `${Math.round(agreement * 100)} % of the rows have ${width} cells with it`;
  notes.ask('legacy.separator', 'What separates the cells?', NAMES[separator] ?? JSON.stringify(separator), share);
}

/** The first row of full width whose cells are mostly filled: a title stands alone in its row. */
function firstRow(rows: readonly SplitRow[], width: number): number {
  if (width === 1) return 0;
  const looked = rows.slice(0, MAX_PREAMBLE_ROWS);
  const isFull = ({ cells }: SplitRow) =>
    cells.length === width && cells.filter((cell) => cell.trim() !== '').length > width / 2;
  const index = looked.findIndex(isFull);
  return index < 0 ? 0 : index;
}

/** Rows at the end that have fewer cells than all others: totals, remarks. */
function footerRows(rows: readonly SplitRow[], width: number): number {
  let count = 0;
  while (count < rows.length - 1 && rows[rows.length - 1 - count]!.cells.length < width && count < MAX_PREAMBLE_ROWS)
    count++;
  const rest = rows.slice(0, rows.length - count);
  return rest.every(({ cells }) => cells.length === width) ? count : 0;
}

/** Words that begin a row of totals. */
const TOTAL = /^(?:grand\s+|sub\s*)?(?:total|sum|count|end)s?$/i;

/** A last row that is as wide as the others, but begins with a word for totals and is mostly empty. */
function totalRow(rows: readonly SplitRow[], separator: string): { readonly startsWith: string } | undefined {
  const last = rows.at(-1);
  const [word = '', ...cells] = last?.cells ?? [];
  if (rows.length < 3 || !TOTAL.test(word.trim()) || cells.filter((cell) => cell !== '').length > cells.length / 2)
    return undefined;
  return { startsWith: `${word}${separator}` };
}

const NUMBER_OR_DATE = /^[-+]?[\d.,\s%]+$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;

/** A header names what stands below: texts, each once, while some column below holds numbers, dates or the like. */
function looksLikeHeader(rows: readonly SplitRow[]): boolean {
  const [first, ...others] = rows;
  if (first === undefined) return true;
  const names = first.cells.map((cell) => cell.trim()).filter((name) => name !== '');
  if (names.length === 0) return false;
  const values = (column: number) =>
    others.map(({ cells }) => cells[column]?.trim() ?? '').filter((cell) => cell !== '');
  const evidence = first.cells.map((cell, column) => {
    const below = values(column);
    const isData = below.length > 0 && below.every((value) => NUMBER_OR_DATE.test(value));
    if (!isData) return below.includes(cell.trim()) && cell.trim() !== '' ? -1 : 0;
    return NUMBER_OR_DATE.test(cell.trim()) ? -1 : 1;
  });
  const sum = evidence.reduce<number>((total, point) => total + point, 0);
  return sum >= 0 && !names.every((name) => NUMBER_OR_DATE.test(name));
}

function quote({ cells }: SplitRow): string {
  const text = cells.slice(0, 4).join(' | ');
  return `${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)}${cells.length > 4 ? ` and ${cells.length - 4} more cells` : ''}`;
}
