/**
 * The built directory, installed in a temporary folder, started with TLS and called as a security server calls. One file
 * for all of it, as building and starting take longer than the tests.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type InstallationOnDisk,
  layOut,
  makeCertificate,
  type RunningInstallation,
} from '../../examples/installation.ts';
import { capnpConfiguration } from '../../onpremises/capnp-text.ts';
import { workerConfiguration } from '../../onpremises/workerd-config.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { buildOnPremises } from '../../scripts/build/on-premises.ts';
import { createCaller, startLoad } from '../../scripts/restart-proof/load.ts';
import { proveRestarts, unsound } from '../../scripts/restart-proof/prove-restarts.ts';
import { temporaryFolder } from '../support/cli-shell.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const home = temporaryFolder();
const built = join(home, 'releases/1');
/** The link that an upgrade points elsewhere. */
const current = join(home, 'current');
const PATH = '/business-registry/companies/00012345';

/** X-Road's `client-tls-ciphers`, in openssl's names. */
const STOCK_SUITES = [
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES128-SHA256',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
].join(':');

let installation: InstallationOnDisk;
let running: RunningInstallation;

beforeAll(async () => {
  await buildOnPremises(root, built);
  symlinkSync(built, current);
  installation = await layOut({
    program: current,
    home: join(home, 'a'),
    settings: { SPEAN_OPERATIONS_ADDRESSES: '127.0.0.3' },
  });
  running = await installation.start();
}, 60_000);

