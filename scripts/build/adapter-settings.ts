import type { AdapterDefinition, Auth, Reference } from '../../src/model/definition.ts';

/** The part of the settings example that the adapters of this deployment ask for, as lines. */
export function adapterSettings(adapters: readonly AdapterDefinition[]): string {
  const lines = adapters.flatMap(({ name, title, legacy }) => {
    const endpoints = Object.values(legacy);
    const references = endpoints.flatMap(({ endpoint, auth }) => [endpoint, ...credentialsOf(auth)]);
    const unique = new Map(references.map((reference) => [reference.name, reference]));
    const servers = [...new Set(endpoints.map(({ endpoint }) => endpoint.name))];
    return ['', `# ${title} (adapter ${name})`, ...[...unique.values()].map(line), ...servers.map(tlsHint)];
  });
  return `${lines.join('\n')}\n`;
}

function line({ from, name }: Reference): string {
  return from === 'secret' ? `# secret file: ${name}` : `${name}=`;
}

function tlsHint(name: string): string {
  return `# files, where needed (PEM): ${name}_AUTHORITIES, ${name}_CLIENT_CERTIFICATE, ${name}_CLIENT_KEY`;
}

export function credentialsOf(auth: Auth | undefined): readonly Reference[] {
  switch (auth?.scheme) {
    case 'basic':
    case 'usernameToken':
      return [auth.user, auth.password];
    case 'bearer':
      return [auth.token];
    case 'header':
      return [auth.value];
    case undefined:
      return [];
  }
}
