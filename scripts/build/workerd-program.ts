import { createRequire } from 'node:module';

/** The program itself: the package's `bin/workerd` is a Node script, and the target machine has no Node. */
export function workerdProgram(): string {
  const fromWorkerd = createRequire(createRequire(import.meta.url).resolve('workerd/package.json'));
  const platform = `${process.platform}-${process.arch === 'x64' ? '64' : process.arch}`;
  return fromWorkerd.resolve(`@cloudflare/workerd-${platform}/bin/workerd`);
}
