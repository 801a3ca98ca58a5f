import type { ExecutionContext } from '@cloudflare/workers-types';
import { adapters } from '../adapters/index.ts';
import { type App, createApp } from './app.ts';
import { type Environment, readSettings } from './config.ts';
import { callerOf, workersPlatform } from './platform/workers.ts';

export { IdempotencyObject } from './platform/idempotency-object.ts';
export { ReplayObject } from './platform/replay-object.ts';

/** One app for each isolate: settings come with the first request, and do not change during an isolate's life. */
let starting: Promise<App> | undefined;
let started: App | undefined;

function start(environment: Environment): Promise<App> {
  const app = Promise.resolve().then(() => {
    const settings = readSettings(environment, adapters);
    const platform = workersPlatform(environment, settings.outgoingBindings);
    // an isolate starts often and serves few operations; what is deployed has been compiled by the build
    return createApp({ adapters, settings, platform, compile: 'whenCalled' });
  });
  app.catch((error: unknown) => console.error(error instanceof Error ? error.message : 'The start failed'));
  return app;
}

export default {
  async fetch(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
    try {
      starting ??= start(environment);
      started ??= await starting;
      return await started.fetch(request, {
        caller: () => callerOf(request),
        waitUntil: (pending) => context.waitUntil(pending),
      });
    } catch {
      // The log has every mistake; a caller is told nothing about settings.
      return Response.json(
        { title: 'The adapter is not configured', status: 503 },
        {
          status: 503,
          headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store, no-transform' },
        },
      );
    }
  },
};
