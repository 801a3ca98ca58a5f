import type { Report } from '../../model/contracts.ts';
import type { LeafField } from '../../model/field.ts';
import { compileBinary } from './binary.ts';
import { compileBoolean } from './boolean.ts';
import { compileCode } from './code.ts';
import { compileDate, compileDateTime, compileTime } from './date-time.ts';
import { compileDecimal } from './decimal.ts';
import { compileInteger } from './integer.ts';
import { compileText } from './text.ts';
import type { CompileType, ValueType } from './value-type.ts';

/** Every type that a leaf field can have. */
export const VALUE_TYPES: { readonly [T in LeafField['type']]: CompileType<Extract<LeafField, { type: T }>> } = {
  text: compileText,
  integer: compileInteger,
  decimal: compileDecimal,
  boolean: compileBoolean,
  date: compileDate,
  time: compileTime,
  dateTime: compileDateTime,
  code: compileCode,
  binary: compileBinary,
};

export function compileValueType(field: LeafField, report: Report): ValueType {
  const compile = VALUE_TYPES[field.type] as CompileType<LeafField>;
  return compile(field, report);
}
