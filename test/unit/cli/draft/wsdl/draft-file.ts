import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CompiledAdapter, compileCatalogue } from '../../../../../src/catalogue/compile.ts';
import type { Draft } from '../../../../../src/cli/draft/draft.ts';
import { draftFromWsdl, type WsdlDraftOptions } from '../../../../../src/cli/draft/wsdl/draft-from-wsdl.ts';
import { formats } from '../../../../../src/formats/index.ts';
import { compileMapping } from '../../../../../src/mapping/compile.ts';

/** Drafts a WSDL file. What it imports by URL is looked for beside it, by the URL's last part: nothing is fetched. */
export function draftFile(path: string, options: Partial<WsdlDraftOptions> = {}): Promise<Draft> {
  const folder = dirname(path);
  const load = (location: string) => readFile(/^https?:/i.test(location) ? beside(folder, location) : location);
  return draftFromWsdl({ location: path, load }, { name: 'drafted', ...options });
}

function beside(folder: string, url: string): string {
  const name = basename(new URL(url).pathname);
  return join(folder, /\.\w+$/.test(name) ? name : `${name}.xsd`);
}

/** Compiles a draft's adapter as a deployment does. Throws DefinitionError with all mistakes. */
export function compileDraft({ definition }: Draft): CompiledAdapter {
  const catalogue = compileCatalogue([definition], { formats, compileMapping });
  return catalogue.get(definition.name) as CompiledAdapter;
}
