import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeIdentifier,
  type IdentifierKind,
  matchesClient,
  parseIdentifier,
  sameIdentifier,
} from '../../../src/model/identifiers.ts';

describe('parseIdentifier()', () => {
  it.each<[string, IdentifierKind, string, string[]]>([
    ['a member', 'client', 'CAMBODIA/COM/CAMDEV1', ['CAMBODIA', 'COM', 'CAMDEV1']],
    [
      'underscores and hyphens',
      'client',
      'CAMBODIA/GOV/CAMDX-2020/CP1_API',
      ['CAMBODIA', 'GOV', 'CAMDX-2020', 'CP1_API'],
    ],
    ['an encoded slash as part of its part', 'client', 'I/C/A%2FB/S', ['I', 'C', 'A/B', 'S']],
    ['an encoded percent sign once only', 'client', 'I/C/%2541/S', ['I', 'C', '%41', 'S']],
    ['a plus as a plus', 'client', 'I/C/A+B/S', ['I', 'C', 'A+B', 'S']],
    ['Khmer', 'client', 'I/C/%E1%9E%9F%E1%9F%92%E1%9E%96%E1%9E%B6%E1%9E%93/S', ['I', 'C', 'ស្ពាន', 'S']],
    ['every raw pchar', 'client', "I/C/-._~!$&'()*+,;=:@/S", ['I', 'C', "-._~!$&'()*+,;=:@", 'S']],
    ['a represented party without class', 'representedParty', '0001', ['0001']],
    ['a represented party with class', 'representedParty', 'GOV/0001', ['GOV', '0001']],
    ['a security server', 'securityServer', 'I/C/M/ss1', ['I', 'C', 'M', 'ss1']],
    ['a service', 'service', 'I/C/M/S/getPerson', ['I', 'C', 'M', 'S', 'getPerson']],
    ['a pattern of one part', 'clientPattern', 'CAMBODIA', ['CAMBODIA']],
  ])('reads %s', (_, kind, text, parts) => {
    expect(parseIdentifier(kind, text)).toEqual(parts);
  });

  it.each<[string, IdentifierKind, string, string]>([
    ['two parts', 'client', 'I/C', '2 part(s) between slashes where 3 or 4 belong'],
    ['five parts', 'client', 'I/C/M/S/X', '5 part(s) between slashes where 3 or 4 belong'],
    ['a security server of three parts', 'securityServer', 'I/C/M', '3 part(s) between slashes where 4 belong'],
    ['a service with a version', 'service', 'I/C/M/S/X/v1', '6 part(s) between slashes where 5 belong'],
    ['an empty part', 'client', 'I//M/S', 'Part 2 is empty'],
    ['a trailing slash', 'client', 'I/C/M/', 'Part 4 is empty'],
    ['a raw space', 'client', 'I/C/M M/S', 'Part 3 has a character that must be percent-encoded'],
    ['raw Khmer', 'client', 'I/C/ស្ពាន/S', 'Part 3 has a character that must be percent-encoded'],
    ['a raw quote', 'client', 'I/C/"M"/S', 'Part 3 has a character that must be percent-encoded'],
    ['a bare percent sign', 'client', 'I/C/100%/S', 'Part 3 has a character that must be percent-encoded'],
    ['a broken escape', 'client', 'I/C/%G1/S', 'Part 3 has a character that must be percent-encoded'],
    ['bytes that are not UTF-8', 'client', 'I/C/%FF/S', 'Part 3 is not percent-encoded UTF-8'],
    ['an encoded surrogate', 'client', 'I/C/%ED%A0%80/S', 'Part 3 is not percent-encoded UTF-8'],
    ['an overlong encoding', 'client', 'I/C/%C0%AF/S', 'Part 3 is not percent-encoded UTF-8'],
    ['an encoded line break', 'client', 'I/C/M%0D%0AX/S', 'Part 3 has a control character'],
    ['a part over the limit', 'client', `I/C/${'M'.repeat(256)}/S`, 'Part 3 has more than 255 characters'],
  ])('refuses %s and says why', (_, kind, text, reason) => {
    expect(() => parseIdentifier(kind, text)).toThrow(reason);
  });

  it('never repeats the text that it refuses', () => {
    expect(() => parseIdentifier('client', '<script>/C/M')).toThrow(/^(?!.*script)/);
  });

  it('reads back every identifier that encodeIdentifier writes', () => {
    const part = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), (parts) => {
        expect(parseIdentifier('client', encodeIdentifier(parts))).toEqual(parts);
      }),
    );
  });
});

describe('encodeIdentifier()', () => {
  it('encodes a comma, which HTTP would take for the end of a value', () => {
    expect(encodeIdentifier(['I', 'C', 'a,b'])).toBe('I/C/a%2Cb');
  });

  it('leaves every other raw character of the grammar as security servers write it', () => {
    expect(encodeIdentifier(["-._~!$&'()*+;=:@"])).toBe("-._~!$&'()*+;=:@");
  });
});

describe('sameIdentifier()', () => {
  it('sees through percent-encoding but not through case', () => {
    const plain = parseIdentifier('client', 'I/C/M_1/S');
    expect(sameIdentifier(plain, parseIdentifier('client', 'I/C/M%5F1/%53'))).toBe(true);
    expect(sameIdentifier(plain, parseIdentifier('client', 'I/C/m_1/S'))).toBe(false);
  });

  it('tells a member from its subsystem', () => {
    const member = parseIdentifier('client', 'I/C/M');
    const subsystem = parseIdentifier('client', 'I/C/M/S');
    expect([sameIdentifier(member, subsystem), sameIdentifier(subsystem, member)]).toEqual([false, false]);
  });

  it('does not take an encoded slash for a separator', () => {
    expect(sameIdentifier(parseIdentifier('client', 'I/C/A/B'), parseIdentifier('client', 'I/C/A%2FB'))).toBe(false);
  });
});

describe('matchesClient()', () => {
  const client = parseIdentifier('client', 'CAMBODIA/GOV/0001/population');
  it.each([
    ['CAMBODIA', true],
    ['CAMBODIA/GOV', true],
    ['CAMBODIA/GOV/0001', true],
    ['CAMBODIA/GOV/0001/population', true],
    ['CAMBODIA/GOV/0001/popul', false],
    ['CAMBODIA/GOV/00', false],
    ['CAMBODIA/COM', false],
    ['cambodia', false],
  ])('%s covers CAMBODIA/GOV/0001/population: %s', (pattern, expected) => {
    expect(matchesClient(parseIdentifier('clientPattern', pattern), client)).toBe(expected);
  });

  it('does not let a member in by the pattern of its subsystem', () => {
    const pattern = parseIdentifier('clientPattern', 'I/C/M/S');
    expect(matchesClient(pattern, parseIdentifier('client', 'I/C/M'))).toBe(false);
  });
});
