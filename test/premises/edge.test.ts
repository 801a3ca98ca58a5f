/** What can be known about a deployment to Cloudflare without an account. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { checkSettings } from '../../src/check-settings.ts';
import { temporaryFolder } from '../support/cli-shell.ts';
import { generateJwks } from '../support/signing-keys.ts';

/** Cloudflare takes 3 MB on the free plan; what grows beyond this should be looked at long before. */
const BUNDLE_MAX_BYTES = 1024 * 1024;

const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/edge.md'), 'utf8');
const environment = /<!-- run by test\/premises\/edge\.test\.ts -->\n```toml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';

function dryRun(config: string, ...flags: string[]): { output: string; folder: string } {
  const folder = temporaryFolder();
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const args = [wrangler, 'deploy', '--dry-run', '--outdir', folder, '--config', config, ...flags];
  return { output: execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }), folder };
}

describe('wrangler deploy --dry-run', () => {
  it('takes the environment of the guide, with every Durable Object and the settings of a start', async () => {
    const file = join(temporaryFolder(), 'wrangler.toml');
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8').replace(
      'src/worker.ts',
      join(root, 'src/worker.ts'),
    );
    writeFileSync(file, `${toml}\n${environment}`);
    const { output } = dryRun(file, '--env', 'test');
    for (const { binding, className } of readDeployment(root).objects) {
      expect(output).toContain(`env.${binding} (${className})`);
    }
    const variables = Object.fromEntries(
      [...environment.matchAll(/^([A-Z_]+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]),
    );
    const secrets = { BUSINESS_REGISTRY_PASSWORD: 'p', TAX_OFFICE_PASSWORD: 'p' };
    const key = JSON.stringify((await generateJwks('ES256')).privateJwk);
    await expect(checkSettings({ ...variables, ...secrets, SPEAN_SIGNING_KEY: key }, adapters)).resolves.toMatchObject({
      production: true,
    });
  });

  it('makes a bundle well below what Cloudflare takes, without a module of Node', () => {
    const { folder } = dryRun(join(root, 'wrangler.toml'));
    const bundle = readFileSync(join(folder, 'worker.js'));
    expect(gzipSync(bundle).length).toBeLessThan(BUNDLE_MAX_BYTES);
    expect(bundle.toString('utf8')).not.toMatch(/from ?["']node:|require\(["']/);
  });
});

describe('wrangler check startup', () => {
  it('loads the bundle in a local isolate', () => {
    const file = join(temporaryFolder(), 'startup.cpuprofile');
    const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
    execFileSync(process.execPath, [wrangler, 'check', 'startup', '--outfile', file], { cwd: root, stdio: 'pipe' });
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});
