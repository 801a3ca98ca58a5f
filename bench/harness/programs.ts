import { fileURLToPath } from 'node:url';
import { type Core, type StartedProcess, startServer } from './started-process.ts';

/** A program of `bench/processes`, in this Node. */
export function startProgram(core: Core, name: string, ...rest: readonly string[]): Promise<StartedProcess> {
  const path = fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));
  return startServer(core, [process.execPath, path, ...rest]);
}
