import type { AdapterDefinition, CsvEndpoint } from '../../../model/definition.ts';
import type { Field, Fields } from '../../../model/field.ts';
import { byteOrderMark } from '../../../syntax/charset.ts';
import type { Draft } from '../draft.ts';
import { camelCase, wordsOf } from '../wsdl/names.ts';
import { Notes } from '../wsdl/notes.ts';
import { type Column, draftRowOperations } from './draft-row-operations.ts';
import { guessCharset } from './guess-charset.ts';
import { type DialectGuess, guessDialect } from './guess-dialect.ts';
import { rowExamples } from './row-example.ts';
import { splitRows } from './split-rows.ts';

export interface RowsDraftOptions {
  /** The adapter's name. */
  readonly name: string;
  /** Where the sample came from: a file's path or a URL. */
  readonly location: string;
}

/** An example keeps so many rows of the sample. */
const EXAMPLE_ROWS = 20;

/**
 * Drafts an adapter from a sample of rows with separators (CSV, TSV and the like): charset, dialect, columns and their
 * types by what all of the rows show. What had to be guessed is asked, with the evidence; what the strict reader
 * refuses is told with its place. The sample's first rows become examples.
 */
export async function draftFromRows(bytes: Uint8Array, options: RowsDraftOptions): Promise<Draft> {
  const notes = new Notes();
  const charset = guessCharset(bytes, notes);
  const text = new TextDecoder(byteOrderMark(bytes) ?? charset ?? 'utf-8').decode(bytes);
  const guess = guessDialect(text, notes);
  const endpoint = endpointOf(guess, charset, options.name);
  const columns = columnsOf(guess);
  const definition: AdapterDefinition = {
    name: options.name,
    title: titleOf(options.name),
    legacy: { legacy: endpoint },
    operations: draftRowOperations(
      options.name,
      columns,
      { get: fileName(options.location), more: queryInputs(options.location, notes) },
      notes,
    ),
  };
  askAboutLocation(options, endpoint.endpoint.name, notes);
  const sample = {
    location: options.location,
    whole: new Uint8Array(bytes),
    head: headOf(bytes, guess, charset),
    contentType: 'text/csv',
  } as const;
  const examples = await rowExamples(definition, sample, notes);
  if (examples.length > 0) {
    notes.ask('examples', 'Does the sample hold data of real people?', 'No: its first rows became the examples');
  }
  return { definition, questions: notes.questions, unsupported: notes.unsupported, examples };
}

function endpointOf({ dialect }: DialectGuess, charset: string | undefined, name: string): CsvEndpoint {
  const { separator, comment, preamble, hasHeader, footer } = dialect;
  return {
    format: 'csv',
    endpoint: { from: 'variable', name: variableOf(name) },
    ...(separator === ',' ? {} : { separator }),
    ...(charset === undefined ? {} : { charset }),
    ...(preamble === 0 ? {} : { preamble }),
    ...(comment === undefined ? {} : { comment }),
    ...(hasHeader ? {} : { header: false }),
    ...(footer === 0 ? {} : { footer }),
  };
}

/** A column is found by its name where that is there once, and by its number where not. */
function columnsOf({ rows, width, dialect }: DialectGuess): readonly Column[] {
  const names = dialect.hasHeader ? (rows[0]?.cells ?? []) : [];
  const data = dialect.hasHeader ? rows.slice(1) : rows;
  const times = new Map<string, number>();
  for (const name of names) times.set(visible(name), (times.get(visible(name)) ?? 0) + 1);
  return Array.from({ length: width }, (_, index) => {
    const name = names[index];
    const isFound = name !== undefined && times.get(visible(name)) === 1 && isPosition(name);
    const values = data.flatMap(({ cells }) => (cells.length === width ? [cells[index] ?? ''] : []));
    return {
      at: isFound ? name : `#${index + 1}`,
      name: name !== undefined && visible(name) !== '' ? name : undefined,
      values,
    };
  });
}

/** Whether the name stands for the column: an input at `?name` or `{name}` is the call's, and `#3` is the third column. */
export function isPosition(name: string): boolean {
  return visible(name) !== '' && !/^(?:#\d+$|[?{])/.test(name);
}

/** As columns are compared: without what nobody sees. */
function visible(name: string): string {
  return name
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The bytes up to the end of the last row that an example keeps; rows are found in units that are one or two bytes each. */
function headOf(
  bytes: Uint8Array,
  { dialect, rows }: DialectGuess,
  charset: string | undefined,
): Uint8Array<ArrayBuffer> {
  if (rows.length <= EXAMPLE_ROWS + 1 || dialect.footer !== 0) return new Uint8Array(bytes);
  const mark = byteOrderMark(bytes) ?? charset ?? '';
  const wide = mark.startsWith('utf-16');
  const units = new TextDecoder(wide ? mark : 'latin1', { ignoreBOM: true }).decode(bytes);
  const all = splitRows(
    units,
    { separator: dialect.separator, comment: dialect.comment },
    EXAMPLE_ROWS + dialect.preamble + 1,
  );
  return new Uint8Array(bytes.subarray(0, (all.at(-1)?.end ?? units.length) * (wide ? 2 : 1)));
}

export function variableOf(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_URL`;
}

export function titleOf(name: string): string {
  const words = wordsOf(name).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The last part of a path or URL, without query; a file on this machine stands for one on the system's server. */
export function fileName(location: string): string {
  const last =
    location
      .replace(/[?#].*$/s, '')
      .split(/[\\/]/)
      .at(-1) ?? '';
  return last === '' || last === '-' ? 'rows' : encodeURI(last);
}

/** Parameters of a URL are inputs, with what they were as what they are where nothing else is said. */
export function queryInputs(location: string, notes: Notes): Fields {
  if (!/^https?:/i.test(location)) return {};
  const parameters = [...new URL(location).searchParams];
  if (parameters.length > 0) {
    const names = parameters.map(([name, value]) => `${name}=${value}`).join(', ');
    notes.ask(
      'operations',
      'May consumers set the parameters of the address?',
      'Yes, and these are taken where they do not',
      names,
    );
  }
  return Object.fromEntries(
    parameters.map(([name, value]) => [camelCase(name), { type: 'text', at: `?${name}`, default: value } as Field]),
  );
}

export function askAboutLocation({ location }: RowsDraftOptions, variable: string, notes: Notes): void {
  const folder = /^https?:/i.test(location) ? new URL('.', location).href : undefined;
  notes.ask(
    'legacy.endpoint',
    `At which URL does the adapter reach the system? It is the variable ${variable}, and the call appends ${fileName(location)}`,
    folder ?? 'The file does not say',
  );
}
