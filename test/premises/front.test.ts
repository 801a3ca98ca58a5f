import { afterEach, describe, expect, it, vi } from 'vitest';
import front, { control, operations } from '../../onpremises/front.ts';

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

describe('a hold', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits for a request under way, but not for ever for one that the runtime has dropped', async () => {
    vi.useFakeTimers();
    let finish = (): void => undefined;
    const WORKER = {
      fetch: (request: Request | string) => {
        const path = new URL(typeof request === 'string' ? request : request.url).pathname;
        if (path === '/health') return Promise.resolve(new Response('alive'));
        return new Promise<Response>((resolve) => {
          if (path === '/slow') finish = () => resolve(new Response(null));
        });
      },
    };
    const ask = (path: string) =>
      front.fetch(new Request(`http://front.test${path}`), { WORKER }, { waitUntil: () => undefined });
    const hold = async (during = (): void => undefined) => {
      const held = control.fetch(new Request('http://front.test/hold'), { WORKER });
      await vi.advanceTimersByTimeAsync(1_000);
      during();
      await vi.advanceTimersByTimeAsync(70_000);
      const { status } = await held;
      const released = control.fetch(new Request('http://front.test/release'), { WORKER });
      await vi.advanceTimersByTimeAsync(100);
      return [status, (await released).status];
    };
    const slow = ask('/slow');
    await vi.advanceTimersByTimeAsync(100);
    expect(await hold(() => finish())).toEqual([200, 200]);
    expect((await slow).status).toBe(200);
    void ask('/dropped');
    await vi.advanceTimersByTimeAsync(100);
    expect(await hold()).toEqual([200, 200]);
  });
});
