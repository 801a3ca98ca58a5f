import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sendLoad } from '../../../bench/harness/load-client.ts';
import { getRequest } from '../../../bench/harness/mediation.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const load = { request: getRequest('/'), count: 25, connections: 4 };

describe('the load client', () => {
  it('reads every answer to its end, however it is cut into pieces', async () => {
    let asked = 0;
    const body = Buffer.alloc(300_000, 'x');
    const port = await serve((_, response) => {
      asked++;
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 7));
      setImmediate(() => response.end(body.subarray(7)));
    });
    const result = await sendLoad({ ...load, port });
    expect(asked).toBe(25);
    expect(result.bytes).toBe(25 * body.length);
    expect(result.latenciesMs).toHaveLength(25);
  });

  it('takes an answer without a body', async () => {
    const port = await serve((_, response) => response.writeHead(200, { 'content-length': 0 }).end());
    expect((await sendLoad({ ...load, port })).bytes).toBe(0);
  });

  it('refuses to count answers that are no success', async () => {
    const port = await serve((_, response) => response.writeHead(503, { 'content-length': 4 }).end('busy'));
    await expect(sendLoad({ ...load, port })).rejects.toThrow(
      'Expected a 200 with a Content-Length, got: HTTP/1.1 503',
    );
  });

  it('fails when the server hangs up before the answer', async () => {
    const port = await serve((request) => request.socket.destroy());
    await expect(sendLoad({ ...load, port })).rejects.toThrow('The connection was closed before the answer');
  });
});
