import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';
import type { ExitCode, Shell } from '../../src/cli/shell.ts';

export interface CommandResult {
  readonly code: ExitCode;
  /** Standard output and standard error, without colours. */
  readonly out: string;
  readonly notes: string;
}

const temporaryFolders: string[] = [];
afterAll(() => {
  for (const folder of temporaryFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of this test file's own, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spean-'));
  temporaryFolders.push(folder);
  return folder;
}

/** Runs `spean …` in a folder, not in a terminal. */
export async function spean(args: readonly string[], shell: Partial<Shell> = {}): Promise<CommandResult> {
  const lines = { out: [] as string[], notes: [] as string[] };
  const code = await runCommand(args, {
    folder: process.cwd(),
    env: {},
    out: (line) => lines.out.push(line),
    note: (line) => lines.notes.push(line),
    interactive: false,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
    now: Date.now,
    sleep: async () => {},
    ...shell,
  });
  return { code, out: plain(lines.out), notes: plain(lines.notes) };
}

function plain(lines: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a colour
  return lines.join('\n').replace(/\u001b\[\d+m/g, '');
}
