/**
 * An on-premises installation in a folder of its own on this machine, with certificates made for it and the stand-ins
 * for its legacy systems: for trying it and for proving what it promises. Needs the built directory, and openssl.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startBusinessRegistry } from './legacy/business-registry.ts';
import { startTaxOffice } from './legacy/tax-office.ts';
import { PROVIDER } from './stack.ts';

/** Long enough for a stop or an exchange to fall into the middle of a slow call. */
const SLOW_MS = 1_500;

export interface InstallationFolders {
  /** The built directory, or a link to it, as `npm run build` makes it. */
  readonly program: string;
  /** Where settings, secrets, state and run files go; made anew. */
  readonly home: string;
  /** Settings that replace the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type InstallationOnDisk = Awaited<ReturnType<typeof layOut>>;

/** Writes a complete installation: the security server's certificate is pinned, the stand-ins are the legacy systems. */
export async function layOut({ program, home, settings = {} }: InstallationFolders) {
  const user = 'spean';
  const password = 'a password with "quotes" and \\';
  const registry = await startBusinessRegistry({ user, password });
  const taxOffice = await startTaxOffice({ user, password, slowMs: SLOW_MS });
  const [port, operationsPort] = await freePorts();
  const path = (name: string) => join(home, name);
  mkdirSync(path('settings/secrets'), { recursive: true });
  makeCertificate(path('server'), 'CN=spean.test', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  makeCertificate(path('security-server'), 'CN=ss.test', 'basicConstraints=critical,CA:FALSE');
  const operationsToken = 'operations-token-for-this-run';
  writeSettings(path('settings/settings.env'), {
    SPEAN_PROVIDER: PROVIDER,
    SPEAN_LISTEN: `127.0.0.1:${port}`,
    SPEAN_OPERATIONS_LISTEN: `127.0.0.1:${operationsPort}`,
    SPEAN_PUBLIC_URL: `https://localhost:${port}`,
    BUSINESS_REGISTRY_URL: registry.url,
    BUSINESS_REGISTRY_USER: user,
    TAX_OFFICE_URL: taxOffice.url,
    TAX_OFFICE_USER: user,
    ...settings,
  });
  const secrets: Record<string, string> = {
    SPEAN_SIGNING_KEY: await signingKey(),
    SPEAN_OPERATIONS_TOKEN: operationsToken,
    SPEAN_TLS_CERTIFICATE: readFileSync(path('server.pem'), 'utf8'),
    SPEAN_TLS_KEY: readFileSync(path('server.key'), 'utf8'),
    SPEAN_TLS_CLIENT_CERTIFICATES: readFileSync(path('security-server.pem'), 'utf8'),
    BUSINESS_REGISTRY_PASSWORD: password,
    TAX_OFFICE_PASSWORD: password,
  };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(path(`settings/secrets/${name}`), value);
  return {
    home,
    registry,
    taxOffice,
    operationsToken,
    url: `https://localhost:${port}`,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    /** TLS files of the security server's side. */
    tls: { ca: path('server.pem'), cert: path('security-server.pem'), key: path('security-server.key') },
    /** Runs a command of the start script to its end; throws with what it printed when it fails. */
    command: (...args: string[]) =>
      execFileSync(join(program, 'spean'), args, { env: environment(home), stdio: 'pipe' }),
    start: () => startInstallation(program, home),
    closeLegacy: () => Promise.all([registry.close(), taxOffice.close()]),
  };
}

export type RunningInstallation = Awaited<ReturnType<typeof startInstallation>>;

/** Starts `spean run`; resolves when it says that it is ready, rejects with what it printed when it ends before. */
async function startInstallation(program: string, home: string) {
  const child = spawn(join(program, 'spean'), ['run'], { env: environment(home), stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => printed.push(String(part)));
  const ended = new Promise<number>((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
  await until(child, printed, () => printed.join('').includes('spean: ready'));
  return {
    ended,
    /** All that was printed, logs of exchanges among it. */
    output: () => printed.join(''),
    workerId: () => Number(readFileSync(join(home, 'run/worker.pid'), 'utf8')),
    /** Exchanges the worker, as an upgrade does; throws with what was printed when it stayed. */
    async exchangeWorker() {
      const since = printed.length;
      const news = () => printed.slice(since).join('');
      child.kill('SIGHUP');
      await until(child, printed, () => /spean: the (worker was (not )?exchanged|new worker)/.test(news()));
      if (!news().includes('spean: the worker was exchanged')) throw new Error(news());
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Looks often rather than waits for an event: output comes in pieces that end anywhere. */
async function until(child: ChildProcess, printed: readonly string[], isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (child.exitCode !== null) throw new Error(`spean run ended with ${child.exitCode}:\n${printed.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    SPEAN_SETTINGS_DIRECTORY: join(home, 'settings'),
    STATE_DIRECTORY: join(home, 'state'),
    RUNTIME_DIRECTORY: join(home, 'run'),
    // None of the legacy systems has a public certificate, so an installation has to do without the machine's authorities.
    SSL_CERT_FILE: '/nonexistent',
    SSL_CERT_DIR: '/nonexistent',
  };
}

/** `BASE.pem` and `BASE.key`: self-signed, RSA, with one extension in openssl's notation. */
export function makeCertificate(base: string, subject: string, extension: string): void {
  const files = ['-keyout', `${base}.key`, '-out', `${base}.pem`];
  const config = `${base}.cnf`;
  writeFileSync(
    config,
    `[req]\ndistinguished_name=name\nx509_extensions=extensions\n[name]\n[extensions]\n${extension}\n`,
  );
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-config', config];
  execFileSync('openssl', [...request, '-subj', `/${subject}`, ...files], { stdio: 'pipe' });
}

export function writeSettings(file: string, settings: Readonly<Record<string, string>>): void {
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
}

async function signingKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return JSON.stringify({ kty, crv, x, y, d });
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  for (const server of servers) server.close();
  return ports as [number, number];
}
