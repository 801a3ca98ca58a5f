import type { ColumnDescription } from './column-description.ts';
import type { RowsDescription } from './draft-from-description.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a Table Schema, or the first resource of a Data Package with its dialect (Frictionless: Table Schema, CSV
 * Dialect, Data Package, version 1 and 2).
 */
export function readTableSchema(document: object): RowsDescription {
  const package_ = document as Json;
  const [resource] = (package_.resources as readonly Json[] | undefined) ?? [];
  const holder = resource ?? package_;
  const schema = (typeof holder.schema === 'object' && holder.schema !== null ? holder.schema : holder) as Json;
  const dialect = (holder.dialect ?? {}) as Json;
  const missing = textList(schema.missingValues) ?? [''];
  const keys = textList(schema.primaryKey) ?? [];
  const header = dialect.header === false ? false : undefined;
  return {
    title: text(holder.title),
    description: text(holder.description),
    url: text(holder.path) ?? textList(holder.path)?.[0],
    columns: ((schema.fields as readonly Json[] | undefined) ?? []).map((field) => columnOf(field, missing)),
    key: keys.length === 1 ? keys[0] : undefined,
    dialect: {
      ...(text(dialect.delimiter) === undefined || dialect.delimiter === ','
        ? {}
        : { separator: text(dialect.delimiter) as string }),
      ...(text(dialect.commentChar) === undefined ? {} : { comment: text(dialect.commentChar) as string }),
      ...(header === false ? { header } : {}),
      ...(text(holder.encoding) === undefined || /^utf-?8$/i.test(String(holder.encoding))
        ? {}
        : { charset: text(holder.encoding) as string }),
    },
  };
}

function columnOf(field: Json, missing: readonly string[]): ColumnDescription {
  const constraints = (field.constraints ?? {}) as Json;
  const bare = field.bareNumber === false;
  const optional = <K extends string, V>(name: K, value: V | undefined) =>
    value === undefined ? {} : { [name]: value };
  return {
    name: String(field.name ?? ''),
    type: bare ? 'string' : (text(field.type) ?? 'string'),
    required: constraints.required === true,
    missing: textList(field.missingValues) ?? missing,
    ...optional('title', text(field.title)),
    ...optional('description', text(field.description)),
    ...optional('format', text(field.format)),
    ...optional('decimalSeparator', text(field.decimalChar)),
    ...optional('groupSeparator', text(field.groupChar)),
    ...optional('trueValues', textList(field.trueValues)),
    ...optional('falseValues', textList(field.falseValues)),
    ...optional('pattern', text(constraints.pattern)),
    ...optional('oneOf', textList(constraints.enum)),
    ...optional('minLength', number(constraints.minLength)),
    ...optional('maxLength', number(constraints.maxLength)),
    ...optional('minimum', constraints.minimum === undefined ? undefined : String(constraints.minimum)),
    ...optional('maximum', constraints.maximum === undefined ? undefined : String(constraints.maximum)),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textList(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : undefined;
}
