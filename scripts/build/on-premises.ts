import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { adapters } from '../../adapters/index.ts';
import { type CapnpStruct, capnpConfiguration } from '../../onpremises/capnp-text.ts';
import { type Deployment, NO_INTERNET, workerService } from '../../onpremises/workerd-config.ts';
import { adapterSettings } from './adapter-settings.ts';
import { readDeployment } from './deployment.ts';
import { workerdProgram } from './workerd-program.ts';

const run = promisify(execFile);

/** What runs beside the worker and imports nothing: only the types are taken out, which is much faster than bundling. */
const PLAIN_MODULES = ['front', 'outgoing', 'control', 'loads'];

/**
 * Builds the directory that an agency installs: the same bundle that goes to the edge, workerd itself, the start script,
 * and what an operator fills in. A folder that is there is replaced as a whole, and only when the build succeeded.
 */
export async function buildOnPremises(root: string, folder: string): Promise<void> {
  const deployment = readDeployment(root);
  const work = `${folder}.building`;
  await rm(work, { recursive: true, force: true });
  await cp(join(root, 'onpremises/template'), work, { recursive: true });
  const configFolder = await mkdtemp(join(tmpdir(), 'spean-build-'));
  const prepareConfig = await writePrepareConfig(configFolder, deployment);
  await Promise.all([
    bundle(root, 'src/worker.ts', join(root, 'wrangler.toml'), work),
    bundle(root, 'onpremises/prepare.ts', prepareConfig, work),
    ...PLAIN_MODULES.map(async (name) => {
      const source = await readFile(join(root, `onpremises/${name}.ts`), 'utf8');
      await writeFile(join(work, `${name}.js`), stripTypeScriptTypes(source));
    }),
    writeFile(join(work, 'prepare.capnp'), capnpConfiguration(prepareConfiguration(deployment))),
    writeFile(join(work, 'control.capnp'), capnpConfiguration(controlConfiguration(deployment))),
    addAdapterSettings(join(work, 'settings.example.env')),
    cp(workerdProgram(), join(work, 'workerd')),
    cp(join(root, 'LICENSE'), join(work, 'LICENSE')),
  ]);
  await rm(configFolder, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
}

/** By wrangler, as the edge's is: one way of bundling, so one bundle. */
async function bundle(root: string, entry: string, config: string, folder: string): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'spean-bundle-'));
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const flags = ['--config', config, '--dry-run', '--outdir', out];
  await run(process.execPath, [wrangler, 'deploy', join(root, entry), ...flags], { cwd: root });
  const name = `${basename(entry, '.ts')}.js`;
  const code = await readFile(join(out, name), 'utf8');
  await writeFile(join(folder, name), code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  await rm(out, { recursive: true });
}

/** wrangler.toml names Durable Objects, which only the worker has. */
async function writePrepareConfig(folder: string, deployment: Deployment): Promise<string> {
  const { compatibilityDate, compatibilityFlags } = deployment;
  const config = { name: 'prepare', compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags };
  const file = join(folder, 'wrangler.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

async function addAdapterSettings(file: string): Promise<void> {
  await writeFile(file, `${await readFile(file, 'utf8')}${adapterSettings(adapters)}`);
}

function prepareConfiguration(deployment: Deployment): CapnpStruct {
  const folders = ['settings', 'secrets', 'run'];
  const bindings: CapnpStruct[] = folders.map((name) => ({ name: name.toUpperCase(), service: name }));
  const facts = { name: 'DEPLOYMENT', json: JSON.stringify(deployment) };
  return {
    services: [
      NO_INTERNET,
      workerService('prepare', 'prepare.js', deployment, { bindings: [...bindings, facts] }),
      // Where each folder is, the start script says on the command line.
      ...folders.map((name) => ({ name, disk: { writable: name === 'run' } })),
    ],
  };
}

function controlConfiguration(deployment: Deployment): CapnpStruct {
  return {
    services: [
      NO_INTERNET,
      workerService('control', 'control.js', deployment, {
        bindings: [
          { name: 'ACTION', fromEnvironment: 'SPEAN_ACTION' },
          { name: 'FRONT', service: 'front' },
        ],
      }),
      { name: 'front', external: { http: {} } },
    ],
  };
}
