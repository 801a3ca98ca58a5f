import { Hono } from 'hono/tiny';
import { recognise } from './access/admit.ts';
import { allowedMethods } from './catalogue/look-up.ts';
import { readPath } from './exchange/rest/input.ts';
import { openApiDocument } from './exchange/rest/openapi/document.ts';
import { codedError } from './exchange/rest/problem.ts';
import { hear } from './exchange/rest/read.ts';
import { type ServiceUrl, splitServiceUrl } from './exchange/rest/service-url.ts';
import { speak, speakOptions, speakProblem } from './exchange/rest/write.ts';
import { type House, type HouseParts, mediate, openHouse } from './mediate.ts';
import type { AdapterDefinition } from './model/definition.ts';
import { SpeanError } from './model/errors.ts';
import type { Caller } from './model/exchange.ts';
import type { JsonValue } from './model/json.ts';
import { DEFAULT_LIMITS } from './model/limits.ts';
import { answerOperations, OPERATIONS_PATHS } from './operations.ts';

/** What the entry knows of a request that no header may tell: `app.fetch(request, { caller })`. */
export interface AppBindings {
  readonly caller?: Caller;
}

export type App = Hono<{ Bindings: AppBindings }>;

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
  const pathSecret = settings.securityServer.pathSecret !== undefined;
  const app: App = new Hono();

  const called = (request: Request, bindings: AppBindings | undefined): Called => {
    const url = splitServiceUrl(request.url, pathSecret);
    const caller = { ...bindings?.caller, ...(url.pathSecret !== undefined && { pathSecret: url.pathSecret }) };
    return { ...url, caller };
  };

  app.get('/health', () => speakJson({ status: 'alive' }, 'no-store'));

  for (const path of OPERATIONS_PATHS) {
    app.get(path, (c) => answerOperations(path, c.req.raw, c.env?.caller?.address, house));
  }

  app.options('*', (c) => {
    const request = called(c.req.raw, c.env);
    described(request, house);
    const methods = DESCRIPTIONS.has(request.path)
      ? DESCRIPTION_METHODS
      : allowedMethods(request.adapter, readPath(request.path), catalogue);
    return speakOptions(methods.join(', '));
  });

  app.all('*', async (c) => {
    const request = called(c.req.raw, c.env);
    const describe = DESCRIPTIONS.get(request.path);
    if (describe !== undefined) {
      const { definition } = described(request, house);
      requireDescriptionMethod(c.req.method);
      return describe(house, definition, c.req.url);
    }
    const { adapter } = request;
    const requestBytes = catalogue.get(adapter)?.definition.limits?.requestBytes ?? DEFAULT_LIMITS.requestBytes;
    const heard = await hear(c.req.raw, c.env?.caller ?? {}, { pathSecret, requestBytes });
    return speak(await mediate(heard, house), c.req.method);
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
const DESCRIPTION_METHODS = ['GET', 'HEAD'];

function requireDescriptionMethod(method: string): void {
  if (DESCRIPTION_METHODS.includes(method)) return;
  const allow = DESCRIPTION_METHODS.join(', ');
  throw new SpeanError('method-not-allowed', { detail: `This path takes ${allow}`, headers: { Allow: allow } });
}

type Called = ServiceUrl & { readonly caller: Caller };

/** Descriptions and keys are fetched by the security server too, without X-Road headers (contract 3.4). */
function described({ caller, adapter }: Called, { settings, catalogue }: House) {
  recognise(caller, settings.securityServer);
  const found = catalogue.get(adapter);
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
