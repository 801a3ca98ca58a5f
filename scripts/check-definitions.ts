/** Compiles every adapter before a bundle is made of them: a worker compiles an operation when it is first called. */
import { adapters } from '../adapters/index.ts';
import { compileCatalogue, DefinitionError } from '../src/catalogue/compile.ts';
import { formats } from '../src/formats/index.ts';
import { compileMapping } from '../src/mapping/compile.ts';

try {
  compileCatalogue(adapters, { formats, compileMapping });
} catch (error) {
  if (!(error instanceof DefinitionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
