import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CommandError } from '../shell.ts';
import type { Draft } from './draft.ts';
import { formatSource } from './print/format-source.ts';
import { exportName, printAdapter } from './print/print-adapter.ts';
import { printReadme } from './print/print-readme.ts';
import { addRegistryLine } from './register-line.ts';

/** A file of a draft: its path under the project's folder, and what it holds. */
export interface DraftFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The files of a drafted adapter; `source` is what it was drafted from. Throws CommandError where its line has no place in adapters/index.ts. */
export async function draftFiles(draft: Draft, source: string, projectFolder: string): Promise<readonly DraftFile[]> {
  const { name } = draft.definition;
  const folder = join('adapters', name);
  const examples = draft.examples.flatMap((example) =>
    Object.entries(example.files).map(([file, content]) => ({
      path: join(folder, 'examples', example.name, file),
      content,
    })),
  );
  return [
    { path: join(folder, 'adapter.ts'), content: await formatSource(printAdapter(draft.definition)) },
    { path: join(folder, 'README.md'), content: printReadme(draft, source) },
    ...examples,
    { path: join('adapters', 'index.ts'), content: await registry(name, projectFolder) },
  ];
}

async function registry(name: string, projectFolder: string): Promise<string> {
  const path = join(projectFolder, 'adapters', 'index.ts');
  const source = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(`${path} is not there: run this in the project's folder`);
  });
  const changed = addRegistryLine(source, name);
  if (changed !== undefined) return changed === source ? source : formatSource(changed);
  throw new CommandError(
    `${path} is written otherwise than "export const adapters = […];", so that ${exportName(name)} has no place in it`,
  );
}

/** Writes the files. An adapter that is there already is left alone unless `force`: throws CommandError. */
export async function writeFiles(
  files: readonly DraftFile[],
  adapter: string,
  projectFolder: string,
  force: boolean,
): Promise<void> {
  const folder = join(projectFolder, 'adapters', adapter);
  if (existsSync(folder)) {
    if (!force) {
      const place = relative(projectFolder, folder);
      throw new CommandError(`${place} is there already: draft under another name, or write over it with --force`);
    }
    await rm(folder, { recursive: true });
  }
  for (const { path, content } of files) {
    const place = join(projectFolder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
  }
}
