import type { DateParts, TimeParts } from './calendar.ts';

/** How a legacy system writes dates and times, compiled from a format such as `dd/MM/yyyy HH:mm`. */
export interface DateFormat {
  /** Undefined where the text is not of the format; whether it is a day of the calendar is not asked. */
  read(text: string): (DateParts & TimeParts) | undefined;
  write(parts: DateParts & TimeParts): string;
  /** Present where nothing but the digits of a day and other ASCII characters have their fixed places. */
  readonly places: DayPlaces | undefined;
}

/** Where a day's digits stand in the text, and what stands between them. */
export interface DayPlaces {
  readonly length: number;
  /** Of four digits. */
  readonly year: number;
  /** Of two digits each. */
  readonly month: number;
  readonly day: number;
  readonly literals: readonly { readonly at: number; readonly byte: number }[];
}

export interface DateFormatOptions {
  readonly format: string;
  readonly pivot?: number;
  readonly era?: 'buddhist';
}

interface Letters {
  readonly part: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';
  /** Digits written, filled with zeros; the fewest that are read. */
  readonly width: number;
  /** The most digits that are read. */
  readonly most: number;
}

type Token = string | Letters;

/** The letters of a format, longest first. */
const LETTERS: Readonly<Record<string, Letters>> = {
  yyyy: { part: 'year', width: 4, most: 4 },
  yy: { part: 'year', width: 2, most: 2 },
  MM: { part: 'month', width: 2, most: 2 },
  M: { part: 'month', width: 1, most: 2 },
  dd: { part: 'day', width: 2, most: 2 },
  d: { part: 'day', width: 1, most: 2 },
  HH: { part: 'hour', width: 2, most: 2 },
  H: { part: 'hour', width: 1, most: 2 },
  mm: { part: 'minute', width: 2, most: 2 },
  ss: { part: 'second', width: 2, most: 2 },
  SSS: { part: 'fraction', width: 3, most: 3 },
};
const TOKEN = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss|SSS|'([^']*)'|[^A-Za-z']/g;

/** The Khmer and Thai Buddhist era counts from 543 years before the common era. */
const BUDDHIST_ERA_YEARS = 543;

const DIGIT_ZERO = 0x30;

const DATE_PARTS = ['year', 'month', 'day'] as const;

/**
 * Compiles a format. Letters that have no meaning stand between apostrophes. `needs` says which parts the type must
 * have. Reports what is missing, repeated or unknown.
 */
export function compileDateFormat(
  options: DateFormatOptions,
  needs: 'date' | 'time' | 'dateTime',
  report: (place: string, message: string) => void,
): DateFormat {
  const { format, pivot, era } = options;
  const tokens = tokenise(format, (message) => report('format', message));
  const letters = tokens.filter((token) => typeof token !== 'string');
  reportParts(
    letters.map(({ part }) => part),
    needs,
    (message) => report('format', message),
  );
  if (hasTwoReadings(tokens)) {
    report('format', 'Letters of one or two digits, such as d and M, need something between them that is no digit');
  }
  const twoDigits = letters.some(({ part, width }) => part === 'year' && width === 2);
  if (twoDigits && pivot === undefined) report('pivot', 'Two-digit years need a pivot, such as 1950');
  if (!twoDigits && pivot !== undefined) report('pivot', 'A pivot is for two-digit years');
  const readLegacy = letters.every(({ width, most }) => width === most) ? fixedReader(tokens) : patternReader(tokens);
  const eraYears = era === 'buddhist' ? BUDDHIST_ERA_YEARS : 0;
  return {
    places: eraYears === 0 ? dayPlaces(tokens) : undefined,
    read(text) {
      const parts = readLegacy(text);
      if (parts === undefined) return undefined;
      if (twoDigits) parts.year = century(parts.year, pivot ?? 0);
      parts.year -= eraYears;
      return parts;
    },
    write(parts) {
      const legacy = { ...parts, year: parts.year + eraYears };
      return tokens.map((token) => (typeof token === 'string' ? token : writePart(token, legacy))).join('');
    },
  };
}

type LegacyParts = { -readonly [K in keyof (DateParts & TimeParts)]: (DateParts & TimeParts)[K] };
/** The numbers that a text holds, as the legacy system counts them; undefined where it is not of the format. */
type ReadLegacyParts = (text: string) => LegacyParts | undefined;

function noParts(): LegacyParts {
  return { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: '' };
}

