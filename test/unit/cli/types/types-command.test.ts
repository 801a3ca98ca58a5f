import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapters } from '../../../../adapters/index.ts';
import { startBusinessRegistry } from '../../../../examples/legacy/business-registry.ts';
import { type SecurityServer, startSecurityServer } from '../../../../examples/security-server/server.ts';
import { defineAdapter, operation, record, text, variable, xml } from '../../../../src/adapter.ts';
import { formatSource } from '../../../../src/cli/draft/print/format-source.ts';
import { printClient } from '../../../../src/cli/types/print-client.ts';
import { spean, temporaryFolder } from '../../../support/cli-shell.ts';
import { type ServedApp, serveApp } from '../../../support/serve-app.ts';
import { CLIENT, PROVIDER, testApp } from '../../../support/test-app.ts';
import { arbitraryDefinition } from '../../exchange/rest/openapi/arbitrary-definition.ts';

const STRICT = {
  strict: true,
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  lib: ['ES2022', 'DOM'],
};
const LIKE_NODE = { allowImportingTsExtensions: true, noEmit: true, skipLibCheck: false, types: [] };

/** What the compiler says of all files of a folder; empty where it says nothing. */
function compile(folder: string, options: object): string {
  const config = { compilerOptions: { ...STRICT, ...LIKE_NODE, ...options }, include: ['**/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    return execFileSync(process.execPath, ['scripts/run.mjs', 'tsc', '-p', join(folder, 'tsconfig.json')], {
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

interface Client {
  getCompany(input: object): Promise<{ data: { registeredOn: string }; envelope?: string }>;
  findCompanies(input: object): Promise<{ data: { companies: object[] } }>;
  submitFiling(input: object): Promise<{ status: number; data: { filingNumber: string } }>;
}

describe('spean types', () => {
  it('says in plain words where it cannot write', async () => {
    const { code, notes } = await spean(['types', 'business-registry', '--out', 'README.md']);
    expect(code).toBe(2);
    expect(notes).toMatch(/^EEXIST: file already exists, .*README\.md'$/);
  });

  const folder = temporaryFolder();
  let legacy: Awaited<ReturnType<typeof startBusinessRegistry>>;
  let served: ServedApp;
  let securityServer: SecurityServer;
  let tamper: ((response: Response) => Promise<Response>) | undefined;
  let client: Client;

  beforeAll(async () => {
    expect(await spean(['types', 'business-registry', '--out', folder])).toMatchObject({ code: 0 });
    legacy = await startBusinessRegistry({ user: 'spean', password: 'registry-password' });
    const { app } = await testApp({
      environment: { BUSINESS_REGISTRY_URL: legacy.url },
      legacy: (request) => fetch(request),
    });
    served = await serveApp(app);
    securityServer = await startSecurityServer({
      clients: [CLIENT],
      services: [{ id: `${PROVIDER}/business-registry`, url: `${served.url}/business-registry` }],
    });
    const { BusinessRegistryClient } = await import(pathToFileURL(join(folder, 'business-registry.ts')).href);
    client = new BusinessRegistryClient({
      securityServer: securityServer.url,
      client: CLIENT,
      provider: PROVIDER,
      fetch: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        return tamper === undefined || String(url).includes('jwks') ? response : tamper(response);
      },
    });
  });
  afterAll(() => Promise.all([securityServer.close(), served.close(), legacy.close()]));

  it('writes a client that a strict compiler takes', { timeout: 30_000 }, () => {
    expect(compile(folder, {})).toBe('');
    expect(compile(folder, { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true })).toBe('');
  });

  it('calls through security servers, and verifies what it is answered', async () => {
    const answer = await client.getCompany({ registrationNumber: '00012345' });
    expect(answer.data.registeredOn).toBe('2009-03-01');
    expect(answer.envelope?.split('.')).toHaveLength(3);
    expect((await client.findCompanies({ name: 'ហាង' })).data.companies).toHaveLength(1);
    const filing = { registrationNumber: '00012345', year: 2024, kind: 'annual', turnoverRiel: '1.50' };
    expect(await client.submitFiling(filing)).toMatchObject({ status: 201, data: { filingNumber: 'F-2024-0001' } });
  });

  it('tells problems by their code, verified as answers are', async () => {
    await expect(client.getCompany({ registrationNumber: '00000000' })).rejects.toMatchObject({
      name: 'ProblemError',
      status: 404,
      code: 'legacy-fault',
    });
    await expect(client.getCompany({ registrationNumber: '1' })).rejects.toMatchObject({ code: 'input-invalid' });
  });

  it.each<[string, (response: Response) => Promise<Response>, string]>([
    [
      'whose body was changed',
      async (response) => new Response((await response.text()).replace('2009', '2019'), response),
      'body-mismatch',
    ],
    [
      'whose statement was taken off',
      async (response) => {
        const headers = new Headers(response.headers);
        headers.delete('x-evidence-jws');
        return new Response(await response.text(), { status: response.status, headers });
      },
      'envelope-missing',
    ],
    [
      'that was given for another call',
      async () =>
        fetch(`${securityServer.url}/r1/${PROVIDER}/business-registry/companies/00000007`, {
          headers: { 'X-Road-Client': CLIENT },
        }),
      'request-mismatch',
    ],
  ])('refuses an answer %s', async (_, change, reason) => {
    tamper = change;
    await expect(client.getCompany({ registrationNumber: '00012345' })).rejects.toMatchObject({
      name: 'NotVerifiedError',
      reason,
    });
    tamper = undefined;
  });

  it('tells what a security server refuses', async () => {
    const { BusinessRegistryClient } = await import(pathToFileURL(join(folder, 'business-registry.ts')).href);
    const other = new BusinessRegistryClient({
      securityServer: securityServer.url,
      client: CLIENT,
      provider: 'CAMBODIA/GOV/9/x',
    });
    await expect(other.getCompany({ registrationNumber: '00012345' })).rejects.toMatchObject({
      code: 'security-server',
      message: '500 security-server: Unknown service: CAMBODIA/GOV/9/x/business-registry',
    });
  });

  it('verifies a service that was registered under another code than its own, for a provider written percent-encoded', async () => {
    const { BusinessRegistryClient } = await import(pathToFileURL(join(folder, 'business-registry.ts')).href);
    const provider = `CAMBODIA/GOV/0001/${encodeURIComponent('ចុះបញ្ជី')}`;
    const { app } = await testApp({
      environment: { BUSINESS_REGISTRY_URL: legacy.url, SPEAN_PROVIDER: provider },
      legacy: (request) => fetch(request),
    });
    const adapter = await serveApp(app);
    const other = await startSecurityServer({
      clients: [CLIENT],
      services: [{ id: `${decodeURIComponent(provider)}/companies`, url: `${adapter.url}/business-registry` }],
    });
    const options = { securityServer: other.url, client: CLIENT, provider, serviceCode: 'companies' };
    const { data } = await new BusinessRegistryClient(options).getCompany({ registrationNumber: '00012345' });
    expect(data.registeredOn).toBe('2009-03-01');
    await Promise.all([other.close(), adapter.close()]);
  });

  it('sends the headers that an operation needs, and demands them by type', { timeout: 30_000 }, async () => {
    const consumer = temporaryFolder();
    await spean(['types', 'business-registry', '--out', consumer]);
    const add = operation({
      post: '/things',
      summary: 'Add',
      call: { post: 'things', root: 'New', answers: 'T' },
      idempotencyKey: 'Idempotency-Key',
      input: { id: text('Id'), by: text('By', { exchange: 'userId' }) },
      output: record({ id: text('Id') }),
    });
    const legacyOfThings = xml({ endpoint: variable('TAX_OFFICE_URL') });
    const things = defineAdapter({ name: 'things', title: 'Things', legacy: legacyOfThings, operations: { add } });
    writeFileSync(join(consumer, 'things.ts'), await formatSource(printClient(things)));
    writeFileSync(
      join(consumer, 'use.ts'),
      `import { ThingsClient } from './things.ts';
export const call = (client: ThingsClient) => client.add({ id: '1' }, { idempotencyKey: 'k', userId: 'sok', issue: 'i' });
// @ts-expect-error
export const without = (client: ThingsClient) => client.add({ id: '1' }, { idempotencyKey: 'k' });
`,
    );
    expect(compile(consumer, {})).toBe('');
    const sent: string[] = [];
    const { app } = await testApp({
      adapters: [things],
      legacy: async (request) => {
        sent.push(await request.text());
        return new Response('<T><Id>1</Id></T>', { headers: { 'content-type': 'text/xml' } });
      },
    });
    const adapter = await serveApp(app);
    const services = [{ id: `${PROVIDER}/things`, url: `${adapter.url}/things` }];
    const server = await startSecurityServer({ clients: [CLIENT], services });
    const { ThingsClient } = await import(pathToFileURL(join(consumer, 'things.ts')).href);
    const own = new ThingsClient({ securityServer: server.url, client: CLIENT, provider: PROVIDER });
    const headers = { idempotencyKey: 'k', userId: 'sok', representedParty: 'GOV/1' };
    expect(await own.add({ id: '1' }, headers)).toMatchObject({ data: { id: '1' } });
    expect(await own.add({ id: '1' }, headers)).toMatchObject({ data: { id: '1' } });
    expect(sent).toEqual(['<New><Id>1</Id><By>sok</By></New>']);
    await Promise.all([server.close(), adapter.close()]);
  });

  it('is used as docs/consumers.md shows', { timeout: 30_000 }, async () => {
    const page = readFileSync('docs/consumers.md', 'utf8');
    const [, snippet = ''] = /```ts\n([\s\S]+?)```/.exec(page) ?? [];
    const [, command = ''] = /```sh\nnpx spean (types .+)\n/.exec(page) ?? [];
    const consumer = temporaryFolder();
    const out = join(consumer, 'client');
    expect(await spean(command.replace('--out client', `--out ${out}`).split(' '))).toMatchObject({ code: 0 });
    writeFileSync(join(consumer, 'use.ts'), snippet);
    expect(compile(consumer, {})).toBe('');
    writeFileSync(join(consumer, 'run.ts'), snippet.replace('https://ss.agency.example', securityServer.url));
    const said = await promisify(execFile)(process.execPath, [join(consumer, 'run.ts')], { encoding: 'utf8' });
    expect(said.stdout).toContain('12345678901234567.10');
  });

  it('offers null where it can be sent, which a query has no form for', () => {
    const nothing = { type: 'text', at: '?a', nullable: true, optional: true } as const;
    const many = { type: 'list', at: '?b', items: nothing } as const;
    const input = { one: nothing, many };
    const shared = { summary: 'Ask', call: { get: '' }, output: { type: 'record', fields: {} }, input } as const;
    const source = printClient({
      name: 'nulls',
      title: 'Nulls',
      legacy: { main: xml({ endpoint: variable('URL') }) },
      operations: { ask: { method: 'get', path: '/a', ...shared }, tell: { method: 'post', path: '/a', ...shared } },
    });
    expect(source).toMatch(/AskInput = \{\s*readonly one\?: string;\s*readonly many: readonly string\[\];/);
    expect(source).toMatch(
      /TellInput = \{\s*readonly one\?: string \| null;\s*readonly many: readonly \(string \| null\)\[\];/,
    );
  });

  it('writes the same file for the same adapter', async () => {
    const again = temporaryFolder();
    await spean(['types', 'business-registry', '--out', again]);
    const read = (where: string) => readFileSync(join(where, 'business-registry.ts'), 'utf8');
    expect(read(again)).toBe(read(folder));
  });

  it('writes types that compile, for any definition', { timeout: 30_000 }, async () => {
    const many = temporaryFolder();
    await spean(['types', 'business-registry', '--out', many]);
    const definitions = [...adapters, ...fc.sample(arbitraryDefinition, { numRuns: 40, seed: 11 })];
    for (const [index, definition] of definitions.entries()) {
      writeFileSync(join(many, `client${index}.ts`), await formatSource(printClient(definition)));
    }
    expect(compile(many, {})).toBe('');
  });
});
