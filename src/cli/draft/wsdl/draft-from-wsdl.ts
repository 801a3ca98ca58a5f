import type { OperationDefinition, SoapEndpoint } from '../../../model/definition.ts';
import { CommandError } from '../../shell.ts';
import type { Draft } from '../draft.ts';
import { choosePort, type PortWish, type SoapPort } from './choose-port.ts';
import { draftOperation, type OperationDrafting } from './draft-operation.ts';
import { type DocumentLimits, loadDocuments, type WsdlDocuments, type WsdlSource } from './load-documents.ts';
import { type MessageBody, messageBody } from './message-body.ts';
import { camelCase, UniqueNames, wordsOf } from './names.ts';
import { Notes, UnsupportedError } from './notes.ts';
import { readDemands } from './policy.ts';
import { RouteTable } from './routes.ts';
import { SchemaSet } from './schema-set.ts';
import { type ElementsForm, PrefixTable } from './step-names.ts';
import { indexWsdl, type WsdlIndex } from './wsdl-index.ts';
import { boundOperations, readOperation, type Style, type WsdlOperation } from './wsdl-operations.ts';

export type { WsdlSource } from './load-documents.ts';

export interface WsdlDraftOptions extends PortWish {
  /** The adapter's name. */
  readonly name: string;
  readonly limits?: DocumentLimits;
}

/**
 * Drafts an adapter from a WSDL 1.1 and all that it imports: SOAP 1.1 and 1.2 over HTTP, document and rpc, literal.
 * What had to be guessed is in the draft's questions, what cannot be expressed in `unsupported`, each with its place.
 *
 * Throws CommandError with file and line for documents that cannot be read, for a WSDL without a SOAP port, and where
 * not one operation can be drafted.
 */
export async function draftFromWsdl(source: WsdlSource, options: WsdlDraftOptions): Promise<Draft> {
  try {
    return await draftDocuments(source, options);
  } catch (error) {
    throw error instanceof UnsupportedError ? new CommandError(error.message) : error;
  }
}

async function draftDocuments(source: WsdlSource, options: WsdlDraftOptions): Promise<Draft> {
  const loading = new Notes();
  const documents = await loadDocuments(source, loading, options.limits);
  const index = indexWsdl(documents.definitions, loading);
  const port = choosePort(index, options, loading);
  // elements without a namespace change how all names of an endpoint are written, and show only while fields are drafted
  const drafted =
    draftAll(documents, index, port, options.name, 'qualified') ??
    draftAll(documents, index, port, options.name, 'unqualified');
  if (drafted === undefined) throw new CommandError(`${port.binding.element.place}: The binding cannot be drafted`);
  return {
    ...drafted,
    questions: [...loading.questions, ...drafted.questions],
    unsupported: [...loading.unsupported, ...drafted.unsupported],
    examples: [],
  };
}

type Drafted = Omit<Draft, 'examples'>;

/** Drafts the adapter with names of this form; undefined where an element without a namespace asks for the other one. */
function draftAll(
  documents: WsdlDocuments,
  index: WsdlIndex,
  port: SoapPort,
  name: string,
  form: ElementsForm,
): Drafted | undefined {
  const notes = new Notes();
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const demands = readDemands(documents.definitions, prefix, notes);
  const prefixes = new PrefixTable(documents.prefixes);
  const reading = { schemas: new SchemaSet(documents.schemas, documents.missing, notes), notes };
  /** What left whole operations out: the reasons of a refusal, where none is left. */
  const stops = new Notes();
  const operations = readOperations(port, index, notes, stops);
  const targetNamespace = port.binding.name.namespace;
  let qualifiedOnly = true;
  const shared = {
    ...{ reading, prefixes, demands, form, targetNamespace, location: port.location },
    routes: new RouteTable(notes),
    reportUnqualified: () => {
      qualifiedOnly = false;
    },
  };
  const styles = [...new Set(operations.map(({ style }) => style))];
  const endpoints = new Map(styles.map((style) => [style, namespaceOfCalls(operations, style, shared)]));
  const drafted = draftEach(
    operations,
    (operation) => ({ ...shared, endpointNamespace: endpoints.get(operation.style) ?? '' }),
    styles.length > 1,
    stops,
  );
  if (!qualifiedOnly && form === 'qualified') return undefined;
  requireOperations(drafted, port, stops);
  askAboutLocation(port, `${prefix}_URL`, notes);
  const { namespaces } = prefixes;
  const legacy = Object.fromEntries(
    styles.map((style) => {
      const endpoint = endpointOf(style, endpoints.get(style) ?? '', port, prefix, { form, namespaces, demands });
      return [styles.length === 1 ? ONLY_ENDPOINT : style, endpoint];
    }),
  );
  const definition = { name, title: titleOf(port), legacy, operations: drafted };
  return { definition, questions: notes.questions, unsupported: [...stops.unsupported, ...notes.unsupported] };
}

