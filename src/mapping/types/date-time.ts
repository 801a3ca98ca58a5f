import type { Report } from '../../model/contracts.ts';
import type { DateField, DateTimeField, TimeField } from '../../model/field.ts';
import type { JsonValue } from '../../model/json.ts';
import type { Utf8 } from '../../model/utf8.ts';
import {
  type IsoDateTime,
  isDate,
  isoDate,
  isoTime,
  isTime,
  readIsoDate,
  readIsoDateTime,
  readIsoTime,
  type TimeParts,
} from './calendar.ts';
import { compileDateFormat, type DateFormat, type DateFormatOptions } from './date-format.ts';
import { asText, type CompileType, refuse } from './value-type.ts';
import { compileZone } from './zone.ts';

const MIDNIGHT: TimeParts = { hour: 0, minute: 0, second: 0, fraction: '' };
const NO_DAY = { year: 1, month: 1, day: 1 };

const byText = (a: JsonValue, b: JsonValue): number => (a === b ? 0 : String(a) < String(b) ? -1 : 1);

/** Calendar dates, publicly `yyyy-mm-dd`. They never pass through a clock or a time zone. */
export const compileDate: CompileType<DateField> = (field, report) => {
  const options = { format: 'yyyy-MM-dd', ...field };
  const format = compileDateFormat(options, 'date', report);
  for (const name of ['min', 'max'] as const) {
    const bound = field[name];
    if (bound !== undefined && readIsoDate(bound) === undefined) report(name, `${name} is no date as yyyy-mm-dd`);
  }
  const constrain = (iso: string): string => {
    if (field.min !== undefined && iso < field.min) refuse(`a date not before ${field.min}`);
    if (field.max !== undefined && iso > field.max) refuse(`a date not after ${field.max}`);
    return iso;
  };
  const isConstrained = field.min !== undefined || field.max !== undefined;
  return {
    collapses: true,
    decodeUtf8: isConstrained ? undefined : compileGlance(format),
    decode: (text) => {
      const parts = format.read(text);
      return parts !== undefined && isDate(parts)
        ? constrain(isoDate(parts))
        : refuse(`a date as ${expectedForm(options)}`);
    },
    encode: (value) => format.write({ ...(readIsoDate(String(value)) ?? NO_DAY), ...MIDNIGHT }),
    check: (value) => {
      const text = asText(value, 'a date as yyyy-mm-dd');
      const parts = readIsoDate(text) ?? refuse('a date as yyyy-mm-dd');
      requireWritable(format.read(format.write({ ...parts, ...MIDNIGHT })), parts, options);
      return constrain(text);
    },
    parse: (text) => text,
    compare: byText,
  };
};

const HYPHEN = 0x2d;
const DIGIT_ZERO = 0x30;

/** A day of a format whose letters and digits each have their place, written as the public value. */
function compileGlance({ places }: DateFormat): ((text: Utf8) => Utf8 | undefined) | undefined {
  if (places === undefined) return undefined;
  const { year, month, day, length, literals } = places;
  const iso = { bytes: Uint8Array.of(0, 0, 0, 0, HYPHEN, 0, 0, HYPHEN, 0, 0), start: 0, end: 10 };
  return ({ bytes, start, end }) => {
    if (end - start !== length) return undefined;
    for (let index = 0; index < literals.length; index++) {
      const { at, byte } = literals[index]!;
      if (bytes[start + at] !== byte) return undefined;
    }
    const parts = {
      year: copyDigits(bytes, start + year, 4, iso.bytes, 0),
      month: copyDigits(bytes, start + month, 2, iso.bytes, 5),
      day: copyDigits(bytes, start + day, 2, iso.bytes, 8),
    };
    return isDate(parts) ? iso : undefined;
  };
}

/** The number that the digits are, NaN where they are none. */
function copyDigits(from: Uint8Array, start: number, count: number, to: Uint8Array, at: number): number {
  let number = 0;
  for (let index = 0; index < count; index++) {
    const byte = from[start + index]!;
    const digit = byte - DIGIT_ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
    to[at + index] = byte;
  }
  return number;
}

/** Clock times, publicly `hh:mm:ss`, with a fraction where the format has one. */
export const compileTime: CompileType<TimeField> = (field, report) => {
  const options = { format: 'HH:mm:ss', ...field };
  const format = compileDateFormat(options, 'time', report);
  return {
    collapses: true,
    decode: (text) => {
      const parts = format.read(text);
      return parts !== undefined && isTime(parts) ? isoTime(parts) : refuse(`a time as ${options.format}`);
    },
    encode: (value) => format.write({ ...NO_DAY, ...(readIsoTime(String(value)) ?? MIDNIGHT) }),
    check: (value) => {
      const text = asText(value, 'a time as hh:mm:ss');
      const parts = readIsoTime(text) ?? refuse('a time as hh:mm:ss');
      const back = format.read(format.write({ ...NO_DAY, ...parts }));
      if (back === undefined || isoTime(back) !== text) refuse(`a time that ${options.format} can hold`);
      return text;
    },
    parse: (text) => text,
    compare: byText,
  };
};

