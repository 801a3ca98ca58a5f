import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { disagreements, makeCases } from '../../../scripts/verify-independently.ts';

const script = fileURLToPath(new URL('../../../scripts/verify-independently.ts', import.meta.url));
const answers = (program: string, ...rest: string[]) => spawnSync(program, rest).status === 0;
const java = answers('javac', '-version');
const python = answers('python3', '-c', 'import cryptography');
const skipped = (here: boolean, what: string) => (here ? '' : ` (skipped: no ${what} on this machine)`);

describe('independent verification', () => {
  const result =
    java || python ? spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 30_000 }) : undefined;
  const verdict = '5 genuine envelopes verified, 7 forged ones refused';

  it.skipIf(!java)(`by the Java snippet agrees with ours${skipped(java, 'JDK')}`, () => {
    expect(result?.stderr).not.toContain('disagrees');
    expect(result?.stdout).toContain(`Java: ${verdict}`);
    expect(result?.status).toBe(0);
  });

  it.skipIf(!python)(`by the Python snippet agrees with ours${skipped(python, 'python3 with cryptography')}`, () => {
    expect(result?.stderr).not.toContain('disagrees');
    expect(result?.stdout).toContain(`Python: ${verdict}`);
    expect(result?.status).toBe(0);
  });

  it('finds a verifier that verifies everything, and one that fails at everything', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spean-test-'));
    const cases = await makeCases();
    const exitingWith = (code: number) => ({
      name: 'fake',
      command: [process.execPath, '-e', `process.exit(${code})`] as const,
    });
    try {
      expect(disagreements(exitingWith(0), cases, folder)).toHaveLength(cases.filter(({ genuine }) => !genuine).length);
      expect(disagreements(exitingWith(1), cases.slice(-2), folder)).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
