import { isRequired } from '../../exchange/rest/openapi/schema.ts';
import type { AdapterDefinition, Method, OperationDefinition } from '../../model/definition.ts';
import { printValue } from '../draft/print/print-value.ts';
import { camelCase } from '../draft/wsdl/names.ts';
import { objectType, outputType, parameters } from './print-types.ts';

/** The source of a client for one adapter's consumers: types of every operation, and a method for each. Stable. */
export function printClient(adapter: AdapterDefinition): string {
  const name = pascalCase(adapter.name);
  const operations = Object.entries(adapter.operations).map(([key, operation]) => ({
    ...{ key, operation, method: camelCase(key, 'operation') },
    type: pascalCase(key),
  }));
  const types = operations.map(({ operation, type }) => printOperationTypes(operation, type, adapter));
  const methods = operations.map(({ operation, method, type }) => printMethod(operation, method, type, adapter));
  return `// Written by "spean types ${adapter.name}": write it anew rather than changing it.
import { type Answer, type CallHeaders, XRoadClient, type XRoadClientOptions } from './xroad-client.ts';

${types.join('\n')}
/** ${comment(adapter.title)} */
export class ${name}Client {
  readonly #service: XRoadClient;

  constructor(options: XRoadClientOptions) {
    this.#service = new XRoadClient(options, ${printValue(adapter.serviceCode ?? adapter.name)});
  }

${methods.join('\n')}}
`;
}

function printOperationTypes(
  { method, input, output, via }: OperationDefinition,
  type: string,
  { legacy }: AdapterDefinition,
): string {
  const endpoint = legacy[via ?? Object.keys(legacy)[0] ?? ''];
  const setAside = endpoint !== undefined && 'badRows' in endpoint && endpoint.badRows === 'setAside';
  return `export type ${type}Input = ${objectType(inBody(method) ? input : parameters(input), 'input')};\n\nexport type ${type}Answer = ${outputType(output, setAside)};\n`;
}

function inBody(method: Method): boolean {
  return method !== 'get' && method !== 'delete';
}

function printMethod(
  operation: OperationDefinition,
  method: string,
  type: string,
  { envelope }: AdapterDefinition,
): string {
  const { path } = operation;
  const signed = envelope !== 'off';
  const route = { method: operation.method.toUpperCase(), path, inBody: inBody(operation.method), signed };
  const problems = (operation.problems ?? []).map(
    ({ status, title }) => `${status}${title === undefined ? '' : ` ${title}`}`,
  );
  const said = problems.length === 0 ? '' : `. Problems of its own: ${problems.join('; ')}`;
  return `  /** ${comment(operation.summary + said)} */
  ${method}(input: ${type}Input, ${headersParameter(operation)}): Promise<Answer<${type}Answer>> {
    return this.#service.call(${printValue(route)}, input, headers);
  }
`;
}

/** Headers without which the operation refuses every call have to be given. */
function headersParameter({ input, idempotencyKey }: OperationDefinition): string {
  const parts = Object.values(input).filter((field) => 'exchange' in field && isRequired(field, 'input'));
  const needed = HEADER_PARTS.filter((part) => parts.some((field) => 'exchange' in field && field.exchange === part));
  const names = [...(idempotencyKey === 'Idempotency-Key' ? ['idempotencyKey'] : []), ...needed];
  if (names.length === 0) return 'headers?: CallHeaders';
  return `headers: CallHeaders & Required<Pick<CallHeaders, ${names.map((name) => printValue(name)).join(' | ')}>>`;
}

/** Parts of the exchange that a consumer gives; the others are there in every call. */
const HEADER_PARTS = ['userId', 'issue', 'representedParty'] as const;

function comment(text: string): string {
  return text.replaceAll('*/', '* /').replace(/\s+/g, ' ');
}

function pascalCase(name: string): string {
  const camel = camelCase(name, 'service');
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
