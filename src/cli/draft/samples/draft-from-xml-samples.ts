import type { AdapterDefinition, Auth, Endpoint, OperationDefinition } from '../../../model/definition.ts';
import { CommandError } from '../../shell.ts';
import type { Draft } from '../draft.ts';
import { camelCase, UniqueNames } from '../wsdl/names.ts';
import { Notes } from '../wsdl/notes.ts';
import { RouteTable } from '../wsdl/routes.ts';
import type { SourceElement } from '../wsdl/source-element.ts';
import { type ElementsForm, PrefixTable } from '../wsdl/step-names.ts';
import { draftSampleOperation } from './draft-sample-operation.ts';
import { isSecurityHeader, readAuth } from './request-auth.ts';
import { sampleExamples } from './sample-examples.ts';
import { readSampleExchange, type SampleExchange, type XmlSample } from './sample-exchange.ts';
import { groupSamples, type SampleOperation } from './sample-operations.ts';

export type { XmlSample } from './sample-exchange.ts';

export interface XmlSamplesOptions {
  /** The adapter's name. */
  readonly name: string;
}

/**
 * Drafts an adapter from samples of requests and answers, SOAP or plain XML, without a WSDL: the structure is what all
 * samples of an operation have together, and every sample becomes an example that the draft itself has answered. What
 * had to be guessed is in the draft's questions, what cannot be expressed in `unsupported`, each with file and line.
 *
 * Throws CommandError where no sample can be read, and where all of them are faults.
 */
export async function draftFromXmlSamples(samples: readonly XmlSample[], { name }: XmlSamplesOptions): Promise<Draft> {
  const notes = new Notes();
  const exchanges = readAll(samples, notes);
  const { operations, faultsOnly } = groupSamples(exchanges);
  if (operations.length === 0) {
    throw new CommandError(`${samples[0]?.name}: All samples are faults: at least one answer is needed`);
  }
  for (const { name: sample, response } of faultsOnly) {
    notes.cannot(response.content.place, `sample ${sample}`, 'Nothing but a fault is known of its operation: left out');
  }
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const drafted = draftAll(operations, exchanges, prefix, notes);
  const definition = { name, title: titleOf(name), legacy: drafted.legacy, operations: drafted.operations };
  const examples = await sampleExamples(definition, drafted.samples, notes);
  return { definition, questions: notes.questions, unsupported: notes.unsupported, examples };
}

/** What cannot be read is told; nothing is left only where that is so of all samples. */
function readAll(samples: readonly XmlSample[], notes: Notes): readonly SampleExchange[] {
  const reasons: string[] = [];
  const exchanges = samples.flatMap((sample) => {
    try {
      return [readSampleExchange(sample)];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      reasons.push(error.message);
      notes.cannot(sample.name, 'sample', `Left out. ${error.message}`);
      return [];
    }
  });
  if (exchanges.length === 0) throw new CommandError(reasons.join('\n') || 'There is no sample to draft from');
  return exchanges;
}

/** The name that `defineAdapter` gives the one endpoint of an adapter. */
const ONLY_ENDPOINT = 'legacy';

function draftAll(
  operations: readonly SampleOperation[],
  exchanges: readonly SampleExchange[],
  prefix: string,
  notes: Notes,
): Pick<AdapterDefinition, 'legacy' | 'operations'> & { readonly samples: ReadonlyMap<string, SampleOperation> } {
  const prefixes = new PrefixTable(preferredPrefixes(exchanges));
  const routes = new RouteTable(notes);
  const names = new UniqueNames();
  const endpoints = Map.groupBy(operations, endpointName);
  const drafted: Record<string, OperationDefinition> = {};
  const samples = new Map<string, SampleOperation>();
  const shapes: Record<string, ReturnType<typeof endpointShape>> = {};
  for (const [endpoint, own] of endpoints) {
    const shape = endpointShape(own, prefix, notes);
    shapes[endpoints.size === 1 ? ONLY_ENDPOINT : endpoint] = shape;
    for (const operation of own) {
      const name = names.take(camelCase(operation.name, 'operation'));
      samples.set(name, operation);
      const several = own.length > 1;
      const definition = draftSampleOperation(operation, name, { ...shape, prefixes, routes, notes, several });
      const { method, path, summary, ...rest } = definition;
      drafted[name] = { method, path, summary, ...(endpoints.size > 1 ? { via: endpoint } : {}), ...rest };
    }
  }
  notes.ask(
    'legacy.endpoint',
    `At which URL does the adapter reach the system? It is the variable ${prefix}_URL`,
    'No sample tells',
  );
  const legacy = Object.entries(shapes).map(([name, shape]) => [name, endpointOf(shape, prefixes, prefix)]);
  return { legacy: Object.fromEntries(legacy), operations: drafted, samples };
}

