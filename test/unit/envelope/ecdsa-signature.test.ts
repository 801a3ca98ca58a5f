import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joseFromDerSignature } from '../../../src/envelope/ecdsa-signature.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const ONE_AND_TWO = `${'00'.repeat(31)}01${'00'.repeat(31)}02`;

describe('joseFromDerSignature()', () => {
  it.each<[string, string, string]>([
    ['small integers', '30 06 020101 020102', ONE_AND_TWO],
    [
      'an integer with its sign octet',
      `30 26 0221 00${'ff'.repeat(32)} 020102`,
      `${'ff'.repeat(32)}${ONE_AND_TWO.slice(64)}`,
    ],
    [
      'an integer just below its sign bit',
      `30 25 0220 7f${'ff'.repeat(31)} 020102`,
      `7f${'ff'.repeat(31)}${ONE_AND_TWO.slice(64)}`,
    ],
  ])('converts %s', (_, der, raw) => {
    expect(Buffer.from(joseFromDerSignature(bytes(der), 64)).toString('hex')).toBe(raw);
  });

  it('converts lengths of the long form, which P-521 has', () => {
    const integer = `0242 01${'ab'.repeat(65)}`;
    const raw = joseFromDerSignature(bytes(`30 8188 ${integer} ${integer}`), 132);
    expect(Buffer.from(raw).toString('hex')).toBe(`01${'ab'.repeat(65)}`.repeat(2));
  });

  it.each([
    ['prime256v1', 'sha256', 64],
    ['secp384r1', 'sha384', 96],
  ])('converts what OpenSSL signs with %s to what OpenSSL verifies as raw', (namedCurve, hash, length) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    for (let round = 0; round < 30; round++) {
      const der = createSign(hash).update(`${round}`).sign({ key: privateKey, dsaEncoding: 'der' });
      const raw = joseFromDerSignature(new Uint8Array(der), length);
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      expect(createVerify(hash).update(`${round}`).verify(key, raw)).toBe(true);
    }
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no sequence', '31 06 020101 020102'],
    ['something after the sequence', '30 06 020101 020102 00'],
    ['one integer', '30 03 020101'],
    ['three integers', '30 09 020101 020102 020103'],
    ['a zero', '30 06 020100 020102'],
    ['two zeros (CVE-2022-21449)', '30 06 020100 020100'],
    ['an empty integer', '30 05 0200 020102'],
    ['a negative integer', '30 06 020181 020102'],
    ['a padded integer', '30 07 02020001 020102'],
    ['a padded integer that would be too long', `30 27 0222 0000${'ff'.repeat(32)} 020102`],
    ['an integer too large for the curve', `30 26 0221 01${'ff'.repeat(32)} 020102`],
    ['an octet string', '30 06 040101 020102'],
    ['a length beyond the end', '30 07 020101 020102'],
    ['an inner length beyond the end', '30 06 020101 020202'],
    ['a length in a longer form than needed', '30 8106 020101 020102'],
    ['a length with a leading zero', `30 820080 ${'00'.repeat(128)}`],
    ['an indefinite length', '30 80 020101 020102 0000'],
    ['a length of 4 GiB', '30 84ffffffff 020101 020102'],
  ])('refuses %s', (_, der) => {
    expect(() => joseFromDerSignature(bytes(der), 64)).toThrow(TypeError);
  });

  it('either converts back to the same DER or refuses, whatever the bytes', () => {
    const half = fc.uint8Array({ minLength: 1, maxLength: 34 });
    const near = fc
      .tuple(half, half)
      .map(([r, s]) => new Uint8Array([0x30, r.length + s.length + 4, 2, r.length, ...r, 2, s.length, ...s]));
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 80 })), (der) => {
        const raw = convert(new Uint8Array(der));
        if (raw !== undefined) expect(derOf(raw)).toEqual(new Uint8Array(der));
      }),
      { numRuns: 2000 },
    );
  });
});

function convert(der: Uint8Array<ArrayBuffer>): Uint8Array | undefined {
  try {
    return joseFromDerSignature(der, 64);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return undefined;
  }
}

function derOf(raw: Uint8Array): Uint8Array {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].flatMap((half) => {
    const digits = [...half.subarray(half.findIndex((byte) => byte !== 0))];
    const content = digits[0]! >= 0x80 ? [0, ...digits] : digits;
    return [2, content.length, ...content];
  });
  return new Uint8Array([0x30, integers.length, ...integers]);
}
