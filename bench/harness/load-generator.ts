import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load-client.ts';
import { spawnOn } from './started-process.ts';

const PROGRAM = fileURLToPath(new URL('../processes/load.ts', import.meta.url));

export interface LoadGenerator {
  /** One load at a time. Throws when an answer is not a 200. */
  send(load: Load): Promise<LoadResult>;
  stop(): void;
}

export function startLoadGenerator(): LoadGenerator {
  const child = spawnOn('tools', [process.execPath, PROGRAM], ['ignore', 'inherit', 'inherit', 'ipc']);
  return {
    async send(load) {
      child.send(load);
      const [answer] = (await once(child, 'message')) as [{ result?: LoadResult; failure?: string }];
      if (answer.result === undefined) throw new Error(`The load on port ${load.port} failed: ${answer.failure}`);
      return answer.result;
    },
    stop: () => child.disconnect(),
  };
}
