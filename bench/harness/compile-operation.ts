import { type CompiledOperation, compileCatalogue } from '../../src/catalogue/compile.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';

/** One operation compiled as a deployment compiles it. */
export function compileOperation(adapter: AdapterDefinition, name: string): CompiledOperation {
  const compiled = compileCatalogue([adapter], { formats, compileMapping }).get(adapter.name);
  const operation = compiled?.operations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`The adapter ${adapter.name} has no operation ${name}`);
  return operation;
}
