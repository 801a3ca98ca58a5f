import { type Environment, readSettings } from './config.ts';
import { createKeyRing } from './envelope/keys.ts';
import type { AdapterDefinition } from './model/definition.ts';
import type { Settings } from './model/settings.ts';

/** The settings that a start would take; nothing is called. Throws SettingsError with every mistake that it would be refused for. */
export async function checkSettings(
  environment: Environment,
  adapters: readonly AdapterDefinition[],
): Promise<Settings> {
  const settings = readSettings(environment, adapters);
  const never = () => Promise.reject(new Error('Settings are checked offline'));
  await createKeyRing(settings.signing, { fetch: never, now: Date.now });
  return settings;
}
