import { createRequire } from 'node:module';

/** workerd itself: the package's `bin/workerd` is a Node script, and killing that would leave the process behind. */
export const WORKERD = createRequire(createRequire(import.meta.url).resolve('workerd/package.json')).resolve(
  `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
);
