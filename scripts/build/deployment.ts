import { resolve } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import type { Deployment } from '../../onpremises/workerd-config.ts';

/** What is read of wrangler's own, much larger type. */
interface WranglerConfig {
  readonly compatibility_date?: string | undefined;
  readonly compatibility_flags: readonly string[];
  readonly durable_objects: { readonly bindings: readonly { readonly name: string; readonly class_name: string }[] };
  readonly migrations: readonly { readonly new_sqlite_classes?: readonly string[] | undefined }[];
}

/**
 * What wrangler.toml says of the worker and holds on premises too. Throws when a binding has no SQLite class in the
 * migrations: at the edge it would have no storage, on premises it would have one that the edge never had.
 */
export function readDeployment(root: string): Deployment {
  const config: WranglerConfig = unstable_readConfig(
    { config: resolve(root, 'wrangler.toml') },
    { hideWarnings: true },
  );
  const { compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags } = config;
  const sqliteClasses = config.migrations.flatMap(({ new_sqlite_classes: classes }) => classes ?? []);
  const objects = config.durable_objects.bindings.map(({ name, class_name: className }) => ({
    binding: name,
    className,
  }));
  for (const { className } of objects) {
    if (!sqliteClasses.includes(className))
      throw new Error(`wrangler.toml: ${className} is in no migration's new_sqlite_classes`);
  }
  if (compatibilityDate === undefined) throw new Error('wrangler.toml: compatibility_date is missing');
  return { compatibilityDate, compatibilityFlags, objects };
}
