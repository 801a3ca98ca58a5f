import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { App } from '../../src/app.ts';

export interface ServedApp {
  readonly url: string;
  /** What answers from now on. */
  use(app: App): void;
  close(): Promise<void>;
}

/** Serves an app on a free port of this machine, over TLS where a key and a certificate are given. */
export async function serveApp(app: App, tls?: { readonly key: string; readonly cert: string }): Promise<ServedApp> {
  let served = app;
  const listener: RequestListener = async (request, response) => {
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await served.request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(parts.length > 0 && { body: new Uint8Array(Buffer.concat(parts)) }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(new Uint8Array(await answer.arrayBuffer()));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    use: (next) => {
      served = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
