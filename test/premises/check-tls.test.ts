/** What the check says of a client certificate has to be what workerd does with it: both are asked. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../examples/installation.ts';
import { capnpConfiguration, embed } from '../../onpremises/capnp-text.ts';
import { readCertificates } from '../../onpremises/certificate-facts.ts';
import { clientPins, serverCertificateMistakes } from '../../onpremises/check-tls.ts';
import { workerdProgram } from '../../scripts/build/workerd-program.ts';
import { temporaryFolder } from '../support/cli-shell.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The sections of openssl.cnf with which X-Road 7 makes a security server's internal certificate. */
const X_ROAD_OWN =
  'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=nonRepudiation,keyEncipherment,digitalSignature,keyCertSign';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(path(name), 'utf8');
writeFileSync(path('bare.cnf'), '[req]\ndistinguished_name=name\n[name]\n');
writeFileSync(path('empty.js'), 'export default { fetch: () => new Response("in") }');
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

const certify = (request: string, out: string, ...names: string[]) =>
  execFileSync(
    join(import.meta.dirname, '../../onpremises/template/certify-security-server.sh'),
    [request, out, ...names],
    {
      cwd: folder,
      stdio: 'pipe',
    },
  );

function make(name: string, extension: string): void {
  makeCertificate(path(name), `CN=${name}`, extension);
}

/** Certificates by what is special about them: the extension, and whether pinning it works. */
const SELF_SIGNED = [
  ['for any use', 'basicConstraints=CA:FALSE', undefined],
  ['for server and client', 'extendedKeyUsage=serverAuth,clientAuth', undefined],
  ['for servers only', 'extendedKeyUsage=serverAuth', 'is not for client authentication'],
  ['that X-Road makes for itself', X_ROAD_OWN, 'marks itself as an authority'],
] as const;

describe('clientPins(), beside workerd itself', () => {
  let port = 0;
  let server: ReturnType<typeof spawn>;
  const pems = new Map<string, string>();

  beforeAll(async () => {
    make('server', 'subjectAltName=DNS:localhost');
    for (const [name, extension] of SELF_SIGNED) make(name, extension);
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=v1',
      '-config',
      path('bare.cnf'),
      '-keyout',
      'old.key',
      '-out',
      'old.pem',
    );
    openssl('x509', '-in', 'for any use.pem', '-signkey', 'for any use.key', '-days', '-1', '-out', 'expired.pem');
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=ss',
      '-keyout',
      'issued.key',
      '-out',
      'issued.csr',
      '-config',
      path('bare.cnf'),
    );
    certify('issued.csr', 'certified');
    for (const [name] of SELF_SIGNED) pems.set(name, read(`${name}.pem`));
    pems.set('old', read('old.pem'));
    pems.set('issued', read('certified/SPEAN_TLS_CLIENT_CERTIFICATES'));
    port = await freePort();
    writeFileSync(path('serve.capnp'), configuration([...pems.values()], port));
    server = spawn(workerdProgram(), ['serve', '-I', folder, path('serve.capnp')], { stdio: 'ignore' });
    while (!(await handshake(port, 'for any use', 'for any use.pem')))
      await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(() => server?.kill());

  it.each(SELF_SIGNED)('tells of a certificate %s what workerd would make of it', async (name, _, why) => {
    const { mistakes } = clientPins(pems.get(name) ?? '', Date.now());
    expect(mistakes.map((mistake) => (why !== undefined && mistake.includes(why) ? why : mistake))).toEqual(
      why ? [why] : [],
    );
    expect(await handshake(port, name, `${name}.pem`)).toBe(mistakes.length === 0);
  });

  it('tells that workerd takes no certificate of X.509 version 1', async () => {
    expect(clientPins(pems.get('old') ?? '', Date.now()).mistakes).toEqual([expect.stringContaining('version 1')]);
    expect(await handshake(port, 'old', 'old.pem')).toBe(false);
  });

  it('takes one that certify-security-server.sh signed, by its authority', async () => {
    const pins = clientPins(pems.get('issued') ?? '', Date.now());
    expect(pins.mistakes).toEqual([]);
    expect(pins.anchors).toEqual([readCertificates(pems.get('issued') ?? '')[1]?.pem]);
    expect(await handshake(port, 'issued', 'certified/internal.pem')).toBe(true);
  });

  it('takes a request in DER too, names for the certificate, and refuses what is none', () => {
    openssl('req', '-in', 'issued.csr', '-outform', 'DER', '-out', 'issued.der');
    certify('issued.der', 'certified-der', 'DNS:ss.agency.example,IP:10.0.0.5');
    expect(String(openssl('x509', '-noout', '-ext', 'subjectAltName', '-in', 'certified-der/internal.pem'))).toContain(
      'DNS:ss.agency.example, IP Address:10.0.0.5',
    );
    expect(clientPins(read('certified-der/SPEAN_TLS_CLIENT_CERTIFICATES'), Date.now()).mistakes).toEqual([]);
    expect(() => certify('server.pem', 'certified-none')).toThrow('is no certificate request');
  });

  it('lets nobody in whose certificate only has the same names', async () => {
    makeCertificate(path('impostor'), 'CN=for any use', 'basicConstraints=CA:FALSE');
    expect(await handshake(port, 'impostor', 'impostor.pem')).toBe(false);
  });
});

