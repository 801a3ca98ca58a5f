import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function run(args: readonly string[], until?: RegExp): Promise<{ code: number | null; output: string; group: number }> {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    const add = (part: Buffer) => {
      output += part;
      if (until?.test(output)) process.kill(-(child.pid ?? 0), 'SIGINT'); // the whole group, as Ctrl-C in a terminal does
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('close', (code) => resolve({ code, output, group: child.pid ?? 0 }));
  });
}

/** Whether any process of the group is left. */
function isRunning(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the commands of the README', () => {
  it('npm run demo explains every call and exits 0', async () => {
    const { code, output } = await run(['demo']);
    expect(output).toContain('All 13 calls are as they should be.');
    expect(output).not.toContain('✗');
    expect(code).toBe(0);
  });

  it('npm start stays up with lines to paste until Ctrl-C, and leaves nothing running', async () => {
    const { output, group } = await run(['start'], /openapi\.json'\n/);
    expect(output).toContain("curl -s -H 'X-Road-Client: ");
    await expect.poll(() => isRunning(group), { timeout: 5_000 }).toBe(false);
  });
});
