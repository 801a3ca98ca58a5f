import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { charsetOfContentType, decodeText, decodeXml, isKnownCharset } from '../../../src/syntax/charset.ts';

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), littleEndian);
  return new Uint8Array(view.buffer);
}

describe('decodeXml()', () => {
  it.each<[string, Uint8Array, string | undefined, string | undefined, string]>([
    ['UTF-8 where nothing is said', bytes('<a>ខ</a>'), undefined, undefined, '<a>ខ</a>'],
    [
      'the declaration',
      bytes('<?xml version="1.0" encoding="windows-1252"?><a>', [0xe9], '</a>'),
      undefined,
      undefined,
      '<?xml version="1.0" encoding="windows-1252"?><a>é</a>',
    ],
    [
      'HTTP before the declaration',
      bytes('<?xml version="1.0" encoding="utf-8"?>', [0xe9]),
      'iso-8859-1',
      undefined,
      '<?xml version="1.0" encoding="utf-8"?>é',
    ],
    ['the byte order mark before HTTP', bytes([0xef, 0xbb, 0xbf], '<a>ខ</a>'), 'iso-8859-1', undefined, '<a>ខ</a>'],
    ['the adapter where the document is silent', bytes('<a>', [0xe9], '</a>'), undefined, 'iso-8859-1', '<a>é</a>'],
    ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, ...utf16('<a>ខ</a>', true)]), undefined, undefined, '<a>ខ</a>'],
    [
      'UTF-16 big-endian with a mark',
      new Uint8Array([0xfe, 0xff, ...utf16('<a>ខ</a>', false)]),
      undefined,
      undefined,
      '<a>ខ</a>',
    ],
    [
      'UTF-16 without a mark',
      utf16('<?xml version="1.0" encoding="UTF-16"?><a>ខ</a>', true),
      undefined,
      undefined,
      '<?xml version="1.0" encoding="UTF-16"?><a>ខ</a>',
    ],
    ['UTF-16 big-endian without a mark, by HTTP', utf16('<a>ខ</a>', false), 'UTF-16', undefined, '<a>ខ</a>'],
  ])('goes by %s', (_, document, http, declared, text) => {
    expect(decodeXml(document, http, declared)).toBe(text);
  });

  it.each(['US-ASCII', 'ascii'])('reads %s as UTF-8 and never as windows-1252', (label) => {
    const declared = (...content: (string | number[])[]) =>
      bytes(`<?xml version="1.0" encoding="${label}"?><a>`, ...content);
    expect(decodeXml(declared('ខ</a>'))).toContain('<a>ខ</a>');
    expect(decodeXml(bytes('<a>ខ</a>'), label)).toBe('<a>ខ</a>');
    expect(() => decodeXml(declared([0xe9], '</a>'))).toThrow(/not utf-8 text/);
  });

  it('refuses a declaration that contradicts the byte order mark', () => {
    const document = new Uint8Array([0xfe, 0xff, ...utf16("<?xml version='1.0' encoding='utf-8'?><a/>", false)]);
    expect(() => decodeXml(document)).toThrow(/utf-8.*utf-16be/);
  });

  it('refuses a declaration that says UTF-16 in single bytes, unless Content-Type says what is so', () => {
    const document = new TextEncoder().encode('<?xml version="1.0" encoding="utf-16"?><a>ក</a>');
    expect(() => decodeXml(document)).toThrow(/names utf-16, and is itself written in single bytes/);
    expect(decodeXml(document, 'utf-8')).toContain('<a>ក</a>');
  });
});

describe('decodeText()', () => {
  it.each<[string, Uint8Array, string, number]>([
    ['a byte that UTF-8 never has', bytes('abc', [0xff], 'd'), 'utf-8', 3],
    ['an overlong form', bytes('ខ', [0xc0, 0x80]), 'utf-8', 3],
    ['a surrogate in UTF-8, at the byte that makes it one', bytes('a', [0xed, 0xa0, 0x80]), 'utf-8', 2],
    ['a character that is cut off', bytes('abc', [0xe1, 0x9e]), 'utf-8', 5],
    ['half a UTF-16 unit', new Uint8Array([0x61, 0x00, 0x62]), 'utf-16le', 3],
  ])('refuses %s with its offset', (_, document, label, offset) => {
    expect(() => decodeText(document, label)).toThrow(
      expect.objectContaining({ failure: 'undecodable', place: { offset } }) as DocumentError,
    );
  });

  it('finds the first bad byte in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const start = bytes(before);
        const document = bytes(before, [0xfe], after);
        expect(() => decodeText(document, 'utf-8')).toThrow(
          expect.objectContaining({ place: { offset: start.length } }) as DocumentError,
        );
      }),
    );
  });

  it('refuses a charset that the runtime does not know', () => {
    expect(() => decodeText(bytes('a'), 'ebcdic-cp-us')).toThrow(DocumentError);
    expect(isKnownCharset('ebcdic-cp-us')).toBe(false);
    expect(isKnownCharset('windows-874')).toBe(true);
  });
});

describe('charsetOfContentType()', () => {
  it.each([
    ['text/xml; charset=utf-8', 'utf-8'],
    ['text/xml;charset="ISO-8859-1"', 'ISO-8859-1'],
    ['text/xml; boundary=x ; Charset = windows-1252; y=z', 'windows-1252'],
    ['text/xml', undefined],
    [undefined, undefined],
  ])('of %s is %s', (header, charset) => {
    expect(charsetOfContentType(header)).toBe(charset);
  });
});
