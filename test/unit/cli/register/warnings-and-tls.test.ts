import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answering, type Registering, startRegistering } from '../../../support/registering.ts';
import { HAS_OPENSSL, makeSelfSigned, type SelfSigned } from '../../../support/self-signed.ts';
import { type ServedApp, serveApp } from '../../../support/serve-app.ts';

const withOpenssl = HAS_OPENSSL ? '' : ' (skipped: this machine has no openssl)';

let world: Registering;
let overTls: ServedApp | undefined;
afterEach(async () => {
  expect(world.printed.join('\n')).not.toContain(world.apiKey);
  await world.close();
  await overTls?.close();
  overTls = undefined;
});

/** The adapter's certificate and the security server's; making one takes a while. */
let own: SelfSigned;
let server: SelfSigned;
beforeAll(() => {
  if (!HAS_OPENSSL) return;
  own = makeSelfSigned('adapter.agency.example');
  server = makeSelfSigned('ss.agency.example');
});

const client = () => world.api.configuration.clients[0];

describe.skipIf(!HAS_OPENSSL)(`TLS between the security server and the adapter${withOpenssl}`, () => {
  async function serveOverTls() {
    world = await startRegistering();
    overTls = await serveApp(await answering(), own);
    return ['--url', `${overTls.url}/business-registry`];
  }

  it('is verified for a new service: the certificate that is not uploaded is told, and what accepting means', async () => {
    const url = await serveOverTls();
    const { code, notes } = await world.register(url);
    expect(code).toBe(1);
    expect(notes).toContain('The security server warns: internal_server_ssl_handshake_error');
    expect(notes).toContain('Give it with --tls-certificate, or use --no-verify-tls');
    expect(notes).toContain('1 of 3 changes are made');
    expect(client()?.descriptions).toMatchObject([{ disabled: true }]);
  });

  it('goes on from there with the certificate, which is uploaded once', async () => {
    const url = await serveOverTls();
    await world.register(url);
    const { code, out } = await world.register([...url, '--tls-certificate', own.file]);
    expect(code).toBe(0);
    expect(out).toMatch(/\+ upload the adapter's TLS certificate for the client\n +SHA-256 [0-9a-f]{64}\n/);
    expect(out).toContain('TLS certificate verified');
    expect(client()?.descriptions).toMatchObject([{ disabled: false, service: { ssl_auth: true } }]);
    expect((await world.register([...url, '--tls-certificate', own.file])).out).toContain('Nothing to do');
    expect(client()?.tlsCertificates).toHaveLength(1);
  });

  it('fails to verify another certificate than the one uploaded', async () => {
    const url = await serveOverTls();
    const { code, notes } = await world.register([...url, '--tls-certificate', server.file]);
    expect(code).toBe(1);
    expect(notes).toContain('internal_server_ssl_handshake_error');
  });

  it('cannot be both verified and not', async () => {
    const url = await serveOverTls();
    const { code, notes } = await world.register([...url, '--tls-certificate', own.file, '--no-verify-tls']);
    expect(code).toBe(2);
    expect(notes).toContain('--tls-certificate and --no-verify-tls contradict each other');
  });

  it('is left unverified only by --no-verify-tls, which is said each time, and stays so', async () => {
    const url = await serveOverTls();
    const { code, out } = await world.register([...url, '--no-verify-tls']);
    expect(code).toBe(0);
    expect(out).toContain('TLS verification is off');
    const again = await world.register(url);
    expect(again.out).toContain('Nothing to do');
    expect(again.out).toContain('TLS verification is off');
    expect(client()?.descriptions).toMatchObject([{ service: { ssl_auth: false } }]);
  });

  it('is verified again by --verify-tls', async () => {
    const url = await serveOverTls();
    await world.register([...url, '--no-verify-tls']);
    const { out } = await world.register([...url, '--verify-tls', '--tls-certificate', own.file]);
    expect(out).toContain('2 changes\n');
    expect(client()?.descriptions).toMatchObject([{ service: { ssl_auth: true } }]);
  });
});

describe.skipIf(!HAS_OPENSSL)(`TLS of the management API${withOpenssl}`, () => {
  it('with a certificate that it made itself is refused, with what to do', async () => {
    world = await startRegistering({ tls: server });
    const { code, notes } = await world.register();
    expect(code).toBe(2);
    expect(notes).toContain('TLS certificate is not trusted by this machine: copy /etc/xroad/ssl/proxy-ui-api.crt');
    expect(world.api.log).toEqual([]);
  });

  it('with a certificate that it made itself is trusted by --ca, whatever name is in it', async () => {
    world = await startRegistering({ tls: server, rateLimit: { perSecond: 4, perMinute: 600 }, retryAfterSeconds: 2 });
    const { code, out } = await world.register(['--ca', server.file]);
    expect(code).toBe(0);
    expect(out).toContain('Done: enable service');
    const refused = await world.register(['--ca', server.file], { env: { SPEAN_API_KEY: 'of-another-server' } });
    expect(refused.notes).toContain('does not know the API key');
  });

  it('with another certificate than the one of --ca is refused', async () => {
    world = await startRegistering({ tls: server });
    const { code, notes } = await world.register(['--ca', own.file]);
    expect(code).toBe(2);
    expect(notes).toContain('is not trusted by this machine');
    expect(world.api.log).toEqual([]);
  });
});
