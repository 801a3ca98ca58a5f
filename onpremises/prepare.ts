import { adapters } from '../adapters/index.ts';
import { SettingsError } from '../src/model/settings.ts';
import { capnpConfiguration } from './capnp-text.ts';
import { readInstallation } from './installation.ts';
import { readSettingsText } from './settings-text.ts';
import { type Deployment, frontConfiguration, loadConfiguration, workerConfiguration } from './workerd-config.ts';

/** A folder, as workerd's disk service shows it. */
interface Folder {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

interface PrepareEnvironment {
  readonly SETTINGS: Folder;
  readonly SECRETS: Folder;
  /** Where the configurations go; only the service may read it, as they hold the secrets. */
  readonly RUN: Folder;
  readonly DEPLOYMENT: Deployment;
}

/**
 * Run once by `workerd test` before each start: reads what the operator wrote, checks it with the very code that the
 * worker starts with, and writes the configurations that workerd is started with, or `mistakes` for the start to show.
 */
export default {
  async test(_: unknown, environment: PrepareEnvironment): Promise<void> {
    const { RUN, DEPLOYMENT } = environment;
    try {
      const written = readSettingsText(await readLines(environment.SETTINGS), await readFiles(environment.SECRETS));
      const installation = await readInstallation(written, adapters, Date.now());
      await write(RUN, 'front.capnp', capnpConfiguration(frontConfiguration(installation, DEPLOYMENT)));
      await write(RUN, 'loads.capnp', capnpConfiguration(loadConfiguration(installation, DEPLOYMENT)));
      await write(RUN, 'worker.capnp', capnpConfiguration(workerConfiguration(installation, DEPLOYMENT)));
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      await write(RUN, 'mistakes', `${error.message}\n`);
    }
  },
};

async function readLines(folder: Folder): Promise<string> {
  const response = await folder.fetch('http://settings/settings.env');
  return response.ok ? text(response) : '';
}

async function readFiles(folder: Folder): Promise<ReadonlyMap<string, string>> {
  const response = await folder.fetch('http://secrets/');
  const entries = (response.ok ? JSON.parse(await text(response)) : []) as { name: string; type: string }[];
  const files = entries.filter(({ type }) => type === 'file' || type === 'symlink');
  return new Map(
    await Promise.all(
      files.map(async ({ name }): Promise<[string, string]> => {
        return [name, await text(await folder.fetch(`http://secrets/${encodeURIComponent(name)}`))];
      }),
    ),
  );
}

/** By its bytes: the disk service gives no text type, and `text()` would complain about that in the log. */
async function text(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}

async function write(folder: Folder, name: string, content: string): Promise<void> {
  const response = await folder.fetch(`http://run/${name}`, { method: 'PUT', body: content });
  if (!response.ok) throw new Error(`The file ${name} cannot be written into the run folder (${response.status})`);
}
