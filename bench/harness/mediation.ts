import { readDeployment } from '../../scripts/build/deployment.ts';
import { bundle, SHIPPED_ENTRY } from './bundle.ts';
import { ROOT } from './root.ts';
import type { WorkerParts } from './workerd.ts';

const CLIENT = 'BENCH/GOV/100/CONSUMER';
const PATH_SECRET = 'bench-0123456789abcdefghij';

/** In which form the signed statement travels: beside the plain body in a header, or around it. */
export type Carriage = 'header' | 'body';
const ACCEPT: Readonly<Record<Carriage, string>> = { header: 'application/json', body: 'application/jose+json' };

/** The modules whose place others take, besides the list of adapters. */
export type Replacements = Readonly<Record<string, string>>;

/**
 * The adapter as it is shipped, with the bench's legacy systems: whole path, production settings, a local ES256 key.
 * `upstreamPort` is the stand-in's for all of them.
 */
export async function mediationWorker(
  upstreamPort: number,
  { replacing = {}, minify = true }: { readonly replacing?: Replacements; readonly minify?: boolean } = {},
): Promise<WorkerParts> {
  const adapters = { 'adapters/index.ts': 'bench/adapters.ts' };
  const code = await bundle({ entry: SHIPPED_ENTRY, replacing: { ...adapters, ...replacing }, minify });
  const { objects } = readDeployment(ROOT);
  return { code, bindings: await mediationSettings(upstreamPort), objects };
}

export async function mediationSettings(upstreamPort: number): Promise<Readonly<Record<string, string>>> {
  return {
    SPEAN_ENVIRONMENT: 'production',
    SPEAN_PROVIDER: 'BENCH/GOV/200/PROVIDER',
    SPEAN_PATH_SECRET: PATH_SECRET,
    SPEAN_SIGNING_KEY: await signingKey(),
    COMPANY_DIRECTORY_URL: `http://127.0.0.1:${upstreamPort}/soap`,
    PAYMENT_EXPORT_URL: `http://127.0.0.1:${upstreamPort}`,
  };
}

async function signingKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  return JSON.stringify({ kty, crv, x, y, d });
}

/** A call as a security server sends it (contract 1), for one of the bench's adapters. */
export interface ExchangeCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function exchangeCall(path: string, carriage: Carriage = 'header'): ExchangeCall {
  return {
    path: `/${PATH_SECRET}${path}`,
    headers: {
      'X-Road-Client': CLIENT,
      'X-Road-Request-Id': '5f9b3b7e-6f0c-4e0a-9a1e-6d2f3c1b0a99',
      'X-Road-Id': 'bench-1',
      Accept: ACCEPT[carriage],
    },
  };
}

/** The same as it goes over the wire. */
export function exchangeRequest(path: string, carriage: Carriage = 'header'): string {
  const call = exchangeCall(path, carriage);
  return getRequest(call.path, call.headers);
}

export function getRequest(path: string, headers: ExchangeCall['headers'] = {}): string {
  const lines = Object.entries({ Host: 'bench', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${[`GET ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** Where a SOAP contender answers so many companies. */
export function companiesPath(count: number): string {
  return `/company-directory/companies?count=${count}`;
}