/** Every letter has its place in the text: most formats are such, and reading them so takes a fraction of a pattern's time. */
function fixedReader(tokens: readonly Token[]): ReadLegacyParts {
  const length = tokens.reduce((sum, token) => sum + (typeof token === 'string' ? token.length : token.width), 0);
  return (text) => {
    if (text.length !== length) return undefined;
    const parts = noParts();
    let at = 0;
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index]!;
      if (typeof token === 'string') {
        if (!text.startsWith(token, at)) return undefined;
        at += token.length;
        continue;
      }
      const { part, width } = token;
      const number = digitsAt(text, at, width);
      if (number === undefined) return undefined;
      if (part === 'fraction') parts.fraction = text.slice(at, at + width);
      else parts[part] = number;
      at += width;
    }
    return parts;
  };
}

function dayPlaces(tokens: readonly Token[]): DayPlaces | undefined {
  const places = { year: -1, month: -1, day: -1, length: 0 };
  const literals: { at: number; byte: number }[] = [];
  for (const token of tokens) {
    if (typeof token === 'string') {
      for (const character of token) literals.push({ at: places.length++, byte: character.charCodeAt(0) });
      continue;
    }
    const { part, width, most } = token;
    if (part !== 'year' && part !== 'month' && part !== 'day') return undefined;
    if (width !== most || width !== (part === 'year' ? 4 : 2)) return undefined;
    places[part] = places.length;
    places.length += width;
  }
  const isWhole = DATE_PARTS.every((part) => places[part] >= 0);
  return isWhole && literals.every(({ byte }) => byte < 0x80) ? { ...places, literals } : undefined;
}

function digitsAt(text: string, at: number, width: number): number | undefined {
  let number = 0;
  for (let index = at; index < at + width; index++) {
    const digit = text.charCodeAt(index) - DIGIT_ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

function patternReader(tokens: readonly Token[]): ReadLegacyParts {
  const letters = tokens.filter((token) => typeof token !== 'string');
  const sources = tokens.map((token) => {
    return typeof token === 'string' ? escapeLiteral(token) : `(\\d{${token.width},${token.most}})`;
  });
  const pattern = new RegExp(`^${sources.join('')}$`);
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const parts = noParts();
    letters.forEach(({ part }, index) => {
      const digits = match[index + 1]!;
      if (part === 'fraction') parts.fraction = digits;
      else parts[part] = Number(digits);
    });
    return parts;
  };
}

function writePart({ part, width }: Letters, parts: DateParts & TimeParts): string {
  if (part === 'fraction') return parts.fraction.padEnd(width, '0').slice(0, width);
  const digits = String(parts[part]).padStart(width, '0');
  return part === 'year' && width === 2 ? digits.slice(-2) : digits;
}

/** The year of the hundred from `pivot` on that ends in these two digits. */
function century(digits: number, pivot: number): number {
  return pivot + ((digits - (pivot % 100) + 100) % 100);
}

function tokenise(format: string, report: (message: string) => void): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of format.matchAll(TOKEN)) {
    if (match.index !== end) break;
    end += match[0].length;
    tokens.push(LETTERS[match[0]] ?? match[1] ?? match[0]);
  }
  if (end !== format.length) {
    report(
      `The format has ${JSON.stringify(format.slice(end))}: letters are ${Object.keys(LETTERS).join(' ')}, others stand between apostrophes`,
    );
  }
  return tokens;
}

function reportParts(
  found: readonly string[],
  needs: 'date' | 'time' | 'dateTime',
  report: (message: string) => void,
): void {
  for (const part of new Set(found)) {
    if (found.filter((other) => other === part).length > 1) report(`The format has the ${part} twice`);
  }
  const date = DATE_PARTS.filter((part) => found.includes(part)).length;
  if (needs !== 'time' && date < DATE_PARTS.length) report('The format needs year, month and day');
  if (needs === 'time' && date > 0) report('A time has no year, month or day');
  const time = found.includes('hour') && found.includes('minute');
  if (needs !== 'date' && !time) report('The format needs hour and minute');
  if (needs === 'date' && found.some((part) => !(DATE_PARTS as readonly string[]).includes(part))) {
    report('A date has no hour, minute or second: it is a dateTime');
  }
  if (found.includes('fraction') && !found.includes('second')) report('The format has a fraction without seconds');
}

/** Two parts of one or two digits in one run of digits: `1112024` would be a day of January and one of November. */
function hasTwoReadings(tokens: readonly Token[]): boolean {
  let isOpen = false;
  for (const token of tokens) {
    if (typeof token === 'string') isOpen &&= /^[0-9]*$/.test(token);
    else if (token.width === token.most) continue;
    else if (isOpen) return true;
    else isOpen = true;
  }
  return false;
}

function escapeLiteral(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
