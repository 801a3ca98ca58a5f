import type { AdapterDefinition, OperationDefinition } from '../../../model/definition.ts';
import type { Draft, Question, Unsupported } from '../draft.ts';

/** The README of a drafted adapter: what it offers, what it needs, what was guessed, what was left out, what to do next. */
export function printReadme({ definition, questions, unsupported, examples }: Draft, source: string): string {
  const sections = [
    `# ${definition.name}\n\n${definition.title}. Drafted from ${code(source)}.`,
    `| operation | call | answers |\n|---|---|---|\n${Object.entries(definition.operations).map(operationLine).join('\n')}`,
    `Settings: ${settingsOf(definition).join(', ')}.`,
    ...(questions.length === 0 ? [] : [printQuestions(questions)]),
    ...(unsupported.length === 0 ? [] : [printUnsupported(unsupported)]),
    printNext(definition, examples[0]?.name),
  ];
  return `${sections.join('\n\n')}\n`;
}

function operationLine([name, { method, path, summary, call }]: [string, OperationDefinition]): string {
  const what =
    'operation' in call ? call.operation : `${call.post === undefined ? 'GET' : 'POST'} ${call.post ?? call.get}`;
  return `| ${code(`${method.toUpperCase()} ${path}`)} (${code(name)}) | ${code(what)} | ${cell(summary)} |`;
}

function settingsOf({ legacy }: AdapterDefinition): string[] {
  const found = JSON.stringify(legacy).matchAll(/"from":"(variable|secret)","name":"([^"]+)"/g);
  return [...new Set([...found].map(([, from, name = '']) => code(name) + (from === 'secret' ? ' (secret)' : '')))];
}

function printQuestions(questions: readonly Question[]): string {
  const lines = questions.map(
    ({ place, question, guess, evidence }) =>
      `- [ ] ${code(place)}: ${line(question)}\n  Now: ${line(guess)}${evidence === undefined ? '' : `\n  Seen: ${line(evidence)}`}`,
  );
  const words = 'The source does not say these things. Answer each in `adapter.ts`, then take it off this list.';
  return `## Questions\n\n${words}\n\n${lines.join('\n')}`;
}

function printUnsupported(unsupported: readonly Unsupported[]): string {
  const lines = unsupported.map(
    ({ place, construct, consequence }) => `- ${code(place)}: ${code(construct)}. ${line(consequence)}`,
  );
  return `## Left out\n\n${lines.join('\n')}`;
}

function printNext({ name, operations }: AdapterDefinition, example: string | undefined): string {
  const [operation, definition] = Object.entries(operations)[0] ?? ['operation', undefined];
  const inputs = Object.entries(definition?.input ?? {})
    .filter(([, field]) => field.type !== 'constant' && !field.optional)
    .map(([input]) => ` ${input}=…`);
  const madeUp = example?.startsWith('made-up-') ? 'The examples are made up from the types. ' : '';
  return `## Next

${madeUp}Set the variables, call the system itself once, and keep what it answers:

\`\`\`sh
npx spean check ${name}
npx spean try ${name} ${operation}${inputs.join('')} --settings FILE --save first
\`\`\``;
}

/** Text of a source is data: it must not become markup. */
function code(text: string): string {
  const one = line(text).replaceAll('|', '\\|');
  return one.includes('`') ? `\`\` ${one} \`\`` : `\`${one}\``;
}

function cell(text: string): string {
  return line(text).replaceAll('|', '\\|');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('<', '&lt;').trim();
}
