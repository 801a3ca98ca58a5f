import type { OpeningHours } from './definition.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MINUTE_MS = 60_000;

/** Minutes of the week from Monday 00:00; `to` is beyond a week's end where Sunday's span runs into Monday. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const SPAN = /^(?:(Daily)|(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?) (\S+?)-(\S+)$/;
const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * A clock that tells how many milliseconds there are until the legacy system opens, 0 while it is open. Takes
 * milliseconds since the epoch; goes by the wall clock of the zone, whatever its daylight saving time.
 *
 * Throws an Error with the first mistake of the definition in words.
 */
export function createOpeningClock({ zone, open }: OpeningHours): (now: number) => number {
  const minuteOfWeek = weekClock(zone);
  const spans = open.flatMap(parseSpans);
  if (spans.length === 0) throw new Error('No opening hours: expected at least one like "Mon-Fri 07:30-17:00"');
  return (now) => {
    const minute = minuteOfWeek(now);
    if (spans.some((span) => isWithin(span, minute))) return 0;
    const wait = Math.min(...spans.map(({ from }) => (from - minute + WEEK_MINUTES) % WEEK_MINUTES));
    return wait * MINUTE_MS - (now % MINUTE_MS);
  };
}

function isWithin({ from, to }: Span, minute: number): boolean {
  return (minute >= from && minute < to) || minute + WEEK_MINUTES < to;
}

function parseSpans(text: string): Span[] {
  const [, daily, first, last = first, start = '', end = ''] = SPAN.exec(text) ?? [];
  const from = minuteOfDay(start);
  const to = end === '24:00' ? DAY_MINUTES : minuteOfDay(end);
  if (from === undefined || to === undefined || from === to) {
    throw new Error(
      `Opening hours ${JSON.stringify(text)} are not like "Mon-Fri 07:30-17:00", "Sat 08:00-12:00" or "Daily 20:00-04:00"`,
    );
  }
  const length = to > from ? to - from : to - from + DAY_MINUTES;
  return (daily === undefined ? daysBetween(first, last) : [...DAYS.keys()]).map((day) => {
    const begins = day * DAY_MINUTES + from;
    return { from: begins, to: begins + length };
  });
}

/** `Fri-Mon` goes over the weekend. */
function daysBetween(first: string | undefined, last: string | undefined): number[] {
  const names: readonly string[] = DAYS;
  const [start, end] = [names.indexOf(first ?? ''), names.indexOf(last ?? '')];
  const count = ((end - start + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length: count }, (_, index) => (start + index) % DAYS.length);
}

function minuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = CLOCK_TIME.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** The minute of the week by the zone's wall clock. The formatter is costly to make, and is kept. */
function weekClock(zone: string): (now: number) => number {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', options);
  } catch {
    throw new Error(`${JSON.stringify(zone)} is no time zone: expected a name such as "Asia/Phnom_Penh"`);
  }
  const names: readonly string[] = DAYS;
  return (now) => {
    const part = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
    const day = names.indexOf(part.get('weekday') ?? '');
    return day * DAY_MINUTES + Number(part.get('hour')) * 60 + Number(part.get('minute'));
  };
}
