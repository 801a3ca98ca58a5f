import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineAdapter, operation, record, soap, text, variable } from '../../../src/adapter.ts';
import { lintForRelease } from '../../../src/cli/check/lint-for-release.ts';
import { spean, temporaryFolder } from '../../support/cli-shell.ts';
import { testEnvironment } from '../../support/test-app.ts';

/** A copy of this project's adapters that a test may spoil. */
function project(): string {
  const folder = temporaryFolder();
  cpSync('adapters', join(folder, 'adapters'), { recursive: true });
  symlinkSync(resolve('src'), join(folder, 'src'));
  return folder;
}

function edit(folder: string, file: string, change: (content: string) => string): void {
  const path = join(folder, 'adapters', file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

describe('spean check', () => {
  it('finds nothing wrong with this project', async () => {
    const { code, out } = await spean(['check', '--x-road', '7.8']);
    expect(out).toBe('✓ business-registry: 3 operations, 8 examples\n✓ tax-payments: 3 operations, 8 examples');
    expect(code).toBe(0);
  });

  it('tells every mistake of a definition with its place', async () => {
    const folder = project();
    edit(folder, 'business-registry/adapter.ts', (content) =>
      content.replace("get: '/companies',", "get: '/companies/',").replace("'dd/MM/yyyy'", "'dd/MM/yyy'"),
    );
    const { code, out } = await spean(['check', 'business-registry'], { folder });
    expect(code).toBe(1);
    expect(out).toContain('✗ business-registry: 3 operations');
    expect(out).toContain('operations.findCompanies.path: ');
    expect(out).toContain('operations.getCompany.output.registeredOn');
  });

  it('tells what TypeScript would refuse and nothing else would notice', async () => {
    const folder = project();
    edit(folder, 'business-registry/adapter.ts', (content) =>
      content
        .replace("get: '/companies/{registrationNumber}'", "get: '/companies/{number}'")
        .replace('operations: {', 'limits: { timeBudget: 1 } as object,\n  operations: {')
        .replace('status: 201', 'status: 204 as 200'),
    );
    rmSync(join(folder, 'adapters/business-registry/examples'), { recursive: true });
    const { code, out } = await spean(['check', 'business-registry'], { folder });
    expect(code).toBe(1);
    expect(out).toContain('limits.timeBudget: There is no limit of this name');
    expect(out).toMatch(/operations\.\w+\.status: An answer has a body, which the statuses 200 to 203 go with/);
    expect(out).toContain('operations.getCompany.path: {number} is no input');
  });

  it('tells how an example went otherwise', async () => {
    const folder = project();
    edit(folder, 'business-registry/examples/company/reply.xml', (content) =>
      content.replace('01/03/2009', '02/03/2009'),
    );
    edit(folder, 'business-registry/examples/filing/sent.xml', (content) => content.replace('2024', '2025'));
    const { code, out } = await spean(['check', 'business-registry', '--json'], { folder });
    const [{ findings }] = JSON.parse(out).adapters;
    expect(code).toBe(1);
    expect(findings.map(({ place }: { place: string }) => place)).toEqual(['examples.company', 'examples.filing']);
    expect(findings[0].message).toContain('"registeredOn":"2009-03-02"');
  });

  it('asks for examples where there are none', async () => {
    const folder = project();
    rmSync(join(folder, 'adapters/tax-payments/examples'), { recursive: true });
    const { code, out } = await spean(['check', 'tax-payments'], { folder });
    expect(code).toBe(0);
    expect(out).toContain('! examples: There is no example');
  });

  it('checks the settings of a deployment offline, all mistakes at once, and repeats none', async () => {
    const folder = temporaryFolder();
    const environment = { ...(await testEnvironment()), SPEAN_PROVIDER: 'CAMBODIA/GOV', TAX_OFFICE_URL: 'ftp://x' };
    const write = (values: Record<string, string>) =>
      writeFileSync(
        join(folder, 'settings.env'),
        Object.entries(values)
          .map((entry) => entry.join('='))
          .join('\n'),
      );
    const settings = join(folder, 'settings.env');
    write(await testEnvironment());
    expect(await spean(['check', '--settings', settings])).toMatchObject({ code: 0 });
    write(environment);
    const { code, out } = await spean(['check', '--settings', settings]);
    expect(code).toBe(1);
    expect(out).toContain('SPEAN_PROVIDER is not of the form');
    expect(out).toContain('TAX_OFFICE_URL is not an http or https URL');
    expect(out).not.toContain('tax-password');
  });

  it.each([
    [['check', 'nowhere'], {}, 'There is no adapter nowhere: adapters/index.ts has business-registry, tax-payments'],
    [['check'], { folder: '/' }, 'run this in the project'],
    [['check', '--x-road', '6.0'], {}, "argument '6.0' is invalid"],
  ])('exits with 2 where it cannot check: %s', async (args, shell, words) => {
    const { code, notes } = await spean(args, shell);
    expect(code).toBe(2);
    expect(notes).toContain(words);
  });
});

describe('lintForRelease()', () => {
  const adapter = (more: object = {}, options: object = {}) =>
    defineAdapter({
      name: 'people',
      title: 'People',
      legacy: soap({ endpoint: variable('URL'), namespace: 'urn:x' }),
      operations: {
        find: operation({
          get: '/people/{name}',
          summary: 'Find',
          call: 'Find',
          input: { name: text('Name', options) },
          output: record({ name: text('Name') }),
        }),
      },
      ...more,
    });
  const places = (definition: ReturnType<typeof adapter>, release: '7.2' | '7.7' = '7.7') =>
    lintForRelease(definition, '{}', release).map(({ severity, place }) => `${severity} ${place}`);

  it.each([[{ digits: 8 }], [{ pattern: '^[A-Z0-9-]+$' }], [{ oneOf: ['a', 'b'] }]])('takes %o in a path', (options) =>
    expect(places(adapter({}, options))).toEqual([]),
  );

  it.each([[{}], [{ pattern: '^.+$' }], [{ minLength: 3 }]])('warns of free text in a path: %o', (options) => {
    expect(places(adapter({}, options))).toEqual(['warning operations.find.input.name']);
  });

  it('knows the limits of a security server', () => {
    const limits = { answerBytes: 11 * 1024 * 1024, timeBudgetMs: 60_000 };
    expect(places(adapter({ limits }, { digits: 1 }))).toEqual([
      'mistake operations.find.limits.answerBytes',
      'warning operations.find.limits.timeBudgetMs',
    ]);
    const [finding] = lintForRelease(adapter({}, { digits: 1 }), 'x'.repeat(10_485_761), '7.4');
    expect(finding?.message).toContain('split the adapter');
  });

  it('knows the service codes that X-Road answers itself', () => {
    expect(places(adapter({ serviceCode: 'listmethods' }, { digits: 1 }))).toEqual(['mistake serviceCode']);
  });
});
