import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const PROJECT = dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));
const BIOME = join(PROJECT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

/** The source as the project's own formatter writes it; unchanged where the formatter is not installed (`npm ci --omit=dev`). */
export async function formatSource(source: string): Promise<string> {
  if (!existsSync(BIOME)) return source;
  const biome = spawn(process.execPath, [BIOME, 'format', '--stdin-file-path=adapter.ts'], {
    cwd: PROJECT,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => biome.on('close', resolve));
  biome.stdin.end(source);
  const formatted = await text(biome.stdout);
  return (await ended) === 0 ? formatted : source;
}
