import { authReferences } from '../../src/model/auth-references.ts';
import type { AdapterDefinition, Endpoint, Reference } from '../../src/model/definition.ts';

/** The part of the settings example that the adapters of this deployment ask for, as lines. */
export function adapterSettings(adapters: readonly AdapterDefinition[]): string {
  const lines = adapters.flatMap(({ name, title, legacy }) => {
    const endpoints = Object.values(legacy);
    const references = endpoints.flatMap(({ endpoint, auth }) => {
      const { urls, values } = authReferences(auth);
      return [endpoint, ...urls, ...values];
    });
    const unique = new Map(references.map((reference) => [reference.name, reference]));
    const servers = [...new Set(endpoints.flatMap(addressNames))];
    return ['', `# ${title} (adapter ${name})`, ...[...unique.values()].map(line), ...servers.map(tlsHint)];
  });
  return `${lines.join('\n')}\n`;
}

/** Settings that name a server to call. */
function addressNames({ endpoint, auth }: Endpoint): string[] {
  return [endpoint, ...authReferences(auth).urls].map(({ name }) => name);
}

function line({ from, name }: Reference): string {
  return from === 'secret' ? `# secret file: ${name}` : `${name}=`;
}

function tlsHint(name: string): string {
  return `# files, where needed (PEM): ${name}_AUTHORITIES, ${name}_CLIENT_CERTIFICATE, ${name}_CLIENT_KEY`;
}
