import { Hono } from 'hono';
import { recognise } from './access/admit.ts';
import { openApiDocument } from './exchange/rest/openapi/document.ts';
import { problemDocument } from './exchange/rest/problem.ts';
import { hear } from './exchange/rest/read.ts';
import { speak, speakJson } from './exchange/rest/write.ts';
import { type House, type HouseParts, mediate, openHouse } from './mediate.ts';
import { SpeanError } from './model/errors.ts';
import type { Caller } from './model/exchange.ts';
import { DEFAULT_LIMITS } from './model/limits.ts';

/** What the entry knows of a request and no header tells: `app.fetch(request, { caller })`. */
export interface AppBindings {
  readonly caller?: Caller;
}

export type App = Hono<{ Bindings: AppBindings }>;

/** Key sets change by rotation only, and the next key is published long before it signs (envelope documentation). */
const KEY_SET_MAX_AGE_SECONDS = 300;

/**
 * The adapters of one deployment as a Hono app: `/{adapter}/…` behind the path secret where one is set, each with its
 * operations, `/openapi.json` and `/.well-known/jwks.json`; and `/health`. Throws DefinitionError or SettingsError
 * with every mistake at once.
 */
export async function createApp(parts: HouseParts): Promise<App> {
  const house = await openHouse(parts);
  const { pathSecret } = house.settings.securityServer;
  const service = pathSecret === undefined ? '/:adapter' : '/:pathSecret/:adapter';
  const app: App = new Hono();

  app.get('/health', () => speakJson({ status: 'alive' }, { 'cache-control': 'no-store' }));

  app.get(`${service}/openapi.json`, (c) => {
    const definition = described(house, callerOf(c.env, c.req.param()), c.req.param('adapter'));
    return speakJson(openApiDocument(definition, { serverUrl: serverUrl(house, c.req.url) }));
  });

  app.get(`${service}/.well-known/jwks.json`, (c) => {
    described(house, callerOf(c.env, c.req.param()), c.req.param('adapter'));
    return speakJson(house.publicKeySet(), { 'cache-control': `public, max-age=${KEY_SET_MAX_AGE_SECONDS}` });
  });

  app.all('*', async (c) => {
    const request = c.req.raw;
    const heard = await hear(request, c.env?.caller ?? {}, {
      pathSecret: pathSecret !== undefined,
      requestBytes: (adapter) => house.catalogue.get(adapter)?.definition.limits?.requestBytes ?? DEFAULT_LIMITS.requestBytes,
    });
    return speak(await mediate(heard, house), request.method);
  });

  app.onError((error) => {
    const known = error instanceof SpeanError ? error : new SpeanError('adapter-failed', { cause: error });
    house.platform.log({ unheard: known.code, statusCode: known.status });
    return speakJson(problemDocument(known), { 'content-type': 'application/problem+json' }, known.status);
  });

  return app;
}

function callerOf(bindings: AppBindings | undefined, parameters: { readonly pathSecret?: string }): Caller {
  const { pathSecret } = parameters;
  return { ...bindings?.caller, ...(pathSecret === undefined ? {} : { pathSecret }) };
}

/** Descriptions and keys are for the security server too, which fetches them without X-Road headers (contract 3.4). */
function described(house: House, caller: Caller, name: string) {
  recognise(caller, house.settings.securityServer);
  const adapter = house.catalogue.get(name);
  if (adapter === undefined) throw new SpeanError('path-unknown', { detail: 'No adapter of this name' });
  return adapter.definition;
}

/** The service URL that the security server takes from the description (contract 3.2): everything above `/openapi.json`. */
function serverUrl(house: House, requestUrl: string): string {
  const url = new URL(requestUrl);
  const origin = house.settings.publicUrl?.replace(/\/$/, '') ?? url.origin;
  return `${origin}${url.pathname.replace(/\/openapi\.json$/, '')}`;
}
