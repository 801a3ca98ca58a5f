import { describe, expect, it } from 'vitest';
import { createOpeningClock } from '../../../src/model/opening-clock.ts';

const MINUTE = 60_000;
const office = { zone: 'Asia/Phnom_Penh', open: ['Mon-Fri 07:30-11:30', 'Mon-Fri 14:00-17:00', 'Sat 08:00-12:00'] };
/** Phnom Penh is seven hours ahead of UTC, all year. */
const local = (text: string) => Date.parse(`${text}+07:00`);

describe('createOpeningClock()', () => {
  it.each([
    ['2026-11-23T07:29:59', 1_000], // Monday
    ['2026-11-23T07:30:00', 0],
    ['2026-11-23T11:29:59', 0],
    ['2026-11-23T11:30:00', 150 * MINUTE],
    ['2026-11-27T17:00:00', 15 * 60 * MINUTE], // Friday evening: until Saturday, 8:00
    ['2026-11-28T12:00:00', (12 + 24 + 7.5) * 60 * MINUTE], // Saturday noon: until Monday
    ['2026-11-29T23:59:59.500', 450 * MINUTE + 500],
  ])('at %s in Phnom Penh it opens in %i ms', (text, expected) => {
    expect(createOpeningClock(office)(local(text))).toBe(expected);
  });

  it('takes hours that run over midnight, also from Sunday to Monday, and a whole day', () => {
    const night = createOpeningClock({ zone: 'UTC', open: ['Daily 20:00-04:00'] });
    expect(night(Date.parse('2026-11-23T03:59:00Z'))).toBe(0); // Monday, opened on Sunday
    expect(night(Date.parse('2026-11-23T04:00:00Z'))).toBe(16 * 60 * MINUTE);
    expect(night(Date.parse('2026-11-29T23:00:00Z'))).toBe(0);
    const weekend = createOpeningClock({ zone: 'UTC', open: ['Sat-Mon 00:00-24:00'] });
    expect(weekend(Date.parse('2026-11-23T23:59:59Z'))).toBe(0);
    expect(weekend(Date.parse('2026-11-24T00:00:00Z'))).toBe(4 * 24 * 60 * MINUTE);
  });

  it('goes by the wall clock of a zone with daylight saving time', () => {
    const clock = createOpeningClock({ zone: 'Europe/Tallinn', open: ['Daily 09:00-17:00'] });
    expect(clock(Date.parse('2026-01-05T07:00:00Z'))).toBe(0);
    expect(clock(Date.parse('2026-07-06T06:00:00Z'))).toBe(0);
    expect(clock(Date.parse('2026-07-06T05:59:00Z'))).toBe(MINUTE);
  });

  it('agrees with a clock that is asked minute by minute', () => {
    const clock = createOpeningClock(office);
    let opens: number | undefined;
    for (let at = local('2026-11-30T00:00:00'); at > local('2026-11-23T00:00:00'); at -= MINUTE) {
      const wait = clock(at);
      if (wait === 0) opens = at;
      else if (opens !== undefined) expect(wait).toBe(opens - at);
    }
  });

  it.each([
    [{ zone: 'Cambodia', open: ['Mon 08:00-12:00'] }, '"Cambodia" is no time zone'],
    [{ zone: 'UTC', open: [] }, 'No opening hours'],
    [{ zone: 'UTC', open: ['Mon-Fri 7:30-17:00'] }, 'are not like'],
    [{ zone: 'UTC', open: ['Mon-Fri 07:30-25:00'] }, 'are not like'],
    [{ zone: 'UTC', open: ['Monday 07:30-17:00'] }, 'are not like'],
    [{ zone: 'UTC', open: ['Mon 07:30-07:30'] }, 'are not like'],
  ])('refuses %j', (hours, message) => {
    expect(() => createOpeningClock(hours)).toThrow(message);
  });
});
