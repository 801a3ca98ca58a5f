import { fieldExample, objectExample } from '../../../exchange/rest/openapi/example.ts';
import type { OperationDefinition } from '../../../model/definition.ts';
import type { Field } from '../../../model/field.ts';
import type { JsonValue } from '../../../model/json.ts';
import { parsePathTemplate } from '../../../model/route.ts';
import type { WorkbenchRequest } from '../../check/workbench.ts';

/** A consumer's request with the examples of every input; undefined where one has none. */
export function exampleRequest({ method, path, input }: OperationDefinition): WorkbenchRequest | undefined {
  const given = Object.entries(input).filter(([, field]) => field.type !== 'constant' && !isFromExchange(field));
  const inPath = new Set(parsePathTemplate(path).flatMap((part) => ('parameter' in part ? [part.parameter] : [])));
  const segments = parsePathTemplate(path).map((part) => {
    if (!('parameter' in part)) return part.literal;
    const value = fieldExample(input[part.parameter] as Field, 'input');
    return value === undefined ? undefined : encodeURIComponent(textOf(value));
  });
  if (segments.includes(undefined)) return undefined;
  const target = `/${segments.join('/')}`;
  const others = Object.fromEntries(given.filter(([name]) => !inPath.has(name)));
  const values = objectExample(others, 'input');
  if (values === undefined) return undefined;
  if (method !== 'get' && method !== 'delete') return { method: method.toUpperCase(), path: target, body: values };
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => [name, textOf(item)]),
  );
  const query = new URLSearchParams(pairs).toString();
  return { method: method.toUpperCase(), path: query === '' ? target : `${target}?${query}` };
}

function isFromExchange(field: Field): boolean {
  return 'exchange' in field && field.exchange !== undefined;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
