import { request as httpRequest } from 'node:http';

export interface RawCall {
  readonly method?: string;
  /** A list where a header is sent more than once. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An HTTP call with path and headers as they stand: `fetch` would fold dot segments and choose headers of its own. */
export function rawCall(base: string, path: string, { method = 'GET', headers = {}, body }: RawCall = {}) {
  return new Promise<Answered>((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const lists = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    );
    const call = httpRequest({ hostname, port, path, method, headers: lists, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, headers: answered, body: Buffer.concat(parts).toString() });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
