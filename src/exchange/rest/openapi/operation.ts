import type { AdapterDefinition, OperationDefinition } from '../../../model/definition.ts';
import type { ExchangePart, Field, Fields } from '../../../model/field.ts';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import { parsePathTemplate } from '../../../model/route.ts';
import { HEADER_CHARACTERS, IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY_CHARACTERS, SIGNATURE_HEADER } from '../headers.ts';
import { compact } from './compact.ts';
import { ENVELOPE_PARAMETERS, PARAMETERS } from './components.ts';
import { signedContent } from './envelope-content.ts';
import { fieldExample, objectExample, outputExample } from './example.ts';
import { problemResponses } from './problem-responses.ts';
import { fieldSchema, isMember, isRequired, type NamedParts, objectSchema, outputSchema, type Spot } from './schema.ts';

/** The Operation Object of one operation (OpenAPI 3.0.3, 4.7.10); what it needs by name is added to `parts`. */
export function operationObject(
  name: string,
  operation: OperationDefinition,
  adapter: AdapterDefinition,
  parts: NamedParts,
): JsonObject {
  const mode = adapter.envelope ?? 'negotiate';
  const inBody = operation.method !== 'get' && operation.method !== 'delete';
  const { inPath, others } = splitInput(operation);
  const spot: Spot = { direction: 'input', place: `${name}.input`, parts };
  const parameters = [
    ...Object.entries(inPath).map(([field, data]) => parameter(field, data, 'path', spot)),
    ...Object.entries(inBody ? {} : others).map(([field, data]) => parameter(field, data, 'query', spot)),
    ...headerReferences(mode !== 'off', neededParts(operation)),
    ...(operation.idempotencyKey === 'Idempotency-Key' ? [IDEMPOTENCY_PARAMETER] : []),
    ...(operation.signedRequest === undefined ? [] : [signatureParameter(operation.signedRequest, inBody)]),
  ];
  return compact({
    operationId: name,
    summary: operation.summary,
    description: operation.description,
    parameters,
    requestBody:
      inBody && Object.keys(others).length > 0 ? requestBody(others, spot, operation.signedRequest) : undefined,
    responses: {
      [String(operation.status ?? 200)]: answer(name, operation, adapter, parts),
      ...problemResponses(name, operation, mode, parts),
    },
  });
}

/** The headers that a consumer sends with every call, by reference; those that this operation needs stand in full. */
export function headerReferences(signed: boolean, needed: readonly ExchangePart[] = []): JsonObject[] {
  const required = needed.map((part) => HEADER_OF_PART[part]);
  return Object.entries({ ...PARAMETERS, ...(signed && ENVELOPE_PARAMETERS) }).map(([name, parameter]) =>
    required.includes(name) ? { ...parameter, required: true } : { $ref: `#/components/parameters/${name}` },
  );
}

const HEADER_OF_PART: Readonly<Partial<Record<ExchangePart, string>>> = {
  userId: 'XRoadUserId',
  issue: 'XRoadIssue',
  representedParty: 'XRoadRepresentedParty',
  messageId: 'XRoadId',
};

/** Parts of the exchange without which the operation cannot be called. */
function neededParts({ input }: OperationDefinition): ExchangePart[] {
  return Object.values(input).flatMap((field) =>
    'exchange' in field && field.exchange !== undefined && isRequired(field, 'input') ? [field.exchange] : [],
  );
}

/** The inputs that the path carries, in its order, and the others that a consumer sends. */
function splitInput({ path, input }: OperationDefinition): { readonly inPath: Fields; readonly others: Fields } {
  const names = parsePathTemplate(path).flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  const inPath = Object.entries(input)
    .filter(([name]) => names.includes(name))
    .sort(([a], [b]) => names.indexOf(a) - names.indexOf(b));
  const others = Object.entries(input).filter(([name, field]) => !names.includes(name) && isMember(field, 'input'));
  return { inPath: Object.fromEntries(inPath), others: Object.fromEntries(others) };
}

/** A parameter's text is never null; its description and example stand beside the schema, where tools look for them. */
function parameter(name: string, field: Field, where: 'path' | 'query', spot: Spot): JsonObject {
  const {
    description,
    example: _,
    title,
    nullable: __,
    ...schema
  } = fieldSchema(field, {
    ...spot,
    place: `${spot.place}.${name}`,
  });
  const isEmptied = field.type === 'list' && !field.minItems; // by leaving it out: a query says no otherwise
  return compact({
    name,
    in: where,
    description: description ?? title,
    required: where === 'path' || (isRequired(field, 'input') && !isEmptied) ? true : undefined,
    schema: compact(schema),
    example: fieldExample(field, 'input'),
  });
}

const IDEMPOTENCY_PARAMETER: JsonObject = {
  name: IDEMPOTENCY_HEADER,
  in: 'header',
  description: 'The same for every repeat of a write, and for nothing else: the write is carried out once.',
  required: true,
  schema: { type: 'string', maxLength: IDEMPOTENCY_KEY_CHARACTERS, pattern: '^[ -~]+$' },
};

/** The consumer's own signed request, where it does not travel as the body. */
function signatureParameter(policy: 'accepted' | 'required', inBody: boolean): JsonObject {
  return {
    name: SIGNATURE_HEADER,
    in: 'header',
    description: `The request signed by its consumer (typ xroad-request+jwt), beside the plain body${inBody ? '; or send it as the body' : ''}`,
    ...(policy === 'required' && !inBody && { required: true }),
    schema: { type: 'string', maxLength: HEADER_CHARACTERS },
  };
}

function requestBody(fields: Fields, spot: Spot, signed: OperationDefinition['signedRequest']): JsonObject {
  const required = Object.values(fields).some((field) => isRequired(field, 'input'));
  const schema = objectSchema(fields, spot);
  const document = compact({ schema, example: objectExample(fields, 'input') });
  const envelope = { schema: { type: 'string', description: 'The body inside the signed request of its consumer' } };
  const content = {
    'application/json': document,
    ...(signed !== undefined && { 'application/jose+json': envelope, 'application/jose': envelope }),
  };
  return compact({ required: required ? true : undefined, content });
}

function answer(
  name: string,
  operation: OperationDefinition,
  adapter: AdapterDefinition,
  parts: NamedParts,
): JsonObject {
  const endpoint = adapter.legacy[operation.via ?? Object.keys(adapter.legacy)[0] ?? ''];
  const setAside = endpoint !== undefined && 'badRows' in endpoint && endpoint.badRows === 'setAside';
  const { output } = operation;
  const spot: Spot = { direction: 'output', place: `${name}.output`, parts };
  const example: JsonValue | undefined = outputExample(output, setAside);
  const document = compact({ schema: outputSchema(output, setAside, spot), example });
  return {
    description: operation.summary,
    ...signedContent('application/json', document, adapter.envelope ?? 'negotiate'),
  };
}
