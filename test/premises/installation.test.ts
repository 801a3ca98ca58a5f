import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { makeCertificate } from '../../examples/installation.ts';
import { type Installation, readInstallation } from '../../onpremises/installation.ts';
import { outgoingOrigins } from '../../onpremises/outgoing-origins.ts';
import { frontConfiguration, workerConfiguration } from '../../onpremises/workerd-config.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { oauth2, secret, variable } from '../../src/adapter.ts';
import { SettingsError } from '../../src/model/settings.ts';
import { temporaryFolder } from '../support/cli-shell.ts';
import { fourFormats } from '../support/four-formats.ts';
import { generateJwks } from '../support/signing-keys.ts';

const folder = temporaryFolder();
const root = join(import.meta.dirname, '../..');
let complete: Readonly<Record<string, string>>;

beforeAll(async () => {
  makeCertificate(join(folder, 'server'), 'CN=spean.test', 'subjectAltName=DNS:localhost');
  makeCertificate(join(folder, 'ss'), 'CN=ss.test', 'basicConstraints=CA:FALSE');
  const file = (name: string) => readFileSync(join(folder, name), 'utf8');
  complete = {
    SPEAN_PROVIDER: 'CAMBODIA/GOV/0001/registry',
    SPEAN_SIGNING_KEY: JSON.stringify((await generateJwks('ES256')).privateJwk),
    SPEAN_TLS_CERTIFICATE: file('server.pem'),
    SPEAN_TLS_KEY: file('server.key'),
    SPEAN_TLS_CLIENT_CERTIFICATES: file('ss.pem'),
    BUSINESS_REGISTRY_URL: 'https://registry.example:8443/ws',
    BUSINESS_REGISTRY_USER: 'spean',
    BUSINESS_REGISTRY_PASSWORD: 'p1',
    TAX_OFFICE_URL: 'http://tax.example/old',
    TAX_OFFICE_USER: 'spean',
    TAX_OFFICE_PASSWORD: 'p2',
  };
});

