import { parseEnv } from 'node:util';
import { type Environment, readSettings } from '../../config.ts';
import { createKeyRing } from '../../envelope/keys.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import { SettingsError } from '../../model/settings.ts';

/** The mistakes that a start with these settings would be refused for; nothing is called. */
export async function settingsMistakes(
  text: string,
  adapters: readonly AdapterDefinition[],
): Promise<readonly string[]> {
  const environment: Environment = parseEnv(text);
  const never = () => Promise.reject(new Error('Settings are checked offline'));
  try {
    await createKeyRing(readSettings(environment, adapters).signing, { fetch: never, now: Date.now });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
}
