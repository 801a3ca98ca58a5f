import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDateFormat } from '../../../src/mapping/types/date-format.ts';

const format = (text: string) => compileDateFormat({ format: text }, 'dateTime', (_, message) => expect.fail(message));

/** Texts that are of a format, and texts that nearly are: one character changed, lost or too many. */
function nearly(example: string): fc.Arbitrary<string> {
  const character = fc.constantFrom(...'0189-/. T:aé០٣𝟎\n', '');
  return fc
    .array(fc.tuple(fc.nat(example.length), fc.nat(1), character), { maxLength: 2 })
    .map((changes) =>
      changes.reduce((text, [at, lost, instead]) => text.slice(0, at) + instead + text.slice(at + lost), example),
    );
}

describe('a format of dates and times', () => {
  it.each([
    [
      'dd/MM/yyyy HH:mm',
      '28/02/2009 23:59',
      /^(?<day>\d\d)\/(?<month>\d\d)\/(?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d)$/,
    ],
    [
      'yyyyMMddHHmmss',
      '20090228235958',
      /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
    ],
    [
      "yyyy-MM-dd'T'HH:mm:ss.SSS",
      '2009-02-28T23:59:58.120',
      /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\.(?<fraction>\d{3})$/,
    ],
    [
      'd.M.yyyy H:mm',
      '8.2.2009 7:59',
      /^(?<day>\d\d?)\.(?<month>\d\d?)\.(?<year>\d{4}) (?<hour>\d\d?):(?<minute>\d\d)$/,
    ],
    ['dMMyyyyHHmm', '80220090759', /^(?<day>\d\d?)(?<month>\d\d)(?<year>\d{4})(?<hour>\d\d)(?<minute>\d\d)$/],
  ])('%s reads what a pattern of it takes, and nothing else', (written, example, pattern) => {
    const { read } = format(written);
    expect(read(example)).toBeDefined();
    fc.assert(
      fc.property(nearly(example), (text) => {
        const { fraction = '', ...digits } = pattern.exec(text)?.groups ?? {};
        const numbers = Object.fromEntries(Object.entries(digits).map(([part, value]) => [part, Number(value)]));
        const expected = pattern.test(text) ? expect.objectContaining({ ...numbers, fraction }) : undefined;
        expect(read(text)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['dMyyyy HH:mm', true], // 1112024
    ['dMMyyyyHmm', true], // 11112012030
    ["d'0'M.yyyy HH:mm", true],
    ['d.M.yyyy H:mm', false],
    ["d' 'MMyyyyHHmm", false],
    ['yyyyMMdHH:mm', false],
  ])('%s is reported where the same digits can be read in two ways', (written, ambiguous) => {
    const reports: string[] = [];
    compileDateFormat({ format: written }, 'dateTime', (_, message) => reports.push(message));
    expect(reports).toEqual(ambiguous ? [expect.stringContaining('need something between them')] : []);
  });
});
