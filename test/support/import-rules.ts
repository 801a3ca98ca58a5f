import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export interface SourceFile {
  /** Path from the project's root, with slashes. */
  readonly path: string;
  /** Import specifiers as written, type imports included: a type is knowledge too. */
  readonly imports: readonly string[];
}

/** Rooms of `src/` that are steps of the pipeline: none knows another. */
const STAGES = ['exchange', 'access', 'catalogue', 'mapping', 'formats', 'connectors', 'envelope', 'observe'] as const;

/** What a room may import besides its own files. A room that is not listed may import nothing. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  syntax: ['model'],
  ...Object.fromEntries(STAGES.map((stage) => [stage, ['model']])),
  formats: ['model', 'syntax'],
  exchange: ['model', 'syntax'],
  envelope: ['model', 'syntax'],
  platform: ['model'],
  'adapter.ts': ['model'],
  'config.ts': ['model'],
  'check-settings.ts': ['model', 'config.ts', 'envelope'],
  'mediate.ts': ['model', 'trail.ts', 'signed-request.ts', 'answer-once.ts', ...STAGES],
  'answer-once.ts': ['model', 'catalogue', 'envelope'],
  'signed-request.ts': ['model', 'catalogue', 'envelope', 'exchange'],
  'trail.ts': ['model', 'catalogue', 'connectors', 'envelope', 'observe'],
  'operations.ts': ['model', 'mediate.ts', 'access', 'connectors', 'observe'],
  'app.ts': ['model', 'mediate.ts', 'operations.ts', 'exchange', 'catalogue', 'envelope', 'access'],
  'worker.ts': ['model', 'app.ts', 'config.ts', 'platform', 'adapters'],
  'index.ts': ['model', 'app.ts', 'config.ts', 'adapter.ts', 'envelope', 'catalogue'],
  adapters: ['adapter.ts'],
  onpremises: ['model', 'check-settings.ts', 'envelope', 'adapters'],
};

/** Packages that only one room may name. */
const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  hono: ['app.ts'],
  jose: ['envelope'],
  'fast-xml-parser': ['cli'],
  '@cloudflare/workers-types': ['platform', 'worker.ts'],
};

/** `src/formats/csv/read.ts` is in the room `formats`; `src/app.ts` and `adapters/x/adapter.ts` in `app.ts` and `adapters`. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' ? (parts[1] ?? '') : (parts[0] ?? '');
}

/** Every import that the table of the house does not allow, in words. */
export function violations(files: readonly SourceFile[]): string[] {
  return [...files.flatMap(forbiddenImports), ...circles(files)];
}

function forbiddenImports(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (room === 'cli') return [];
  return file.imports.flatMap((specifier) => {
    if (!specifier.startsWith('.')) return forbiddenPackage(file, room, specifier);
    const target = roomOf(resolveImport(file.path, specifier));
    const allowed = target === room || (MAY_IMPORT[room] ?? []).includes(target);
    return allowed ? [] : [`${file.path} imports ${specifier}: ${room} may not know ${target}`];
  });
}

function forbiddenPackage(file: SourceFile, room: string, specifier: string): string[] {
  const [scope, name] = specifier.split('/');
  const packageName = scope?.startsWith('@') ? `${scope}/${name}` : (scope ?? '');
  if (packageName.startsWith('node:')) {
    return file.path === 'src/platform/node.ts'
      ? []
      : [`${file.path} imports ${specifier}: workerd has no Node modules`];
  }
  const rooms = PACKAGE_ROOMS[packageName];
  if (rooms === undefined) return [`${file.path} imports ${specifier}: no room may use this package`];
  return rooms.includes(room) ? [] : [`${file.path} imports ${specifier}: only ${rooms.join(', ')} may`];
}

function resolveImport(from: string, specifier: string): string {
  return join(dirname(from), specifier);
}

/** Import circles between files, each told once. */
function circles(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => resolveImport(path, specifier)),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push(`import circle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** All TypeScript files of `src/`, `adapters/` and `onpremises/` with what they import. */
export function readSourceFiles(root: string): SourceFile[] {
  return ['src', 'adapters', 'onpremises'].flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => {
        const file = resolve(root, folder, name);
        return { path: relative(root, file).replaceAll('\\', '/'), imports: importsOf(readFileSync(file, 'utf8')) };
      }),
  );
}

/** Static and dynamic imports and re-exports. */
export function importsOf(source: string): string[] {
  return [
    ...source.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
