import { styleText } from 'node:util';
import type { Finding } from '../check/finding.ts';
import type { Draft } from './draft.ts';
import type { DraftFile } from './write-draft.ts';

/** A terminal is for the first ones; README.md has them all. */
const TELL_QUESTIONS = 12;

/** What a draft became, for a terminal: files, operations, questions, what was left out, what the check found. */
export function tellDraft(
  { definition, questions, unsupported }: Draft,
  files: readonly DraftFile[],
  findings: readonly Finding[],
  written: boolean,
): string[] {
  const heading = (text: string) => ['', styleText('bold', text)];
  return [
    ...files.map(({ path }) => `${written ? styleText('green', '✓') : '·'} ${path}`),
    ...heading('Operations'),
    ...operationTable(definition.operations),
    ...(questions.length === 0
      ? []
      : heading(`Questions: ${questions.length}, all in README.md, with what stands now`)),
    ...questions.map(
      ({ place, question, guess }) => `  ${styleText('yellow', '?')} ${place}: ${question} ${styleText('dim', guess)}`,
    ),
    ...(questions.length > TELL_QUESTIONS ? [`  and ${questions.length - TELL_QUESTIONS} more`] : []),
    ...(unsupported.length === 0 ? [] : heading(`Left out: ${unsupported.length}`)),
    ...unsupported.map(
      ({ place, construct, consequence }) => `  ${styleText('red', '-')} ${place}: ${construct}. ${consequence}`,
    ),
    ...(findings.length === 0 ? [] : heading('Check')),
    ...findings.map(
      ({ severity, place, message }) =>
        `  ${severity === 'mistake' ? styleText('red', '✗') : styleText('yellow', '!')} ${place}: ${message}`,
    ),
    '',
    written ? `Next: npx spean check ${definition.name}` : 'Nothing was written',
  ];
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
