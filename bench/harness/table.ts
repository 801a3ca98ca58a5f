import { NOISY_SPREAD, type Summary } from './statistics.ts';

/** One table of results, to be printed and kept. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to read the figures. */
  readonly note?: string;
}

/** Fixed columns: the first reads from the left, figures from the right. */
export function printTable({ title, columns, rows, note }: Table): string {
  const widths = columns.map((name, at) => Math.max(...[name, ...rows.map((row) => row[at] ?? '')].map(width)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => pad(cell, widths[at] ?? 0, at === 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((length) => '-'.repeat(length)).join('  ');
  return [title, line(columns), rule, ...rows.map(line), ...(note === undefined ? [] : [note]), ''].join('\n');
}

/** Code points, which is what a terminal's columns come to for the letters used here. */
function width(text: string): number {
  return [...text].length;
}

function pad(text: string, length: number, left: boolean): string {
  const filling = ' '.repeat(Math.max(0, length - width(text)));
  return left ? text + filling : filling + text;
}

/** Three significant digits below a thousand, whole numbers above. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** The columns that every measurement is told in. */
export const SUMMARY_COLUMNS = ['median', 'min', 'max', 'spread'] as const;

/** The cells under SUMMARY_COLUMNS; a spread that is too wide to trust the figure alone is marked. */
export function summaryCells({ median, min, max, spread }: Summary): string[] {
  const mark = spread > NOISY_SPREAD ? ' !' : '';
  return [figure(median), figure(min), figure(max), `${Math.round(spread * 100)} %${mark}`];
}

/** What the mark means; stands under tables that use summaryCells. */
export const SPREAD_NOTE = `! the repetitions spread over more than ${NOISY_SPREAD * 100} %: trust ratios within this run only`;
