import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectSource } from '../../../../src/cli/draft/detect-source.ts';
import { addRegistryLine } from '../../../../src/cli/draft/register-line.ts';
import { spean, temporaryFolder } from '../../../support/cli-shell.ts';

const WSDL = 'examples/legacy/business-registry.wsdl';

/** A project of this run's own, with the WSDL that the example registry serves. */
function project(): string {
  const folder = temporaryFolder();
  cpSync('adapters', join(folder, 'adapters'), { recursive: true });
  cpSync(WSDL, join(folder, 'registry.wsdl'));
  symlinkSync(resolve('src'), join(folder, 'src'));
  return folder;
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

describe('spean draft', () => {
  it('makes a folder of a WSDL that the check finds nothing wrong with', async () => {
    const folder = project();
    const { code, out, notes } = await spean(['draft', 'companies', 'registry.wsdl'], { folder });
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(out).toContain('✓ adapters/companies/adapter.ts');
    expect(out).toContain('GET /company-details/{regNo}');
    expect(out).toContain('? legacy.endpoint: At which URL');
    expect(read(folder, 'adapters/index.ts')).toContain(
      'export const adapters = [businessRegistry, companies, taxPayments];',
    );
    expect(read(folder, 'adapters/companies/README.md')).toContain(
      'Settings: `COMPANIES_URL`, `COMPANIES_USER`, `COMPANIES_PASSWORD` (secret).',
    );
    const checked = await spean(['check', 'companies'], { folder });
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.out).toContain('✓ companies: 3 operations, 3 examples');
    const madeUp = 'adapters/companies/examples/made-up-get-company-details';
    expect(read(folder, `${madeUp}/reply.xml`)).toContain('<RegNo>12345678</RegNo>');
  });

  it('takes a sample with --columns for fixed width, whatever stands in it', async () => {
    const folder = project();
    writeFileSync(join(folder, 'people.txt'), '0001SOK, DARA\n0002CHEA,SREY\n');
    expect(await spean(['draft', 'people', 'people.txt', '--columns', '1-4,5-13'], { folder })).toMatchObject({
      code: 0,
    });
    expect(read(folder, 'adapters/people/adapter.ts')).toContain("text('5-13')");
    const other = await spean(['draft', 'companies', 'registry.wsdl', '--from', 'wsdl', '--columns', '1-4'], {
      folder,
    });
    expect(other).toMatchObject({
      code: 2,
      notes: '--columns are those of a fixed-width sample: registry.wsdl is taken for wsdl',
    });
  });

  it('takes a WSDL from its address, and what that imports from there too', async () => {
    const folder = project();
    const wsdl = readFileSync(WSDL);
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input));
      return new Response(new Uint8Array(wsdl));
    };
    const address = 'http://registry.example.gov.kh/ws?wsdl';
    expect(await spean(['draft', 'companies', address], { folder, fetch })).toMatchObject({ code: 0 });
    expect(asked).toEqual([address]);
  });

  it('takes what a WSDL in a file imports from beside it, and does without what cannot be had', async () => {
    const folder = project();
    const imports =
      '<xs:import namespace="urn:a" schemaLocation="http://schemas.example.gov.kh/2020/common"/>' +
      '<xs:import namespace="urn:b" schemaLocation="http://schemas.example.gov.kh/b.xsd"/>' +
      '<xs:import namespace="urn:c" schemaLocation="c.xsd"/>';
    const wsdl = readFileSync(WSDL, 'utf8').replace(/<xs:schema [^>]*>/, (schema) => `${schema}${imports}`);
    writeFileSync(join(folder, 'registry.wsdl'), wsdl);
    writeFileSync(
      join(folder, 'common.xsd'),
      '<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"/>',
    );
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input));
      throw new TypeError('no way there');
    };
    const { code, out } = await spean(['draft', 'companies', 'registry.wsdl'], { folder, fetch });
    expect(asked).toEqual(['http://schemas.example.gov.kh/b.xsd']);
    expect(code).toBe(0);
    expect(out).toContain('import of http://schemas.example.gov.kh/b.xsd. It could not be loaded');
    expect(out).toContain('import of c.xsd. It could not be loaded: c.xsd cannot be read: ENOENT');
  });

  it('does not write over an adapter unless it is told to', async () => {
    const folder = project();
    const { code, notes } = await spean(['draft', 'tax-payments', 'registry.wsdl'], { folder });
    expect(code).toBe(2);
    expect(notes).toBe(
      'adapters/tax-payments is there already: draft under another name, or write over it with --force',
    );
    expect(read(folder, 'adapters/tax-payments/adapter.ts')).toContain('export/payments.csv');
    expect(await spean(['draft', 'tax-payments', 'registry.wsdl', '--force'], { folder })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'adapters/tax-payments/examples/payment'))).toBe(false);
  });

  it('shows with --dry-run what it would write, and writes nothing', async () => {
    const folder = project();
    const { code, out } = await spean(['draft', 'companies', 'registry.wsdl', '--dry-run', '--json'], { folder });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      written: false,
      files: expect.arrayContaining([
        'adapters/companies/adapter.ts',
        'adapters/companies/README.md',
        'adapters/index.ts',
      ]),
      definition: { name: 'companies' },
      findings: [],
    });
    expect(existsSync(join(folder, 'adapters/companies'))).toBe(false);
  });

  it.each([
    [['Company Registry', 'registry.wsdl'], 'Company Registry is no name for an adapter'],
    [['companies', 'nowhere.wsdl'], 'nowhere.wsdl cannot be read: ENOENT'],
    [['companies', 'adapters/index.ts', '--from', 'wsdl'], 'adapters/index.ts'],
    [['companies', 'registry.wsdl', '--port', 'Other'], 'Other'],
  ])('says what is wrong: %s', async (args, words) => {
    const { code, notes } = await spean(['draft', ...args], { folder: project() });
    expect(code).toBe(2);
    expect(notes).toContain(words);
  });

  it('leaves a registry alone that it cannot read, and says which line belongs there', async () => {
    const folder = project();
    writeFileSync(join(folder, 'adapters/index.ts'), 'export const adapters = all();\n');
    const { code, notes } = await spean(['draft', 'companies', 'registry.wsdl'], { folder });
    expect(code).toBe(2);
    expect(notes).toContain('so that companies has no place in it');
    expect(existsSync(join(folder, 'adapters/companies'))).toBe(false);
  });
});

