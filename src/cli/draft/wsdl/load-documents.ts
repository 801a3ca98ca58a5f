import { CommandError } from '../../shell.ts';
import type { Notes } from './notes.ts';
import { childrenNamed, readSourceTree, type SourceElement, type SourceTree } from './source-element.ts';
import { WSDL, WSDL_2, XSD } from './vocabulary.ts';

/** Where the documents come from. */
export interface WsdlSource {
  /** The entry document: a file's path or a URL. */
  readonly location: string;
  /** The bytes of a document; imports are asked for by their location, resolved against the importing document's. */
  load(location: string): Promise<Uint8Array>;
}

export interface DocumentLimits {
  readonly maxDocuments: number;
  /** Of all documents together. */
  readonly maxTotalBytes: number;
}

export const DOCUMENT_LIMITS: DocumentLimits = { maxDocuments: 200, maxTotalBytes: 32 * 1024 * 1024 };

/** A schema with the namespace that it has where it is used: an included one without its own takes its includer's. */
export interface Schema {
  readonly root: SourceElement;
  readonly targetNamespace: string;
  /** Its references without a namespace mean the includer's (chameleon include; XML Schema part 1, 4.2.1). */
  readonly chameleon: boolean;
}

/** An import that could not be loaded or read; it matters only where something of it is used. */
export interface MissingDocument {
  readonly namespace: string;
  readonly place: string;
  readonly location: string;
  readonly reason: string;
}

