import type {
  BinaryField,
  CodeField,
  ConstantField,
  DateField,
  DateTimeField,
  DecimalField,
  IntegerField,
  LeafField,
  TextField,
} from '../../../model/field.ts';
import type { JsonObject } from '../../../model/json.ts';
import { compact } from './compact.ts';

/** Which way a field's value travels: from the consumer, or to it. */
export type Direction = 'input' | 'output';

const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}T';

/** The times that a format can hold, or XML Schema's form where there is none. */
function clock(format: string | undefined): string {
  const seconds = format?.includes('ss') === false ? '00' : '[0-5][0-9]';
  const fraction = format === undefined ? '(\\.[0-9]{1,9})?' : format.includes('SSS') ? '\\.[0-9]{3}' : '';
  return `([01][0-9]|2[0-3]):[0-5][0-9]:${seconds}${fraction}`;
}

/** Type and constraints of a leaf's public value as a Schema Object (OpenAPI 3.0.3, 4.7.24), without its presence. */
export function leafSchema(field: LeafField | ConstantField, direction: Direction): JsonObject {
  switch (field.type) {
    case 'text':
      return textSchema(field);
    case 'integer':
      return integerSchema(field);
    case 'decimal':
      return decimalSchema(field);
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
      return dateSchema(field);
    case 'time':
      return { type: 'string', pattern: `^${clock(field.format ?? 'HH:mm:ss')}$` };
    case 'dateTime':
      return dateTimeSchema(field);
    case 'code':
      return { type: 'string', enum: publicCodes(field, direction) };
    case 'binary':
      return binarySchema(field);
    case 'constant':
      return { type: 'string', enum: [field.value] };
  }
}

/** The public values of a code table; the stand-in for unknown codes is only ever answered. */
export function publicCodes(field: CodeField, direction: Direction): readonly string[] {
  const stand = direction === 'output' && field.unknown !== undefined ? [field.unknown] : [];
  return [...new Set([...Object.values(field.table), ...stand])];
}

function textSchema(field: TextField): JsonObject {
  const digits = field.digits === undefined ? undefined : `^[0-9]{${field.digits}}$`;
  const both = digits !== undefined && field.pattern !== undefined;
  return compact({
    type: 'string',
    minLength: field.minLength,
    maxLength: field.maxLength,
    pattern: digits ?? field.pattern,
    allOf: both ? [{ pattern: field.pattern }] : undefined,
    enum: field.oneOf,
  });
}

function integerSchema(field: IntegerField): JsonObject {
  if (field.as === 'string') {
    return compact({ type: 'string', pattern: '^(0|-?[1-9][0-9]*)$', description: range(field.min, field.max) });
  }
  const limit = Number.MAX_SAFE_INTEGER;
  return {
    type: 'integer',
    format: 'int64',
    minimum: Math.max(Number(field.min ?? -limit), -limit),
    maximum: Math.min(Number(field.max ?? limit), limit),
  };
}

function decimalSchema(field: DecimalField): JsonObject {
  if (field.as === 'number') {
    const minimum = field.min === undefined ? undefined : Number(field.min);
    const maximum = field.max === undefined ? undefined : Number(field.max);
    return compact({ type: 'number', format: 'double', minimum, maximum });
  }
  const whole = field.totalDigits === undefined ? '[0-9]*' : `[0-9]{0,${field.totalDigits - 1}}`;
  const places = decimalPlaces(field);
  const fraction = places === 0 ? '' : `(\\.[0-9]{1,${places ?? ''}})?`;
  const total = field.totalDigits === undefined ? undefined : `At most ${field.totalDigits} digits in all.`;
  return compact({
    type: 'string',
    pattern: `^-?(0|[1-9]${whole})${fraction}$`,
    description: sentences(total, range(field.min, field.max)),
  });
}

/** Most digits behind the separator, where anything limits them. */
export function decimalPlaces({ totalDigits, fractionDigits, impliedDecimals }: DecimalField): number | undefined {
  const limits = [totalDigits, fractionDigits, impliedDecimals].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function dateSchema(field: DateField): JsonObject {
  return compact({ type: 'string', format: 'date', description: range(field.min, field.max) });
}

/** RFC 3339's date-time demands an offset, so the format is claimed only where there always is one. */
function dateTimeSchema(field: DateTimeField): JsonObject {
  if (field.zone !== undefined) return { type: 'string', format: 'date-time' };
  const offset = field.format === undefined ? '(Z|[+-][0-9]{2}:[0-9]{2})?' : '';
  return { type: 'string', pattern: `^${DAY}${clock(field.format)}${offset}$` };
}

function binarySchema(field: BinaryField): JsonObject {
  // Base64 writes three bytes as four characters.
  const maxLength = field.maxBytes === undefined ? undefined : Math.ceil(field.maxBytes / 3) * 4;
  return compact({ type: 'string', format: 'byte', maxLength });
}

/** A description of the parts that there are. */
export function sentences(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter((part) => part !== undefined).join(' ') || undefined;
}

/** Bounds that JSON Schema cannot put on a string, in words. */
function range(min: number | string | undefined, max: number | string | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}.`;
  if (min !== undefined) return `At least ${min}.`;
  return max === undefined ? undefined : `At most ${max}.`;
}
