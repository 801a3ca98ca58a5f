import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../model/json.ts';
import { CommandError } from '../shell.ts';
import type { Keys } from './key-changes.ts';

/** Readable by its owner alone. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** The files of a key folder; `.jwk` files hold private keys. */
export const KEY_FILES = { active: 'active.jwk', next: 'next.jwk', retired: 'retired.json' } as const;

/** Reads the keys of a deployment; what is not there yet is absent. Throws CommandError, without repeating any content. */
export async function readKeyFolder(folder: string): Promise<Keys> {
  const active = await readJson(join(folder, KEY_FILES.active));
  const next = await readJson(join(folder, KEY_FILES.next));
  const retired = (await readJson(join(folder, KEY_FILES.retired))) ?? [];
  if (!Array.isArray(retired)) throw new CommandError(`${join(folder, KEY_FILES.retired)} is not a list of JWKs`);
  return {
    ...(active === undefined ? {} : { active: active as JsonObject }),
    ...(next === undefined ? {} : { next: next as JsonObject }),
    retired: retired as JsonObject[],
  };
}

/**
 * Writes them back: the retired list first and the active key last, so that a crash in between leaves a key in two
 * places rather than in none. A key that is no longer there is emptied out of its file by the one that takes its place.
 */
export async function writeKeyFolder(folder: string, before: Keys, after: Keys): Promise<void> {
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  if (after.retired !== before.retired) await write(join(folder, KEY_FILES.retired), after.retired);
  if (after.active !== undefined && after.active !== before.active) {
    await write(join(folder, KEY_FILES.active), after.active);
  }
  if (after.next !== before.next) await write(join(folder, KEY_FILES.next), after.next ?? null);
}

/** Whole or not at all: a reader never sees half a key. */
async function write(path: string, content: object | null): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: PRIVATE_FILE });
  await rename(draft, path);
}

async function readJson(path: string): Promise<object | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CommandError(`${path} cannot be read: ${error.code}`);
  });
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object') return value ?? undefined;
  } catch {}
  throw new CommandError(`${path} is not JSON of a key`);
}
