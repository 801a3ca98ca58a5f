import type { AdapterDefinition, CsvEndpoint } from '../../../model/definition.ts';
import { CommandError } from '../../shell.ts';
import type { Draft, DraftExample } from '../draft.ts';
import { Notes } from '../wsdl/notes.ts';
import { type ColumnDescription, describedField } from './column-description.ts';
import {
  askAboutLocation,
  fileName,
  isPosition,
  type RowsDraftOptions,
  titleOf,
  variableOf,
} from './draft-from-rows.ts';
import { draftRowOperations } from './draft-row-operations.ts';
import { rowExamples } from './row-example.ts';

/** What a description says of a file of rows, whatever its standard. */
export interface RowsDescription {
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** The file that it describes. */
  readonly url: string | undefined;
  readonly columns: readonly ColumnDescription[];
  readonly key: string | undefined;
  readonly dialect: Partial<Pick<CsvEndpoint, 'separator' | 'comment' | 'preamble' | 'header' | 'charset'>>;
}

/** Rows that the description is of. */
export interface DescribedSample {
  readonly location: string;
  readonly bytes: Uint8Array;
}

/**
 * Drafts an adapter from a description of rows, with a sample of them where there is one. Throws CommandError where
 * the description names no columns.
 */
export async function draftFromDescription(
  described: RowsDescription,
  options: RowsDraftOptions,
  sample: DescribedSample | undefined,
): Promise<Draft> {
  const { columns, dialect, key } = described;
  if (columns.length === 0) throw new CommandError(`${options.location} describes no columns`);
  const notes = new Notes();
  const location = described.url ?? options.location;
  const variable = variableOf(options.name);
  const fields = columns.map((column, index) => {
    const at = dialect.header === false || !isPosition(column.name) ? `#${index + 1}` : column.name;
    const field = describedField(column, at, `fields.${column.name}`, notes);
    return { at, name: column.name === '' ? undefined : column.name, values: [], field, isKey: column.name === key };
  });
  const definition: AdapterDefinition = {
    name: options.name,
    title: described.title ?? titleOf(options.name),
    ...(described.description === undefined ? {} : { description: described.description }),
    legacy: { legacy: { format: 'csv', endpoint: { from: 'variable', name: variable }, ...dialect } },
    operations: draftRowOperations(options.name, fields, { get: fileName(location) }, notes),
  };
  askAboutLocation({ ...options, location }, variable, notes);
  const examples = sample === undefined ? [] : await examplesOf(definition, sample, notes);
  return { definition, questions: notes.questions, unsupported: notes.unsupported, examples };
}

/** A small sample is an example; a large one is read, and left where it is. */
const MAX_EXAMPLE_BYTES = 64 * 1024;

async function examplesOf(
  definition: AdapterDefinition,
  { location, bytes }: DescribedSample,
  notes: Notes,
): Promise<readonly DraftExample[]> {
  const whole = new Uint8Array(bytes);
  const examples = await rowExamples(definition, { location, whole, head: whole, contentType: 'text/csv' }, notes);
  return bytes.byteLength > MAX_EXAMPLE_BYTES ? [] : examples;
}
