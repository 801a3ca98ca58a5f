import { parseEnv } from 'node:util';
import { checkSettings } from '../../check-settings.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import { SettingsError } from '../../model/settings.ts';

/** The mistakes that a start with these settings would be refused for; nothing is called. */
export async function settingsMistakes(
  text: string,
  adapters: readonly AdapterDefinition[],
): Promise<readonly string[]> {
  try {
    await checkSettings(parseEnv(text), adapters);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
}
