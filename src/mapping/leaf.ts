import type { Report } from '../model/contracts.ts';
import type { LeafField, Presence } from '../model/field.ts';
import type { JsonValue } from '../model/json.ts';
import type { Cell } from '../model/source.ts';
import type { Utf8 } from '../model/utf8.ts';
import { compileRules, trimXmlSpace } from './rules.ts';
import { compileValueType } from './types/index.ts';
import { Refusal, type ValueType } from './types/value-type.ts';

/** The value is left out. */
export const ABSENT = Symbol('absent');
export type MaybeAbsent = JsonValue | typeof ABSENT;

/** A leaf field, compiled. All its ways throw Refusal. */
export interface Leaf {
  readonly type: ValueType;
  /** A legacy text, or its absence → the public value. */
  readonly decode: (cell: Cell | undefined) => MaybeAbsent;
  /** The same of a text in UTF-8 that needs no closer look; undefined says nothing about it. */
  readonly decodeUtf8: ((text: Utf8) => Utf8 | undefined) | undefined;
  /** A public value, or its absence → the legacy text; undefined writes nothing, null writes nil. */
  readonly encode: (value: JsonValue | undefined) => string | null | undefined;
  /** A path or query parameter → a value for `encode`. */
  readonly parse: (text: string) => JsonValue;
}

export function compileLeaf(field: LeafField, report: Report): Leaf {
  const type = compileValueType(field, report);
  const rules = compileRules(field.rules, report);
  const absent = compileAbsence(field, type, report);
  const missing = field.missing === undefined ? undefined : new Set(field.missing);
  /** Whether a legacy text is read as no value. */
  const isNoValue = (given: string): boolean => {
    if (missing === undefined && field.empty === undefined) return false;
    const ruled = rules.decode(given);
    const text = type.collapses ? trimXmlSpace(ruled) : ruled;
    return missing?.has(text) === true || missing?.has(ruled) === true || (text === '' && field.empty !== undefined);
  };
  const isPlain = field.rules === undefined && missing === undefined && field.empty === undefined;
  return {
    type,
    decodeUtf8: isPlain ? type.decodeUtf8 : undefined,
    decode: (cell) => {
      if (cell === undefined) return absent();
      const { text: given } = cell;
      if (given === null) return nil(field, absent);
      const ruled = rules.decode(given);
      const text = type.collapses ? trimXmlSpace(ruled) : ruled;
      if (missing !== undefined && (missing.has(text) || missing.has(ruled))) return noValue(field, absent);
      if (text === '' && field.empty !== undefined) return field.empty === 'absent' ? absent() : nil(field, absent);
      return type.decode(text);
    },
    encode: (value) => {
      const given = value === undefined ? absent() : value;
      if (given === ABSENT) return undefined;
      if (given === null) return field.nullable === true ? null : refuseNull();
      const text = rules.encode(type.encode(value === undefined ? given : type.check(given)));
      if (missing?.has(text) || (value !== undefined && isNoValue(text)))
        throw new Refusal('Expected a value, found the text that stands for none in the legacy system');
      return text;
    },
    parse: type.parse,
  };
}

/** What absence becomes: the default, nothing, or a refusal. */
export function compileAbsence(field: Presence, type: ValueType | undefined, report: Report): () => MaybeAbsent {
  const { default: instead, optional } = field;
  if (instead !== undefined) {
    if (optional === true) report('default', 'A field with a default is never absent, so it is not optional');
    if (instead !== null) checkDefault(instead, type, report);
    return () => instead;
  }
  if (optional === true) return () => ABSENT;
  return () => {
    throw new Refusal('Expected a value, found none');
  };
}

function checkDefault(instead: JsonValue, type: ValueType | undefined, report: Report): void {
  try {
    type?.check(instead);
  } catch (error) {
    report('default', `The default is not a value of the field: ${error instanceof Error ? error.message : ''}`);
  }
}

function nil(field: Presence, absent: () => MaybeAbsent): MaybeAbsent {
  if (field.nullable === true) return null;
  if (field.nil === 'absent') return absent();
  throw new Refusal('Expected a value, found nil: declare the field nullable, or nil: "absent"');
}

/** A marker for "no value" is absence, or nil where only that is declared. */
function noValue(field: Presence, absent: () => MaybeAbsent): MaybeAbsent {
  return field.optional !== true && field.default === undefined && field.nullable === true ? null : absent();
}

function refuseNull(): never {
  throw new Refusal('Expected a value, found null');
}
