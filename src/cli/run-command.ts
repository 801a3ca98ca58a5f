import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './check/check-command.ts';
import { addDraftCommand } from './draft/draft-command.ts';
import { addKeysCommand } from './keys/keys-command.ts';
import { addRegisterCommand } from './register/register-command.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from './shell.ts';
import { addTryCommand } from './try/try-command.ts';
import { addTypesCommand } from './types/types-command.ts';
import { addVerifyCommand } from './verify/verify-command.ts';

/** One line per command; each lives in its own folder. */
const COMMANDS: readonly ((program: Command, shell: Shell, done: Done) => void)[] = [
  addDraftCommand,
  addCheckCommand,
  addTryCommand,
  addRegisterCommand,
  addKeysCommand,
  addVerifyCommand,
  addTypesCommand,
];

/** Runs `spean` with these arguments (without the program's own name) and gives its exit code. */
export async function runCommand(args: readonly string[], shell: Shell): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const done: Done =
    (action) =>
    async (...given) => {
      code = await action(...given);
    };
  const program = new Command('spean')
    .description('Make, check, try and register adapters; verify what they signed')
    .configureOutput({ writeOut: (text) => shell.out(text.trimEnd()), writeErr: (text) => shell.note(text.trimEnd()) })
    .showHelpAfterError('Run it with --help to see what it takes')
    .exitOverride();
  for (const addCommand of COMMANDS) addCommand(program, shell, done);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
    if (!(error instanceof CommandError) && !isSystemError(error)) throw error;
    shell.note(error.message);
    return EXIT.failed;
  }
  return code;
}

/** A file that cannot be written or a disk that is full: Node's words name the path, and no defect is behind it. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
