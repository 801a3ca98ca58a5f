import { CommandError, type Shell } from '../shell.ts';

/** Shorter ones would be found by chance in text that has nothing to do with them. */
const MIN_SECRET_CHARACTERS = 8;

/** The environment's variables that are secret here. */
const API_KEY = 'SPEAN_API_KEY';
const PATH_SECRET = 'SPEAN_PATH_SECRET';

/** What may stand in an HTTP header and is written the same in JSON and in text; X-Road's own keys are UUIDs. */
const API_KEY_CHARACTERS = /^[A-Za-z0-9._~+/=-]+$/;

/** The API key from the environment, the only place it is taken from: a command line is seen by other users and kept in histories. */
export function readApiKey({ env }: Pick<Shell, 'env'>): string {
  const key = env[API_KEY]?.trim();
  if (!key) {
    throw new CommandError(
      `Set ${API_KEY} to an API key of the security server with the role XROAD_SERVICE_ADMINISTRATOR; docs/register.md says how one is made`,
    );
  }
  if (API_KEY_CHARACTERS.test(key)) return key;
  throw new CommandError(
    `${API_KEY} has characters that no API key has: give the key alone, as the security server showed it`,
  );
}

/**
 * Runs something with a shell that writes the name of a secret wherever its value would stand, in lines and in errors:
 * the API key, and the path secret of the service URL where the environment has it. It is the last of the guards, for
 * what a server echoes.
 */
export async function hidingSecrets<T>(shell: Shell, run: (shell: Shell) => Promise<T>): Promise<T> {
  const secrets = [API_KEY, PATH_SECRET]
    .map((name) => [name, shell.env[name]?.trim() ?? ''] as const)
    .filter(([, value]) => value.length >= MIN_SECRET_CHARACTERS);
  const hide = (text: string) => secrets.reduce((told, [name, value]) => told.replaceAll(value, `[${name}]`), text);
  try {
    return await run({ ...shell, out: (line) => shell.out(hide(line)), note: (line) => shell.note(hide(line)) });
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(hide(error.message));
    throw error;
  }
}
