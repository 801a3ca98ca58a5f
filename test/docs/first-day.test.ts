/** Runs docs/first-day.md from its first command to its last, in a copy of the project, on ports of this run's own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const page = readFileSync('docs/first-day.md', 'utf8');
const PARTS = [
  'src',
  'adapters',
  'examples',
  'scripts',
  'wrangler.toml',
  'package.json',
  'tsconfig.json',
  'biome.json',
];
/** Ports that the page names: the stand-ins' first one with those behind it, and the adapter's. */
const FIRST_PORT = 9101;
const ADAPTER_PORT = 8787;

interface Block {
  readonly commands: string;
  readonly background: boolean;
}

const blocks: Block[] = [...page.matchAll(/(<!-- background -->\n)?```sh\n([\s\S]+?)```/g)].map(
  ([, background, commands = '']) => ({ commands, background: background !== undefined }),
);

let folder = '';
let port = 0;
const environment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
const running: ChildProcess[] = [];

/** Five ports in a row that nobody uses, below those that systems hand out; the adapter's is the last. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3, 4].map((offset) => isFree(first + offset)));
    if (!free.includes(false)) return first;
  }
}

function isFree(candidate: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(candidate, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** In one pass: a port that was put in may have the digits of one that is to be replaced. */
function here(commands: string): string {
  return commands
    .replace(/\b(?:910[1-4]|8787)\b/g, (found) => {
      const offset = Number(found) === ADAPTER_PORT ? 4 : Number(found) - FIRST_PORT;
      return String(port + offset);
    })
    .replace('npm run stand-ins', `npm run stand-ins -- ${port}`);
}

function start(commands: string): ChildProcess {
  return spawn('bash', ['-e', '-c', commands], { cwd: folder, env: environment, detached: true });
}

async function foreground(commands: string): Promise<{ code: number | null; output: string }> {
  const shell = start(commands);
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', (piece) => (output += piece));
  return new Promise((done) => shell.once('close', (code) => done({ code, output })));
}

/** Starts a command that goes on, and waits until it has said these words. */
async function background(commands: string, until: RegExp): Promise<string> {
  const shell = start(commands);
  running.push(shell);
  let output = '';
  return new Promise((done, fail) => {
    shell.once('close', (code) => fail(new Error(`${commands} ended with ${code}:\n${output}`)));
    for (const stream of [shell.stdout, shell.stderr]) {
      stream?.on('data', (piece) => {
        output += piece;
        if (until.test(output)) done(output);
      });
    }
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spean-first-day-'));
  for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  port = await freePorts();
});
afterAll(() => {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
});

const hasTools = spawnSync('bash', ['-c', 'command -v curl']).status === 0;

describe.skipIf(!hasTools)(`docs/first-day.md${hasTools ? '' : ' (skipped: it needs bash and curl)'}`, () => {
  it('goes from a WSDL to a service that is registered, called and verified', { timeout: 120_000 }, async () => {
    for (const block of blocks) {
      const commands = here(block.commands);
      if (commands.startsWith('npm ci')) continue;
      if (block.background) {
        const said = await background(commands, /Ctrl-C|Ready on/);
        environment.SPEAN_API_KEY ??= /SPEAN_API_KEY=(\S+)/.exec(said)?.[1];
        continue;
      }
      const done = await foreground(commands);
      expect(done.code, `${commands}\n${done.output}`).toBe(0);
      if (commands.includes('--yes')) expect((await foreground(commands)).output).toMatch(/nothing/i);
    }
    expect(readFileSync(join(folder, 'answer.txt'), 'utf8')).toContain('"regDate":"2009-03-01"');
  });
});