function endpointName({ version }: SampleOperation): string {
  return version === undefined ? 'xml' : `soap${version.name.replace('.', '')}`;
}

interface EndpointShape {
  readonly version: SampleOperation['version'];
  readonly form: ElementsForm;
  readonly namespace: string;
  readonly auth: Auth | undefined;
}

function endpointShape(operations: readonly SampleOperation[], prefix: string, notes: Notes): EndpointShape {
  const requests = operations.flatMap((operation) => operation.requests);
  const headers = requests.flatMap(({ soap }) => soap?.headers ?? []);
  const version = operations[0]?.version;
  const written = [...requests.map(({ content }) => content), ...headers.filter((block) => !isSecurityHeader(block))];
  const plain = written.find((element) => element.children.some(hasPlainElement));
  const roots = operations.map(({ requests: [request], answers: [answer] }) => (request ?? answer).content.namespace);
  const [most = ''] = [...Map.groupBy(roots, (root) => root)].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  // plain XML has one default namespace for all calls; SOAP calls may name their own
  const mixed = version === undefined && requests.some(({ content }) => content.namespace !== most);
  const form = plain !== undefined || mixed ? 'unqualified' : 'qualified';
  const namespace = version === undefined && (form === 'unqualified' || requests.length === 0) ? '' : most;
  if (requests.length > 0 && version !== undefined) askAboutForm(form, plain, notes);
  return { version, form, namespace, auth: readAuth(headers, prefix, notes) };
}

function hasPlainElement(element: SourceElement): boolean {
  return element.namespace === '' || element.children.some(hasPlainElement);
}

function askAboutForm(form: ElementsForm, plain: SourceElement | undefined, notes: Notes): void {
  const evidence =
    plain === undefined
      ? 'every element of the requests has a namespace'
      : `elements without a namespace inside ${plain.local} (${plain.place})`;
  notes.ask(
    'legacy',
    'Is the style document or rpc? Literal requests of both look the same',
    form === 'qualified' ? 'Document, elements qualified' : 'Document, elements unqualified, as rpc writes its parts',
    evidence,
  );
}

function endpointOf(
  { version, form, namespace, auth }: EndpointShape,
  prefixes: PrefixTable,
  prefix: string,
): Endpoint {
  const { namespaces } = prefixes;
  const common = {
    endpoint: { from: 'variable', name: `${prefix}_URL` },
    ...(Object.keys(namespaces).length === 0 ? {} : { namespaces }),
  } as const;
  if (version === undefined) return { format: 'xml', ...common, ...(namespace === '' ? {} : { namespace }) };
  return {
    ...{ format: 'soap', ...common, namespace },
    ...(version.name === '1.1' ? {} : { version: version.name }),
    ...(form === 'qualified' ? {} : { elements: form }),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** Namespace name → the first prefix that a sample uses for it. */
function preferredPrefixes(exchanges: readonly SampleExchange[]): ReadonlyMap<string, string> {
  const sides = exchanges.flatMap(({ request, response }) => [...(request === undefined ? [] : [request]), response]);
  return new Map(sides.flatMap(({ message }) => [...message.prefixes]).reverse());
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
