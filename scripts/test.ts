/** The one gate: formatting and lint, types (type tests among them), and every test. Stops at the first that fails. */
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [what: string, program: string, ...rest: string[]])[] = [
  ['Formatting and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['Types of the runtime code', 'tsc', '-p', 'tsconfig.json'],
  ['Types of tools and tests, type tests', 'tsc', '-p', 'tsconfig.node.json'],
  ['Tests', 'vitest', 'run', ...process.argv.slice(2)],
];

for (const [what, program, ...rest] of steps) {
  console.log(`\n▸ ${what}`);
  const { status } = spawnSync(program, rest, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`\n✗ ${what} failed`);
    process.exit(status ?? 1);
  }
}
console.log('\n✓ All of it holds');