describe('addRegistryLine()', () => {
  const source = `import { a } from './a/adapter.ts';\n\n/** All. */\nexport const adapters = [a];\n`;

  it('adds an adapter in the order of names, once', () => {
    const added = addRegistryLine(source, 'b-c') ?? '';
    expect(added).toBe(
      `import { a } from './a/adapter.ts';\nimport { bC } from './b-c/adapter.ts';\n\n/** All. */\nexport const adapters = [a, bC];\n`,
    );
    expect(addRegistryLine(added, 'b-c')).toBe(added);
  });

  it('fills an empty registry', () => {
    expect(addRegistryLine('export const adapters = [];\n', 'a')).toContain('adapters = [a];');
  });
});

describe('detectSource()', () => {
  const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  const utf8 = (text: string) => new TextEncoder().encode(text);
  it.each([
    ['wsdl', utf8('<?xml version="1.0"?>\n<wsdl:definitions name="x" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">')],
    ['wsdl', utf16('<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">')],
    ['wsdl', utf8('<description xmlns="http://www.w3.org/ns/wsdl">')],
    ['xml', utf8('<definitions xmlns="urn:of-words"/>')],
    ['xml', utf8('--boundary\r\nContent-Type: text/xml\r\n\r\n<a/>')],
    ['csv', utf8('\ufeffNO;PAYER\n1;A\n')],
    ['csv', utf16('NO\tPAYER\n1\tA\n')],
    ['fixed-width', utf8('00012345SOK        20240331\n')],
    ['table-schema', utf8('{"fields": [{"name": "id"}]}')],
    ['csvw', utf8('{"@context": "http://www.w3.org/ns/csvw", "url": "a.csv"}')],
  ])('tells %s', (kind, bytes) => {
    expect(detectSource(bytes)).toBe(kind);
  });
});
