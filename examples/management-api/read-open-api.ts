import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';
import { badRequest } from './refusal.ts';

/** What a description says to a security server (contract 3.2). */
export interface ReadOpenApi {
  readonly baseUrl: string;
  readonly operations: readonly { readonly method: string; readonly path: string }[];
  /** What the parser complains of. */
  readonly warnings: readonly string[];
}

const MAX_CHARACTERS = 10 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 20;
const MAX_URL_CHARACTERS = 255;
const HTTP_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function isValidUrl(url: unknown): url is string {
  return (
    typeof url === 'string' &&
    url.length <= MAX_URL_CHARACTERS &&
    /^https?:\/\/[^/?#\s:]+/.test(url) &&
    URL.canParse(url)
  );
}

/** Fetches and reads a description in JSON; the real one reads YAML too, which this double refuses by name. */
export async function readOpenApi(url: string): Promise<ReadOpenApi> {
  const text = await fetchText(url, MAX_REDIRECTS);
  const document = parseDocument(text);
  const version = String(document.openapi);
  // 3.1.0 since 7.4.0, and nothing after it (contract 3.2)
  if (!version.startsWith('3.0') && version !== '3.1.0') throw badRequest('unsupported_openapi_version', version);
  const [server] = (document.servers ?? [{ url: '/' }]) as { url: string }[];
  const serverUrl = server?.url ?? '/';
  return {
    baseUrl: serverUrl.includes('{') ? serverUrl : new URL(serverUrl, url).href.replace(/\/$/, ''),
    operations: Object.entries((document.paths ?? {}) as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => HTTP_METHODS.includes(method))
        .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{[^/]*\}/g, '*') })),
    ),
    warnings: await validate(document),
  };
}

function parseDocument(text: string): Record<string, unknown> {
  if (text.length > MAX_CHARACTERS) throw badRequest('openapi_parsing_error', 'Too large');
  try {
    const document = JSON.parse(text);
    if (typeof document === 'object' && document !== null && 'openapi' in document) return document;
  } catch {}
  throw badRequest('openapi_parsing_error', 'No OpenAPI description in JSON');
}

async function validate(document: Record<string, unknown>): Promise<string[]> {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  if (valid) return [];
  return Array.isArray(errors)
    ? errors.map(({ instancePath, message }) => `${instancePath} ${message}`)
    : [String(errors)];
}

/** Certificates are not verified and redirects within a scheme are followed when a description is added (contract 3.1). */
async function fetchText(url: string, redirects: number): Promise<string> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  const answer = await new Promise<{ status: number; location: string | undefined; bytes: Buffer }>(
    (resolve, reject) => {
      const request = get(url, { rejectUnauthorized: false, timeout: TIMEOUT_MS, agent: false }, (response) => {
        buffer(response).then(
          (bytes) => resolve({ status: response.statusCode ?? 0, location: response.headers.location, bytes }),
          reject,
        );
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', reject);
    },
  ).catch(() => {
    throw badRequest('openapi_parsing_error', `Fetching ${url} failed`);
  });
  const next = answer.location === undefined ? undefined : new URL(answer.location, url);
  if (next !== undefined && next.protocol === new URL(url).protocol && redirects > 0) {
    return fetchText(next.href, redirects - 1);
  }
  if (answer.status !== 200) throw badRequest('openapi_parsing_error', `Fetching ${url}: HTTP ${answer.status}`);
  return answer.bytes.toString('utf8');
}
