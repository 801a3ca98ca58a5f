/**
 * Runs the on-premises build from the project: `npm run serve -- FOLDER`, where FOLDER holds `settings.env` and `secrets/`
 * as an installation's settings folder does; state and run files go beside them. Builds first where nothing is built.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildOnPremises } from './build/on-premises.ts';

const root = resolve(import.meta.dirname, '..');
const program = join(root, 'dist/onpremises');
const [argument] = process.argv.slice(2);
if (argument === undefined) {
  console.error('usage: npm run serve -- FOLDER   (FOLDER holds settings.env and secrets/)');
  process.exit(64);
}
const folder = resolve(argument);
if (!existsSync(program)) await buildOnPremises(root, program);
const child = spawn(join(program, 'spean'), ['run'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    SPEAN_SETTINGS_DIRECTORY: folder,
    STATE_DIRECTORY: join(folder, 'state'),
    RUNTIME_DIRECTORY: join(folder, 'run'),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