/**
 * Dates with times. Without `format` XML Schema's form is kept as it is, offset or none. With `zone` a local time gets
 * the offset that the zone had then; a local time that the zone skipped or had twice is refused.
 */
export const compileDateTime: CompileType<DateTimeField> = (field, report) => {
  const form = field.format === undefined ? xmlSchemaForm : declaredForm({ ...field, format: field.format }, report);
  const zone =
    field.zone === undefined
      ? undefined
      : compileZone(field.zone, () =>
          report(
            'zone',
            `The zone ${JSON.stringify(field.zone)} is neither an offset as +07:00 nor known to the runtime`,
          ),
        );
  const withOffset = (local: string): string => {
    const offset = zone?.(local);
    if (zone !== undefined && offset === undefined)
      refuse(`a time that exists exactly once in ${field.zone}, at an offset of whole minutes`);
    return local + (offset ?? '');
  };
  return {
    collapses: true,
    decode: (text) => {
      const { local, offset } = readIsoDateTime(form.read(text) ?? '') ?? refuse(form.expected);
      return offset === '' ? withOffset(local) : local + offset;
    },
    encode: (value) => {
      const { local, offset } = readIsoDateTime(String(value)) ?? refuse('a date and time');
      return form.write(local, zone === undefined ? offset : '');
    },
    check: (value) => {
      const text = asText(value, PUBLIC_DATE_TIME);
      const { local, offset } = readIsoDateTime(text) ?? refuse(PUBLIC_DATE_TIME);
      if (zone !== undefined && withOffset(local) !== text) refuse(`a date and time with the offset of ${field.zone}`);
      if (zone === undefined && field.format !== undefined && offset !== '') refuse('a date and time without offset');
      if (form.read(form.write(local, zone === undefined ? offset : '')) === undefined) refuse(form.expected);
      return text;
    },
    parse: (text) => text,
    compare: (a, b) => compareDateTimes(String(a), String(b)),
  };
};

/** The order of two instants, or of two times without offset. One of each has no order: the offset would be a guess. */
function compareDateTimes(a: string, b: string): number {
  const [x, y] = [readIsoDateTime(a), readIsoDateTime(b)];
  if (x === undefined || y === undefined) return Number.NaN;
  if ((x.offset === '') !== (y.offset === '')) {
    refuse(`a date and time ${y.offset === '' ? 'without' : 'with'} an offset, as the other has`);
  }
  const [secondOfX, fractionOfX] = exactTime(x);
  const [secondOfY, fractionOfY] = exactTime(y);
  return secondOfX - secondOfY || byText(fractionOfX, fractionOfY);
}

/** The second, of UTC where there is an offset, and the fraction's digits, of which a clock's milliseconds hold only three. */
function exactTime({ local, offset }: IsoDateTime): [second: number, fraction: string] {
  const [whole, fraction = ''] = local.split('.');
  return [Date.parse(whole + (offset || 'Z')), fraction.replace(/0+$/, '')];
}

const PUBLIC_DATE_TIME = 'a date and time as yyyy-mm-ddThh:mm:ss';

/** How a legacy dateTime stands: its text ↔ the ISO form, offset included where the text has one. */
interface Form {
  readonly expected: string;
  read(text: string): string | undefined;
  write(local: string, offset: string): string;
}

const xmlSchemaForm: Form = {
  expected: 'a date and time as XML Schema writes it',
  read: (text) => text,
  write: (local, offset) => local + offset,
};

function declaredForm(options: DateFormatOptions, report: Report): Form {
  const format = compileDateFormat(options, 'dateTime', report);
  return {
    expected: `a date and time as ${expectedForm(options)}`,
    read(text) {
      const parts = format.read(text);
      if (parts === undefined || !isDate(parts) || !isTime(parts)) return undefined;
      return `${isoDate(parts)}T${isoTime(parts)}`;
    },
    write(local) {
      const [date = '', time = ''] = local.split('T');
      const text = format.write({ ...(readIsoDate(date) ?? NO_DAY), ...(readIsoTime(time) ?? MIDNIGHT) });
      return this.read(text) === local ? text : refuse(`a date and time that ${options.format} can hold`);
    },
  };
}

function expectedForm({ format, era }: DateFormatOptions): string {
  return era === undefined ? format : `${format} of the ${era} era`;
}

/** A two-digit year holds one century: a date of another would come back as one of that. */
function requireWritable(
  back: { year: number } | undefined,
  { year }: { year: number },
  options: DateFormatOptions,
): void {
  if (back?.year !== year) refuse(`a date that ${options.format} can hold`);
}
