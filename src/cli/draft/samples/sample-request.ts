import type { AdapterDefinition, HttpCall, OperationDefinition, SoapCall } from '../../../model/definition.ts';
import type { Field, Fields } from '../../../model/field.ts';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import type { WorkbenchRequest } from '../../check/workbench.ts';
import { requestOf } from '../../try/request-of.ts';
import { tryOperation } from '../../try/try-operation.ts';
import { holdsSecret } from '../wsdl/routes.ts';
import type { SampleSide } from './sample-exchange.ts';

/** What stands in examples for a credential of a sample. */
export const INSTEAD_OF_SECRET = 'example';

/**
 * The consumer's request that makes the adapter send what a sample was sent. One language serves both directions: the
 * operation's inputs are read out of the sample's request as if they were an output. Undefined where they cannot be.
 */
export async function sampleRequest(
  adapter: AdapterDefinition,
  name: string,
  request: SampleSide | undefined,
): Promise<WorkbenchRequest | undefined> {
  const operation = adapter.operations[name];
  if (operation === undefined) return undefined;
  const values = request === undefined ? {} : await readInputs(adapter, operation, request);
  if (values === undefined) return undefined;
  const pairs = Object.entries(consumerValues(values, operation.input)).map(
    ([input, value]) => `${input}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return requestOf(operation, pairs);
}

async function readInputs(
  adapter: AdapterDefinition,
  operation: OperationDefinition,
  { message }: SampleSide,
): Promise<JsonObject | undefined> {
  const given = Object.entries(operation.input).filter(([, field]) => isGiven(field));
  const isInHeader = ([, field]: [string, Field]) => 'at' in field && field.at?.startsWith('^') === true;
  const fields = Object.fromEntries(given.filter((entry) => !isInHeader(entry)));
  const reading: OperationDefinition = {
    ...{ method: 'get', path: '/request', summary: 'request', ...(operation.via && { via: operation.via }) },
    ...{ call: readingCall(operation.call), input: {}, output: { type: 'record', fields } },
  };
  const reply = { status: 200, contentType: message.contentType ?? 'text/xml', bytes: new Uint8Array(message.bytes) };
  const reader = { ...adapter, operations: { request: reading } };
  const { status, answer } = await tryOperation(
    reader,
    'request',
    { method: 'GET', path: '/request' },
    {},
    async () => reply,
  );
  if (status >= 400) return undefined;
  // what stands in the SOAP header is not read: only credentials are inputs there
  const headers = given.filter(isInHeader).map(([input, field]) => [input, placeholder(field)]);
  return { ...Object.fromEntries(headers), ...(answer as JsonObject) };
}

/** Constants and parts of the exchange are not the consumer's to give. */
function isGiven(field: Field): boolean {
  return field.type !== 'constant' && !('exchange' in field);
}

function readingCall(call: SoapCall | HttpCall): SoapCall | HttpCall {
  if (!('operation' in call)) return { get: '', ...(call.root === undefined ? {} : { answers: call.root }) };
  const { operation, request = operation, namespace } = call;
  return { operation, response: request, ...(namespace === undefined ? {} : { namespace }) };
}

function placeholder(field: Field): JsonValue {
  if (field.type !== 'record') return INSTEAD_OF_SECRET;
  return Object.fromEntries(
    Object.entries(field.fields).flatMap(([name, inner]) => (isGiven(inner) ? [[name, placeholder(inner)]] : [])),
  );
}

/** What the consumer gives of what was read: no constants, and no credentials. */
function consumerValues(values: JsonObject, fields: Fields): JsonObject {
  const members = Object.entries(values).flatMap(([name, value]): [string, JsonValue][] => {
    const field = fields[name];
    const isKept = field !== undefined && isGiven(field) && value !== undefined;
    return isKept ? [[name, consumerValue(name, value, field)]] : [];
  });
  return Object.fromEntries(members);
}

function consumerValue(name: string, value: JsonValue, field: Field): JsonValue {
  if (field.type === 'text' && typeof value === 'string' && holdsSecret({ [name]: field })) return INSTEAD_OF_SECRET;
  if (field.type === 'record' && isObject(value)) return consumerValues(value, field.fields);
  if (field.type !== 'list' || !Array.isArray(value)) return value;
  return value.map((item) => consumerValue(name, item, field.items));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
