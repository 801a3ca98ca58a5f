/** The offset of a local time, `+07:00`, or undefined for a time that the zone skipped or had twice, or whose offset has seconds. */
export type Zone = (local: string) => string | undefined;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A fixed offset, or an IANA zone that the runtime knows; anything else is reported. */
export function compileZone(zone: string, report: () => void): Zone {
  if (/^[+-](?:0\d|1[0-4]):[0-5]\d$/.test(zone)) return () => zone;
  try {
    const formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    return (local) => offsetIn(formatter, local);
  } catch {
    report();
    return () => undefined;
  }
}

/** The offsets a day before and after are all that the zone can have had; those that fit the local time are counted. */
function offsetIn(formatter: Intl.DateTimeFormat, local: string): string | undefined {
  const asUtc = Date.parse(`${local}Z`);
  const candidates = new Set([-DAY_MS, 0, DAY_MS].map((shift) => offsetAt(formatter, asUtc + shift)));
  const fitting = [...candidates].filter(
    (offset) => offsetAt(formatter, asUtc - minutes(offset) * MINUTE_MS) === offset,
  );
  return fitting.length === 1 && fitting[0]?.length === WHOLE_MINUTES ? fitting[0] : undefined;
}

/** The length of an offset that RFC 3339 can write; the local mean times of long ago have seconds: `+06:59:40`. */
const WHOLE_MINUTES = 6;

/** `GMT+07:00` → `+07:00`. */
function offsetAt(formatter: Intl.DateTimeFormat, instant: number): string {
  const name = formatter.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const offset = name.replace('GMT', '');
  return offset === '' ? '+00:00' : offset;
}

function minutes(offset: string): number {
  const match = /^([+-])(\d{2}):(\d{2}):?(\d{2})?$/.exec(offset);
  if (match === null) return Number.NaN;
  const size = Number(match[2]) * 60 + Number(match[3]) + Number(match[4] ?? 0) / 60;
  return match[1] === '-' ? -size : size;
}
