// Runs a command with a Node that wrangler and vitest accept. A machine may have Node 20; the project
// brings 24 as an ordinary npm package (see optionalDependencies) and every npm script passes through here.
// Plain JavaScript because the old Node must be able to run this one file.
//
//   node scripts/run.mjs FILE.ts [argument…]     run a script of this project
//   node scripts/run.mjs PROGRAM [argument…]     run a program of node_modules/.bin
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [22, 18]; // the first release that strips TypeScript types without a flag
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packaged Node's path is looked up under node_modules: npm 10 does not link its `.bin/node`. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]) {
    const path = join(root, 'node_modules', name, 'bin', program);
    if (existsSync(path)) return path;
  }
  console.error(
    `spean needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}, and no packaged Node was ` +
      `installed for ${process.platform}-${process.arch}. Run "npm ci" without --omit=optional, or install a newer Node.`,
  );
  process.exit(1);
}

const [program, ...rest] = process.argv.slice(2);
if (!program) {
  console.error('usage: node scripts/run.mjs FILE.ts|PROGRAM [argument…]');
  process.exit(2);
}

const node = findNode();
const bin = join(root, 'node_modules', '.bin');
const script = /\.(ts|mjs|js)$/.test(program) && existsSync(join(root, program));
const command = script ? node : join(bin, process.platform === 'win32' ? `${program}.cmd` : program);
const child = spawn(command, script ? [join(root, program), ...rest] : rest, {
  stdio: 'inherit',
  shell: process.platform === 'win32' && !script,
  env: {
    ...process.env,
    PATH: [dirname(node), bin, process.env.PATH].join(delimiter),
    // Nothing logs in, phones home or asks: wrangler's own switches.
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    NO_UPDATE_NOTIFIER: '1',
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