function read(changes: Readonly<Record<string, string | undefined>> = {}): Promise<Installation> {
  const entries = Object.entries({ ...complete, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return readInstallation({ values: new Map(entries), mistakes: [] }, adapters, Date.now());
}

async function mistakesOf(changes: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  return read(changes).then(
    () => [],
    (error: unknown) => {
      if (error instanceof SettingsError) return error.mistakes;
      throw error;
    },
  );
}

describe('readInstallation()', () => {
  it('takes complete settings, and tells the worker that the front pins the security server', async () => {
    const installation = await read();
    expect(installation.listen).toBe('*:8443');
    expect(installation.variables.get('SPEAN_TLS_FRONT')).toBe('pinned');
    expect(installation.tls.clientAnchors).toEqual([complete.SPEAN_TLS_CLIENT_CERTIFICATES]);
  });

  it('keeps the keys of the listener and of legacy connections from the worker', async () => {
    const { variables } = await read({ BUSINESS_REGISTRY_URL_AUTHORITIES: complete.SPEAN_TLS_CERTIFICATE });
    expect([...variables.keys()].filter((name) => /TLS_KEY|TLS_C|AUTHORITIES|LISTEN/.test(name))).toEqual([]);
  });

  it('tells the mistakes of listener, legacy connections and worker at once, and misspelt names', async () => {
    const mistakes = await mistakesOf({
      SPEAN_PROVIDER: undefined,
      SPEAN_TLS_KEY: undefined,
      SPEAN_LISTEN: 'localhost',
      SPEAN_SIGNING_KEYS: '[]',
      BUSINESS_REGISTRY_URL_CLIENT_KEY: 'hush',
      SPEAN_TLS_FRONT: 'pinned',
      SPEAN_SECURITY_SERVER_CERTIFICATES: 'ab'.repeat(32),
    });
    for (const name of [
      'SPEAN_PROVIDER',
      'SPEAN_TLS_KEY',
      'SPEAN_LISTEN',
      'SPEAN_SIGNING_KEYS',
      'BUSINESS_REGISTRY_URL_CLIENT_KEY',
      'BUSINESS_REGISTRY_URL_CLIENT_CERTIFICATE',
      'SPEAN_TLS_FRONT',
      'SPEAN_SECURITY_SERVER_CERTIFICATES',
    ]) {
      expect(mistakes.filter((mistake) => mistake.startsWith(`${name} `))).toHaveLength(1);
    }
    expect(mistakes.join('\n')).not.toContain('hush');
  });

  it.each(['*:0', '*:65536', '127.0.0.1:99999', 'localhost:8443', '8443'])(
    'refuses to listen at %s',
    async (listen) => {
      expect(await mistakesOf({ SPEAN_LISTEN: listen })).toEqual([
        expect.stringMatching(/^SPEAN_LISTEN is not .*port/),
      ]);
      expect(await mistakesOf({ SPEAN_LISTEN: '*:65535' })).toEqual([]);
    },
  );

  it('refuses a listener that nobody is kept from, and takes a path secret instead of a pinned certificate', async () => {
    // no setting of the edge among the advice: each would be refused here
    expect(await mistakesOf({ SPEAN_TLS_CLIENT_CERTIFICATES: undefined })).toEqual([
      'Nothing tells the security server from anyone else: set SPEAN_TLS_CLIENT_CERTIFICATES, or SPEAN_PATH_SECRET with ' +
        'SPEAN_SECURITY_SERVER_ADDRESSES',
    ]);
    const changes = { SPEAN_TLS_CLIENT_CERTIFICATES: undefined, SPEAN_PATH_SECRET: 'a-secret-of-22-characters' };
    expect((await read(changes)).tls.clientAnchors).toEqual([]);
  });

  it('declares the servers of all adapters and of the worker itself, each once, but not its own address', async () => {
    const publicKey = JSON.stringify((await generateJwks('ES256')).publicJwk);
    const { origins } = await read({
      SPEAN_PUBLIC_URL: 'https://spean.example',
      SPEAN_SIGNING_KEY: publicKey,
      SPEAN_REMOTE_SIGNER_URL: 'https://signer.example/sign',
      SPEAN_REMOTE_SIGNER_TOKEN: 't',
    });
    expect(origins.map(({ origin }) => origin)).toEqual([
      'https://registry.example:8443',
      'http://tax.example',
      'https://signer.example',
    ]);
  });

  it('declares the servers that credentials are fetched from', () => {
    const auth = oauth2({ tokenUrl: variable('TOKEN_URL'), clientId: variable('ID'), clientSecret: secret('SECRET') });
    const values = new Map([
      ['FOUR_FORMATS_URL', 'https://legacy.example/ws'],
      ['TOKEN_URL', 'https://login.example/token'],
      ['TOKEN_URL_AUTHORITIES', '-----BEGIN CERTIFICATE-----'],
    ]);
    expect(outgoingOrigins(values, [fourFormats({ auth })])).toMatchObject({
      origins: [
        { origin: 'https://legacy.example' },
        { origin: 'https://login.example', authorities: '-----BEGIN CERTIFICATE-----' },
      ],
      mistakes: [],
    });
  });
});

describe('the configurations of front and worker', () => {
  const deployment = readDeployment(root);

  it('hold the compatibility date and flags and every Durable Object of wrangler.toml', async () => {
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8');
    const { worker } = (workerConfiguration(await read(), deployment).services as { worker: object }[])[0] ?? {};
    expect(worker).toMatchObject({ compatibilityDate: /^compatibility_date = "(.*)"$/m.exec(toml)?.[1] });
    expect(worker).toMatchObject({ compatibilityFlags: ['no_nodejs_compat'] });
    const classes = [...toml.matchAll(/^class_name = "(.*)"$/gm)].map(([, name]) => name);
    expect(classes.length).toBeGreaterThan(0);
    expect(worker).toMatchObject({
      durableObjectNamespaces: classes.map((className) => ({
        className,
        uniqueKey: `spean-${className}`,
        enableSql: true,
      })),
    });
  });

  it('give the worker no way out but the declared servers', async () => {
    const { services } = workerConfiguration(await read(), deployment) as {
      services: { name: string; worker?: object }[];
    };
    expect(services[0]?.worker).toMatchObject({ globalOutbound: 'outgoing' });
    expect(services.map(({ name }) => name)).toEqual([
      'worker',
      'internet',
      'storage',
      'outgoing',
      'server-1',
      'server-2',
    ]);
    expect(services[1]).toMatchObject({ network: { allow: [] } });
  });

  it('demand a client certificate exactly where one is pinned', async () => {
    const tlsOf = (installation: Installation) =>
      JSON.stringify(frontConfiguration(installation, deployment).sockets).includes('"requireClientCerts":true');
    expect(tlsOf(await read())).toBe(true);
    const changes = { SPEAN_TLS_CLIENT_CERTIFICATES: undefined, SPEAN_PATH_SECRET: 'a-secret-of-22-characters' };
    expect(tlsOf(await read(changes))).toBe(false);
  });
});
