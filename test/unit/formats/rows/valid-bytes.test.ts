import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowCharset } from '../../../../src/formats/rows/row-charset.ts';
import { validBytes } from '../../../../src/formats/rows/valid-bytes.ts';
import { DocumentError } from '../../../../src/model/errors.ts';
import { cutAt } from './read-rows.ts';

async function* chunked(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  yield* cutAt(bytes, cuts);
}

/** What comes out as text, and the offset at which it ends with an error. */
async function read(bytes: Uint8Array, label: string, cuts: readonly number[]): Promise<[string, number | undefined]> {
  const pieces: number[] = [];
  try {
    for await (const { bytes: piece } of validBytes(chunked(bytes, cuts), rowCharset(label), 'utf-8', 0, () => 1)) {
      pieces.push(...piece);
    }
    return [new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(pieces)), undefined];
  } catch (error) {
    if (error instanceof DocumentError) return [new TextDecoder().decode(Uint8Array.from(pieces)), error.place.offset];
    throw error;
  }
}

describe('Bytes of a document', () => {
  const labels = [
    'utf-8',
    'utf-16le',
    'utf-16be',
    'gb18030',
    'shift_jis',
    'euc-kr',
    'euc-jp',
    'big5',
    'iso-2022-jp',
    'windows-1253',
  ];

  it.each(labels)('in %s are decoded as the platform does, or refused, however they are cut', async (label) => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x1b, 0x24, 0x42, 0x20, 0x0a, 0x81, 0xe1, 0x9e, 0xd8));
    await fc.assert(
      fc.asyncProperty(
        fc.array(byte, { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        async (values, cuts) => {
          const bytes = Uint8Array.from(values);
          let whole: string | undefined;
          try {
            whole = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
          } catch {
            whole = undefined;
          }
          const [text, offset] = await read(bytes, label, cuts);
          if (whole === undefined) expect(offset).toBeLessThanOrEqual(bytes.length);
          else expect([text, offset]).toEqual([whole, undefined]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are valid up to a byte that is not, whose offset is told, wherever a chunk ends', async () => {
    const bytes = Uint8Array.of(...new TextEncoder().encode('សុខ,'), 0xc3, 0x28, 0x41);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const [text, offset] = await read(bytes, 'utf-8', [cut]);
      expect([text, offset]).toEqual(['សុខ,', 11]);
    }
  });

  it('never hold the start of a character that another one cuts off', async () => {
    const bytes = Uint8Array.of(0x61, 0xd1, 0xf7);
    for (const cuts of [[], [1], [2], [1, 2]]) expect(await read(bytes, 'utf-8', cuts)).toEqual(['a', 2]);
  });

  it('that end inside a character are refused', async () => {
    expect(await read(Uint8Array.of(0x61, 0xe1, 0x9e), 'utf-8', [2])).toEqual(['a', 3]);
    expect(await read(Uint8Array.of(0x61, 0, 0x62), 'utf-16le', [1])).toEqual(['a', 3]);
  });
});
