import type { JsonObject } from '../../model/json.ts';
import { CommandError } from '../shell.ts';

/** The keys of one deployment. `active` and `next` are private JWKs, `retired` are public ones with their times. */
export interface Keys {
  readonly active?: JsonObject;
  readonly next?: JsonObject;
  readonly retired: readonly JsonObject[];
}

/** A new key becomes the active one where there is none yet, the next one otherwise. Throws CommandError where both are there. */
export function addKey(keys: Keys, key: JsonObject): Keys {
  if (keys.active === undefined) return { ...keys, active: key };
  if (keys.next === undefined) return { ...keys, next: key };
  throw new CommandError('There is a next key already: rotate first, or remove it if it was never published');
}

/**
 * The next key becomes active; the active one is retired and vouches for what it signs until `until` (seconds since
 * the epoch), a moment by which the new settings are in force everywhere. Throws CommandError where there is no next key.
 */
export function rotateKeys({ active, next, retired }: Keys, publicActive: JsonObject, until: number): Keys {
  if (active === undefined || next === undefined) {
    throw new CommandError(
      'There is no next key to rotate to: run "spean keys generate", publish it, and rotate after a while',
    );
  }
  return { active: next, retired: [{ ...publicActive, exp: until }, ...retired] };
}

/**
 * A retired key is marked as revoked from a moment on (seconds since the epoch). One that leaked vouches for nothing
 * any more, since whoever has it can write any date (docs/keys.md). Throws CommandError for a kid that is not retired.
 */
export function revokeKey(keys: Keys, kid: string, revokedAt: number, reason: string): Keys {
  if (!keys.retired.some((key) => key.kid === kid)) {
    throw new CommandError(`${kid} is not a retired key: rotate it out first, then revoke it`);
  }
  const revoked = { revoked_at: revokedAt, reason };
  return { ...keys, retired: keys.retired.map((key) => (key.kid === kid ? { ...key, revoked } : key)) };
}
