import { createHash } from 'node:crypto';
import type { Platform } from '../model/platform.ts';

/** The platform in plain Node, for tests and for embedders. */
export function nodePlatform(overrides: Partial<Platform> = {}): Platform {
  return {
    fetch: (request) => fetch(request),
    now: () => Date.now(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    random: (bytes) => crypto.getRandomValues(bytes),
    log: (record) => console.log(JSON.stringify(record)),
    createHash: () => {
      const hash = createHash('sha256');
      return {
        update: (bytes) => {
          hash.update(bytes);
        },
        digest: async () => new Uint8Array(hash.digest()),
      };
    },
    ...overrides,
  };
}
