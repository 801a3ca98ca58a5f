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
  /** The fields. Throws DefinitionError where it is compiled only now, and has mistakes; so does `call`. */
  readonly mapping: CompiledMapping;
  readonly call: CompiledCall;
  readonly limits: AdapterLimits;
  /** It changes nothing, so that a call may be repeated and an answer kept. */
  readonly safe: boolean;
  readonly clientRules: ClientRules;
}

export interface CompiledAdapter {
  readonly definition: AdapterDefinition;
  /** Throws DefinitionError where they are compiled only now, and have mistakes. */
  readonly operations: readonly CompiledOperation[];
}

export type Catalogue = ReadonlyMap<string, CompiledAdapter>;

/** The stages that compile their own part; passed in, because stages do not know each other. */
export interface CompileTools {
  readonly formats: Readonly<Record<FormatName, Format>>;
  readonly compileMapping: (part: MappingPart, report: Report) => CompiledMapping;
}

/**
 * When an adapter is compiled: at once, or its routes with its first call and each operation's fields with that of the
 * operation, so that a start costs no more for many adapters. Names are always looked at.
 */
export type CompileWhen = 'atOnce' | 'whenCalled';

/** Compiles every adapter. Throws DefinitionError with every mistake of every adapter. */
export function compileCatalogue(
  adapters: readonly AdapterDefinition[],
  tools: CompileTools,
  when: CompileWhen = 'atOnce',
): Catalogue {
  const mistakes: DefinitionMistake[] = [];
  const catalogue = new Map<string, CompiledAdapter>();
  for (const definition of adapters) {
    const report: Report = (place, message) => mistakes.push({ adapter: definition.name, place, message });
    if (catalogue.has(definition.name)) report('name', 'Two adapters have this name');
    catalogue.set(definition.name, compileAdapter(definition, tools, when, report));
  }
  if (mistakes.length > 0) throw new DefinitionError(mistakes);
  return catalogue;
}

/** Compiles what is not compiled yet, and gives every mistake that it finds. */
export function mistakesOf(catalogue: Catalogue): readonly DefinitionMistake[] {
  const mistakes: DefinitionMistake[] = [];
  const attempt = <T>(compile: () => T): T | undefined => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      mistakes.push(...error.mistakes);
      return undefined;
    }
  };
  for (const adapter of catalogue.values()) {
    for (const operation of attempt(() => adapter.operations) ?? []) attempt(() => operation.call);
  }
  return mistakes;
}

/** Gives what is compiled: at once, its mistakes reported, or when it is first asked for, its mistakes thrown. */
function compiledPart<T>(adapter: string, when: CompileWhen, compile: (report: Report) => T, report: Report): () => T {
  let compiled = when === 'atOnce' ? compile(report) : undefined;
  return () => {
    compiled ??= compiledOrThrow(adapter, compile);
    return compiled;
  };
}

function compiledOrThrow<T>(adapter: string, compile: (report: Report) => T): T {
  const mistakes: DefinitionMistake[] = [];
  const compiled = compile((place, message) => mistakes.push({ adapter, place, message }));
  if (mistakes.length > 0) throw new DefinitionError(mistakes);
  return compiled;
}

/** The characters that every X-Road release takes in a service code, without the underscore that strict checks refuse (contract 5). */
const SERVICE_CODE = /^[a-z][a-z0-9-]*$/i;

function compileAdapter(
  definition: AdapterDefinition,
  tools: CompileTools,
  when: CompileWhen,
  report: Report,
): CompiledAdapter {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) {
    report('name', 'A name has lower-case letters, digits and hyphens, and starts with a letter');
  }
  if (OWN_NAMES.includes(definition.name))
    report('name', `The name ${definition.name} is one of the adapter's own paths`);
  if (definition.serviceCode !== undefined && !SERVICE_CODE.test(definition.serviceCode)) {
    report('serviceCode', 'A service code has letters, digits and hyphens: security servers refuse others');
  }
  const operations = compiledPart(
    definition.name,
    when,
    (reportHere) => compileOperations(definition, tools, when, reportHere),
    report,
  );
  return {
    definition,
    get operations() {
      return operations();
    },
  };
}

function compileOperations(
  definition: AdapterDefinition,
  tools: CompileTools,
  when: CompileWhen,
  report: Report,
): readonly CompiledOperation[] {
  const operations: CompiledOperation[] = [];
  for (const [name, operation] of Object.entries(definition.operations)) {
    const compiled = compileOperation({ name, definition: operation, adapter: definition, tools, when }, report);
    if (compiled !== undefined) operations.push(compiled);
  }
  if (Object.keys(definition.operations).length === 0) report('operations', 'An adapter offers at least one operation');
  reportSameRoutes(operations, report);
  reportEndpointGuards(definition, report);
  return operations.sort(literalFirst);
}

interface OperationPart {
  readonly name: string;
  readonly definition: OperationDefinition;
  readonly adapter: AdapterDefinition;
  readonly tools: CompileTools;
  readonly when: CompileWhen;
}

function compileOperation(part: OperationPart, reportAdapter: Report): CompiledOperation | undefined {
  const { name, definition, adapter, when } = part;
  const report = reportOperation(name, reportAdapter);
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
  const limits = limitsOf(adapter.limits, definition.limits, report);
  const inBody = definition.method !== 'get' && definition.method !== 'delete';
  const pathParameters = template.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : []));
  const parts = compiledPart(
    adapter.name,
    when,
    (reportHere) => compileParts(part, { endpoint, limits, inBody, pathParameters }, reportOperation(name, reportHere)),
    reportAdapter,
  );
  reportBadIdempotencyKey(definition, pathParameters, report);
  const clientRules = parseAllowList(definition.allow ?? adapter.allow ?? {}, (place, message) =>
    report(`allow.${place}`, message),
  );
  const safe = definition.safe ?? definition.method === 'get';
  reportCacheRule(definition, safe, report);
  return {
    ...{ name, definition, template, endpoint, endpointName, inBody, limits, safe, clientRules },
    get mapping() {
      return parts().mapping;
    },
    get call() {
      return parts().call;
    },
  };
}

function reportOperation(name: string, report: Report): Report {
  return (place, message) => report(place === '' ? `operations.${name}` : `operations.${name}.${place}`, message);
}

type OperationParts = Pick<CompiledOperation, 'mapping' | 'call'>;

interface ExchangePart extends Pick<CompiledOperation, 'endpoint' | 'limits' | 'inBody'> {
  readonly pathParameters: readonly string[];
}

function compileParts(
  { definition, tools }: OperationPart,
  { endpoint, limits, inBody, pathParameters }: ExchangePart,
  report: Report,
): OperationParts {
  const format = tools.formats[endpoint.format];
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
  const { request, response, details } = mapping;
  const call = format.compile({ endpoint, call: definition.call, request, response, details, limits }, report);
  return { mapping, call };
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

function limitsOf(
  ofAdapter: Partial<AdapterLimits> | undefined,
  ofOperation: Partial<AdapterLimits> | undefined,
  report: Report,
): AdapterLimits {
  if (ofAdapter === undefined && ofOperation === undefined) return DEFAULT_LIMITS;
  const limits = { ...DEFAULT_LIMITS, ...ofAdapter, ...ofOperation };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value <= 0) report(`limits.${name}`, 'A limit is a whole number above zero');
  }
  return limits;
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
