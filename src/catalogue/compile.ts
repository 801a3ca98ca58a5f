import { type ClientRules, parseAllowList } from '../model/allow-list.ts';
import type { CompiledCall, CompiledMapping, Format, MappingPart, Report } from '../model/contracts.ts';
import type { AdapterDefinition, Endpoint, FormatName, OperationDefinition } from '../model/definition.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from '../model/limits.ts';
import { type PathTemplate, parsePathTemplate } from '../model/route.ts';
import { reportCacheRule, reportEndpointGuards } from './report-guards.ts';

/** One mistake of a definition: the adapter, the place inside it, and what is wrong in plain words. */
export interface DefinitionMistake {
  readonly adapter: string;
  readonly place: string;
  readonly message: string;
}

/** Thrown at start when definitions have mistakes: all of them at once. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly mistakes: readonly DefinitionMistake[];

  constructor(mistakes: readonly DefinitionMistake[]) {
    const lines = mistakes.map(({ adapter, place, message }) => `  ${adapter}: ${place}: ${message}`);
    super(`Adapter definitions have ${mistakes.length} mistake(s):\n${lines.join('\n')}`);
    this.mistakes = mistakes;
  }
}

export interface CompiledOperation {
  readonly name: string;
  readonly definition: OperationDefinition;
  readonly template: PathTemplate;
  /** The endpoint and its name in the definition. */
  readonly endpoint: Endpoint;
  readonly endpointName: string;
  /** Inputs that are no path parameters travel in the JSON body. */
  readonly inBody: boolean;
  readonly mapping: CompiledMapping;
  readonly call: CompiledCall;
  readonly limits: AdapterLimits;
  /** It changes nothing, so that a call may be repeated and an answer kept. */
  readonly safe: boolean;
  readonly clientRules: ClientRules;
}

export interface CompiledAdapter {
  readonly definition: AdapterDefinition;
  readonly operations: readonly CompiledOperation[];
}

export type Catalogue = ReadonlyMap<string, CompiledAdapter>;

/** The stages that compile their own part; passed in, because stages do not know each other. */
export interface CompileTools {
  readonly formats: Readonly<Record<FormatName, Format>>;
  readonly compileMapping: (part: MappingPart, report: Report) => CompiledMapping;
}

/** Compiles every adapter. Throws DefinitionError with every mistake of every adapter. */
export function compileCatalogue(adapters: readonly AdapterDefinition[], tools: CompileTools): Catalogue {
  const mistakes: DefinitionMistake[] = [];
  const catalogue = new Map<string, CompiledAdapter>();
  for (const definition of adapters) {
    const report: Report = (place, message) => mistakes.push({ adapter: definition.name, place, message });
    if (catalogue.has(definition.name)) report('name', 'Two adapters have this name');
    catalogue.set(definition.name, compileAdapter(definition, tools, report));
  }
  if (mistakes.length > 0) throw new DefinitionError(mistakes);
  return catalogue;
}

/** The characters that every X-Road release takes in a service code, without the underscore that strict checks refuse (contract 5). */
const SERVICE_CODE = /^[a-z][a-z0-9-]*$/i;

function compileAdapter(definition: AdapterDefinition, tools: CompileTools, report: Report): CompiledAdapter {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) {
    report('name', 'A name has lower-case letters, digits and hyphens, and starts with a letter');
  }
  if (OWN_NAMES.includes(definition.name))
    report('name', `The name ${definition.name} is one of the adapter's own paths`);
  if (definition.serviceCode !== undefined && !SERVICE_CODE.test(definition.serviceCode)) {
    report('serviceCode', 'A service code has letters, digits and hyphens: security servers refuse others');
  }
  const operations: CompiledOperation[] = [];
  for (const [name, operation] of Object.entries(definition.operations)) {
    const compiled = compileOperation(name, operation, definition, tools, (place, message) =>
      report(place === '' ? `operations.${name}` : `operations.${name}.${place}`, message),
    );
    if (compiled !== undefined) operations.push(compiled);
  }
  if (Object.keys(definition.operations).length === 0) report('operations', 'An adapter offers at least one operation');
  reportSameRoutes(operations, report);
  reportEndpointGuards(definition, report);
  return { definition, operations: operations.sort(literalFirst) };
}

