/** A calendar date in the Gregorian calendar, or a clock time, as numbers. Nothing here knows time zones. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}
export interface TimeParts {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The fraction's digits as written, without the point; empty where there is none. */
  readonly fraction: string;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isDate({ year, month, day }: DateParts): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  return year >= 1 && year <= 9999 && day >= 1 && day <= days;
}

/** Neither 24:00:00 nor leap seconds: both have another writing that every reader takes. */
export function isTime({ hour, minute, second }: TimeParts): boolean {
  return hour <= 23 && minute <= 59 && second <= 59;
}

export function isoDate({ year, month, day }: DateParts): string {
  return `${four(year)}-${two(month)}-${two(day)}`;
}

export function isoTime({ hour, minute, second, fraction }: TimeParts): string {
  return `${two(hour)}:${two(minute)}:${two(second)}${fraction === '' ? '' : `.${fraction}`}`;
}

function four(number: number): string {
  return number < 1000 ? String(number).padStart(4, '0') : String(number);
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Reads `yyyy-mm-dd` (RFC 3339 full-date), undefined where it is none or no day of the calendar. */
export function readIsoDate(text: string): DateParts | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const parts = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isDate(parts) ? parts : undefined;
}

/** Reads `hh:mm:ss` with or without a fraction, undefined where it is none. */
export function readIsoTime(text: string): TimeParts | undefined {
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const parts = {
    hour: Number(match[1]),
    minute: Number(match[2]),
    second: Number(match[3]),
    fraction: match[4] ?? '',
  };
  return isTime(parts) ? parts : undefined;
}

export interface IsoDateTime {
  /** `yyyy-mm-ddThh:mm:ss` with its fraction. */
  readonly local: string;
  /** `Z`, `+hh:mm` or empty. */
  readonly offset: string;
}

/** Reads XML Schema's `dateTime`, offset optional, undefined where it is none. */
export function readIsoDateTime(text: string): IsoDateTime | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', offset = ''] = match;
  if (readIsoDate(date) === undefined || readIsoTime(time) === undefined) return undefined;
  return { local: `${date}T${time}`, offset };
}