/** The name that `defineAdapter` gives the one endpoint of an adapter. */
const ONLY_ENDPOINT = 'legacy';

function readOperations(port: SoapPort, index: WsdlIndex, notes: Notes, stops: Notes): readonly WsdlOperation[] {
  return boundOperations(port, index, notes).flatMap((bound) =>
    stops.orLeftOut<WsdlOperation[]>(
      [],
      () => [readOperation(bound, port, index, notes)],
      bound.attributes.get('name'),
    ),
  );
}

/** The namespace that most request elements have, so that calls seldom name their own. */
function namespaceOfCalls(
  operations: readonly WsdlOperation[],
  style: Style,
  { reading, targetNamespace }: Pick<OperationDrafting, 'reading' | 'targetNamespace'>,
): string {
  const counts = new Map<string, number>();
  for (const operation of operations) {
    if (operation.style !== style) continue;
    const silent = new Notes();
    const body = silent.orLeftOut<MessageBody | undefined>(undefined, () =>
      messageBody(operation, 'input', targetNamespace, { ...reading, notes: silent }),
    );
    if (body === undefined) continue;
    const { namespace } = body.wrapper;
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? targetNamespace;
}

function draftEach(
  operations: readonly WsdlOperation[],
  sharedOf: (operation: WsdlOperation) => OperationDrafting,
  several: boolean,
  stops: Notes,
): Record<string, OperationDefinition> {
  const names = new UniqueNames();
  const drafted: Record<string, OperationDefinition> = {};
  for (const operation of operations) {
    const shared = sharedOf(operation);
    const name = names.take(camelCase(operation.name, 'operation'));
    const definition = stops.orLeftOut<OperationDefinition | undefined>(
      undefined,
      () => draftOperation(operation, name, shared),
      operation.name,
    );
    if (definition === undefined) continue;
    const { method, path, summary, ...rest } = definition;
    drafted[name] = { method, path, summary, ...(several ? { via: operation.style } : {}), ...rest };
  }
  return drafted;
}

/** How many reasons a refusal lists. */
const MAX_REASONS = 5;

function requireOperations(drafted: object, { binding }: SoapPort, stops: Notes): void {
  if (Object.keys(drafted).length > 0) return;
  const reasons = stops.unsupported.map(
    ({ place, construct, consequence }) => `${place}: ${construct}: ${consequence}`,
  );
  const more = reasons.length > MAX_REASONS ? [`and ${reasons.length - MAX_REASONS} more`] : [];
  const list = reasons.length === 0 ? ['it has no operations'] : [...reasons.slice(0, MAX_REASONS), ...more];
  throw new CommandError(
    `${binding.element.place}: No operation of binding ${binding.name.local} can be drafted:\n${list.map((reason) => `  ${reason}`).join('\n')}`,
  );
}

function askAboutLocation({ location }: SoapPort, variable: string, notes: Notes): void {
  notes.ask(
    'legacy.endpoint',
    `At which URL does the adapter reach the system? It is the variable ${variable}`,
    location ?? 'The WSDL gives none',
  );
}

function titleOf({ service }: SoapPort): string {
  const words = wordsOf(service).join(' ');
  return words === '' ? service : words.charAt(0).toUpperCase() + words.slice(1);
}

function endpointOf(
  style: Style,
  namespace: string,
  { version }: SoapPort,
  prefix: string,
  { form, namespaces, demands }: Pick<OperationDrafting, 'form' | 'demands'> & Pick<SoapEndpoint, 'namespaces'>,
): SoapEndpoint {
  return {
    format: 'soap',
    endpoint: { from: 'variable', name: `${prefix}_URL` },
    namespace,
    ...(namespaces === undefined || Object.keys(namespaces).length === 0 ? {} : { namespaces }),
    ...(version === '1.1' ? {} : { version }),
    ...(style === 'document' ? {} : { style }),
    ...(style === 'document' && form === 'unqualified' ? { elements: form } : {}),
    ...(demands.auth === undefined ? {} : { auth: demands.auth }),
  };
}
