import { setTimeout } from 'node:timers/promises';
import { runCommand } from './run-command.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  folder: process.cwd(),
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  fetch,
  now: Date.now,
  sleep: async (durationMs) => setTimeout(durationMs),
});