export interface WsdlDocuments {
  /** The root elements of the WSDL documents, the entry first. */
  readonly definitions: readonly SourceElement[];
  readonly schemas: readonly Schema[];
  readonly missing: readonly MissingDocument[];
  /** Namespace name → a prefix that the documents use for it. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/**
 * Loads a WSDL and everything that it imports and includes, each document once. Imports that cannot be had, or read (the
 * W3C's own schema of XML Signature has a DOCTYPE), are told and left out. Throws CommandError for an entry that cannot
 * be loaded or read or is no WSDL 1.1, and beyond the limits.
 */
export async function loadDocuments(
  source: WsdlSource,
  notes: Notes,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<WsdlDocuments> {
  const loader = new Loader(source, notes, limits);
  const { root } = await loader.tree(source.location).catch((error: unknown) => {
    if (!(error instanceof NotLoaded)) throw error;
    throw error instanceof NotRead
      ? error.refusal
      : new CommandError(`${source.location} cannot be loaded: ${error.message}`);
  });
  requireWsdl(root);
  await loader.definitions(root, source.location);
  return loader.documents();
}

function requireWsdl(root: SourceElement): void {
  if (root.namespace === WSDL && root.local === 'definitions') return;
  const found = root.namespace === WSDL_2 ? 'a WSDL 2.0 description' : `the root element ${root.local}`;
  throw new CommandError(`${root.place}: Expected WSDL 1.1 (definitions of namespace ${WSDL}), found ${found}`);
}

/** The document is not to be had. */
class NotLoaded extends Error {}

/** The document is there, and is none that is read. */
class NotRead extends NotLoaded {
  readonly refusal: CommandError;

  constructor(refusal: CommandError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

class Loader {
  readonly #source: WsdlSource;
  readonly #notes: Notes;
  readonly #limits: DocumentLimits;
  readonly #trees = new Map<string, SourceTree>();
  readonly #definitions = new Map<string, SourceElement>();
  readonly #schemas = new Map<string, Schema>();
  readonly #missing: MissingDocument[] = [];
  readonly #prefixes = new Map<string, string>();
  #bytes = 0;

  constructor(source: WsdlSource, notes: Notes, limits: DocumentLimits) {
    this.#source = source;
    this.#notes = notes;
    this.#limits = limits;
  }

  documents(): WsdlDocuments {
    return {
      definitions: [...this.#definitions.values()],
      schemas: [...this.#schemas.values()],
      missing: this.#missing,
      prefixes: this.#prefixes,
    };
  }

  async tree(location: string): Promise<SourceTree> {
    const known = this.#trees.get(location);
    if (known !== undefined) return known;
    const { maxDocuments, maxTotalBytes } = this.#limits;
    if (this.#trees.size === maxDocuments) {
      throw new CommandError(`${location}: The WSDL imports more than ${maxDocuments} documents`);
    }
    const bytes = await this.#source.load(location).catch((error: unknown) => {
      throw new NotLoaded(messageOf(error));
    });
    this.#bytes += bytes.length;
    if (this.#bytes > maxTotalBytes) {
      throw new CommandError(`${location}: The WSDL and its imports are larger than ${maxTotalBytes} bytes together`);
    }
    const tree = readTree(bytes, location);
    this.#trees.set(location, tree);
    for (const [namespace, prefix] of tree.prefixes) {
      if (!this.#prefixes.has(namespace)) this.#prefixes.set(namespace, prefix);
    }
    if (tree.startedLate) {
      this.#notes.cannot(
        `${location}:1`,
        'white space before the XML declaration',
        'XML forbids it; the document was read without it',
      );
    }
    return tree;
  }

  async definitions(root: SourceElement, location: string): Promise<void> {
    if (this.#definitions.has(location)) return;
    this.#definitions.set(location, root);
    for (const element of childrenNamed(root, WSDL, 'import')) await this.#wsdlImport(element, location);
    for (const types of childrenNamed(root, WSDL, 'types')) {
      await this.#schemaReferences(types, location, undefined); // imports without a schema around them
      for (const [index, schema] of childrenNamed(types, XSD, 'schema').entries()) {
        await this.#schema(schema, `${location}#${schema.place}#${index}`, location, undefined);
      }
    }
  }

  /** WSDL 1.1, 2.1.1 has it import definitions; many import a schema with it. */
  async #wsdlImport(element: SourceElement, from: string): Promise<void> {
    const namespace = element.attributes.get('namespace') ?? '';
    const loaded = await this.#referenced(element, 'location', from, namespace);
    if (loaded === undefined) return;
    const { root, location } = loaded;
    if (root.namespace === WSDL && root.local === 'definitions') await this.definitions(root, location);
    else if (root.namespace === XSD && root.local === 'schema') await this.#schema(root, location, location, undefined);
    else
      throw new CommandError(`${element.place}: ${location} is neither a WSDL nor a schema: its root is ${root.local}`);
  }

  async #schema(root: SourceElement, id: string, location: string, includer: string | undefined): Promise<void> {
    const own = root.attributes.get('targetNamespace') ?? '';
    const chameleon = own === '' && includer !== undefined && includer !== '';
    const targetNamespace = chameleon ? (includer ?? '') : own;
    const key = `${id}\n${targetNamespace}`;
    if (this.#schemas.has(key)) return;
    this.#schemas.set(key, { root, targetNamespace, chameleon });
    await this.#schemaReferences(root, location, targetNamespace);
  }

  async #schemaReferences(holder: SourceElement, from: string, targetNamespace: string | undefined): Promise<void> {
    for (const element of childrenNamed(holder, XSD, 'import', 'include', 'redefine')) {
      if (element.local === 'redefine') this.#noteRedefine(element);
      const includer = element.local === 'import' ? undefined : targetNamespace;
      const namespace = includer ?? element.attributes.get('namespace') ?? '';
      const loaded = await this.#referenced(element, 'schemaLocation', from, namespace);
      if (loaded !== undefined) await this.#imported(loaded, includer);
    }
  }

  /** Some stacks point an import at a whole WSDL: the schemas inside it are meant. */
  async #imported(
    { root, location }: { root: SourceElement; location: string },
    includer: string | undefined,
  ): Promise<void> {
    if (root.namespace === WSDL) await this.definitions(root, location);
    else await this.#schema(root, location, location, includer);
  }

  #noteRedefine({ place, children }: SourceElement): void {
    if (children.length === 0) return;
    this.#notes.cannot(place, 'xsd:redefine', 'The components are drafted as the redefined schema has them');
  }

  /** `namespace`: of what the document would define. */
  async #referenced(
    { attributes, local, place }: SourceElement,
    attribute: 'location' | 'schemaLocation',
    from: string,
    namespace: string,
  ): Promise<{ readonly root: SourceElement; readonly location: string } | undefined> {
    const reference = attributes.get(attribute)?.trim() ?? '';
    if (reference === '') return undefined;
    const location = resolveLocation(from, reference);
    try {
      return { root: (await this.tree(location)).root, location };
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      const reason = error.message;
      if (!this.#missing.some((other) => other.location === location)) {
        this.#notes.cannot(
          place,
          `${local} of ${location}`,
          `It could not be loaded: ${reason}. What only it defines is left out`,
        );
      }
      this.#missing.push({ namespace, place, location, reason });
      return undefined;
    }
  }
}

function readTree(bytes: Uint8Array, location: string): SourceTree {
  try {
    return readSourceTree(bytes, location);
  } catch (error) {
    throw error instanceof CommandError ? new NotRead(error) : error;
  }
}

/** The location of a reference: URLs as URLs, everything else as a file's path beside the document. */
export function resolveLocation(from: string, reference: string): string {
  if (isUrl(reference)) return reference;
  if (isUrl(from)) return new URL(reference, from).href;
  const path = decoded(reference).replaceAll('\\', '/');
  if (path.startsWith('/')) return path;
  const folder = from.replaceAll('\\', '/').split('/').slice(0, -1);
  const parts = [...folder];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** A reference is a URI: a space in a file's name is `%20` there. */
function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

/** A scheme of two letters at least: `C:\` is a drive. */
export function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(location);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
