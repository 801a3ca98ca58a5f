import { createKeyRing } from '../../envelope/keys.ts';
import { importPublicKey, KeyError } from '../../envelope/public-key.ts';
import type { JsonObject } from '../../model/json.ts';
import { SettingsError } from '../../model/settings.ts';
import { CommandError } from '../shell.ts';
import type { Keys } from './key-changes.ts';

/** What may be told of a key: nothing of its private half. */
export interface ToldKey {
  readonly stage: 'active' | 'next' | 'retired' | 'published';
  readonly kid: string;
  readonly alg: string;
  readonly exp?: number;
  readonly revoked?: JsonObject;
}

/** The public half of a JWK with its `alg` and thumbprint. Throws CommandError with what is wrong with the key. */
export async function publicHalf(jwk: JsonObject, what: string): Promise<JsonObject> {
  try {
    const { jwk: material, alg, kid } = await importPublicKey(jwk);
    return { ...material, use: 'sig', alg, kid };
  } catch (error) {
    if (error instanceof KeyError) throw new CommandError(`${what} ${error.message}`);
    throw error;
  }
}

/** Each key, checked as a deployment checks it at start. Throws CommandError with every mistake. */
export async function tellKeys({ active, next, retired }: Keys): Promise<ToldKey[]> {
  if (active === undefined) return [];
  const nextPublic = next === undefined ? [] : [await publicHalf(next, 'The next key')];
  try {
    const never = () => Promise.reject(new Error('Local keys need no network'));
    const ring = await createKeyRing({ active, next: nextPublic, retired }, { fetch: never, now: Date.now });
    return ring.publicKeySet.keys.map((key, index) => {
      const stage = index === 0 ? 'active' : index <= nextPublic.length ? 'next' : 'retired';
      return tellKey(key, stage);
    });
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.mistakes.join('\n'));
    throw error;
  }
}

/** The keys of a key set that someone published. */
export async function tellKeySet(keySet: object): Promise<ToldKey[]> {
  const { keys } = keySet as { keys?: unknown };
  if (!Array.isArray(keys)) throw new CommandError('This is no key set: it has no list of keys (RFC 7517, 5)');
  return Promise.all(
    keys.map(async (key: JsonObject, index) => {
      const checked = await publicHalf(key, `Key ${index + 1}`);
      return tellKey({ ...key, ...checked }, 'published');
    }),
  );
}

function tellKey(key: JsonObject, stage: ToldKey['stage']): ToldKey {
  const { kid, alg, exp, revoked } = key;
  return {
    stage,
    kid: String(kid),
    alg: String(alg),
    ...(typeof exp === 'number' && { exp }),
    ...(revoked !== undefined && { revoked: revoked as JsonObject }),
  };
}

/** A line for people. */
export function keyLine({ stage, kid, alg, exp, revoked }: ToldKey): string {
  const until = exp === undefined ? '' : `  signed until ${moment(exp)}`;
  const why = revoked === undefined ? '' : `  revoked ${moment(Number(revoked.revoked_at))} (${revoked.reason})`;
  return `${stage.padEnd(10)}${kid}  ${alg}${until}${why}`;
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
