import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spean, temporaryFolder } from '../../../support/cli-shell.ts';

const COMPANY = 'adapters/business-registry/examples/company/reply.xml';
const PAYMENTS = 'adapters/tax-payments/examples/payments/reply.csv';

/** What `spean check` finds when a fresh answer is this one, changed. */
async function drift(adapter: string, file: string, change: (text: string) => string) {
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  const path = join(temporaryFolder(), file.split('/').at(-1) ?? '');
  writeFileSync(path, changed);
  const { code, out, notes } = await spean(['check', adapter, '--legacy', path, '--json']);
  const findings = out === '' ? [] : JSON.parse(out).adapters[0].findings;
  const found = findings.map((finding: { severity: string; place: string; message: string }) =>
    [finding.severity, finding.place, finding.message].join(' | '),
  );
  return { code, found, notes, isChanged: changed !== text };
}

describe('spean check --legacy with a fresh answer', () => {
  it.each([
    ['business-registry', COMPANY],
    ['business-registry', 'adapters/business-registry/examples/search-none/reply.xml'],
    ['tax-payments', PAYMENTS],
  ])('finds no drift of %s in %s, which is one of its examples', async (adapter, file) => {
    expect(await drift(adapter, file, (text) => text)).toMatchObject({ code: 0, found: [] });
  });

  it.each<[string, (text: string) => string, RegExp, number]>([
    [
      'an element that is gone',
      (text) => text.replace(/<ws:RegDate>.*<\/ws:RegDate>/, ''),
      /^mistake \| operations\.getCompany\.output\.registeredOn \| Expected a value, found none \(line 5\)$/,
      1,
    ],
    [
      'a date in another form, with its line',
      (text) => text.replace('01/03/2009', '2009-03-01'),
      /^mistake \| operations\.getCompany\.output\.registeredOn \| Expected a date as dd\/MM\/yyyy.* \(line 10\)$/,
      1,
    ],
    [
      'an element that comes twice',
      (text) => text.replace('<ws:Capital>', '<ws:Capital>1</ws:Capital><ws:Capital>'),
      /^mistake \| operations\.getCompany\.call \| A position that is declared once occurs again/,
      1,
    ],
    [
      'a new element',
      (text) => text.replace('<ws:Capital>', '<ws:Fax>012</ws:Fax><ws:Capital>'),
      /^warning \| operations\.getCompany\.output \| Not in this adapter: Company\/Fax$/,
      0,
    ],
    [
      'an answer of no operation',
      (text) => text.replaceAll('GetCompanyDetailsResponse', 'CompanyAnswer'),
      /^mistake \| operations \| .* answers with CompanyAnswer: the adapter knows GetCompanyDetailsResponse, /,
      1,
    ],
    [
      'another namespace',
      (text) => text.replace('registry.example.gov.kh/ws', 'registry.example.gov.kh/ws2'),
      /^mistake \| operations\.getCompany\.call \| .*expected GetCompanyDetailsResponse of namespace/,
      1,
    ],
  ])('tells %s', async (_, change, expected, exitCode) => {
    const { code, found, isChanged } = await drift('business-registry', COMPANY, change);
    expect(isChanged).toBe(true);
    expect(found).toEqual([expect.stringMatching(expected)]);
    expect(code).toBe(exitCode);
  });

  it('tells a column of a file that is gone, by the operations that read it', async () => {
    const { code, found } = await drift('tax-payments', PAYMENTS, (text) => text.replace(';AMOUNT;', ';TOTAL_DUE;'));
    expect(code).toBe(1);
    expect(found).toContainEqual(
      expect.stringMatching(/^mistake \| operations\.listPayments\.call \| .*"AMOUNT".*missing/),
    );
  });

  it('tells an amount that is written otherwise, by its row', async () => {
    const { found } = await drift('tax-payments', PAYMENTS, (text) => text.replace('1234567,50', '1234567.50'));
    expect(found).toContainEqual(
      expect.stringMatching(/^mistake \| operations\.listPayments\.output\.payments\.0\.amountRiel \| .*line 2/),
    );
  });

  it('takes no fault, no page and no file of a format that the adapter does not read', async () => {
    const fault = await drift(
      'business-registry',
      'adapters/business-registry/examples/company-unknown/reply.xml',
      (text) => text,
    );
    expect(fault).toMatchObject({ code: 2, notes: expect.stringMatching(/A fault shows nothing of an answer/) });
    const page = await drift('business-registry', COMPANY, () => '<!DOCTYPE html><html></html>');
    expect(page).toMatchObject({ code: 2, notes: expect.stringMatching(/answered an HTML page/) });
    const rows = await drift('business-registry', PAYMENTS, (text) => text);
    expect(rows).toMatchObject({ code: 2, notes: expect.stringMatching(/has no endpoint of the sample's format/) });
  });
});
