import type { AdapterDefinition } from '../../model/definition.ts';
import type { Finding } from '../check/finding.ts';
import { draftFromWsdl } from '../draft/wsdl/draft-from-wsdl.ts';
import { readInput } from '../read-input.ts';
import { CommandError, type Shell } from '../shell.ts';
import { compareDefinitions } from './compare-definitions.ts';

/** Compares an adapter with its legacy system's WSDL as it is now, from a file or an address. Throws CommandError. */
export async function findDrift(
  adapter: AdapterDefinition,
  location: string,
  shell: Pick<Shell, 'folder' | 'fetch'>,
): Promise<Finding[]> {
  if (!Object.values(adapter.legacy).some(({ format }) => format === 'soap')) {
    throw new CommandError(
      `${adapter.name} has no SOAP endpoint: compare it with "spean try" and a fresh answer instead`,
    );
  }
  const load = (document: string) => readInput(document, shell);
  const { definition } = await draftFromWsdl({ location, load }, { name: adapter.name });
  return compareDefinitions(adapter, definition);
}
