/** Takes the place of `src/platform/workers.ts`: the same platform, which writes no log. */
import type { Platform } from '../../../src/model/platform.ts';
import { workersPlatform as shipped } from '../../../src/platform/workers.ts';

export { callerOf } from '../../../src/platform/workers.ts';

export function workersPlatform(...parts: Parameters<typeof shipped>): Platform {
  return { ...shipped(...parts), log: () => {} };
}
