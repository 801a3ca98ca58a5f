import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CollectedText, JoinedTexts } from '../../../../src/formats/xml/joined-text.ts';
import { utf8Text } from '../../../../src/syntax/utf8.ts';

const encoder = new TextEncoder();

function textOf({ bytes, start, end }: CollectedText): string {
  return utf8Text(bytes, start, end);
}

describe('JoinedTexts', () => {
  it('joins what is added, whatever is added to other texts in between, and never changes it afterwards', () => {
    const step = fc.tuple(fc.nat(3), fc.string({ unit: fc.constantFrom('a', 'ក', '😀'), maxLength: 60 }), fc.boolean());
    const joined = new JoinedTexts(); // one for all documents, as a service has it
    const ended: { readonly text: CollectedText; readonly expected: string }[] = [];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const begin = () => ({ bytes: new Uint8Array(), start: 0, end: 0, room: 0 });
        const open = Array.from({ length: 4 }, () => ({ text: begin(), expected: '' }));
        for (const [index, piece, ends] of steps) {
          const bytes = encoder.encode(`<${piece}>`);
          joined.append(open[index]!.text, bytes, 1, bytes.length - 1);
          open[index]!.expected += piece;
          if (!ends) continue;
          ended.push(open[index]!);
          open[index] = { text: begin(), expected: '' };
        }
        for (const { text, expected } of open) expect(textOf(text)).toBe(expected);
        joined.forget();
      }),
      { numRuns: 200 },
    );
    expect(ended.length).toBeGreaterThan(100);
    for (const { text, expected } of ended) expect(textOf(text)).toBe(expected);
  });

  it('joins a text of many pieces without copying it for each', () => {
    const piece = encoder.encode('x'.repeat(10));
    const text = { bytes: new Uint8Array(), start: 0, end: 0, room: 0 };
    const joined = new JoinedTexts();
    let moves = 0;
    for (let index = 0; index < 100_000; index++) {
      const before = text.bytes;
      joined.append(text, piece, 0, piece.length);
      if (text.bytes !== before) moves++;
    }
    expect(text.end - text.start).toBe(1_000_000);
    expect(moves).toBeLessThan(40);
  });
});
