import type { OutputData } from '../../../model/definition.ts';
import type {
  BinaryField,
  ChoiceField,
  ConstantField,
  DateTimeField,
  DecimalField,
  Field,
  Fields,
  IntegerField,
  LeafField,
  ListField,
  TextField,
  TimeField,
} from '../../../model/field.ts';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import { type Direction, decimalPlaces, publicCodes } from './leaf-schema.ts';
import { samplePattern } from './pattern-sample.ts';
import { isMember, isRequired } from './schema.ts';

const EXAMPLE_DATE = '2024-03-31';
const EXAMPLE_TIME = '08:30:00';
/** What a text field of any length shows. */
const EXAMPLE_TEXT = 'text';
/** Nobody reads a longer list, and a schema's number may be anything. */
const EXAMPLE_ITEMS = 20;
const EXAMPLE_BYTES = [0x53, 0x70, 0x65, 0x61, 0x6e];

/**
 * A public value that a field takes: the definition's own example, or one made from its constraints, the same each
 * time. undefined where none can be made, as for a pattern that is too hard.
 */
export function fieldExample(field: Field, direction: Direction): JsonValue | undefined {
  if (field.example !== undefined) return field.example;
  switch (field.type) {
    case 'record':
      return objectExample(field.fields, direction);
    case 'list':
      return listExample(field, direction);
    case 'choice':
      return choiceExample(field, direction);
    default:
      return leafExample(field, direction);
  }
}

/** An object with every member; undefined where a required one has no example. */
export function objectExample(fields: Fields, direction: Direction): JsonObject | undefined {
  const members: [string, JsonValue][] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!isMember(field, direction)) continue;
    const value = fieldExample(field, direction);
    if (value !== undefined) members.push([name, value]);
    else if (isRequired(field, direction)) return undefined;
  }
  return Object.fromEntries(members);
}

/** A whole answer. */
export function outputExample(output: OutputData, setAside: boolean): JsonValue | undefined {
  if (output.type === 'row') return objectExample(output.fields, 'output');
  if (output.type !== 'rows') return fieldExample(output, 'output');
  const row = objectExample(output.fields, 'output');
  if (row === undefined) return undefined;
  const rows = output.maxItems === 0 ? [] : [row];
  return Object.fromEntries([[output.name, rows], ...(setAside ? [['setAside', 0] as const] : [])]);
}

function listExample(field: ListField, direction: Direction): JsonValue | undefined {
  const count = Math.min(Math.max(field.minItems ?? 1, 1), field.maxItems ?? Number.POSITIVE_INFINITY);
  if (count === 0) return [];
  if (count > EXAMPLE_ITEMS) return undefined;
  const item = fieldExample(field.items, direction);
  return item === undefined ? undefined : Array.from({ length: count }, () => item);
}

function choiceExample(field: ChoiceField, direction: Direction): JsonValue | undefined {
  for (const [name, { record }] of Object.entries(field.cases)) {
    const members = objectExample(record.fields, direction);
    if (members !== undefined) return Object.fromEntries([[field.discriminator, name], ...Object.entries(members)]);
  }
  return undefined;
}

function leafExample(field: LeafField | ConstantField, direction: Direction): JsonValue | undefined {
  switch (field.type) {
    case 'text':
      return textExample(field);
    case 'integer':
      return integerExample(field);
    case 'decimal':
      return decimalExample(field);
    case 'boolean':
      return true;
    case 'date':
      return field.min !== undefined && field.min > EXAMPLE_DATE ? field.min : earlier(field.max, EXAMPLE_DATE);
    case 'time':
      return timeExample(field);
    case 'dateTime':
      return dateTimeExample(field);
    case 'code':
      return publicCodes(field, direction)[0];
    case 'binary':
      return binaryExample(field);
    case 'constant':
      return field.value;
  }
}

function earlier(max: string | undefined, date: string): string {
  return max !== undefined && max < date ? max : date;
}

/** The first text that satisfies every constraint: those listed, all digits, a sample of the pattern, or plain words. */
function textExample(field: TextField): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, digits, pattern, oneOf } = field;
  const matcher = new RegExp(pattern ?? '', 'u');
  const fits = (text: string): boolean => {
    const length = [...text].length;
    return length >= minLength && length <= maxLength && matcher.test(text);
  };
  if (oneOf !== undefined) return oneOf.find(fits);
  if (digits !== undefined) return [repeatTo('1234567890', digits)].find(fits);
  if (pattern !== undefined) return samplePattern(pattern, minLength, maxLength);
  return repeatTo(EXAMPLE_TEXT, Math.min(maxLength, Math.max(minLength, EXAMPLE_TEXT.length)));
}

function repeatTo(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

function integerExample(field: IntegerField): JsonValue {
  const min = field.min === undefined ? undefined : BigInt(field.min);
  const max = field.max === undefined ? undefined : BigInt(field.max);
  let value = 1n;
  if (min !== undefined && value < min) value = min;
  if (max !== undefined && value > max) value = max;
  return field.as === 'string' ? String(value) : Number(value);
}

function decimalExample(field: DecimalField): JsonValue {
  const places = Math.min(decimalPlaces(field) ?? 2, 2, (field.totalDigits ?? 3) - 1);
  const plain = places > 0 ? `1.${'50'.slice(0, places)}` : '1';
  let text = plain;
  if (field.min !== undefined && Number(text) < Number(field.min)) text = field.min;
  if (field.max !== undefined && Number(text) > Number(field.max)) text = field.max;
  return field.as === 'number' ? Number(text) : text;
}

function timeExample({ format }: TimeField | DateTimeField): string {
  return EXAMPLE_TIME + (format?.includes('SSS') ? '.000' : '');
}

function dateTimeExample(field: DateTimeField): string {
  const local = `${EXAMPLE_DATE}T${timeExample(field)}`;
  return field.zone === undefined ? local : local + offsetOf(field.zone);
}

/** The offset of a zone on the example's day: RFC 3339's form of what Intl calls `GMT+07:00`. */
function offsetOf(zone: string): string {
  if (/^[+-]/.test(zone)) return zone;
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const parts = format.formatToParts(new Date(`${EXAMPLE_DATE}T${EXAMPLE_TIME}Z`));
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  // CLDR writes UTC as GMT alone; not every runtime's data does.
  return name.replace('GMT', '') || '+00:00';
}

function binaryExample(field: BinaryField): string {
  return btoa(String.fromCharCode(...EXAMPLE_BYTES.slice(0, field.maxBytes)));
}
