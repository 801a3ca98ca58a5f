import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AdapterDefinition } from '../model/definition.ts';
import { CommandError } from './shell.ts';

/** The adapters that `adapters/index.ts` of a project registers. Throws CommandError in plain words. */
export async function loadAdapters(folder: string): Promise<readonly AdapterDefinition[]> {
  const path = join(folder, 'adapters', 'index.ts');
  if (!existsSync(path)) throw new CommandError(`${path} is not there: run this in the project's folder`);
  const registry = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new CommandError(`${path} cannot be loaded: ${cause instanceof Error ? cause.message : cause}`);
  });
  if (Array.isArray(registry.adapters)) return registry.adapters;
  throw new CommandError(`${path} exports no list called adapters`);
}

/** The one with this name. Throws CommandError with the names that there are. */
export function findAdapter(adapters: readonly AdapterDefinition[], name: string): AdapterDefinition {
  const found = adapters.find((adapter) => adapter.name === name);
  if (found !== undefined) return found;
  throw new CommandError(
    `There is no adapter ${name}: adapters/index.ts has ${adapters.map((a) => a.name).join(', ')}`,
  );
}
