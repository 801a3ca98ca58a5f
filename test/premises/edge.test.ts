/** What can be known about a deployment to Cloudflare without an account. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { checkSettings } from '../../src/check-settings.ts';
import { temporaryFolder } from '../support/cli-shell.ts';
import { generateJwks } from '../support/signing-keys.ts';

/** Cloudflare takes 3 MB on the free plan; what grows beyond this should be looked at long before. */
const BUNDLE_MAX_BYTES = 1024 * 1024;

const root = join(import.meta.dirname, '../..');
const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
const guide = readFileSync(join(root, 'docs/edge.md'), 'utf8');
const environment = /<!-- run by test\/premises\/edge\.test\.ts -->\n```toml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';

describe('wrangler deploy --dry-run, for the environment of the guide', () => {
  let output = '';
  let bundle: Buffer;

  beforeAll(() => {
    const folder = temporaryFolder();
    const config = join(folder, 'wrangler.toml');
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8').replace(
      'src/worker.ts',
      join(root, 'src/worker.ts'),
    );
    writeFileSync(config, `${toml}\n${environment}`);
    const flags = ['--dry-run', '--outdir', folder, '--config', config, '--env', 'test'];
    output = execFileSync(process.execPath, [wrangler, 'deploy', ...flags], { encoding: 'utf8', stdio: 'pipe' });
    bundle = readFileSync(join(folder, 'worker.js'));
  });

  it('binds every Durable Object', () => {
    const { objects } = readDeployment(root);
    expect(objects.length).toBeGreaterThan(0);
    for (const { binding, className } of objects) expect(output).toContain(`env.${binding} (${className})`);
  });

  it('has settings that a start takes', async () => {
    const assignments = environment.matchAll(/^([A-Z_]+) = "(.*)"$/gm);
    const variables = Object.fromEntries([...assignments].map(([, name, value]) => [name, value]));
    const secrets = { BUSINESS_REGISTRY_PASSWORD: 'p', TAX_OFFICE_PASSWORD: 'p' };
    const key = JSON.stringify((await generateJwks('ES256')).privateJwk);
    const settings = await checkSettings({ ...variables, ...secrets, SPEAN_SIGNING_KEY: key }, adapters);
    expect(settings.production).toBe(true);
  });

  it('makes a bundle well below what Cloudflare takes, without a module of Node', () => {
    expect(gzipSync(bundle).length).toBeLessThan(BUNDLE_MAX_BYTES);
    expect(bundle.toString('utf8')).not.toMatch(/from ?["']node:|require\(["']/);
  });
});

describe('the build that wrangler.toml runs before it bundles', () => {
  it('refuses adapters with mistakes, and tells all of them', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'scripts'));
    mkdirSync(join(folder, 'adapters'));
    for (const name of ['src', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
    copyFileSync(join(root, 'scripts/check-definitions.ts'), join(folder, 'scripts/check-definitions.ts'));
    const check = (adapters: readonly unknown[]) => {
      const list = `export const adapters = ${JSON.stringify(adapters)};`;
      writeFileSync(join(folder, 'adapters/index.ts'), list);
      const options = { encoding: 'utf8', cwd: folder } as const;
      return spawnSync(process.execPath, [join(folder, 'scripts/check-definitions.ts')], options);
    };
    expect(check(adapters).status).toBe(0);
    const [adapter] = adapters;
    const { status, stderr } = check([{ ...adapter, name: 'Not A Name', limits: { rows: -1 } }]);
    expect(status).toBe(1);
    expect(stderr).toContain('Not A Name: name:');
    expect(stderr).toContain('limits.rows');
  });
});

describe('wrangler check startup', () => {
  it('loads the bundle in a local isolate', () => {
    const file = join(temporaryFolder(), 'startup.cpuprofile');
    execFileSync(process.execPath, [wrangler, 'check', 'startup', '--outfile', file], { cwd: root, stdio: 'pipe' });
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});
