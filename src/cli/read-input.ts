import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CommandError, type Shell } from './shell.ts';

/** How long an address may take to answer, milliseconds. */
const FETCH_TIMEOUT_MS = 10_000;

/** The bytes of a file, of an http(s) address, or of standard input (`-`). Throws CommandError in plain words. */
export async function readInput(
  name: string,
  shell: Pick<Shell, 'folder' | 'fetch'>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (name === '-') return new Uint8Array(await buffer(process.stdin));
  if (/^https?:\/\//i.test(name)) return fetchBytes(name, shell);
  try {
    return new Uint8Array(await readFile(resolve(shell.folder, name)));
  } catch (cause) {
    throw new CommandError(`${name} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? cause}`);
  }
}

async function fetchBytes(url: string, { fetch }: Pick<Shell, 'fetch'>): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new CommandError(`${url} does not answer: ${reasonOf(cause)}`);
  });
  if (!response.ok) throw new CommandError(`${url} answers HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Node's fetch says "fetch failed" and has the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

/** A JSON object out of such an input. */
export async function readJsonInput(name: string, shell: Pick<Shell, 'folder' | 'fetch'>): Promise<object> {
  const text = new TextDecoder().decode(await readInput(name, shell));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new CommandError(`${name} is not a JSON object`);
}
