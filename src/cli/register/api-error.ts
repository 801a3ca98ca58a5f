import { CommandError } from '../shell.ts';
import { explainError } from './explain-code.ts';

/** What the management API says of an error or a warning: `CodeWithDetails` of its description. */
export interface CodeWithDetails {
  readonly code: string;
  readonly metadata?: readonly string[];
  /** What is wrong with which field of the request. */
  readonly validation_errors?: Readonly<Record<string, readonly string[]>>;
}

/** The security server refused, or did not answer; the message says why in plain words and what to do. */
export class ApiError extends CommandError {
  readonly code: string;
  readonly metadata: readonly string[];

  constructor(code: string, metadata: readonly string[] = []) {
    super(`${explainError(code)} (${code}${metadata.length === 0 ? '' : `: ${metadata.join(', ')}`})`);
    this.code = code;
    this.metadata = metadata;
  }
}

/** The security server would do it only if these warnings were accepted. */
export class WarningsError extends Error {
  override readonly name = 'WarningsError';
  readonly warnings: readonly CodeWithDetails[];

  constructor(warnings: readonly CodeWithDetails[]) {
    super(warnings.map(({ code }) => code).join(', '));
    this.warnings = warnings;
  }
}
