import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { spean, temporaryFolder } from '../../../../support/cli-shell.ts';

/** A project of this run's own with one recorded exchange. */
function project(): string {
  const folder = temporaryFolder();
  cpSync('adapters', join(folder, 'adapters'), { recursive: true });
  symlinkSync(resolve('src'), join(folder, 'src'));
  writeFileSync(join(folder, 'find.request.xml'), '<FindPermit><PermitNo>0042</PermitNo></FindPermit>');
  writeFileSync(
    join(folder, 'find.response.xml'),
    '<Permit><PermitNo>0042</PermitNo><Holder>Sok</Holder><Fee>12.50</Fee></Permit>',
  );
  return folder;
}

test('spean draft makes an adapter of a recorded request and its answer, and spean check runs the exchange', async () => {
  const folder = project();
  const drafted = await spean(['draft', 'permits', 'find.request.xml', 'find.response.xml'], { folder });
  expect(drafted).toMatchObject({ code: 0, notes: '' });
  expect(drafted.out).toContain('GET /permit/{permitNo}');
  const example = join(folder, 'adapters/permits/examples/find-response');
  expect(JSON.parse(readFileSync(join(example, 'case.json'), 'utf8'))).toMatchObject({
    request: { method: 'GET', path: '/permit/0042' },
    answer: { status: 200, body: { permitNo: '0042', holder: 'Sok', fee: '12.50' } },
  });
  const checked = await spean(['check', 'permits'], { folder });
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.out).toContain('✓ permits: 1 operation, 1 example');
});

test('spean draft tells a request whose answer is missing', async () => {
  const { code, notes } = await spean(['draft', 'permits', 'find.request.xml'], { folder: project() });
  expect({ code, notes }).toEqual({
    code: 2,
    notes: expect.stringMatching(/find\.request\.xml is named as a request, and no answer is named like it/),
  });
});
