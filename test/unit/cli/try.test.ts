import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskDocument } from '../../../src/cli/try/mask.ts';
import type { FieldTrace } from '../../../src/cli/try/trace-fields.ts';
import { spean, temporaryFolder } from '../../support/cli-shell.ts';

const EXAMPLES = 'adapters/business-registry/examples';
const COMPANY = ['try', 'business-registry', 'getCompany', 'registrationNumber=00012345'];
const REPLY = ['--reply', `${EXAMPLES}/company/reply.xml`];

const tried = (...args: string[]) => spean(['try', ...args]);

describe('spean try', () => {
  it('shows what went out, what came back, and field by field what became of it', async () => {
    const { code, out } = await spean([...COMPANY, ...REPLY]);
    expect(code).toBe(0);
    expect(out).toMatch(/→ went out\nPOST \/\n/);
    expect(out).toContain('<RegNo>•••</RegNo>');
    expect(out).toMatch(/← came back\nHTTP 200, text\/xml, \d+ bytes/);
    expect(out).toMatch(/registrationNumber +RegNo +"00012345" +text digits 8 +"00012345"/);
    expect(out).toMatch(/registeredOn +RegDate +••• +date format dd\/MM\/yyyy +•••/);
    expect(out).toMatch(/phone +Phone +absent +text, may be absent +left out/);
    expect(out).toMatch(/remarks +Remarks +"" +text, may be absent, may be nil +""/);
  });

  it('masks personal values unless asked, and secrets whoever asks', async () => {
    const env = {
      BUSINESS_REGISTRY_URL: 'http://registry.test/ws',
      BUSINESS_REGISTRY_USER: 'user-of-ours',
      BUSINESS_REGISTRY_PASSWORD: 'very-secret-password',
    };
    const legacy = async () =>
      new Response(readFileSync(`${EXAMPLES}/company/reply.xml`), { headers: { 'content-type': 'text/xml' } });
    const masked = await spean(COMPANY, { env, fetch: legacy });
    const shown = await spean([...COMPANY, '--show'], { env, fetch: legacy });
    expect(masked.out).not.toMatch(/Sok Dara|Khmer Trading|ខ្មែរ|12345678901234567|very-secret/);
    expect(shown.out).toContain('"Sok Dara"');
    expect(shown.out).toContain('(secret BUSINESS_REGISTRY_PASSWORD)');
    expect(shown.out + shown.notes).not.toContain('very-secret-password');
  });

  it('shows rows with their columns', async () => {
    const reply = 'adapters/tax-payments/examples/payments/reply.csv';
    const { code, out } = await tried('tax-payments', 'listPayments', 'tin=001234567', 'year=2024', '--reply', reply);
    expect(code).toBe(0);
    expect(out).toContain('GET /export/payments.csv?year=•••');
    expect(out).toMatch(/payments\.0\.number +NO +"P-000001" +text pattern \S+ +"P-000001"/);
    expect(out).toMatch(/payments\.0\.amountRiel +AMOUNT +••• +decimal decimalSeparator ,/);
  });

  it('shows the problem where the call ends in one, and exits with 1', async () => {
    const wrong = await spean([...COMPANY, '--reply', `${EXAMPLES}/company-wrong-date/reply.xml`]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('"code": "legacy-value-invalid"');
    expect(wrong.out).toContain('"field": "registeredOn"');
    const refused = await tried('business-registry', 'getCompany', 'registrationNumber=1', ...REPLY);
    expect(refused.out).toContain('nothing: the adapter refused the input');
  });

  it('keeps an exchange as an example that spean check then runs', async () => {
    const folder = temporaryFolder();
    cpSync('adapters', join(folder, 'adapters'), { recursive: true });
    symlinkSync(resolve('src'), join(folder, 'src'));
    writeFileSync(join(folder, 'reply.xml'), readFileSync(`${EXAMPLES}/company/reply.xml`));
    const { code } = await spean([...COMPANY, '--reply', 'reply.xml', '--save', 'kept'], { folder });
    expect(code).toBe(0);
    const example = JSON.parse(readFileSync(join(folder, EXAMPLES, 'kept/case.json'), 'utf8'));
    expect(example).toMatchObject({ request: { path: '/companies/00012345' }, answer: { status: 200 } });
    const checked = await spean(['check', 'business-registry'], { folder });
    expect(checked.out).toBe('✓ business-registry: 3 operations, 9 examples');
    const again = await spean([...COMPANY, '--reply', 'reply.xml', '--save', 'kept'], { folder });
    expect(again.notes).toContain('is there already');
  });

  it('sends inputs where the operation takes them', async () => {
    const filing = ['registrationNumber=00012345', 'year=2024', 'kind=annual', 'turnoverRiel=1250000.50', 'note=a&b'];
    const reply = ['--reply', `${EXAMPLES}/filing/reply.xml`, '--show'];
    const { code, out } = await tried('business-registry', 'submitFiling', ...filing, ...reply);
    expect(code).toBe(0);
    const lines = ['<Year>2024</Year>', '<Kind>ANN</Kind>', '<Amount>1250000.50</Amount>', '<Note>a&amp;b</Note>'];
    expect(out).toContain(lines.map((line) => `        ${line}`).join('\n'));
  });

  it.each([
    [['business-registry', 'nothing'], 'There is no operation nothing: business-registry has getCompany'],
    [['business-registry', 'getCompany'], 'The path needs registrationNumber=…'],
    [['business-registry', 'getCompany', 'regNo=1'], 'There is no input regNo: the operation has registrationNumber'],
    [['business-registry', 'getCompany', 'x'], '"x" is no input: write name=value'],
    [['business-registry', 'getCompany', 'registrationNumber=1'], 'set BUSINESS_REGISTRY_URL, BUSINESS_REGISTRY_USER'],
  ])('says what is missing: %s', async (args, words) => {
    const { code, notes } = await tried(...args);
    expect(code).toBe(2);
    expect(notes).toContain(words);
  });
});

describe('spean try of lists', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'adapters'));
  symlinkSync(resolve('src'), join(folder, 'src'));
  writeFileSync(
    join(folder, 'adapters/index.ts'),
    `import { csv, choice, decimal, defineAdapter, integer, list, operation, optional, record, rows, text, variable, xml } from '../src/adapter.ts';
    const legacy = { main: xml({ endpoint: variable('URL') }), rows: csv({ endpoint: variable('URL'), badRows: 'setAside' }) };
    const output = record({
      phones: list('Phones', optional(text('Phone', { missing: ['-'] }))),
      codes: list('Codes', integer('.'), { separator: ';' }),
      parties: list('Party', choice('kind', { person: record('P', { name: text('N') }), firm: record('F', { no: text('No') }) })),
      lines: list('Line', { no: integer('@no') }),
      none: list('None', text('.')),
    });
    export const adapters = [defineAdapter({
      name: 'lists', title: 'Lists', legacy,
      operations: {
        find: operation({ get: '/find', summary: 'Find', via: 'main', call: { get: 'find' }, output,
          input: { tag: list('?tag', text('.')), sum: optional(decimal('?sum')) } }),
        send: operation({ post: '/send', summary: 'Send', via: 'main', call: { post: 'send', root: 'R' }, output: record({}),
          input: { sum: decimal('Sum', { as: 'number' }), name: text('Name') } }),
        all: operation({ get: '/all', summary: 'All', via: 'rows', call: { get: 'all' }, output: rows('all', { no: integer('NO') }) }),
      },
    })];`,
  );
  writeFileSync(
    join(folder, 'reply.xml'),
    '<R><Phones><Phone>-</Phone><Phone>12</Phone></Phones><Codes>1;2</Codes>' +
      '<Party><F><No>7</No></F></Party><Party><P><N>Sok</N></P></Party><Line no="1"/><Line no="2"/></R>',
  );
  writeFileSync(join(folder, 'reply.csv'), 'NO\nx\n2\n');

  const trying = (...args: string[]) => spean(['try', 'lists', ...args], { folder });

  it('shows each item at its position, with what became of it', async () => {
    const { out } = await trying('find', '--reply', 'reply.xml', '--json');
    const told = JSON.parse(out).fields.map(({ field, at, found = 'absent', answered = 'left out' }: FieldTrace) => [
      ...[field, at, found, answered],
    ]);
    expect(told).toEqual([
      ['phones.0', 'Phones/Phone', '-', 'left out'],
      ['phones.1', 'Phones/Phone', '12', '12'],
      ['codes', 'Codes', '1;2', [1, 2]],
      ['parties.0.no', 'No', '7', '7'],
      ['parties.1.name', 'N', 'Sok', 'Sok'],
      ['lines.0.no', '@no', '1', 1],
      ['lines.1.no', '@no', '2', 2],
      ['none', 'None', 'absent', []],
    ]);
  });

  it('shows a row that is set aside as one that is left out', async () => {
    const { out } = await trying('all', '--reply', 'reply.csv', '--show');
    expect(out).toMatch(/all\.0\.no +NO +"x" +integer +left out/);
    expect(out).toMatch(/all\.1\.no +NO +"2" +integer +2/);
  });

  it.each([
    [['tag=a', 'tag=b'], '/find?tag=a&tag=b'],
    [['tag=["a","b,c"]'], '/find?tag=a&tag=b%2Cc'],
    [['tag=a'], '/find?tag=a'],
    [['tag=[]', 'sum=1.50'], '/find?sum=1.50'],
  ])('sends every item that is given for the query: %j', async (inputs, target) => {
    const { out } = await trying('find', ...inputs, '--reply', 'reply.xml', '--show');
    expect(out).toContain(`GET ${target}\n`);
  });

  it('sends the value that is given, or none', async () => {
    const reply = ['--reply', 'reply.xml', '--show'];
    expect((await trying('find', 'sum=1', 'sum=2', ...reply)).notes).toContain('sum is given more than once');
    const rounded = await trying('send', 'sum=0.1234567890123456789', 'name=x', ...reply);
    expect(rounded.out).toContain('the adapter refused the input');
    expect((await trying('send', 'sum=0.5', 'name=null', ...reply)).out).toContain('<Name>null</Name>');
  });
});

describe('maskDocument()', () => {
  it.each([
    ['<a xmlns="urn:x" b="1">text<!-- c --></a>', '<a xmlns="urn:x" b="•••">•••<!-- c --></a>'],
    ['<a><![CDATA[secret > text]]></a>', '<a>•••</a>'],
    ["<a b='>secret'/>", '<a b="•••"/>'],
    ['name;amount\nSok;1', '(17 characters)'],
    ['', ''],
  ])('%s → %s', (document, masked) => expect(maskDocument(document)).toBe(masked));
});
