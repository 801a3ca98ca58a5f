import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePattern } from '../../../../../src/exchange/rest/openapi/pattern-sample.ts';

describe('samplePattern()', () => {
  it.each([
    ['^[0-9]{8}$', '11111111'],
    ['^[A-Z]{2}-\\d{3,5}$', 'AA-111'],
    ['^(P|Q)[a-z]+$', 'Pa'],
    ['^(?:KH|TH)(?<n>\\d)$', 'KH1'],
    ['^[^A-Za-z0-9]$', ' '],
    ['^\\p{Script=Khmer}+$', 'ក'],
    ['^a\\.b\\/c$', 'a.b/c'],
    ['^x?y*z$', 'z'],
    ['', ''],
    ['^[\\]]$', ']'],
    ['^[α-ω]$', 'α'],
  ])('matches %s by %j', (pattern, sample) => {
    expect(samplePattern(pattern)).toBe(sample);
  });

  it('reaches a minimum length by repeating what may repeat', () => {
    expect(samplePattern('^[A-Z]*$', 5, 5)).toBe('AAAAA');
    expect(samplePattern('^\\d+-\\d{2,4}$', 8)).toHaveLength(8);
  });

  it('fulfils a look-ahead where its first sample happens to, and otherwise gives none', () => {
    expect(samplePattern('^(?=.{3})a*$')).toBe('aaa');
    expect(samplePattern('^(?!A)[A-Z]$')).toBeUndefined();
  });

  it('gives none for what it does not follow, rather than a text that does not match', () => {
    expect(samplePattern('^(a)\\1$')).toBeUndefined();
    expect(samplePattern('^a{5000}$')).toBeUndefined();
    expect(samplePattern('^((((a{99}){99}){99}){99})$')).toBeUndefined();
  });

  it('never gives a text that does not match', () => {
    const atom = fc.constantFrom(
      'a',
      '.',
      '\\d',
      '\\w',
      '\\S',
      '[a-c]',
      '[^a]',
      '(?:x|y)',
      '(z)',
      '\\.',
      '\\u0041',
      '[\\d-]',
    );
    const quantifier = fc.constantFrom('', '?', '*', '+', '{2}', '{1,3}', '{2,}', '+?');
    const pattern = fc.array(fc.tuple(atom, quantifier), { maxLength: 6 }).map((parts) => `^${parts.flat().join('')}$`);
    fc.assert(
      fc.property(pattern, fc.nat(6), (source, minLength) => {
        const sample = samplePattern(source, minLength);
        if (minLength === 0) expect(sample).toBeDefined();
        if (sample !== undefined) expect(sample).toMatch(new RegExp(source, 'u'));
      }),
    );
  });
});
