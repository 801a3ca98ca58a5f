import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { ROOT } from './root.ts';

export const SHIPPED_ENTRY = 'src/worker.ts';

export interface BundleOptions {
  readonly entry: string;
  /** Modules of the project that others take the place of, by path from its root: the list of adapters, a platform. */
  readonly replacing?: Readonly<Record<string, string>>;
  /** As `wrangler deploy` does; false keeps names and the comments that tell which file code is from. */
  readonly minify?: boolean;
}

/** One module for workerd, made by the bundler and with the settings that `wrangler deploy` uses. */
export async function bundle({ entry, replacing = {}, minify = true }: BundleOptions): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [resolve(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    minify,
    plugins: [replacementOf(replacing)],
  });
  return outputFiles[0]!.text;
}

function replacementOf(replacing: Readonly<Record<string, string>>): Plugin {
  const paths = new Map(Object.entries(replacing).map(([from, to]) => [resolve(ROOT, from), resolve(ROOT, to)]));
  return {
    name: 'replacing',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        const replacement = paths.get(resolve(resolveDir, path));
        // the replacement may build on what it replaces
        return replacement === undefined || replacement === importer ? undefined : { path: replacement };
      });
    },
  };
}

export function gzipBytes(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
