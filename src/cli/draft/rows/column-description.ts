import type { LeafField } from '../../../model/field.ts';
import type { Notes } from '../wsdl/notes.ts';

/** What Table Schema and CSVW say of a column, in the words of neither. */
export interface ColumnDescription {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** The type's name in its own standard. */
  readonly type: string;
  readonly format?: string;
  readonly required: boolean;
  /** Texts that mean "no value". */
  readonly missing: readonly string[];
  readonly decimalSeparator?: string;
  readonly groupSeparator?: string;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: string;
  readonly maximum?: string;
}

const INTEGERS = new Set([
  'integer',
  'int',
  'long',
  'short',
  'byte',
  'nonNegativeInteger',
  'positiveInteger',
  'unsignedInt',
  'year',
  'gYear',
]);
const DECIMALS = new Set(['number', 'decimal', 'double', 'float']);
const TEXTS = new Set([
  'string',
  'any',
  'anyURI',
  'token',
  'normalizedString',
  'language',
  'Name',
  'NMTOKEN',
  'xml',
  'html',
  'json',
  '',
]);

/** The field of a described column; a type that has no like here stays text, and is told. */
export function describedField(column: ColumnDescription, at: string, place: string, notes: Notes): LeafField {
  const { title, description, required, missing } = column;
  const words = { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
  const others = missing.filter((text) => text !== '');
  const presence = {
    ...(required ? {} : { optional: true as const }),
    ...(missing.includes('') && !required ? { empty: 'absent' as const } : {}),
    ...(others.length === 0 ? {} : { missing: others }),
  };
  return { ...typed(column, at, place, notes), ...words, ...presence } as LeafField;
}

function typed(column: ColumnDescription, at: string, place: string, notes: Notes): LeafField {
  const { type, decimalSeparator, groupSeparator, minimum, maximum } = column;
  const range = {
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  };
  const group = groupSeparator === undefined ? {} : { groupSeparator };
  if (INTEGERS.has(type)) return { type: 'integer', at, ...group, ...range };
  if (DECIMALS.has(type)) {
    const point = decimalSeparator === undefined || decimalSeparator === '.' ? {} : { decimalSeparator };
    return { type: 'decimal', at, ...point, ...group, ...range };
  }
  switch (type) {
    case 'boolean':
      return {
        type,
        at,
        ...(column.trueValues === undefined ? {} : { true: column.trueValues }),
        ...(column.falseValues === undefined ? {} : { false: column.falseValues }),
      };
    case 'date':
    case 'time':
      return { type, at, ...formatOf(column, place, notes) } as LeafField;
    case 'datetime':
    case 'dateTime':
      return { type: 'dateTime', at, ...formatOf(column, place, notes) };
    case 'base64Binary':
    case 'binary':
      return { type: 'binary', at };
    case 'hexBinary':
      return { type: 'binary', at, encoding: 'hex' };
  }
  if (!TEXTS.has(type)) notes.cannot(place, `type ${type}`, 'Drafted as the text that it is');
  return textField(column, at);
}

function textField({ pattern, oneOf, minLength, maxLength }: ColumnDescription, at: string): LeafField {
  return {
    type: 'text',
    at,
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
    ...(oneOf === undefined ? {} : { oneOf }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
}

/** strptime's letters (Table Schema) and Unicode's (CSVW, 6.4.4) in the letters of a field's format. */
const LETTERS: Readonly<Record<string, string>> = {
  '%Y': 'yyyy',
  '%y': 'yy',
  '%m': 'MM',
  '%d': 'dd',
  '%H': 'HH',
  '%M': 'mm',
  '%S': 'ss',
};

/** As POSIX has it for `%y`: 69 to 99 are years of the 20th century. */
const PIVOT = 1969;

function formatOf(
  { format }: ColumnDescription,
  place: string,
  notes: Notes,
): { readonly format?: string; readonly pivot?: number } {
  if (format === undefined || format === 'default' || format === '') return {};
  if (format === 'any') {
    notes.ask(place, 'In which form are these dates? The description says "any"', 'yyyy-MM-dd');
    return {};
  }
  const written = format.replace(/%[A-Za-z]/g, (letter) => LETTERS[letter] ?? letter);
  if (!written.includes('%') && /(?<!y)yy(?!y)/.test(written)) {
    notes.ask(place, 'In which century are the years of two digits?', `From ${PIVOT} to ${PIVOT + 99}`, format);
    return { format: written, pivot: PIVOT };
  }
  if (!written.includes('%')) return { format: written };
  notes.cannot(place, `format ${format}`, 'Drafted in the standard form: write the format by hand');
  return {};
}
