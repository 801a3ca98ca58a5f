import type { OutputData } from '../../../model/definition.ts';
import type { ChoiceField, Field, Fields, ListField } from '../../../model/field.ts';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import { compact } from './compact.ts';
import { type Direction, leafSchema, sentences } from './leaf-schema.ts';

/** Parts of a document that have a name of their own, collected while its operations are written. */
export interface NamedParts {
  readonly schemas: Map<string, JsonObject>;
  readonly responses: Map<string, JsonObject>;
}

/** Where a schema is being written. */
export interface Spot {
  readonly direction: Direction;
  /** The field's place in the definition, such as `getCompany.output.owner`. */
  readonly place: string;
  readonly parts: NamedParts;
}

/** The Schema Object of a field's public value (OpenAPI 3.0.3). */
export function fieldSchema(field: Field, spot: Spot): JsonObject {
  return withPresence(bareSchema(field, spot), field, spot.direction);
}

/** The schema of an object with these members. A request takes no others; an answer may gain members later. */
export function objectSchema(
  fields: Fields,
  spot: Spot,
  before: Readonly<Record<string, JsonObject>> = {},
): JsonObject {
  const members = Object.entries(fields).filter(([, field]) => isMember(field, spot.direction));
  const required = members.filter(([, field]) => isRequired(field, spot.direction)).map(([name]) => name);
  const names = [...Object.keys(before), ...required];
  const properties = members.map(([name, field]) => [name, fieldSchema(field, below(spot, name))] as const);
  return compact({
    type: 'object',
    properties: Object.fromEntries([...Object.entries(before), ...properties]),
    required: names.length > 0 ? names : undefined,
    additionalProperties: spot.direction === 'input' ? false : undefined,
  });
}

/** The schema of an operation's answer; `setAside` where the endpoint sets rows aside rather than refusing them. */
export function outputSchema(output: OutputData, setAside: boolean, spot: Spot): JsonObject {
  if (output.type === 'row') return objectSchema(output.fields, spot);
  if (output.type !== 'rows') return fieldSchema(asAnswer(output), spot);
  const { name, fields, maxItems } = output;
  const items = objectSchema(fields, below(spot, name));
  const count = { type: 'integer', minimum: 0, description: 'Rows that could not be read and were left out.' };
  return {
    type: 'object',
    properties: { [name]: compact({ type: 'array', items, maxItems }), ...(setAside && { setAside: count }) },
    required: setAside ? [name, 'setAside'] : [name],
  };
}

/** A whole answer cannot be left out: null stands for it. */
export function asAnswer(output: Field): Field {
  return 'optional' in output && output.optional ? { ...output, nullable: true } : output;
}

/** Constants of a request are the adapter's to write, not the consumer's to send. */
export function isMember(field: Field, direction: Direction): boolean {
  return direction === 'output' || (field.type !== 'constant' && !('exchange' in field));
}

/** Whether a member is always there: in an answer also where a default stands in. */
export function isRequired(field: Field, direction: Direction): boolean {
  if (field.type === 'constant') return true;
  return field.optional !== true && (direction === 'output' || field.default === undefined);
}

function bareSchema(field: Field, spot: Spot): JsonObject {
  switch (field.type) {
    case 'record':
      return objectSchema(field.fields, spot);
    case 'list':
      return listSchema(field, spot);
    case 'choice':
      return choiceSchema(field, spot);
    default:
      return leafSchema(field, spot.direction);
  }
}

function listSchema(field: ListField, spot: Spot): JsonObject {
  const { minItems, maxItems } = field;
  return compact({ type: 'array', items: fieldSchema(field.items, below(spot, 'items')), minItems, maxItems });
}

/** A discriminator's mapping names schemas, so every case becomes one of the document's named schemas. */
function choiceSchema(field: ChoiceField, spot: Spot): JsonObject {
  const references = Object.entries(field.cases).map(([name, { record }]) => {
    const tag = { type: 'string', enum: [name] };
    const schema = objectSchema(record.fields, below(spot, name), { [field.discriminator]: tag });
    return [name, addSchema(spot.parts.schemas, `${spot.place}.${name}`, schema)] as const;
  });
  return {
    oneOf: references.map(([, reference]) => ({ $ref: reference })),
    discriminator: { propertyName: field.discriminator, mapping: Object.fromEntries(references) },
  };
}

/** Names a schema and gives its reference. Other characters than these are not allowed in a component's name. */
function addSchema(schemas: Map<string, JsonObject>, place: string, schema: JsonObject): string {
  let name = place.replace(/[^A-Za-z0-9._-]/g, '_');
  while (schemas.has(name)) name += '_';
  schemas.set(name, schema);
  return `#/components/schemas/${name}`;
}

function withPresence(schema: JsonObject, field: Field, direction: Direction): JsonObject {
  const described = compact({
    title: field.title,
    ...schema,
    description: sentences(field.description, schema.description as string | undefined),
    example: field.example,
  });
  if (field.type === 'constant') return described;
  const value = direction === 'input' ? field.default : undefined;
  return compact({ ...(field.nullable ? orNull(described) : described), default: value });
}

/** OpenAPI 3.0.3 adds null only to a `type`, and never to an `enum` that does not list it. */
function orNull(schema: JsonObject): JsonObject {
  if (schema.type === undefined) return { anyOf: [schema, { type: 'object', nullable: true, enum: [null] }] };
  const values = schema.enum as readonly JsonValue[] | undefined;
  return compact({ ...schema, nullable: true, enum: values && [...values, null] });
}

function below(spot: Spot, name: string): Spot {
  return { ...spot, place: `${spot.place}.${name}` };
}
