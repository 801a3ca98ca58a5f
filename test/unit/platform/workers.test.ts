import { describe, expect, it, vi } from 'vitest';
import { callerOf, workersPlatform } from '../../../src/platform/workers.ts';

const FINGERPRINT = 'AB'.repeat(32);

function requestWith(cf: object | undefined, headers: Record<string, string> = {}): Request {
  return Object.assign(new Request('https://spean.example/', { headers }), { cf });
}

describe('callerOf()', () => {
  const forged = { 'cf-connecting-ip': '10.0.0.5' };

  it('believes the address header where Cloudflare or a front of our own writes it', () => {
    expect(callerOf(requestWith({ colo: 'PNH' }, forged))).toEqual({ address: '10.0.0.5' });
    expect(callerOf(requestWith({ clientUid: 991 }, forged))).toEqual({ address: '10.0.0.5' });
  });

  it.each([
    ['198.51.100.7:40112', '198.51.100.7'],
    ['[2001:db8::7]:40112', '2001:db8::7'],
    ['[::ffff:198.51.100.7]:40112', '198.51.100.7'],
    ['[::ffff:c633:6407:1]:40112', '::ffff:c633:6407:1'],
  ])(
    'takes the connection %s for the address where workerd listens itself, whatever the header says',
    (clientIp, address) => {
      expect(callerOf(requestWith({ clientIp }, forged))).toEqual({ address });
    },
  );

  it('knows no address where nothing is known of the connection', () => {
    expect(callerOf(requestWith(undefined, forged))).toEqual({});
  });

  it('knows a client certificate by its fingerprint, and only where one was presented', () => {
    const tlsClientAuth = { certPresented: '1', certFingerprintSHA256: FINGERPRINT };
    expect(callerOf(requestWith({ tlsClientAuth }))).toEqual({ certificate: FINGERPRINT.toLowerCase() });
    expect(callerOf(requestWith({ tlsClientAuth: { ...tlsClientAuth, certPresented: '0' } }))).toEqual({});
  });
});

describe('workersPlatform()', () => {
  it('calls a server through the binding that is named for its origin, and every other one directly', async () => {
    const direct = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('direct'));
    const environment = { REGISTRY: { fetch: async (request: Request) => new Response(`bound ${request.url}`) } };
    const platform = workersPlatform(environment, new Map([['https://registry.internal', 'REGISTRY']]));
    const ask = async (url: string) => (await platform.fetch(new Request(url))).text();
    expect(await ask('https://registry.internal/ws?a')).toBe('bound https://registry.internal/ws?a');
    expect(await ask('https://registry.internal:8443/ws')).toBe('direct');
    expect(await ask('http://registry.internal/ws')).toBe('direct');
    direct.mockRestore();
  });
});
