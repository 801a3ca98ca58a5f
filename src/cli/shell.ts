/** What a command sees of the world around it, so that tests run commands without a process of their own. */
export interface Shell {
  /** The project's folder, where `adapters/` stands. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line to standard output: what the user asked for, and with `--json` nothing but JSON. */
  readonly out: (line: string) => void;
  /** One line to standard error: progress, warnings, mistakes. */
  readonly note: (line: string) => void;
  /** Standard input and output are terminals: questions may be asked and colours shown. */
  readonly interactive: boolean;
  readonly fetch: typeof fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits, milliseconds. */
  readonly sleep: (durationMs: number) => Promise<void>;
}

/** Exit codes: all is well; what was looked at has mistakes; the command was called wrongly or could not do its work. */
export const EXIT = { ok: 0, mistakes: 1, failed: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command reports its exit code: `.action(done(async (…) => EXIT.ok))`. */
export type Done = <A extends unknown[]>(
  action: (...args: A) => ExitCode | Promise<ExitCode>,
) => (...args: A) => Promise<void>;

/** Stops a command with words for its user: what failed, what was expected, what to do. No stack trace is shown. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