afterAll(async () => {
  await running?.stop();
  await installation?.closeLegacy();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a program to its end; a failure's output is an answer too. */
async function tell(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, [...args]).catch((error: { stdout: string; stderr: string }) => error);
  return `${stdout}${stderr}`;
}

const port = () => new URL(installation.url).port;
const curl = (...args: string[]) => tell('curl', ['-sS', '--max-time', '20', '--cacert', installation.tls.ca, ...args]);
const showing = (base: string) => ['--cert', `${base}.pem`, '--key', `${base}.key`];
const asSecurityServer = () => showing(installation.tls.cert.replace(/\.pem$/, ''));
const asExchange = ['-H', 'X-Road-Client: CAMBODIA/COM/CAMDEV21231832/CP1_API', '-H', 'X-Road-Request-Id: r-1'];

/** A call whose legacy answer takes a while: the body, and the status behind it. */
function slowCall(): Promise<string> {
  const url = `${installation.url}/tax-payments/taxpayers/001234567/payments?year=2091`;
  return curl(...asSecurityServer(), ...asExchange, '-w', ' %{http_code}', url);
}

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

describe('the TLS listener', () => {
  it('speaks TLS 1.2 with a stock security server’s suites, and TLS 1.3', async () => {
    const address = [
      's_client',
      '-connect',
      `127.0.0.1:${port()}`,
      '-cert',
      installation.tls.cert,
      '-key',
      installation.tls.key,
    ];
    const stock = await tell('sh', ['-c', `echo | openssl "$@"`, 'sh', ...address, '-tls1_2', '-cipher', STOCK_SUITES]);
    expect(stock).toMatch(/New, TLSv1.2, Cipher is ECDHE-RSA-AES(128-GCM-SHA256|256-GCM-SHA384)/);
    expect(stock).toContain('Peer signature type: RSA');
    const newer = await tell('sh', ['-c', `echo | openssl "$@"`, 'sh', ...address, '-tls1_3']);
    expect(newer).toContain('New, TLSv1.3');
    const older = await tell('sh', [
      '-c',
      `echo | openssl "$@"`,
      'sh',
      ...address,
      '-tls1_1',
      '-cipher',
      'ALL:@SECLEVEL=0',
    ]);
    expect(older).toContain('Cipher is (NONE)');
  });

  it('lets in whoever shows exactly the pinned certificate, and nobody else', async () => {
    const other = join(home, 'other');
    makeCertificate(other, 'CN=ss.test', 'basicConstraints=CA:FALSE');
    expect(await curl(...asSecurityServer(), ...asExchange, installation.url + PATH)).toContain(
      '"registrationNumber":"00012345"',
    );
    expect(await curl(...asExchange, installation.url + PATH)).toContain('certificate required');
    expect(await curl(...showing(other), ...asExchange, installation.url + PATH)).toMatch(/alert|unknown|certificate/);
    expect(running.output()).toContain('peer sent no certificates');
  });

  it.skipIf(!has('java'))(
    'is called by Java as a stock security server calls (skipped where java is not there)',
    async () => {
      const store = join(home, 'internal.p12');
      const { cert, key } = installation.tls;
      execFileSync('openssl', [
        'pkcs12',
        '-export',
        '-in',
        cert,
        '-inkey',
        key,
        '-name',
        'internal',
        '-passout',
        'pass:internal',
        '-out',
        store,
      ]);
      const java = (...args: string[]) =>
        tell('java', [join(import.meta.dirname, 'fixtures/StockClient.java'), port(), PATH, ...args]);
      const [pinned, bare] = await Promise.all([java(store), java()]);
      expect(pinned).toMatch(/^TLSv1.2 TLS_ECDHE_RSA_WITH_AES_\d+_GCM_SHA\d+\nHTTP\/1.1 200/);
      expect(bare).toMatch(/^refused: /);
    },
  );
});

describe('the operations listener', () => {
  it('answers operators, and is no way around the security server', async () => {
    const bearer = ['-H', `Authorization: Bearer ${installation.operationsToken}`];
    expect(await curl(`${installation.operationsUrl}/health`)).toBe('{"status":"alive"}');
    expect(await curl(...bearer, `${installation.operationsUrl}/ready`)).toContain('"ready":true');
    expect(await curl(`${installation.operationsUrl}/metrics`)).toContain('"status":404');
    expect(await curl(...asExchange, installation.operationsUrl + PATH)).toBe('Not found\n');
    expect(await curl('--path-as-is', ...asExchange, `${installation.operationsUrl}/health/..${PATH}`)).toBe(
      'Not found\n',
    );
  });
});

describe('the caller’s address', () => {
  it('is the connection’s own, whatever a header says', async () => {
    const ready = `${installation.operationsUrl}/ready`;
    expect(await curl('-H', 'CF-Connecting-IP: 127.0.0.3', ready)).toContain('"status":404');
    expect(await curl('--interface', '127.0.0.3', ready)).toContain('"ready":true');
  });
});

describe('a start with mistakes in the settings', () => {
  it('ends with code 78 and all of them, before anything listens', async () => {
    const settings = join(home, 'bad/settings');
    cpSync(join(installation.home, 'settings'), settings, { recursive: true });
    writeFileSync(
      join(settings, 'settings.env'),
      'SPEAN_PROVIDER=nobody\nBUSINESS_REGISTRY_URL=ftp://x\nSPEAN_TYPO=1\n',
    );
    const env = {
      PATH: process.env.PATH,
      SPEAN_SETTINGS_DIRECTORY: settings,
      STATE_DIRECTORY: join(home, 'bad/state'),
      RUNTIME_DIRECTORY: join(home, 'bad/run'),
    };
    for (const command of ['check', 'run']) {
      const refusal = await run(join(current, 'spean'), [command], { env }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 78, stderr: expect.stringContaining('Settings have 6 mistake(s)') });
      for (const name of [
        'SPEAN_PROVIDER',
        'BUSINESS_REGISTRY_URL',
        'BUSINESS_REGISTRY_USER',
        'TAX_OFFICE_URL',
        'SPEAN_TYPO',
      ]) {
        expect((refusal as { stderr: string }).stderr).toContain(`  ${name} `);
      }
    }
  });

  it('keeps the worker that runs when a change is refused, and starts the same again when it dies', async () => {
    const file = join(installation.home, 'settings/settings.env');
    const good = readFileSync(file, 'utf8');
    const worker = running.workerId();
    writeFileSync(file, `${good}SPEAN_TYPO=1\n`);
    await expect(running.exchangeWorker()).rejects.toThrow('SPEAN_TYPO');
    expect(running.workerId()).toBe(worker);
    process.kill(worker, 'SIGKILL');
    while (running.workerId() === worker) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await curl(...asSecurityServer(), ...asExchange, installation.url + PATH)).toContain('00012345');
    writeFileSync(file, good);
    expect(await curl(`${installation.operationsUrl}/health`)).toBe('{"status":"alive"}');
  });
});

describe('a start that cannot be', () => {
  const ownFolders = (name: string) => ({
    PATH: process.env.PATH,
    SPEAN_SETTINGS_DIRECTORY: join(installation.home, 'settings'),
    STATE_DIRECTORY: join(home, name, 'state'),
    RUNTIME_DIRECTORY: join(home, name, 'run'),
  });

  it('says which settings to look at where something else has the port', async () => {
    const refusal = await run(join(current, 'spean'), ['run'], { env: ownFolders('twice') }).catch((error) => error);
    expect(refusal).toMatchObject({ code: 1, stderr: expect.stringContaining('Address already in use') });
    expect(refusal.stderr).toContain('spean: the front did not start');
    expect(refusal.stderr).toContain('SPEAN_LISTEN');
    expect(refusal.stderr).not.toContain('Tests failed');
  });

  it('is told by a check of a directory that was copied in part', async () => {
    const cut = join(home, 'releases/cut');
    cpSync(built, cut, { recursive: true });
    writeFileSync(join(cut, 'workerd'), '');
    const refusal = await run(join(cut, 'spean'), ['check'], { env: ownFolders('cut') }).catch((error) => error);
    expect(refusal).toMatchObject({ code: 70, stderr: expect.stringContaining('is not complete') });
  });
});

