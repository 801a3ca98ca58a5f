import type { ColumnDescription } from './column-description.ts';
import type { RowsDescription } from './draft-from-description.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads CSVW metadata (W3C, Metadata Vocabulary for Tabular Data): a table, or the first one of a group. */
export function readCsvwMetadata(document: object): RowsDescription {
  const group = document as Json;
  const [first] = (group.tables as readonly Json[] | undefined) ?? [];
  const table = first ?? group;
  const schema = (table.tableSchema ?? group.tableSchema ?? {}) as Json;
  const dialect = (table.dialect ?? group.dialect ?? {}) as Json;
  const inherited: Json = { ...group, ...table, ...schema };
  const keys = list(schema.primaryKey);
  const separator = natural(dialect.delimiter);
  return {
    title: natural(table['dc:title'] ?? group['dc:title']),
    description: natural(table['dc:description'] ?? group['dc:description']),
    url: typeof table.url === 'string' ? table.url : undefined,
    columns: ((schema.columns as readonly Json[] | undefined) ?? [])
      .filter(({ virtual }) => virtual !== true)
      .map((column) => columnOf(column, inherited)),
    key: keys.length === 1 ? keys[0] : undefined,
    dialect: {
      ...(separator === undefined || separator === ',' ? {} : { separator }),
      ...(natural(dialect.commentPrefix) === undefined ? {} : { comment: natural(dialect.commentPrefix) as string }),
      ...(typeof dialect.skipRows === 'number' && dialect.skipRows > 0 ? { preamble: dialect.skipRows } : {}),
      ...(dialect.header === false ? { header: false as const } : {}),
      ...(natural(dialect.encoding) === undefined || /^utf-?8$/i.test(String(dialect.encoding))
        ? {}
        : { charset: String(dialect.encoding) }),
    },
  };
}

function columnOf(column: Json, inherited: Json): ColumnDescription {
  const datatype = column.datatype ?? inherited.datatype;
  const described = (typeof datatype === 'object' && datatype !== null ? datatype : { base: datatype }) as Json;
  const format = described.format;
  const numeric = (typeof format === 'object' && format !== null ? format : {}) as Json;
  const type = String(described.base ?? 'string');
  const missing = list(column.null ?? inherited.null);
  const [title] = list(column.titles ?? column.title);
  const isBoolean = type === 'boolean' && typeof format === 'string';
  const [yes, no] = isBoolean ? format.split('|') : [];
  const optional = <K extends string, V>(name: K, value: V | undefined) =>
    value === undefined ? {} : { [name]: value };
  const isText = type === 'string';
  return {
    // cells are found by their header, which is the title (W3C CSVW metadata, 5.6)
    name: title ?? String(column.name ?? ''),
    type,
    required: column.required === true,
    missing: missing.length === 0 ? [''] : missing,
    ...optional('description', natural(column['dc:description'])),
    ...optional('format', typeof format === 'string' && !isBoolean && !isText ? format : undefined),
    ...optional('pattern', isText && typeof format === 'string' ? format : undefined),
    ...optional('decimalSeparator', natural(numeric.decimalChar)),
    ...optional('groupSeparator', natural(numeric.groupChar)),
    ...optional('trueValues', yes === undefined ? undefined : [yes]),
    ...optional('falseValues', no === undefined ? undefined : [no]),
    ...optional('minLength', length(described, 'minLength')),
    ...optional('maxLength', length(described, 'maxLength')),
    ...optional('minimum', bound(described.minimum ?? described.minInclusive)),
    ...optional('maximum', bound(described.maximum ?? described.maxInclusive)),
  };
}

function length(datatype: Json, name: 'minLength' | 'maxLength'): number | undefined {
  const value = datatype[name] ?? datatype.length;
  return typeof value === 'number' ? value : undefined;
}

function bound(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** A natural language property: a text, several, or one by language. */
function natural(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return natural(value[0]);
  return typeof value === 'object' && value !== null ? natural(Object.values(value)[0]) : undefined;
}

function list(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.map((item) => natural(item) ?? '');
  return typeof value === 'object' && value !== null ? list(Object.values(value)[0]) : [];
}
