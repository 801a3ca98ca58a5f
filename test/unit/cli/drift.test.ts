import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spean, temporaryFolder } from '../../support/cli-shell.ts';

const WSDL = readFileSync('examples/legacy/business-registry.wsdl', 'utf8');

/** What `spean check` finds when the registry's WSDL has been changed. */
async function drift(change: (wsdl: string) => string): Promise<{ code: number; found: string[] }> {
  const changed = change(WSDL);
  if (change(WSDL) === WSDL && change('x') !== 'x') throw new Error('The change changes nothing');
  const path = join(temporaryFolder(), 'registry.wsdl');
  writeFileSync(path, changed);
  const { code, out } = await spean(['check', 'business-registry', '--legacy', path, '--json']);
  const [{ findings }] = JSON.parse(out).adapters;
  const found = findings.map((finding: { severity: string; place: string; message: string }) =>
    [finding.severity, finding.place, finding.message].join(' | '),
  );
  return { code, found };
}

describe('spean check --legacy', () => {
  it('finds no drift where the WSDL is the one that the adapter was made for', async () => {
    expect(await drift((wsdl) => wsdl)).toEqual({ code: 0, found: [] });
  });

  it('tells what could not be loaded, which may be all that is gone', async () => {
    const imports = '<xs:import namespace="urn:gone" schemaLocation="gone.xsd"/>';
    const { code, found } = await drift((wsdl) => wsdl.replace(/<xs:schema [^>]*>/, (schema) => `${schema}${imports}`));
    expect(code).toBe(0);
    expect(found).toEqual([
      expect.stringMatching(/^warning \| legacy \| \S+gone\.xsd could not be loaded: what only it defines looks/),
    ]);
  });

  it.each<[string, (wsdl: string) => string, string, number]>([
    [
      'an element of the answer that is gone',
      (wsdl) => wsdl.replace(/name="RegDate"/, 'name="RegisteredOn"'),
      'mistake | operations.getCompany.output.registeredOn | RegDate is no longer an element of the answer',
      1,
    ],
    [
      'an operation that is gone',
      (wsdl) => wsdl.replaceAll('"FindCompanies"', '"SearchCompanies"'),
      'mistake | operations.findCompanies | The legacy system no longer declares FindCompanies',
      1,
    ],
    [
      'an element of the request that is demanded',
      (wsdl) => wsdl.replace(/(<xsd?:element name="Kind")/, '<xs:element name="Branch" type="xs:string"/>$1'),
      'mistake | operations.submitFiling.input | The request demands Branch now',
      1,
    ],
    [
      'a code that the adapter refuses',
      (wsdl) => wsdl.replace('<xs:enumeration value="D"', '<xs:enumeration value="S"/><xs:enumeration value="D"'),
      'mistake | operations.getCompany.output.status | The adapter refuses codes that Status may have: S',
      1,
    ],
    [
      'an element that may be absent',
      (wsdl) => wsdl.replace(/name="Capital"/, 'name="Capital" minOccurs="0"'),
      'warning | operations.getCompany.output.capitalRiel | Capital may be absent, and the adapter then refuses the answer: declare it optional',
      0,
    ],
    [
      'an element that may come more than once',
      (wsdl) =>
        wsdl
          .replace(/name="Phone"/, 'name="Phone" maxOccurs="unbounded"')
          .replace(/(name="Phone" maxOccurs="unbounded"[^>]*) minOccurs="0"/, '$1'),
      'mistake | operations.getCompany.output.phone | Phone may come more than once now: declare a list',
      1,
    ],
    [
      'a new element',
      (wsdl) => wsdl.replace(/(<xsd?:element name="Phone")/, '<xs:element name="Website" type="xs:string"/>$1'),
      'warning | operations.getCompany.output | Not in this adapter: Website',
      0,
    ],
    [
      'another namespace',
      (wsdl) => wsdl.replaceAll('http://registry.example.gov.kh/ws', 'http://registry.example.gov.kh/ws2'),
      'mistake | operations.getCompany.call | The namespace is http://registry.example.gov.kh/ws2 now, the adapter says http://registry.example.gov.kh/ws',
      1,
    ],
  ])('tells %s', async (_, change, expected, exitCode) => {
    const { code, found } = await drift(change);
    expect(found.map((finding) => finding.replace('Company/', ''))).toContainEqual(expected);
    expect(code).toBe(exitCode);
  });

  it('compares one adapter, and only with a WSDL', async () => {
    const all = await spean(['check', '--legacy', 'examples/legacy/business-registry.wsdl']);
    expect(all).toMatchObject({ code: 2, notes: '--legacy compares one adapter: name it' });
    const rows = await spean(['check', 'tax-payments', '--legacy', 'examples/legacy/business-registry.wsdl']);
    expect(rows.notes).toContain('tax-payments has no SOAP endpoint');
  });
});