describe('an upgrade and a roll-back', () => {
  it('swap the directory under load without a failed request', async () => {
    const next = join(home, 'releases/2');
    cpSync(built, next, { recursive: true });
    writeFileSync(
      join(next, 'worker.js'),
      `${readFileSync(join(built, 'worker.js'), 'utf8')}\nconsole.log('release 2');\n`,
    );
    const caller = createCaller(installation);
    const load = startLoad(caller, 'upgrade', 8);
    for (const release of [next, built]) {
      rmSync(current);
      symlinkSync(release, current);
      await running.exchangeWorker();
    }
    const { failures, reads, writes } = await load.stop();
    caller.close();
    expect(failures).toEqual([]);
    expect(Math.min(reads, writes.length)).toBeGreaterThan(0);
    expect(running.output().match(/^release 2$/gm)).toHaveLength(1);
  });

  it('wait for a slow call that is under way', async () => {
    const slow = slowCall();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await running.exchangeWorker();
    expect(await slow).toMatch(/ 200$/);
  }, 20_000);
});

describe('a backup', () => {
  it('taken while writes go on holds every write that was answered before, and nothing else after a restore', async () => {
    const caller = createCaller(installation);
    const before = { key: 'before', amount: 900_001 };
    const first = await caller.write(before);
    const load = startLoad(caller, 'backup', 4);
    const file = join(home, 'objects.tar');
    await promisify(setTimeout)(100);
    installation.command('backup', file);
    expect((await load.stop()).failures).toEqual([]);
    const after = { key: 'after', amount: 900_002 };
    expect((await caller.write(after)).status).toBe(201);
    expect(() => installation.command('restore', file)).toThrow('another process uses the storage');
    await running.stop();
    installation.command('restore', file);
    expect(
      readdirSync(join(installation.home, 'state')).filter((name) => name.startsWith('objects-before-')),
    ).toHaveLength(1);
    running = await installation.start();
    const asked = installation.taxOffice.received.length;
    expect(await caller.write(before)).toEqual(first);
    expect(installation.taxOffice.received.length).toBe(asked);
    await caller.write(after);
    expect(installation.taxOffice.received.length).toBe(asked + 1);
    caller.close();
    expect(unsound(join(installation.home, 'state/objects'))).toEqual([]);
  });
});

describe('a backup or restore that cannot be', () => {
  it('leaves no piece of a file on a full disk', () => {
    const file = join(home, 'full.tar');
    const args = ['-c', 'trap "" XFSZ; ulimit -f 1; exec "$0" backup "$1"', join(current, 'spean'), file];
    const env = { PATH: process.env.PATH, STATE_DIRECTORY: join(installation.home, 'state') };
    expect(() => execFileSync('sh', args, { env, stdio: 'pipe' })).toThrow(`the backup ${file} could not be written`);
    expect([file, `${file}.part`].filter((name) => existsSync(name))).toEqual([]);
  });

  it('leaves the stored objects as they were where the file is no backup', () => {
    const state = join(home, 'no-backup');
    mkdirSync(join(state, 'objects'), { recursive: true });
    const env = { PATH: process.env.PATH, STATE_DIRECTORY: state };
    const restore = () =>
      execFileSync(join(current, 'spean'), ['restore', join(built, 'LICENSE')], { env, stdio: 'pipe' });
    expect(restore).toThrow('is no backup; the stored objects are as they were');
    expect(readdirSync(state)).toContain('objects');
  });

  it.skipIf(process.getuid?.() !== 0)('gives the objects to whose the state is (skipped where not root)', () => {
    const state = join(home, 'of-another');
    mkdirSync(join(state, 'objects/one'), { recursive: true });
    const env = { PATH: process.env.PATH, STATE_DIRECTORY: state };
    execFileSync(join(current, 'spean'), ['backup', join(home, 'own.tar')], { env, stdio: 'pipe' });
    chownSync(state, 65_534, 65_534);
    execFileSync(join(current, 'spean'), ['restore', join(home, 'own.tar')], { env, stdio: 'pipe' });
    for (const name of ['objects', 'objects/one', '.lock']) expect(statSync(join(state, name)).uid).toBe(65_534);
  });
});

