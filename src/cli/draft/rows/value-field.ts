import { compileLeaf } from '../../../mapping/leaf.ts';
import type { LeafField } from '../../../model/field.ts';
import { Notes } from '../wsdl/notes.ts';

/** Numbers of fewer different values than this may be identifiers or codes as well. */
const MIN_NUMBERS = 3;
/** A column with so few different values, each so often, may be one of codes. */
const MAX_CODES = 12;
const MIN_REPEATS = 3;

const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;
const DECIMAL_POINT = /^-?(?:0|[1-9]\d*)\.\d+$/;
const DECIMAL_COMMA = /^-?(?:0|[1-9]\d*),\d+$/;
/** `1,234` is one thousand and some, or a little more than one. */
const THOUSANDS = /^-?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?$/;
const NUMBERS = [INTEGER, DECIMAL_POINT, DECIMAL_COMMA, THOUSANDS];

interface Form {
  readonly form: RegExp;
  readonly format: string;
  readonly type: 'date' | 'dateTime' | 'time';
}

/** Ways to write a date or time; where several fit every value, the first is the guess. */
const FORMS: readonly Form[] = [
  { form: /^\d{4}-\d\d-\d\d$/, format: 'yyyy-MM-dd', type: 'date' },
  { form: /^\d\d\/\d\d\/\d{4}$/, format: 'dd/MM/yyyy', type: 'date' },
  { form: /^\d\d\/\d\d\/\d{4}$/, format: 'MM/dd/yyyy', type: 'date' },
  { form: /^\d\d\.\d\d\.\d{4}$/, format: 'dd.MM.yyyy', type: 'date' },
  { form: /^\d\d-\d\d-\d{4}$/, format: 'dd-MM-yyyy', type: 'date' },
  { form: /^\d\d-\d\d-\d{4}$/, format: 'MM-dd-yyyy', type: 'date' },
  { form: /^\d{4}\/\d\d\/\d\d$/, format: 'yyyy/MM/dd', type: 'date' },
  { form: /^\d{1,2}\/\d{1,2}\/\d{4}$/, format: 'd/M/yyyy', type: 'date' },
  { form: /^\d{1,2}\/\d{1,2}\/\d{4}$/, format: 'M/d/yyyy', type: 'date' },
  { form: /^\d{1,2}\.\d{1,2}\.\d{4}$/, format: 'd.M.yyyy', type: 'date' },
  { form: /^(?:19|2[0-5])\d\d[01]\d[0-3]\d$/, format: 'yyyyMMdd', type: 'date' },
  { form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/, format: '', type: 'dateTime' },
  { form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, format: 'yyyy-MM-dd HH:mm:ss', type: 'dateTime' },
  { form: /^\d{4}-\d\d-\d\d \d\d:\d\d$/, format: 'yyyy-MM-dd HH:mm', type: 'dateTime' },
  { form: /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/, format: 'dd/MM/yyyy HH:mm:ss', type: 'dateTime' },
  { form: /^\d\d\/\d\d\/\d{4} \d\d:\d\d$/, format: 'dd/MM/yyyy HH:mm', type: 'dateTime' },
  { form: /^\d\d\.\d\d\.\d{4} \d\d:\d\d$/, format: 'dd.MM.yyyy HH:mm', type: 'dateTime' },
  { form: /^\d\d:\d\d:\d\d$/, format: '', type: 'time' },
  { form: /^\d\d:\d\d$/, format: 'HH:mm', type: 'time' },
];
const DATE_FORMAT = 'yyyy-MM-dd';
/** The Khmer Buddhist era counts 543 or 544 years more. */
const BUDDHIST_YEARS = /(?:^|\D)(?:24|25|26)\d\d(?:\D|$)/;

/**
 * The field of a column, by all of its values. A type is taken only where every value goes through it and back
 * unchanged; everything else stays the text that it is. `place` is the field's, for what is asked.
 */
export function valueField(values: readonly string[], at: string, place: string, notes: Notes): LeafField {
  const filled = values.filter((value) => value.trim() !== '');
  const text: LeafField = { type: 'text', at };
  if (filled.length === 0) return text;
  const field = dated(filled, at, place, notes) ?? numbered(filled, at, place, notes);
  if (field !== undefined && keeps(field, filled)) return field;
  if (!askAboutText(filled, at, place, notes)) askAboutCodes(filled, place, notes);
  return text;
}

/** Texts that old systems write where they have no value: no letter or digit, zeros for a date, a word for it. */
const PLACEHOLDER = /^(?:[^\p{L}\p{N}]+|0+(?:[-/.]0+)+|n\/?a|null|nil|none|nan)$/iu;
const KHMER_DIGITS = /^-?[\u17e0-\u17e9][\u17e0-\u17e9.,/:-]*$/;
const TWO_DIGIT_YEAR = /^\d{1,2}([-/.])\d{1,2}\1\d\d$/;

