import { describe, expect, it } from 'vitest';
import { figure, printTable, summaryCells } from '../../../bench/harness/table.ts';

describe('a printed table', () => {
  it('lines names up on the left and figures on the right', () => {
    const table = {
      title: 'Speeds',
      columns: ['reader', 'MB/s'],
      rows: [
        ['fast', '120'],
        ['slower one', '7'],
      ],
    };
    expect(printTable({ ...table, note: 'as seen' })).toBe(
      ['Speeds', 'reader      MB/s', '----------  ----', 'fast         120', 'slower one     7', 'as seen', ''].join(
        '\n',
      ),
    );
  });
});

describe('a figure', () => {
  it.each([
    [0.012345, '0.0123'],
    [9.996, '10'],
    [123.4, '123'],
    [12_345.6, '12,346'],
    [Number.NaN, '-'],
  ])('%d is told as %s', (value, told) => {
    expect(figure(value)).toBe(told);
  });
});

describe('the cells of a summary', () => {
  it('mark a spread above 15 %, and none at it', () => {
    expect(summaryCells({ min: 90, median: 100, max: 106, spread: 0.16 })).toEqual(['100', '90', '106', '16 % !']);
    expect(summaryCells({ min: 90, median: 100, max: 105, spread: 0.15 }).at(-1)).toBe('15 %');
  });
});
