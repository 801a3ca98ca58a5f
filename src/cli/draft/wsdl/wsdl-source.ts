import { readInput } from '../../read-input.ts';
import type { Shell } from '../../shell.ts';
import { isUrl, resolveLocation, type WsdlSource } from './load-documents.ts';

/**
 * A WSDL in a file or at an address. What a file imports by URL is taken from beside it where it was put there, under the
 * URL's last part, as descriptions are handed over in folders; otherwise from the URL.
 */
export function wsdlSource(location: string, bytes: Uint8Array, shell: Pick<Shell, 'folder' | 'fetch'>): WsdlSource {
  const load = async (wanted: string): Promise<Uint8Array> => {
    if (wanted === location) return bytes;
    for (const name of isUrl(location) ? [] : namesOf(wanted)) {
      const beside = await readInput(resolveLocation(location, name), shell).catch(() => undefined);
      if (beside !== undefined) return beside;
    }
    return readInput(wanted, shell);
  };
  return { location, load };
}

/** The names that a document of this URL may have as a file; none where its query tells it from others. */
function namesOf(location: string): readonly string[] {
  if (!isUrl(location)) return [];
  const { pathname, search } = new URL(location);
  const name = pathname.split('/').at(-1) ?? '';
  if (search !== '' || name === '') return [];
  return [name, ...(/\.\w+$/.test(name) ? [] : [`${name}.xsd`])];
}