describe('calls to legacy systems', () => {
  let legacy: Server;
  const seen: string[] = [];

  beforeAll(async () => {
    makeCertificate(join(home, 'legacy'), 'CN=legacy.test', 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE');
    makeCertificate(join(home, 'shown'), 'CN=spean-to-legacy', 'basicConstraints=CA:FALSE');
    const file = (name: string) => readFileSync(join(home, name));
    const options = { cert: file('legacy.pem'), key: file('legacy.key'), ca: file('shown.pem'), requestCert: true };
    legacy = createServer(options, (request, response) => {
      const { authorized } = request.socket as unknown as { authorized: boolean };
      seen.push(`${request.url} ${authorized}`);
      response.writeHead(200, { 'content-type': 'text/csv' }).end('NO;TIN;DATE;AMOUNT;NAME;NOTE\r\nTOTAL;0\r\n');
    });
    await new Promise<void>((resolve) => legacy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    legacy.close();
    rmSync(join(installation.home, 'settings'), { recursive: true });
    cpSync(join(home, 'settings-before'), join(installation.home, 'settings'), { recursive: true });
    await running.exchangeWorker();
  });

  it('trust the declared authority and show the declared certificate', async () => {
    const url = `https://127.0.0.1:${(legacy.address() as AddressInfo).port}`;
    cpSync(join(installation.home, 'settings'), join(home, 'settings-before'), { recursive: true });
    const file = join(installation.home, 'settings/settings.env');
    const good = readFileSync(file, 'utf8');
    const secrets = join(installation.home, 'settings/secrets');
    writeFileSync(file, good.replace(/^TAX_OFFICE_URL=.*$/m, `TAX_OFFICE_URL=${url}`));
    // No authority is declared, and this machine is made to have none: the worker that runs is not given up for that.
    await expect(running.exchangeWorker()).rejects.toThrow('No CA certificates were loaded');
    const other = readFileSync(installation.tls.ca);
    writeFileSync(join(secrets, 'TAX_OFFICE_URL_AUTHORITIES'), other);
    await running.exchangeWorker();
    const ask = (year: number) =>
      curl(
        ...asSecurityServer(),
        ...asExchange,
        `${installation.url}/tax-payments/taxpayers/001234567/payments?year=${year}`,
      );
    expect(await ask(2000)).toContain('legacy-unreachable');
    expect(seen).toEqual([]);
    for (const [name, source] of [
      ['AUTHORITIES', 'legacy.pem'],
      ['CLIENT_CERTIFICATE', 'shown.pem'],
      ['CLIENT_KEY', 'shown.key'],
    ]) {
      cpSync(join(home, String(source)), join(secrets, `TAX_OFFICE_URL_${name}`));
    }
    await running.exchangeWorker();
    await ask(2000);
    expect(seen.at(-1)).toMatch(/year=2000 true$/);
  }, 20_000);

  it('reach no server that is not declared, whatever the worker asks for', async () => {
    const folder = join(home, 'asking');
    cpSync(join(built, 'outgoing.js'), join(folder, 'outgoing.js'), { recursive: true });
    const asking =
      'export default { fetch: (_, env) => fetch(env.URL).then(() => new Response("answered"), () => new Response("refused")) };';
    writeFileSync(join(folder, 'worker.js'), asking);
    const { origin } = new URL(installation.registry.url);
    const tls = { certificateChain: '', privateKey: '', clientAnchors: [] };
    const outcomeOf = async (url: string): Promise<string> => {
      const variables = new Map([['URL', url]]);
      const parts = { listen: '', operationsListen: '', tls, origins: [{ origin }], variables };
      const config = capnpConfiguration(workerConfiguration(parts, { ...readDeployment(root), objects: [] }));
      writeFileSync(join(folder, 'worker.capnp'), config);
      const socket = join(folder, 'worker.sock');
      rmSync(socket, { force: true });
      const args = [
        'serve',
        '-I',
        folder,
        join(folder, 'worker.capnp'),
        '-s',
        `worker=unix:${socket}`,
        '-d',
        `storage=${folder}`,
      ];
      const child = spawn(join(built, 'workerd'), args, { stdio: 'ignore' });
      while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10));
      const answer = await curl('--unix-socket', socket, 'http://w/');
      child.kill();
      return answer;
    };
    expect(await outcomeOf(installation.registry.url)).toBe('answered');
    expect(await outcomeOf(installation.taxOffice.url)).toBe('refused');
  });
});

describe('restarts under load', () => {
  it('cost no request, and no record whether they drain or kill', async () => {
    const proof = await proveRestarts({ program: built, home: join(home, 'proof'), exchanges: 3 });
    expect(proof).toMatchObject({ failures: [], lostWrites: [], unsoundFiles: [], kills: 1 });
    expect(proof.writes).toBeGreaterThan(0);
  }, 30_000);
});

describe('a stop', () => {
  it('answers what is under way and leaves nobody running', async () => {
    const slow = slowCall();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const worker = running.workerId();
    expect(await running.stop()).toBe(0);
    expect(await slow).toMatch(/ 200$/);
    expect(() => process.kill(worker, 0)).toThrow('ESRCH');
    running = await installation.start();
  }, 20_000);
});
