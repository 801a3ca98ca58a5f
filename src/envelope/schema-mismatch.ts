import type { JsonObject, JsonValue } from '../model/json.ts';

/** The keywords of JSON Schema (2020-12) that the schemas of this folder use. */
export interface Schema {
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'object' | 'array';
  readonly const?: JsonValue;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/**
 * Where a value departs from a schema, as a path such as `req.method`; the empty path is the value itself; undefined
 * where it conforms. `additionalProperties` is not read: the schema says what is written today, and claims that a
 * reader does not know are to be ignored (RFC 7519, 4).
 */
export function schemaMismatch(schema: Schema, value: JsonValue | undefined, path = ''): string | undefined {
  if (value === undefined || !hasType(schema.type, value) || !isWithin(schema, value)) return path;
  if (schema.oneOf && schema.oneOf.filter((one) => schemaMismatch(one, value) === undefined).length !== 1) return path;
  if (Array.isArray(value)) return itemMismatch(schema, value, path);
  if (typeof value === 'object' && value !== null) return memberMismatch(schema, value as JsonObject, path);
  return undefined;
}

function hasType(type: Schema['type'], value: JsonValue): boolean {
  if (type === undefined) return true;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

function isWithin(schema: Schema, value: JsonValue): boolean {
  if (schema.const !== undefined && value !== schema.const) return false;
  if (typeof value === 'number') {
    return (
      value >= (schema.minimum ?? Number.NEGATIVE_INFINITY) && value <= (schema.maximum ?? Number.POSITIVE_INFINITY)
    );
  }
  if (typeof value !== 'string') return true;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '' } = schema;
  return value.length >= minLength && value.length <= maxLength && new RegExp(pattern, 'u').test(value);
}

function itemMismatch({ items }: Schema, values: readonly JsonValue[], path: string): string | undefined {
  if (items === undefined) return undefined;
  for (const [index, value] of values.entries()) {
    const mismatch = schemaMismatch(items, value, join(path, String(index)));
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function memberMismatch({ properties = {}, required = [] }: Schema, value: JsonObject, path: string) {
  for (const name of required) {
    if (value[name] === undefined) return join(path, name);
  }
  for (const [name, schema] of Object.entries(properties)) {
    const mismatch = value[name] === undefined ? undefined : schemaMismatch(schema, value[name], join(path, name));
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
