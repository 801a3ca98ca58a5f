import type { Statement } from '../../src/envelope/statement.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';
import { createMemoryIdempotencyStore } from '../../src/platform/memory-idempotency.ts';
import { decodeStatement } from './decode-statement.ts';
import { type FakePlatform, fakePlatform } from './fake-platform.ts';
import {
  FORMATS,
  FOUR_FORMATS_ENVIRONMENT,
  fourFormats,
  type GuardOptions,
  goodReply,
  type TestedFormat,
} from './four-formats.ts';
import { exchangeHeaders, testApp } from './test-app.ts';

/** How a legacy system behaves; timers are those of the fake clock. */
export type Behaviour = (
  format: TestedFormat,
  request: Request,
  platform: FakePlatform,
) => Response | Promise<Response>;

export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  /** HTTP status of each legacy answer that the statement tells, with `partial` behind it where it was cut short. */
  readonly src: readonly string[];
  /** Legacy calls that this exchange took. */
  readonly calls: number;
}

export interface GuardedAppOptions extends GuardOptions {
  readonly adapter?: AdapterDefinition;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The whole app over a fake clock, before a legacy system whose behaviour can be changed. */
export async function guardedApp(options: GuardedAppOptions = {}) {
  const platform = fakePlatform({});
  const requests: Request[] = [];
  let behaviour: Behaviour = goodReply;
  let asking: TestedFormat = 'soap';
  const { app: whole, log } = await testApp({
    adapters: [options.adapter ?? fourFormats(options)],
    environment: { ...FOUR_FORMATS_ENVIRONMENT, ...options.environment },
    legacy: (request) => {
      requests.push(request);
      return behaviour(asking, request, platform);
    },
    platform: {
      now: platform.now,
      after: platform.after,
      random: (bytes) => crypto.getRandomValues(bytes),
      idempotencyStore: createMemoryIdempotencyStore({ now: platform.now }),
    },
  });

  const app = {
    request: (url: string, init?: RequestInit): Promise<Response> => {
      const [, , format] = new URL(url).pathname.split('/');
      asking = FORMATS.find((name) => name === format) ?? asking;
      return Promise.resolve(whole.request(url, init));
    },
  };

  async function ask(path: string, init: RequestInit = {}): Promise<Asked> {
    const before = requests.length;
    const response = await platform.finish(app.request(`http://spean.test/four-formats${path}`, init));
    const { src } = decodeStatement(response) as Statement & { src?: readonly SourceClaim[] };
    return {
      status: response.status,
      body: await response.json(),
      headers: response.headers,
      src: (src ?? []).map(({ status, partial }) => `${status}${partial ? ' partial' : ''}`),
      calls: requests.length - before,
    };
  }

  return {
    app,
    log,
    platform,
    requests,
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    read: (format: TestedFormat, id = '1') => ask(`/${format}/${id}`, { headers: exchangeHeaders() }),
    write: (format: TestedFormat, key: string) => {
      const headers = exchangeHeaders({ 'content-type': 'application/json', 'Idempotency-Key': key });
      return ask(`/${format}`, { method: 'POST', headers, body: '{"id":"1"}' });
    },
    breaker: async (format: TestedFormat): Promise<string> => {
      const ready = await (await app.request('http://spean.test/ready')).json();
      return ready.legacy.find(({ endpoint }: { endpoint: string }) => endpoint === format).breaker;
    },
  };
}

export type GuardedApp = Awaited<ReturnType<typeof guardedApp>>;

interface SourceClaim {
  readonly status: number;
  readonly partial?: boolean;
}
