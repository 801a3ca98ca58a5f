import { HonoBase } from 'hono/hono-base';
import { METHOD_NAME_ALL, type Result, type Router } from 'hono/router';
import { recognise } from './access/admit.ts';
import { allowedMethods } from './catalogue/look-up.ts';
import { readPath } from './exchange/rest/input.ts';
import { openApiDocument } from './exchange/rest/openapi/document.ts';
import { codedError } from './exchange/rest/problem.ts';
import { hear } from './exchange/rest/read.ts';
import { callerThrough, type ServiceUrl, splitServiceUrl } from './exchange/rest/service-url.ts';
import { speak, speakOptions, speakProblem } from './exchange/rest/write.ts';
import { type House, type HouseParts, mediate, openHouse } from './mediate.ts';
import type { AdapterDefinition } from './model/definition.ts';
import { SpeanError } from './model/errors.ts';
import type { Caller } from './model/exchange.ts';
import type { JsonValue } from './model/json.ts';
import { DEFAULT_LIMITS } from './model/limits.ts';
import { answerOperations, OPERATIONS_PATHS } from './operations.ts';

/**
 * What the entry knows of a request that no header may tell: `app.fetch(request, { caller })`. A function where finding
 * out costs something: it is asked where the settings compare it with something.
 */
export interface AppBindings {
  readonly caller?: Caller | (() => Caller);
  /** Given where the runtime drops a request whose caller has gone: what is given to it goes on all the same. */
  readonly waitUntil?: (pending: Promise<unknown>) => void;
}

export type App = HonoBase<{ Bindings: AppBindings }>;

const NOBODY: Caller = {};

function callerIn(bindings: AppBindings | undefined): Caller {
  const caller = bindings?.caller ?? NOBODY;
  return typeof caller === 'function' ? caller() : caller;
}

/** Key sets change by rotation only, and the next key is published long before it signs. */
const KEY_SET_MAX_AGE_SECONDS = 300;

/**
 * The adapters of one deployment as a Hono app: `/{adapter}/…`, behind the path secret where one is set, with the
 * adapter's operations, `/openapi.json` and `/.well-known/jwks.json`; and `/health`. Throws DefinitionError or
 * SettingsError with every mistake at once.
 */
export async function createApp(parts: HouseParts): Promise<App> {
  const house = await openHouse(parts);
  const { settings, catalogue, platform } = house;
  const { addresses, certificates, pathSecret } = settings.securityServer;
  const comparesConnection = addresses !== undefined || certificates !== undefined;
  const app: App = new HonoBase({ router: new PlainRouter() });

  const urlOf = (request: Request): ServiceUrl => splitServiceUrl(request.url, pathSecret !== undefined);
  const callerOf = (bindings: AppBindings | undefined): Caller => (comparesConnection ? callerIn(bindings) : NOBODY);

  app.get('/health', () => speakJson({ status: 'alive' }, 'no-store'));

  for (const path of OPERATIONS_PATHS) {
    app.get(path, (c) => answerOperations(path, c.req.raw, callerIn(c.env).address, house));
  }

  app.options('*', (c) => {
    const url = urlOf(c.req.raw);
    described(url, callerOf(c.env), house);
    const methods = DESCRIPTIONS.has(url.path)
      ? READ_METHODS
      : allowedMethods(url.adapter, readPath(url.path), catalogue);
    return speakOptions(methods.join(', '));
  });

  app.all('*', async (c) => {
    const request = c.req.raw;
    const url = urlOf(request);
    const caller = callerOf(c.env);
    const describe = DESCRIPTIONS.get(url.path);
    if (describe !== undefined) {
      const { definition } = described(url, caller, house);
      requireDescriptionMethod(request.method);
      return describe(house, definition, request.url);
    }
    const requestBytes = catalogue.get(url.adapter)?.definition.limits?.requestBytes ?? DEFAULT_LIMITS.requestBytes;
    const heard = await hear(request, url, caller, requestBytes);
    const mediating = mediate(heard, house);
    // a write that has begun is told to the store and the log, whoever has gone meanwhile
    if (!READ_METHODS.includes(heard.method)) c.env?.waitUntil?.(mediating);
    return speak(await mediating, heard.method);
  });

  app.onError((error, c) => {
    const { code, status, owner } = codedError(error);
    house.metrics.refuse(code);
    platform.log({ unheard: code, statusCode: status, faultOwner: owner });
    return speakProblem(error, c.req.method, c.req.header('x-road-request-id'));
  });

  return app;
}

/**
 * What every adapter offers beside its operations, by its path as it stands: no other spelling of it names the same, as
 * X-Road's access check and this adapter could read it differently.
 */
const DESCRIPTIONS: ReadonlyMap<string, (house: House, definition: AdapterDefinition, url: string) => Response> =
  new Map([
    [
      '/openapi.json',
      (house, definition, url) => {
        const document = openApiDocument(definition, { serverUrl: serverUrl(house, url, definition.name) });
        return speakJson(document, 'no-cache');
      },
    ],
    [
      '/.well-known/jwks.json',
      ({ publicKeySet }) => speakJson({ ...publicKeySet }, `public, max-age=${KEY_SET_MAX_AGE_SECONDS}`),
    ],
  ]);
const READ_METHODS = ['GET', 'HEAD'];

function requireDescriptionMethod(method: string): void {
  if (READ_METHODS.includes(method)) return;
  const allow = READ_METHODS.join(', ');
  throw new SpeanError('method-not-allowed', { detail: `This path takes ${allow}`, headers: { Allow: allow } });
}

/** Descriptions and keys are fetched by the security server too, without X-Road headers (contract 3.4). */
function described(url: ServiceUrl, caller: Caller, { settings, catalogue }: House) {
  recognise(callerThrough(url, caller), settings.securityServer);
  const found = catalogue.get(url.adapter);
  if (found === undefined) throw new SpeanError('path-unknown', { detail: 'No adapter of this name' });
  return found;
}

/**
 * The description's server URL, without the path secret: consumers read the description through the security server
 * (contract 3.4). Whoever registers the service sets the URL with the secret there.
 */
function serverUrl({ settings }: House, requestUrl: string, adapter: string): string {
  const origin = settings.publicUrl?.replace(/\/$/, '') ?? new URL(requestUrl).origin;
  return `${origin}/${adapter}`;
}

function speakJson(body: JsonValue, cacheControl: string): Response {
  const headers = [
    ['content-type', 'application/json'],
    ['cache-control', cacheControl],
  ] as const;
  return speak({ status: 200, headers, body: new TextEncoder().encode(JSON.stringify(body)) }, 'GET');
}

/** Routes of whole paths and `*`: there are a few, and comparing them costs every exchange less than a pattern each. */
class PlainRouter<T> implements Router<T> {
  readonly name = 'PlainRouter';
  readonly #routes: { readonly method: string; readonly path: string; readonly found: [T, Record<string, string>] }[] =
    [];

  add(method: string, path: string, handler: T): void {
    this.#routes.push({ method, path, found: [handler, {}] });
  }

  match(method: string, path: string): Result<T> {
    const found = this.#routes.filter(
      (route) =>
        (route.method === method || route.method === METHOD_NAME_ALL) &&
        (route.path === '/*' || route.path === path || `${route.path}/` === path),
    );
    return [found.map((route) => route.found)];
  }
}
