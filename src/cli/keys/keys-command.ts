import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { exportJWK, generateKeyPair } from 'jose';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from '../../envelope/algorithm.ts';
import type { JsonObject } from '../../model/json.ts';
import { readJsonInput } from '../read-input.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { addKey, type Keys, revokeKey, rotateKeys } from './key-changes.ts';
import { KEY_FILES, readKeyFolder, writeKeyFolder } from './key-folder.ts';
import { keyLine, publicHalf, type ToldKey, tellKeySet, tellKeys } from './tell-keys.ts';

/** How long after a rotation the old key still vouches for what it signs, hours: until the new settings are in force everywhere. */
const DEFAULT_OVERLAP_HOURS = 24;
const HOUR_SECONDS = 3600;

interface FolderFlag {
  readonly folder: string;
  readonly json?: true;
}

export function addKeysCommand(program: Command, shell: Shell, done: Done): void {
  const keys = program.command('keys').description('Generate, rotate, revoke and inspect signing keys (docs/keys.md)');
  const folder = () =>
    new Option('--folder <folder>', 'where the keys are kept, outside version control').default('keys');
  const json = () => new Option('--json', 'print the keys as JSON');

  keys
    .command('generate')
    .description('Make a key: the active one, or the next one where a key is active')
    .addOption(new Option('--alg <algorithm>', 'JOSE name').choices(SIGNING_ALGORITHM_NAMES).default('ES256'))
    .addOption(folder())
    .addOption(json())
    .action(
      done((flags: FolderFlag & { alg: SigningAlgorithm }) =>
        change(flags, shell, (held) => generate(held, flags.alg, shell)),
      ),
    );

  keys
    .command('rotate')
    .description('Let the next key sign, and retire the active one')
    .option('--overlap <hours>', 'how long the old key still vouches for what it signs', String(DEFAULT_OVERLAP_HOURS))
    .addOption(folder())
    .addOption(json())
    .action(
      done((flags: FolderFlag & { overlap: string }) =>
        change(flags, shell, (held) => rotate(held, flags.overlap, shell)),
      ),
    );

  keys
    .command('revoke')
    .description('Mark a retired key as revoked')
    .argument('<kid>')
    .allowUnknownOption() // one kid in 64 begins with a hyphen, and some with "-h"
    .helpOption('--help')
    .requiredOption(
      '--reason <reason>',
      'keyCompromise when it leaked, superseded, cessationOfOperation (RFC 5280, 5.3.1)',
    )
    .addOption(folder())
    .addOption(json())
    .action(
      done((kid: string, flags: FolderFlag & { reason: string }) =>
        change(flags, shell, async (held) => revokeKey(held, kid, seconds(shell), flags.reason)),
      ),
    );

  keys
    .command('inspect')
    .description('Show the keys of the folder, or those of a published key set')
    .argument('[file or URL]', 'a key set')
    .addOption(folder())
    .addOption(json())
    .action(done((keySet: string | undefined, flags: FolderFlag) => inspect(keySet, flags, shell)));

  keys
    .command('settings')
    .description('Print what the deployment has to be set to')
    .option('--private', 'print the active private key too')
    .addOption(folder())
    .action(done((flags: FolderFlag & { private?: true }) => printSettings(flags, shell)));
}

async function change(
  { folder, json }: FolderFlag,
  shell: Shell,
  make: (held: Keys) => Promise<Keys>,
): Promise<ExitCode> {
  const path = resolve(shell.folder, folder);
  const before = await readKeyFolder(path);
  const after = await make(before);
  const told = await tellKeys(after);
  await writeKeyFolder(path, before, after);
  print(told, json, shell);
  if (!json)
    shell.note(
      `\nThe private keys are in ${join(folder, KEY_FILES.active)} and, where there is a next one, ${KEY_FILES.next}: keep them out of version control. Next: spean keys settings`,
    );
  return EXIT.ok;
}

async function generate(held: Keys, alg: SigningAlgorithm, shell: Shell): Promise<Keys> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg } as JsonObject;
  return addKey(held, { ...jwk, kid: (await publicHalf(jwk, 'The new key')).kid, nbf: seconds(shell) });
}

async function rotate(held: Keys, overlap: string, shell: Shell): Promise<Keys> {
  if (!/^\d{1,4}$/.test(overlap)) throw new CommandError('--overlap takes whole hours');
  const publicActive = held.active === undefined ? {} : await publicHalf(held.active, 'The active key');
  const nbf = held.active?.nbf;
  return rotateKeys(
    held,
    { ...publicActive, ...(nbf !== undefined && { nbf }) },
    seconds(shell) + Number(overlap) * HOUR_SECONDS,
  );
}

async function inspect(keySet: string | undefined, flags: FolderFlag, shell: Shell): Promise<ExitCode> {
  const told =
    keySet === undefined
      ? await tellKeys(await readKeyFolder(resolve(shell.folder, flags.folder)))
      : await tellKeySet(await readJsonInput(keySet, shell));
  if (told.length === 0) throw new CommandError(`${flags.folder} holds no key: run "spean keys generate"`);
  print(told, flags.json, shell);
  return EXIT.ok;
}

function print(told: readonly ToldKey[], json: true | undefined, shell: Shell): void {
  if (json) shell.out(JSON.stringify(told, null, 2));
  else for (const key of told) shell.out(keyLine(key));
}

async function printSettings(flags: FolderFlag & { private?: true }, shell: Shell): Promise<ExitCode> {
  const { active, next, retired } = await readKeyFolder(resolve(shell.folder, flags.folder));
  if (active === undefined) throw new CommandError(`${flags.folder} holds no key: run "spean keys generate"`);
  const nextPublic = next === undefined ? [] : [{ ...(await publicHalf(next, 'The next key')), nbf: next.nbf }];
  const secret = flags.private ? JSON.stringify(active) : `(the content of ${join(flags.folder, KEY_FILES.active)})`;
  shell.out(`SPEAN_SIGNING_KEY=${secret}`);
  shell.out(`SPEAN_NEXT_KEYS=${JSON.stringify(nextPublic)}`);
  shell.out(`SPEAN_RETIRED_KEYS=${JSON.stringify(retired)}`);
  return EXIT.ok;
}

function seconds({ now }: Shell): number {
  return Math.floor(now() / 1000);
}
