import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { AdapterDefinition } from '../../model/definition.ts';
import { formatSource } from '../draft/print/format-source.ts';
import { findAdapter, loadAdapters } from '../load-adapters.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { printClient } from './print-client.ts';

interface TypesFlags {
  readonly out: string;
  readonly json?: true;
}

export function addTypesCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('types')
    .description('Write a TypeScript client for consumers: types, calls through a security server, verification')
    .argument('<adapter>')
    .option('--out <folder>', 'where the files go', 'client')
    .option('--json', 'print the names of the files as JSON')
    .addHelpText(
      'after',
      '\nThe files need nothing but fetch and WebCrypto: copy them into the consumer. Exit code 0, or 2.',
    )
    .action(done((adapter: string, flags: TypesFlags) => writeClient(adapter, flags, shell)));
}

async function writeClient(name: string, { out, json }: TypesFlags, shell: Shell): Promise<ExitCode> {
  const adapter = findAdapter(await loadAdapters(shell.folder), name);
  const folder = resolve(shell.folder, out);
  const files = await clientFiles(adapter);
  await mkdir(folder, { recursive: true });
  for (const [file, content] of files) await writeFile(join(folder, file), content);
  if (json) shell.out(JSON.stringify({ folder, files: [...files.keys()] }));
  else for (const file of files.keys()) shell.out(join(out, file));
  return EXIT.ok;
}

const RUNTIME = ['xroad-client.ts', 'verify-envelope.d.ts'];

/** The files of a client by name. The verifier is this project's own, in one file of JavaScript. Throws CommandError where esbuild is not installed. */
export async function clientFiles(adapter: AdapterDefinition): Promise<ReadonlyMap<string, string>> {
  const runtime = await Promise.all(
    RUNTIME.map(async (file) => [file, await readFile(new URL(`runtime/${file}`, import.meta.url), 'utf8')] as const),
  );
  return new Map([
    [`${adapter.name}.ts`, await formatSource(printClient(adapter))],
    ...runtime,
    ['verify-envelope.js', await bundleVerifier()],
  ]);
}

async function bundleVerifier(): Promise<string> {
  const { build } = await import('esbuild').catch(() => {
    throw new CommandError('esbuild is not installed: run npm ci without --omit=dev');
  });
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../envelope/verify.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    banner: { js: '// The verifier of Spean (MIT licence), bundled by "spean types".' },
  });
  return outputFiles[0]?.text ?? '';
}
