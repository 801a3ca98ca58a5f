import type { Report } from '../../model/contracts.ts';
import type { JsonValue } from '../../model/json.ts';
import type { Utf8 } from '../../model/utf8.ts';

/** A value or text that a type does not take. The message says what was expected, never what stood there. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** A field's type, compiled: the ways between legacy text, public value and public text. All of them throw Refusal. */
export interface ValueType {
  /** White space around the legacy text means nothing (XML Schema's `collapse` facet): all types but text and code. */
  readonly collapses: boolean;
  /** Legacy text → public value, constraints checked. */
  readonly decode: (text: string) => JsonValue;
  /**
   * The same without a string in between, for texts that need no closer look: the public value, which is a string, in
   * UTF-8 that is valid until the next call. undefined says nothing about the text: `decode` has to be asked.
   */
  readonly decodeUtf8?: ((text: Utf8) => Utf8 | undefined) | undefined;
  /** A checked public value → legacy text. */
  readonly encode: (value: JsonValue) => string;
  /** A value of a JSON body, constraints checked. */
  readonly check: (value: JsonValue) => JsonValue;
  /** A path or query parameter → a value for `check`. */
  readonly parse: (text: string) => JsonValue;
  /** The order of two public values, where the type has one. */
  readonly compare?: (a: JsonValue, b: JsonValue) => number;
}

/** Compiles the type of one field; reports every mistake of its options. */
export type CompileType<F> = (field: F, report: Report) => ValueType;

export function refuse(expected: string): never {
  throw new Refusal(`Expected ${expected}`);
}

/** The value as a text, or a refusal. */
export function asText(value: JsonValue, expected: string): string {
  return typeof value === 'string' ? value : refuse(expected);
}
