import type { OperationDefinition } from '../../model/definition.ts';
import type { Field } from '../../model/field.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { parsePathTemplate } from '../../model/route.ts';
import { JsonError, readJson } from '../../syntax/json-reader.ts';
import type { WorkbenchRequest } from '../check/workbench.ts';
import { CommandError } from '../shell.ts';

/**
 * The consumer's request for inputs given as `name=value`: path parameters into the path, the others into the query or
 * the JSON body. Values are texts; a record or a list is given as JSON, a list of the query also item by item. Throws
 * CommandError for names that the operation does not have; whether a value is right is for the adapter to say.
 */
export function requestOf(operation: OperationDefinition, pairs: readonly string[]): WorkbenchRequest {
  const { input } = operation;
  const given = pairs.map(splitPair);
  for (const [name] of given) {
    if (input[name] !== undefined) continue;
    throw new CommandError(`There is no input ${name}: the operation has ${Object.keys(input).join(', ')}`);
  }
  const method = operation.method.toUpperCase();
  const inQuery = method === 'GET' || method === 'DELETE';
  const inPath = parsePathTemplate(operation.path).flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  const others = given.filter(([name]) => !inPath.includes(name));
  refuseRepeated(inQuery ? given.filter(([name]) => input[name]?.type !== 'list') : given);
  const path = pathOf(operation, new Map(given));
  if (inQuery) return { method, path: path + queryOf(others, operation) };
  return { method, path, body: bodyOf(others, operation) };
}

type Pair = readonly [name: string, text: string];

function splitPair(pair: string): Pair {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new CommandError(`"${pair}" is no input: write name=value`);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** Only one of them could be sent. */
function refuseRepeated(given: readonly Pair[]): void {
  const names = given.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new CommandError(`${repeated} is given more than once`);
}

function pathOf({ path }: OperationDefinition, inputs: ReadonlyMap<string, string>): string {
  const segments = parsePathTemplate(path).map((part) => {
    if (!('parameter' in part)) return part.literal;
    const value = inputs.get(part.parameter);
    if (value === undefined) throw new CommandError(`The path needs ${part.parameter}=…`);
    return encodeURIComponent(value);
  });
  return `/${segments.join('/')}`;
}

function queryOf(given: readonly Pair[], { input }: OperationDefinition): string {
  const pairs = given.flatMap(([name, text]) =>
    queryTexts(text, input[name] as Field, name).map(
      (value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    ),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A list's items each have a parameter of their own. */
function queryTexts(text: string, field: Field, name: string): readonly string[] {
  if (field.type !== 'list' || !text.startsWith('[')) return [text];
  return (inputValue(text, field, name) as readonly JsonValue[]).map(String);
}

function bodyOf(given: readonly Pair[], { input }: OperationDefinition): JsonObject {
  const members = given.map(([name, text]) => [name, inputValue(text, input[name] as Field, name)]);
  return Object.fromEntries(members);
}

/**
 * JSON where the field is not a text in JSON, read as the adapter reads it, so that no number is another one then; a text
 * that is no JSON is left for the adapter to refuse.
 */
function inputValue(text: string, field: Field, name: string): JsonValue {
  const structured = field.type === 'record' || field.type === 'list' || field.type === 'choice';
  const isNumber =
    (field.type === 'integer' && field.as !== 'string') || (field.type === 'decimal' && field.as === 'number');
  const isNull = text === 'null' && 'nullable' in field && field.nullable === true;
  if (!structured && !isNumber && field.type !== 'boolean' && !isNull) return text;
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (!structured) return text;
    const form = field.type === 'list' ? '[…]' : '{…}';
    throw new CommandError(`${name} takes JSON, such as ${form}: ${error.message}`);
  }
}
