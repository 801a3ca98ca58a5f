import { styleText } from 'node:util';
import type { JsonValue } from '../../model/json.ts';
import { layOut } from './lay-out.ts';
import { hideSecrets, MASK, maskDocument, maskPath } from './mask.ts';
import type { FieldTrace } from './trace-fields.ts';
import type { Trial } from './try-operation.ts';

export interface TellOptions {
  /** Personal values are shown; secrets never are. */
  readonly show: boolean;
  readonly secrets: ReadonlyMap<string, string>;
  /** The values of the inputs. */
  readonly inputs: readonly string[];
}

const COLUMNS = ['field', 'position', 'found', 'rule', 'answered'] as const;
/** Wider texts are cut in the table. */
const COLUMN_CHARACTERS = 44;

/** What went out, what came back, and field by field what became of it: for people. */
export function tellTrial({ sent, reply, status, answer, traces }: Trial, options: TellOptions): string[] {
  const document = (text: string) =>
    indent(hideSecrets(options.show ? layOut(text) : maskDocument(layOut(text)), options.secrets));
  const path = options.show ? (sent?.path ?? '') : maskPath(sent?.path ?? '', options.inputs);
  const out = sent === undefined ? 'nothing: the adapter refused the input' : `${sent.method} ${path}`;
  const headers = [...(sent?.headers ?? [])].map(([name, value]) => `  ${name}: ${tellHeader(name, value, options)}`);
  const back =
    reply === undefined
      ? []
      : [heading('←', 'came back'), `HTTP ${reply.status}, ${reply.contentType}, ${reply.bytes.length} bytes`];
  return [
    heading('→', 'went out'),
    out,
    ...headers,
    ...(sent === undefined ? [] : document(sent.body)),
    '',
    ...back,
    ...(reply === undefined ? [] : document(new TextDecoder().decode(reply.bytes))),
    '',
    heading('=', `answered with ${status}`),
    ...(status < 400 ? table(traces, options.show) : [JSON.stringify(answer, null, 2)]),
  ];
}

function heading(sign: string, text: string): string {
  return styleText('bold', `${sign} ${text}`);
}

function tellHeader(name: string, value: string, { secrets }: TellOptions): string {
  return name === 'authorization' ? '(credentials)' : hideSecrets(value, secrets);
}

function indent(text: string): string[] {
  return text === '' ? [] : text.split(/\r?\n/).map((line) => `  ${line}`);
}

function table(traces: readonly FieldTrace[], show: boolean): string[] {
  const rows = traces.map(({ field, at, found, rule, answered, isPublic }) => {
    const hidden = !show && !isPublic;
    return [field, at, tellFound(found, hidden), rule, tellAnswered(answered, hidden)].map(cut);
  });
  const widths = COLUMNS.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [styleText('dim', line(COLUMNS)), ...rows.map(line)];
}

function tellFound(found: string | null | undefined, hidden: boolean): string {
  if (found === undefined) return 'absent';
  if (found === null) return 'nil';
  return hidden && found !== '' ? MASK : JSON.stringify(found);
}

function tellAnswered(value: JsonValue | undefined, hidden: boolean): string {
  if (value === undefined) return 'left out';
  return hidden && value !== null && value !== '' ? MASK : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > COLUMN_CHARACTERS ? `${text.slice(0, COLUMN_CHARACTERS - 1)}…` : text;
}
