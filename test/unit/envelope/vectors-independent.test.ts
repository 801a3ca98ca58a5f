import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const hasJava = spawnSync('java', ['--describe-module', 'jdk.compiler']).status === 0;
const script = new URL('../../../scripts/verify-independently.ts', import.meta.url).pathname;

describe('a fresh envelope', () => {
  it.skipIf(!hasJava)(
    `is verified by a program that shares no code with this project${hasJava ? '' : ' (skipped: no JDK is here)'}`,
    () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain('ran: Java (JDK only), 6 of 6 verdicts right');
      expect(status).toBe(0);
    },
  );
});
