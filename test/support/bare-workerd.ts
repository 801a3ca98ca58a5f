import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { capnpConfiguration } from '../../onpremises/capnp-text.ts';
import { workerService } from '../../onpremises/workerd-config.ts';
import { readDeployment } from '../../scripts/build/deployment.ts';
import { workerdProgram } from '../../scripts/build/workerd-program.ts';

export interface BareWorkerd {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves a module from workerd itself, its calls going out on its own sockets: wrangler's harness, which passes them on
 * through Node, answers for servers that break off.
 */
export async function startBareWorkerd(
  main: string,
  variables: Readonly<Record<string, string>>,
): Promise<BareWorkerd> {
  const root = join(import.meta.dirname, '../..');
  const deployment = readDeployment(root);
  const folder = await mkdtemp(join(tmpdir(), 'spean-workerd-'));
  await bundle(root, main, folder, deployment.compatibilityDate);
  const configuration = {
    services: [
      workerService('worker', 'worker.js', deployment, {
        bindings: Object.entries(variables).map(([name, text]) => ({ name, text })),
        globalOutbound: 'network',
      }),
      { name: 'network', network: { allow: ['public', 'private'] } },
    ],
    sockets: [{ name: 'http', address: '127.0.0.1:0', http: {}, service: 'worker' }],
  };
  await writeFile(join(folder, 'config.capnp'), capnpConfiguration(configuration));
  const child = spawn(workerdProgram(), ['serve', join(folder, 'config.capnp'), '-I', folder, '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdio[3]?.on('data', (event: Buffer) => resolve(JSON.parse(String(event)).port));
    child.on('exit', () => reject(new Error('workerd did not start')));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function bundle(root: string, main: string, folder: string, compatibilityDate: string): Promise<void> {
  const config = join(folder, 'wrangler.json');
  const name = 'worker';
  await writeFile(config, JSON.stringify({ name, compatibility_date: compatibilityDate, main: join(root, main) }));
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js');
  const flags = ['deploy', '--config', config, '--dry-run', '--outdir', folder];
  await promisify(execFile)(process.execPath, [wrangler, ...flags], { cwd: root });
  const [built = ''] = (await readdir(folder)).filter((file) => file.endsWith('.js'));
  await rename(join(folder, built), join(folder, 'worker.js'));
}
