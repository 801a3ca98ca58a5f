import { type ErrorCode, type Issue, SpeanError } from '../model/errors.ts';
import type { Place } from '../model/place.ts';
import { Refusal } from './types/value-type.ts';

/** Collects what is wrong with one document or input, so that it is all told together, up to a limit. */
export class Issues {
  /**
   * Stays for as long as the code: the others live for one stretch of it, and where the garbage collector finds none, the
   * engine throws away all that it has compiled for objects of this shape.
   */
  static readonly kept: Issues = new Issues('adapter-failed', 1);
  readonly #code: ErrorCode;
  readonly #limit: number;
  readonly #found: Issue[] = [];
  /** Public names and indexes of the records around the current field. */
  readonly path: (string | number)[] = [];

  constructor(code: ErrorCode, limit: number) {
    this.#code = code;
    this.#limit = limit;
  }

  /** Adds one; throws when the limit is reached. */
  add(name: string | number | undefined, message: string, place?: Place): void {
    const field = [...this.path, name].filter((part) => part !== undefined && part !== '').join('.');
    this.#found.push({ message, ...(field === '' ? {} : { field }), ...(place === undefined ? {} : { place }) });
    if (this.#found.length >= this.#limit) this.throwIfAny();
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new SpeanError(this.#code, { issues: this.#found });
  }
}

/** The message of a refusal; anything else is a defect and goes on. */
export function refusalMessage(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  throw error;
}

/** What stood there, masked unless the field is public information. */
export function found(text: string | null | undefined, isPublic: boolean): string {
  if (text === undefined || text === null) return '';
  const SHOWN_CHARACTERS = 60;
  if (isPublic) return `, found ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}`;
  return `, found ${text.length} characters`;
}
