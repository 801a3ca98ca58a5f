import type { AdapterDefinition, FixedWidthEndpoint } from '../../../model/definition.ts';
import type { LeafField } from '../../../model/field.ts';
import { byteOrderMark } from '../../../syntax/charset.ts';
import { CommandError } from '../../shell.ts';
import type { Draft } from '../draft.ts';
import { Notes } from '../wsdl/notes.ts';
import { askAboutLocation, fileName, type RowsDraftOptions, titleOf, variableOf } from './draft-from-rows.ts';
import { type Column, draftRowOperations } from './draft-row-operations.ts';
import { guessCharset } from './guess-charset.ts';
import { rowExamples } from './row-example.ts';
import { valueField } from './value-field.ts';

export interface FixedWidthDraftOptions extends RowsDraftOptions {
  /** Where columns are known: `1-8,9-20`, characters from 1, both ends included. */
  readonly columns?: string;
}

/** First and last character from 1. */
type Span = readonly [first: number, last: number];

/** An example keeps so many records of the sample. */
const EXAMPLE_RECORDS = 20;

/**
 * Drafts an adapter from a sample of fixed-width records: columns end where every record is blank, unless `columns`
 * says where they are. Columns that touch each other cannot be told apart: that is asked. Throws CommandError for a
 * sample without records, and for columns that are not written as first-last.
 */
export async function draftFromFixedWidth(bytes: Uint8Array, options: FixedWidthDraftOptions): Promise<Draft> {
  const notes = new Notes();
  const charset = guessCharset(bytes, notes);
  const text = new TextDecoder(byteOrderMark(bytes) ?? charset ?? 'utf-8').decode(bytes);
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new CommandError(`${options.location} holds no records`);
  askAboutHeader(lines, notes);
  const spans = options.columns === undefined ? guessSpans(lines, notes) : parseSpans(options.columns);
  const endpoint = endpointOf(lines, spans, charset, options.name, notes);
  const columns = spans.map((span, index) => columnOf(span, index, lines, notes));
  const definition: AdapterDefinition = {
    name: options.name,
    title: titleOf(options.name),
    legacy: { legacy: endpoint },
    operations: draftRowOperations(options.name, columns, { get: fileName(options.location) }, notes),
  };
  askAboutLocation(options, endpoint.endpoint.name, notes);
  const whole = new Uint8Array(bytes);
  const isShort = lines.length <= EXAMPLE_RECORDS;
  const head = isShort ? whole : new Uint8Array(bytes.subarray(0, endOfLine(bytes, EXAMPLE_RECORDS)));
  const sample = { location: options.location, whole, head, contentType: 'text/plain' } as const;
  const examples = await rowExamples(definition, sample, notes);
  return { definition, questions: notes.questions, unsupported: notes.unsupported, examples };
}

/** Columns begin where some record has a character behind a blank that all records have. */
function guessSpans(lines: readonly string[], notes: Notes): readonly Span[] {
  const width = Math.max(...lines.map((line) => [...line].length));
  const filled = Array.from({ length: width }, () => false);
  for (const line of lines)
    for (const [index, character] of [...line].entries()) filled[index] ||= character.trim() !== '';
  const spans: Span[] = [];
  let first: number | undefined;
  for (let index = 0; index <= width; index++) {
    if (index < width && filled[index]) first ??= index + 1;
    else if (first !== undefined) {
      spans.push([first, index]);
      first = undefined;
    }
  }
  // what stands between two columns fills the first one: a longer value may reach there
  const reaching = spans.map(([start, last], index): Span => [start, (spans[index + 1]?.[0] ?? last + 1) - 1]);
  notes.ask(
    'fields',
    'Are these the columns? Columns that touch each other look like one, and a text with a blank in the same place everywhere looks like two',
    reaching.map((span) => span.join('-')).join(', '),
    `blank in all ${lines.length} records between them; with --columns first-last,… you say where they are`,
  );
  return reaching;
}

/** A line of names above the records has no digits, where each of the others has some. */
function askAboutHeader([first = '', ...others]: readonly string[], notes: Notes): void {
  if (/\d/.test(first) || others.length < 2 || !others.slice(1).every((line) => /\d/.test(line))) return;
  notes.ask(
    'legacy.preamble',
    'Are the first lines a header, and no records?',
    'No: to pass them over, say how many in preamble, and take them out of a sample that is drafted anew',
    JSON.stringify(first.trim()),
  );
}

function parseSpans(columns: string): readonly Span[] {
  return columns.split(',').map((column) => {
    const [, first, last] = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(column) ?? [];
    if (first === undefined || last === undefined || Number(first) < 1 || Number(last) < Number(first)) {
      throw new CommandError(`${column.trim()} is no column: write first-last, such as 1-8,9-20`);
    }
    return [Number(first), Number(last)];
  });
}

function endpointOf(
  lines: readonly string[],
  spans: readonly Span[],
  charset: string | undefined,
  name: string,
  notes: Notes,
): FixedWidthEndpoint {
  const lengths = new Set(lines.map((line) => [...line].length));
  const needed = Math.max(...spans.map(([, last]) => last));
  const [length = needed] = lengths;
  const isUniform = lengths.size === 1 && length >= needed;
  if (!isUniform) {
    const evidence = `${Math.min(...lengths)} to ${Math.max(...lengths)} characters`;
    notes.ask(
      'legacy.length',
      'How long is a record? They differ in the sample',
      'Any length that holds the columns',
      evidence,
    );
  }
  if (lines.some((line) => /\P{ASCII}/u.test(line))) {
    notes.ask('legacy.unit', 'Do positions count characters, or bytes?', 'characters');
  }
  return {
    format: 'fixedWidth',
    endpoint: { from: 'variable', name: variableOf(name) },
    ...(charset === undefined ? {} : { charset }),
    ...(isUniform ? { length } : {}),
  };
}

function columnOf([first, last]: Span, index: number, lines: readonly string[], notes: Notes): Column {
  const at = `${first}-${last}`;
  const width = last - first + 1;
  const cells = lines.map((line) => [...line].slice(first - 1, last).join(''));
  const values = cells.map((cell) => cell.trim());
  const place = `fields.column${index + 1}`;
  const typed = valueField(values, at, place, notes);
  const isRight = cells.every((cell) => cell === cell.trim().padStart(width));
  const filling = { pad: isRight ? 'left' : 'right', with: ' ', width } as const;
  const needsRule = typed.type === 'text' && cells.some((cell) => cell !== cell.trim());
  const field: LeafField = needsRule ? { ...typed, rules: [filling] } : typed;
  return { at, name: undefined, values, field };
}

/** Index behind the end of so many lines. */
function endOfLine(bytes: Uint8Array, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const next = bytes.indexOf(0x0a, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  return at;
}
