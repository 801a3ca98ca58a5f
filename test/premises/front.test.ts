import { describe, expect, it } from 'vitest';
import { operations } from '../../onpremises/front.ts';

/** The address that the worker behind the front is told. */
async function told(clientIp: string | undefined): Promise<string | null> {
  const WORKER = {
    fetch: async (request: Request | string) => new Response((request as Request).headers.get('cf-connecting-ip')),
  };
  const headers = { 'cf-connecting-ip': '10.0.0.5' };
  const request = Object.assign(new Request('http://front.test/health', { headers }), { cf: { clientIp } });
  return (await operations.fetch(request, { WORKER })).text();
}

describe('the front', () => {
  it.each([
    ['198.51.100.7:40112', '198.51.100.7'],
    ['[2001:db8::7]:40112', '2001:db8::7'],
    ['[::ffff:198.51.100.7]:40112', '198.51.100.7'],
    [undefined, ''],
  ])('tells the worker of the connection %s as %j, whatever the caller writes', async (clientIp, address) => {
    expect(await told(clientIp)).toBe(address);
  });
});