describe('clientPins()', () => {
  it('pins several certificates, for the time of a change', () => {
    expect(
      clientPins(read('for any use.pem') + read('certified/SPEAN_TLS_CLIENT_CERTIFICATES'), Date.now()),
    ).toMatchObject({
      anchors: { length: 2 },
      mistakes: [],
    });
  });

  it('tells of a certificate whose issuer is missing, and of one that is out of its time', () => {
    expect(clientPins(read('certified/internal.pem'), Date.now()).mistakes).toEqual([
      expect.stringContaining('does not follow it'),
    ]);
    expect(clientPins(read('for any use.pem'), Date.now() + 31 * DAY_MS).mistakes).toEqual([
      expect.stringContaining('has expired'),
    ]);
    expect(clientPins(read('for any use.pem'), Date.now() - DAY_MS).mistakes).toEqual([
      expect.stringContaining('not valid before'),
    ]);
    expect(clientPins(read('expired.pem'), Date.now()).mistakes.join()).toContain('has expired');
    expect(clientPins('hello', Date.now()).mistakes).toEqual([expect.stringContaining('holds no certificate')]);
  });
});

describe('serverCertificateMistakes()', () => {
  const check = (chain: string, key: string) => serverCertificateMistakes(chain, key, Date.now());

  it('takes an RSA certificate with its key', async () => {
    expect(await check(read('server.pem'), read('server.key'))).toEqual([]);
  });

  it('tells of the key of another certificate, and of a key in another form', async () => {
    expect(await check(read('server.pem'), read('old.key'))).toEqual([expect.stringContaining('is not the key of')]);
    openssl('rsa', '-traditional', '-in', 'server.key', '-out', 'traditional.key');
    expect(await check(read('server.pem'), read('traditional.key'))).toEqual([expect.stringContaining('PKCS#8')]);
  });

  it('refuses an ECDSA certificate, which no stock security server accepts', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=ec',
      '-config',
      path('bare.cnf'),
      '-keyout',
      'ec.key',
      '-out',
      'ec.pem',
    );
    expect(await check(read('ec.pem'), read('ec.key'))).toEqual([expect.stringContaining('no RSA key')]);
  });
});

/** Trusts what would be trusted if every certificate were pinned, the unfit ones too. */
function configuration(pinned: readonly string[], listenPort: number): string {
  return capnpConfiguration({
    services: [
      {
        name: 'main',
        worker: { modules: [{ name: 'empty.js', esModule: embed('/empty.js') }], compatibilityDate: '2026-10-01' },
      },
    ],
    sockets: [
      {
        name: 'tls',
        address: `127.0.0.1:${listenPort}`,
        https: {
          options: {},
          tlsOptions: {
            keypair: { privateKey: read('server.key'), certificateChain: read('server.pem') },
            requireClientCerts: true,
            trustedCertificates: pinned.flatMap((pem) => clientPins(pem, Date.now()).anchors),
          },
        },
        service: 'main',
      },
    ],
  });
}

/** Whether the server lets the certificate in. TLS 1.2, in which the client learns it in the handshake. */
function handshake(port: number, name: string, certificate: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      cert: read(certificate),
      key: read(`${name}.key`),
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    } as const;
    const socket = connect({ port, host: '127.0.0.1', ...options }, () => {
      socket.end();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