/** Asks about texts that are only just no numbers or dates; false where there is nothing of the kind. */
function askAboutText(values: readonly string[], at: string, place: string, notes: Notes): boolean {
  const all = (form: RegExp) => values.every((value) => form.test(value));
  const others = values.filter((value) => !PLACEHOLDER.test(value));
  if (others.length > 0 && others.length < values.length) {
    const field = dated(others, at, place, new Notes()) ?? numbered(others, at, place, new Notes());
    if (field === undefined || !keeps(field, others)) return false;
    const missing = [...new Set(values.filter((value) => PLACEHOLDER.test(value)))].map((value) =>
      JSON.stringify(value),
    );
    notes.ask(
      place,
      `Do these mean that there is no value: ${missing.join(', ')}?`,
      `Left as text: with them in "missing" the others are of type ${field.type}`,
      `${others.length} of ${values.length} values are: ${sampleOf(others)}`,
    );
    return true;
  }
  if (all(KHMER_DIGITS)) {
    notes.ask(
      place,
      'Are these numbers or dates in Khmer digits?',
      'Left as text: the rule khmerDigits reads them',
      sampleOf(values),
    );
    return true;
  }
  if (all(TWO_DIGIT_YEAR)) {
    notes.ask(
      place,
      'Are these dates with years of two digits?',
      'Left as text: say format and pivot',
      sampleOf(values),
    );
    return true;
  }
  if (values.every((value) => value === value.trim())) return false;
  notes.ask(place, 'Do the blanks around these texts count?', 'Yes: left as they stand; the rule trim takes them off');
  return true;
}

function dated(values: readonly string[], at: string, place: string, notes: Notes): LeafField | undefined {
  const fits = FORMS.filter(({ form }) => values.every((value) => form.test(value)))
    .map((candidate) => ({ ...candidate, field: dateField(candidate, values, at) }))
    .filter(({ field }) => keeps(field, values));
  const [first, second] = fits;
  if (first === undefined) return undefined;
  const count = `all ${values.length} values`;
  if ('era' in first.field && first.field.era !== undefined) {
    notes.ask(place, 'Are the years of the Buddhist era, 543 ahead of the common one?', 'Yes', sampleOf(values));
  }
  if (second !== undefined && second.type === first.type && second.format !== first.format) {
    const decided = values.filter((value) => /^(?:1[3-9]|[23]\d)\D/.test(value)).length;
    const seen =
      decided > 0 ? `${decided} of ${values.length} values have a day above 12 in front` : `${count} fit both`;
    notes.ask(place, `Is this ${first.format}, or ${second.format}?`, first.format, `${seen}: ${sampleOf(values)}`);
  } else if (first.format === 'yyyyMMdd') {
    notes.ask(place, 'Are these eight digits dates?', 'Yes: yyyyMMdd', `${count}: ${sampleOf(values)}`);
  }
  return first.field;
}

function dateField({ type, format }: Form, values: readonly string[], at: string): LeafField {
  const isBuddhist = type === 'date' && values.every((value) => BUDDHIST_YEARS.test(value));
  return {
    type,
    at,
    ...(format === '' || (type === 'date' && format === DATE_FORMAT) ? {} : { format }),
    ...(isBuddhist ? { era: 'buddhist' } : {}),
  } as LeafField;
}

function numbered(values: readonly string[], at: string, place: string, notes: Notes): LeafField | undefined {
  const all = (form: RegExp) => values.every((value) => form.test(value));
  const mixed = (fraction: RegExp) =>
    values.some((value) => fraction.test(value)) &&
    values.every((value) => fraction.test(value) || INTEGER.test(value));
  const mayBeGrouped = values.some((value) => THOUSANDS.test(value));
  const areThousands = mayBeGrouped && values.every((value) => THOUSANDS.test(value) || INTEGER.test(value));
  if (mixed(DECIMAL_POINT)) {
    if (areThousands)
      notes.ask(place, 'Is the point a decimal one, and none between thousands?', 'Yes: decimal', sampleOf(values));
    return { type: 'decimal', at };
  }
  if (mixed(DECIMAL_COMMA) && !areThousands) return { type: 'decimal', at, decimalSeparator: ',' };
  if (mayBeGrouped && values.every((value) => NUMBERS.some((form) => form.test(value)))) {
    notes.ask(
      place,
      'Are these numbers with separators between thousands?',
      'Left as text: say groupSeparator',
      sampleOf(values),
    );
    return undefined;
  }
  if (!all(INTEGER)) return undefined;
  // identifiers have one length, counts and amounts seldom do
  const lengths = new Set(values.map(({ length }) => length));
  if (new Set(values).size < MIN_NUMBERS || lengths.size === 1) return undefined;
  notes.ask(
    place,
    'Are these numbers, and no identifiers whose leading zeros would count?',
    'Yes: integer',
    sampleOf(values),
  );
  return { type: 'integer', at };
}

function askAboutCodes(values: readonly string[], place: string, notes: Notes): void {
  const different = [...new Set(values)];
  const areShort = different.every((value) => value.length <= 12 && !/\s/.test(value));
  if (different.length > MAX_CODES || values.length < different.length * MIN_REPEATS || !areShort) return;
  notes.ask(place, 'Are these codes with a meaning of their own?', 'No: text as it stands', different.join(', '));
}

/** Examples of values go into a README: a few, and none that could be a name. */
function sampleOf(values: readonly string[]): string {
  return [...new Set(values)].slice(0, 3).join(', ');
}

/** Whether every text is read, and written again as it was. */
function keeps(field: LeafField, texts: readonly string[]): boolean {
  const leaf = compileLeaf(field, () => undefined);
  return texts.every((text) => {
    try {
      const value = leaf.decode({ text, offset: 0 });
      return typeof value !== 'symbol' && leaf.encode(value) === text;
    } catch {
      return false;
    }
  });
}