function compileOperation(
  name: string,
  definition: OperationDefinition,
  adapter: AdapterDefinition,
  tools: CompileTools,
  report: Report,
): CompiledOperation | undefined {
  const template = templateOf(definition.path, report);
  const endpointName = definition.via ?? Object.keys(adapter.legacy)[0] ?? '';
  const endpoint = adapter.legacy[endpointName];
  if (endpoint === undefined) {
    report(
      'via',
      `No endpoint ${JSON.stringify(endpointName)} in legacy: there are ${Object.keys(adapter.legacy).join(', ')}`,
    );
    return undefined;
  }
  const format = tools.formats[endpoint.format];
  const limits = { ...DEFAULT_LIMITS, ...adapter.limits, ...definition.limits };
  reportBadLimits(limits, report);
  const inBody = definition.method !== 'get' && definition.method !== 'delete';
  const pathParameters = template.flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  const mapping = tools.compileMapping(
    {
      input: definition.input,
      output: definition.output,
      problems: definition.problems ?? [],
      pathParameters,
      inBody,
      rows: format.rows,
      setAside: 'badRows' in endpoint && endpoint.badRows === 'setAside',
      limits,
    },
    report,
  );
  const call = format.compile(
    {
      endpoint,
      call: definition.call,
      request: mapping.request,
      response: mapping.response,
      details: mapping.details,
      limits,
    },
    report,
  );
  reportBadIdempotencyKey(definition, pathParameters, report);
  const clientRules = parseAllowList(definition.allow ?? adapter.allow ?? {}, (place, message) =>
    report(`allow.${place}`, message),
  );
  const safe = definition.safe ?? definition.method === 'get';
  reportCacheRule(definition, safe, report);
  return { name, definition, template, endpoint, endpointName, inBody, mapping, call, limits, safe, clientRules };
}

/** Repeats are told by one value that is always there. */
function reportBadIdempotencyKey(
  { method, idempotencyKey, input }: OperationDefinition,
  pathParameters: readonly string[],
  report: Report,
): void {
  if (idempotencyKey === undefined) return;
  if (method === 'get') report('idempotencyKey', 'GET changes nothing, so it needs no idempotency key');
  if (typeof idempotencyKey === 'string') return;
  const field = input[idempotencyKey.input];
  if (field === undefined) report('idempotencyKey', `There is no input ${idempotencyKey.input}`);
  else if (['record', 'list', 'choice', 'constant'].includes(field.type) || 'optional' in field || 'default' in field) {
    report('idempotencyKey', `The input ${idempotencyKey.input} is not a single value that is always there`);
  }
  if (method === 'delete' && !pathParameters.includes(idempotencyKey.input)) {
    report('idempotencyKey', 'DELETE takes its key from the path or from a header');
  }
}

function templateOf(path: string, report: Report): PathTemplate {
  try {
    return parsePathTemplate(path);
  } catch (error) {
    report('path', error instanceof Error ? error.message : String(error));
    return [];
  }
}

function reportBadLimits(limits: AdapterLimits, report: Report): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value <= 0) report(`limits.${name}`, 'A limit is a whole number above zero');
  }
}

function shapeOf({ template }: CompiledOperation): string {
  return `/${template.map((part) => ('parameter' in part ? '{}' : part.literal)).join('/')}`;
}

/** Two operations of one route, or paths of one shape whose parameters have different names, which OpenAPI forbids. */
function reportSameRoutes(operations: readonly CompiledOperation[], report: Report): void {
  const routes = new Map<string, CompiledOperation>();
  const shapes = new Map<string, CompiledOperation>();
  for (const operation of operations) {
    const { method, path } = operation.definition;
    const route = `${method} ${shapeOf(operation)}`;
    const place = `operations.${operation.name}.path`;
    const [sameRoute, sameShape] = [routes.get(route), shapes.get(shapeOf(operation))];
    if (sameRoute !== undefined) report(place, `${route} is the route of ${sameRoute.name} as well`);
    else if (sameShape !== undefined && sameShape.definition.path !== path) {
      report(
        place,
        `The path differs from that of ${sameShape.name} in its parameters' names only: give them the same names`,
      );
    }
    routes.set(route, operation);
    if (sameShape === undefined) shapes.set(shapeOf(operation), operation);
    if (OWN_PATHS.includes(path)) report(place, 'The path is one that every adapter offers itself');
  }
}

/** What stands beside the adapters. */
const OWN_NAMES = ['health', 'ready', 'metrics'];

/** What an adapter's service URL offers besides its operations. */
const OWN_PATHS = ['/openapi.json', '/.well-known/jwks.json'];

/** `/companies/new` is tried before `/companies/{id}`, however the definition orders them. */
function literalFirst(a: CompiledOperation, b: CompiledOperation): number {
  for (const [index, part] of a.template.entries()) {
    const other = b.template[index];
    if (other === undefined || 'literal' in part === 'literal' in other) continue;
    return 'literal' in part ? -1 : 1;
  }
  return 0;
}
