import { compileCatalogue, DefinitionError } from '../../catalogue/compile.ts';
import { openApiDocument } from '../../exchange/rest/openapi/document.ts';
import { formats } from '../../formats/index.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import { exampleCases } from './example-cases.ts';
import type { Finding } from './finding.ts';
import { lintForRelease, type Release } from './lint-for-release.ts';
import { runExample } from './run-example.ts';
import { openWorkbench } from './workbench.ts';

export interface AdapterReport {
  readonly adapter: string;
  readonly operations: number;
  readonly examples: number;
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  readonly folder: string;
  readonly release: Release;
}

/** Compiles each adapter, lints it for a security server, and runs its examples. */
export async function checkAdapters(
  adapters: readonly AdapterDefinition[],
  options: CheckOptions,
): Promise<AdapterReport[]> {
  const mistakes = definitionMistakes(adapters);
  return Promise.all(
    adapters.map(async (definition) => {
      const cases = exampleCases(options.folder, definition.name);
      const own = mistakes.filter(({ adapter }) => adapter === definition.name);
      const findings: Finding[] =
        own.length > 0
          ? own.map(({ place, message }) => ({ severity: 'mistake', place, message }))
          : [...lint(definition, options.release), ...(await runExamples(definition, cases))];
      const operations = Object.keys(definition.operations).length;
      return { adapter: definition.name, operations, examples: cases.length, findings };
    }),
  );
}

export function definitionMistakes(adapters: readonly AdapterDefinition[]): DefinitionError['mistakes'] {
  try {
    compileCatalogue(adapters, { formats, compileMapping });
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return error.mistakes;
    throw error;
  }
}

function lint(definition: AdapterDefinition, release: Release): Finding[] {
  const description = openApiDocument(definition, { serverUrl: `https://spean.invalid/${definition.name}` });
  return lintForRelease(definition, JSON.stringify(description), release);
}

async function runExamples(definition: AdapterDefinition, cases: ReturnType<typeof exampleCases>): Promise<Finding[]> {
  if (cases.length === 0) {
    const message = 'There is no example: keep one exchange with "spean try … --save NAME", so that a change shows';
    return [{ severity: 'warning', place: 'examples', message }];
  }
  const call = await openWorkbench(definition);
  const findings: Finding[] = [];
  for (const example of cases) {
    const mismatches = await runExample(example, call);
    findings.push(
      ...mismatches.map((message): Finding => ({ severity: 'mistake', place: `examples.${example.name}`, message })),
    );
  }
  return findings;
}
