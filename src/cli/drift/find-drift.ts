import type { AdapterDefinition } from '../../model/definition.ts';
import type { Finding } from '../check/finding.ts';
import { detectSource } from '../draft/detect-source.ts';
import { draftFromWsdl, type WsdlSource } from '../draft/wsdl/draft-from-wsdl.ts';
import { wsdlSource } from '../draft/wsdl/wsdl-source.ts';
import { readInput } from '../read-input.ts';
import { CommandError, type Shell } from '../shell.ts';
import { compareDefinitions } from './compare-definitions.ts';
import { findRowDrift, findXmlDrift } from './find-sample-drift.ts';

/**
 * Compares an adapter with its legacy system as it is now: its WSDL, or a fresh answer or file, which is told by the
 * first bytes. Throws CommandError for what can be compared with nothing.
 */
export async function findDrift(
  adapter: AdapterDefinition,
  location: string,
  shell: Pick<Shell, 'folder' | 'fetch'>,
): Promise<Finding[]> {
  const bytes = await readInput(location, shell);
  switch (detectSource(bytes)) {
    case 'wsdl':
      return compareWithWsdl(adapter, wsdlSource(location, bytes, shell));
    case 'xml':
      return findXmlDrift(adapter, { name: location, response: bytes });
    case 'csv':
    case 'fixed-width':
      return findRowDrift(adapter, location, bytes);
    default:
      throw new CommandError(`${location} is neither a WSDL nor an answer or file of ${adapter.name}`);
  }
}

async function compareWithWsdl(adapter: AdapterDefinition, source: WsdlSource): Promise<Finding[]> {
  if (!Object.values(adapter.legacy).some(({ format }) => format === 'soap')) {
    throw new CommandError(`${adapter.name} has no SOAP endpoint: compare it with a fresh answer or file instead`);
  }
  const missing = new Set<string>();
  const load = (location: string) =>
    source.load(location).catch((error: unknown) => {
      missing.add(location);
      throw error;
    });
  const { definition } = await draftFromWsdl({ ...source, load }, { name: adapter.name });
  const told = [...missing].map((location): Finding => {
    const message = `${location} could not be loaded: what only it defines looks here as if it were gone`;
    return { severity: 'warning', place: 'legacy', message };
  });
  return [...told, ...compareDefinitions(adapter, definition)];
}
