import { compileLeaf } from '../../../mapping/leaf.ts';
import type { LeafField } from '../../../model/field.ts';
import { valueField } from '../rows/value-field.ts';
import { integerField, isIntegerType } from '../wsdl/integer-field.ts';
import { Notes } from '../wsdl/notes.ts';
import type { QName } from '../wsdl/source-element.ts';
import { XSD } from '../wsdl/vocabulary.ts';

/** The type of a leaf with what is asked about it; `field` stands at `at`. */
export interface LeafType {
  readonly field: LeafField;
  readonly question?: { readonly question: string; readonly guess: string; readonly evidence: string };
}

/** Texts that are not of one form in every sample stay what they are. */
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)\.\d+$/;
const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;
const BOOLEAN = /^(?:true|false)$/;

/** Numbers of fewer different values than this may be identifiers or codes as well. */
const MIN_INTEGERS = 3;

/**
 * The type that texts of one place speak for: what their `xsi:type` declares, else XML Schema's own forms where all
 * texts have one. A type is taken only if every text goes through it and back unchanged; text is what is left.
 */
export function leafType(texts: readonly string[], types: readonly QName[], at: string): LeafType {
  const values = texts.filter((text) => text.trim() !== '');
  const text: LeafField = { type: 'text', at };
  const declared = declaredType(types, at);
  if (declared !== undefined) return { field: keeps(declared, values) ? declared : text };
  if (values.length === 0) return { field: text };
  const guessed = guessType(values, at);
  if (guessed === undefined || !keeps(guessed, values)) return { field: text, ...askedAsRows(values, at) };
  return {
    field: guessed,
    question: {
      question: `Is each of these values ${NAMES[guessed.type] ?? guessed.type}?`,
      guess: `Yes: ${guessed.type}`,
      evidence: values.length === 1 ? 'the only value' : `all ${values.length} values`,
    },
  };
}

/** Forms that XML Schema does not have are not taken, but asked about where a column of rows would have one. */
function askedAsRows(texts: readonly string[], at: string): Pick<LeafType, 'question'> {
  const values = texts.map((text) => text.trim());
  const notes = new Notes();
  const field = valueField(values, at, '', notes);
  const evidence = `${values.length === 1 ? 'the only value' : `all ${values.length} values`}: ${values[0]}`;
  if ('format' in field && field.format !== undefined)
    return {
      question: {
        question: `Is each of these values a ${field.type} as ${field.format}?`,
        guess: 'No: text',
        evidence,
      },
    };
  if ('decimalSeparator' in field)
    return { question: { question: 'Are these decimal numbers with a comma?', guess: 'No: text', evidence } };
  const [asked] = field.type === 'text' ? notes.questions : [];
  return asked === undefined ? {} : { question: { ...asked, evidence } };
}

const NAMES: Readonly<Record<string, string>> = {
  date: 'a date (yyyy-MM-dd)',
  dateTime: 'a date with a time',
  boolean: 'true or false',
  decimal: 'a decimal number',
  integer: 'a whole number, and no identifier whose leading zeros would count',
};

function declaredType(types: readonly QName[], at: string): LeafField | undefined {
  const [type, ...others] = types;
  if (type === undefined || others.length > 0 || type.namespace !== XSD) return undefined;
  const { local } = type;
  if (isIntegerType(local)) {
    return integerField({ variety: 'atomic', builtIn: local, facets: {}, place: '' }, at, 'output');
  }
  if (local === 'decimal' || local === 'boolean' || local === 'date' || local === 'dateTime' || local === 'time') {
    return { type: local, at };
  }
  if (local === 'base64Binary') return { type: 'binary', at };
  return local === 'hexBinary' ? { type: 'binary', at, encoding: 'hex' } : { type: 'text', at };
}

function guessType(values: readonly string[], at: string): LeafField | undefined {
  const all = (form: RegExp) => values.every((value) => form.test(value));
  if (all(BOOLEAN)) return { type: 'boolean', at };
  if (all(DATE)) return { type: 'date', at };
  if (all(DATE_TIME)) return { type: 'dateTime', at };
  if (all(DECIMAL)) return { type: 'decimal', at };
  const different = new Set(values);
  // identifiers have one length, counts and amounts seldom do
  const lengths = new Set(values.map(({ length }) => length));
  if (all(INTEGER) && different.size >= MIN_INTEGERS && lengths.size > 1) return { type: 'integer', at };
  return undefined;
}

/** Whether every text is read, and written again as it was, white space around it aside. */
function keeps(field: LeafField, texts: readonly string[]): boolean {
  const leaf = compileLeaf(field, () => undefined);
  return texts.every((text) => {
    try {
      const value = leaf.decode({ text, offset: 0 });
      return typeof value !== 'symbol' && leaf.encode(value) === (field.type === 'text' ? text : text.trim());
    } catch {
      return false;
    }
  });
}
