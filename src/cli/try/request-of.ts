import type { OperationDefinition } from '../../model/definition.ts';
import type { Field } from '../../model/field.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { parsePathTemplate } from '../../model/route.ts';
import type { WorkbenchRequest } from '../check/workbench.ts';
import { CommandError } from '../shell.ts';

/**
 * The consumer's request for inputs given as `name=value`: path parameters into the path, the others into the query or
 * the JSON body. Values are texts; a record or a list is given as JSON. Throws CommandError for names that the
 * operation does not have; whether a value is right is for the adapter to say.
 */
export function requestOf(operation: OperationDefinition, pairs: readonly string[]): WorkbenchRequest {
  const inputs = new Map(pairs.map(splitPair));
  for (const name of inputs.keys()) {
    if (operation.input[name] !== undefined) continue;
    throw new CommandError(`There is no input ${name}: the operation has ${Object.keys(operation.input).join(', ')}`);
  }
  const segments = parsePathTemplate(operation.path).map((part) => {
    if (!('parameter' in part)) return part.literal;
    const value = inputs.get(part.parameter);
    if (value === undefined) throw new CommandError(`The path needs ${part.parameter}=…`);
    inputs.delete(part.parameter);
    return encodeURIComponent(value);
  });
  const path = `/${segments.join('/')}`;
  const method = operation.method.toUpperCase();
  if (method === 'GET' || method === 'DELETE') return { method, path: path + queryOf(inputs) };
  return { method, path, body: bodyOf(inputs, operation) };
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new CommandError(`"${pair}" is no input: write name=value`);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

function queryOf(inputs: ReadonlyMap<string, string>): string {
  const pairs = [...inputs].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function bodyOf(inputs: ReadonlyMap<string, string>, { input }: OperationDefinition): JsonObject {
  const members = [...inputs].map(([name, text]) => [name, inputValue(text, input[name] as Field, name)]);
  return Object.fromEntries(members);
}

/** JSON where the field is not a text in JSON; a text that is no JSON is left for the adapter to refuse. */
function inputValue(text: string, field: Field, name: string): JsonValue {
  const structured = field.type === 'record' || field.type === 'list' || field.type === 'choice';
  const isNumber =
    (field.type === 'integer' && field.as !== 'string') || (field.type === 'decimal' && field.as === 'number');
  if (!structured && !isNumber && field.type !== 'boolean' && text !== 'null') return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    if (!structured) return text;
    throw new CommandError(`${name} takes JSON, such as ${field.type === 'list' ? '[…]' : '{…}'}`);
  }
}
