import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { Failure } from './failure.ts';
import { type HeaderList, headerList } from './headers.ts';

/** What goes to the provider. */
export interface ProviderRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  /** Attached only for POST, PUT and PATCH, with its length (contract 1.2). */
  readonly body: Buffer | undefined;
}

export interface ProviderResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** Apache HttpClient 4.5.14, as the contract has it. */
export const USER_AGENT = 'Apache-HttpClient/4.5.14 (Java/17.0.15)';

/** Cookies by host: one jar for the requests of all consumers (contract 1.5). */
export class CookieJar {
  readonly #cookies = new Map<string, Map<string, string>>();

  store(url: string, headers: HeaderList): void {
    const jar = this.#cookies.get(new URL(url).host) ?? new Map<string, string>();
    for (const [name, value] of headers) {
      if (name.toLowerCase() !== 'set-cookie') continue;
      const [pair = ''] = value.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    if (jar.size > 0) this.#cookies.set(new URL(url).host, jar);
  }

  header(url: string): string | undefined {
    const jar = this.#cookies.get(new URL(url).host);
    return jar && [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * Calls the provider. The timeout is for silence on the socket, not for the whole call (contract 1.6); redirects are
 * not followed; gzip and deflate are decoded and their headers taken out, other codings pass (contract 1.4).
 * Neither certificate nor name of the provider is verified (contract 4).
 */
export function callProvider(call: ProviderRequest, timeoutMs: number): Promise<ProviderResponse> {
  const send = call.url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const { hostname, port, origin } = new URL(call.url);
    const request = send({
      hostname,
      port,
      path: call.url.slice(origin.length) || '/', // as it stands: the URL class would fold dot segments (contract 1.1)
      method: call.method,
      headers: call.headers.flat(),
      rejectUnauthorized: false,
      agent: false,
    });
    request.setTimeout(timeoutMs, () => {
      reject(new Failure('server.serverproxy', 'io_error', 'Read timed out'));
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => reject(networkFailure(error)));
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error: NodeJS.ErrnoException) => reject(networkFailure(error)));
      response.on('aborted', () =>
        reject(new Failure('server.serverproxy', 'io_error', 'Premature end of message body')),
      );
      response.on('end', () => {
        const { statusCode = 0, statusMessage = '', rawHeaders } = response;
        resolve(
          decoded({
            status: statusCode,
            reason: statusMessage,
            headers: headerList(rawHeaders),
            body: Buffer.concat(parts),
          }),
        );
      });
    });
    request.end(call.body);
  });
}

function networkFailure({ code, message }: NodeJS.ErrnoException): Failure {
  if (code === 'ECONNREFUSED') return new Failure('server.serverproxy', 'network_error', message);
  if (code === 'ENOTFOUND') return new Failure('server.serverproxy', 'unknown_host', message);
  return new Failure('server.serverproxy', 'io_error', message);
}

const CODING_HEADERS = new Set(['content-encoding', 'content-length', 'content-md5']);

function decoded(response: ProviderResponse): ProviderResponse {
  const coding = response.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1].toLowerCase();
  if ((coding !== 'gzip' && coding !== 'deflate') || response.body.length === 0) return response;
  const body = coding === 'gzip' ? gunzipSync(response.body) : inflated(response.body);
  return { ...response, body, headers: response.headers.filter(([name]) => !CODING_HEADERS.has(name.toLowerCase())) };
}

/** Both readings of "deflate" are in use, and HttpClient takes both. */
function inflated(body: Buffer): Buffer {
  try {
    return inflateSync(body);
  } catch {
    return inflateRawSync(body);
  }
}
