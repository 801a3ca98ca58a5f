/** Runs the commands of docs/register.md, in their order, against a management API that speaks TLS as the real one does. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPLAINED } from '../../src/cli/register/explain-code.ts';
import { spean } from '../support/cli-shell.ts';
import { answering, type Registering, startRegistering } from '../support/registering.ts';
import { HAS_OPENSSL, makeSelfSigned, type SelfSigned } from '../support/self-signed.ts';
import { type ServedApp, serveApp } from '../support/serve-app.ts';

const page = readFileSync('docs/register.md', 'utf8');
const PASSWORD = 'of-the-administrator';

/** The words of each command of the page, without quotes. */
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) =>
  [...text.replace(/\\\n/g, ' ').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
);
const [makeKey = [], readKey = [], ...registrations] = commands;

let world: Registering;
let adapter: ServedApp;
let certificates: { readonly own: SelfSigned; readonly server: SelfSigned };

/** What stands for the page's machines and files here. */
function here(word: string): string {
  return word
    .replace('https://ss.agency.example:4000', world.api.url)
    .replace('https://localhost:4000', world.api.url)
    .replace('https://spean.agency.example', adapter.url)
    .replace('proxy-ui-api.crt', certificates.server.file)
    .replace('adapter.crt', certificates.own.file)
    .replace(/^xroad-admin$/, `xroad-admin:${PASSWORD}`);
}

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const title = HAS_OPENSSL ? '' : ' (skipped: this machine has no openssl)';
describe.skipIf(!HAS_OPENSSL)(`the commands of docs/register.md${title}`, () => {
  beforeAll(async () => {
    certificates = { own: makeSelfSigned('spean.agency.example'), server: makeSelfSigned('ss.agency.example') };
    adapter = await serveApp(await answering(), certificates.own);
    const administrator = { user: 'xroad-admin', password: PASSWORD };
    world = await startRegistering({ tls: certificates.server, administrator });
  });
  afterAll(async () => {
    await Promise.all([world.close(), adapter.close()]);
  });

  const run = ([npx, program, ...words]: readonly string[], apiKey = world.apiKey) => {
    expect([npx, program]).toEqual(['npx', 'spean']);
    const { now, sleep } = world;
    return spean(words.map(here), { env: { SPEAN_API_KEY: apiKey }, fetch, now, sleep });
  };

  it.skipIf(!hasCurl())('make an API key with the role that is needed', async () => {
    const [curl, ...words] = makeKey;
    expect(curl).toBe('curl');
    expect(readKey.at(-1)).toBe('SPEAN_API_KEY');
    const { stdout } = await promisify(execFile)('curl', ['--silent', ...words.map(here)]);
    const { key } = JSON.parse(stdout);
    const [first = []] = registrations;
    expect((await run(first, key)).code).toBe(0);
  });

  it('show the plan, make it, and have nothing to do after that', async () => {
    const [dryRun = [], real = []] = registrations;
    expect((await run(dryRun)).out).toContain('5 changes');
    expect(world.api.configuration.clients[0]?.descriptions).toEqual([]);
    expect(await run(real)).toMatchObject({ code: 0, out: expect.stringContaining('Done: enable service') });
    expect((await run(real)).out).toContain('Nothing to do');
  });

  it('give access to groups and to single endpoints', async () => {
    const [, , access = []] = registrations;
    const { code, out } = await run(access);
    expect(code).toBe(0);
    expect(out).toContain('3 changes');
    expect(out).not.toContain('but not fetch the keys');
  });
});

describe('docs/register.md', () => {
  it.each(EXPLAINED.warnings)('explains the warning %s', (code) => {
    expect(page.split('## Warnings')[1]).toContain(`\`${code}\``);
  });

  it('names only codes that the command explains', () => {
    const named = [...page.matchAll(/`([a-z]+(?:_[a-z]+)+)`|\| `(unauthorized)`, `(forbidden)`/g)].flatMap((match) =>
      match.slice(1).filter((code) => code !== undefined),
    );
    const known = [...EXPLAINED.errors, ...EXPLAINED.warnings];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
  });
});
