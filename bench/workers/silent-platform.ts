import { callerOf, workersPlatform as shippedPlatform } from '../../src/platform/workers.ts';

export { callerOf };

/** The shipped platform, but that it writes no log. */
export function workersPlatform(...settings: Parameters<typeof shippedPlatform>): ReturnType<typeof shippedPlatform> {
  return { ...shippedPlatform(...settings), log: () => undefined };
}
