import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCharacter, utf8Text, utf16Length } from '../../../src/syntax/utf8.ts';

const encoder = new TextEncoder();
const arbitraryText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.string({ unit: fc.constantFrom('a', '0', ' ', '\0', '\x7f', 'é', 'ក', '\ufeff', '😀'), maxLength: 100 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
);

describe('UTF-8 within other bytes', () => {
  it('is the text that it was made of, wherever it stands', () => {
    fc.assert(
      fc.property(arbitraryText, arbitraryText, arbitraryText, (before, text, after) => {
        const start = encoder.encode(before).length;
        const end = start + encoder.encode(text).length;
        const bytes = encoder.encode(before + text + after);
        expect(utf8Text(bytes, start, end)).toBe(text);
        expect(utf16Length(bytes, start, end)).toBe(text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is written as every encoder writes it, for every character', () => {
    const bytes = new Uint8Array(4);
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code === 0xd800) code = 0xe000;
      const length = encodeCharacter(code, bytes);
      const expected = encoder.encode(String.fromCodePoint(code));
      if (length !== expected.length || expected.some((byte, index) => byte !== bytes[index])) {
        expect([code, ...bytes.subarray(0, length)]).toEqual([code, ...expected]);
      }
    }
  });
});
