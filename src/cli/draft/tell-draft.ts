import { styleText } from 'node:util';
import type { Finding } from '../check/finding.ts';
import type { Draft } from './draft.ts';
import type { DraftFile } from './write-draft.ts';

/** How many lines a part of the report has at most: a terminal is for the first ones, the files have them all. */
const MAX_TOLD = 12;

/** What a draft became, for a terminal: files, operations, questions, what was left out, what the check found. */
export function tellDraft(
  { definition, questions, unsupported }: Draft,
  files: readonly DraftFile[],
  findings: readonly Finding[],
  written: boolean,
): string[] {
  const asked = alike(questions, ({ question, guess }) => `${question} ${styleText('dim', `→ ${guess}`)}`);
  const leftOut = alike(unsupported, ({ construct, consequence }) => `${construct}. ${consequence}`);
  const mistakesFirst = findings.toSorted((a, b) => rank(a) - rank(b));
  return [
    ...pathsOf(files).map((path) => `${written ? styleText('green', '✓') : '·'} ${path}`),
    ...part('Operations', operationTable(definition.operations), 'README.md'),
    ...part(
      `Questions: ${questions.length}, all in README.md, with what stands now`,
      asked.map((line) => `  ${styleText('yellow', '?')} ${line}`),
      'README.md',
    ),
    ...part(
      `Left out: ${unsupported.length}`,
      leftOut.map((line) => `  ${styleText('red', '-')} ${line}`),
      'README.md',
    ),
    ...part('Check', mistakesFirst.map(findingLine), `npx spean check ${definition.name}`),
    '',
    written ? `Next: npx spean check ${definition.name}` : 'Nothing was written',
  ];
}

/** A heading and its first lines; `whole` has the rest. Nothing where there are no lines. */
function part(heading: string, lines: readonly string[], whole: string): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_TOLD ? [`  and ${lines.length - MAX_TOLD} more: see ${whole}`] : [];
  return ['', styleText('bold', heading), ...lines.slice(0, MAX_TOLD), ...more];
}

/** The files, those of all examples in one line: each example has several. */
function pathsOf(files: readonly DraftFile[]): string[] {
  const examples = new Map<string, Set<string>>();
  const paths = files.map(({ path }) => {
    const [, folder, name] = EXAMPLE_FILE.exec(path) ?? [];
    if (folder === undefined || name === undefined) return path;
    examples.set(folder, (examples.get(folder) ?? new Set()).add(name));
    return folder;
  });
  return [...new Set(paths)].map((path) => {
    const count = examples.get(path)?.size;
    return count === undefined ? path : `${path} (${count} ${count === 1 ? 'example' : 'examples'})`;
  });
}

const EXAMPLE_FILE = /^(.+[\\/]examples)[\\/]([^\\/]+)[\\/]/;

/** The same thing said of several places is one line, with the first of them. */
function alike<T extends { readonly place: string }>(items: readonly T[], words: (item: T) => string): string[] {
  const places = new Map<string, string[]>();
  for (const item of items) places.set(words(item), [...(places.get(words(item)) ?? []), item.place]);
  return [...places].map(([said, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? 'place' : 'places'}`;
    return `${first}${more}: ${said}`;
  });
}

function rank({ severity }: Finding): number {
  return severity === 'mistake' ? 0 : 1;
}

function findingLine({ severity, place, message }: Finding): string {
  return `  ${severity === 'mistake' ? styleText('red', '✗') : styleText('yellow', '!')} ${place}: ${message}`;
}

function operationTable(operations: Draft['definition']['operations']): string[] {
  const lines = Object.entries(operations).map(([name, { method, path, summary }]) => ({
    route: `${method.toUpperCase()} ${path}`,
    name,
    summary,
  }));
  const width = (member: 'route' | 'name') => Math.max(...lines.map((line) => line[member].length));
  const [routes, names] = [width('route'), width('name')];
  return lines.map(({ route, name, summary }) => `  ${route.padEnd(routes)}  ${name.padEnd(names)}  ${summary}`);
}
