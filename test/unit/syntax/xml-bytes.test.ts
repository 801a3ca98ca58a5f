import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { decodeText, decodeXml, xmlInUtf8 } from '../../../src/syntax/charset.ts';
import { placeAt, XmlReader } from '../../../src/syntax/xml-reader.ts';
import { arbitraryDocument } from '../../support/xml-differential.ts';
import { speanEvents, type XmlEvents } from '../../support/xml-events.ts';

const encoder = new TextEncoder();

function bytesOf(...parts: (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...encoder.encode(part)] : part)));
}

/** What a document is read as, or how it is refused. */
function outcome(read: () => XmlEvents): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof DocumentError) return { failure: error.failure, place: error.place };
    throw error;
  }
}

/** Bytes that are no UTF-8 (RFC 3629, 3 and 4; Unicode, table 3-7). */
const BROKEN: readonly (readonly [string, readonly number[]])[] = [
  ['a continuation byte alone', [0x80]],
  ['a lead byte alone', [0xe1]],
  ['a character that breaks off', [0xe1, 0x9e]],
  ['four bytes that break off', [0xf0, 0x9f, 0x98]],
  ['a longer form of a slash', [0xc0, 0xaf]],
  ['a longer form of two bytes', [0xe0, 0x9f, 0xbf]],
  ['a longer form of three bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a character beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a byte that begins nothing', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['a byte of windows-1252', [0xe9]],
  ['two bytes for a continuation', [0xe1, 0x9e, 0xc2]],
];
const PLACES: readonly (readonly [string, string, string])[] = [
  ['text', '<a>ក', '</a>'],
  ['an attribute', '<a b="ក', '"/>'],
  ['the name of an element', '<aក', '/>'],
  ['the name of an attribute', '<a bក', '="1"/>'],
  ['a namespace', '<a xmlns="u', '"/>'],
  ['a comment', '<a><!--ក', '--></a>'],
  ['a CDATA section', '<a><![CDATA[ក', ']]></a>'],
  ['a processing instruction', '<a><?p ក', '?></a>'],
  ['what stands behind the root', '<a/><!--', '-->'],
  ['the last bytes', '<a/>', ''],
];

describe('XmlReader.read() of bytes', () => {
  it.each(PLACES)('refuses what is no UTF-8 in %s, as its decoder does', (_, before, after) => {
    for (const [what, broken] of BROKEN) {
      const bytes = bytesOf(before, broken, after);
      const refusal = outcome(() => speanEvents(decodeText(bytes, 'utf-8')));
      expect(refusal).toMatchObject({ failure: 'undecodable' });
      expect(
        outcome(() => speanEvents(bytes)),
        what,
      ).toEqual(refusal);
    }
  });

  it('reads damaged bytes as their text is read, and refuses those that have none', () => {
    const change = fc.tuple(fc.nat(), fc.nat(2), fc.oneof(fc.nat(255), fc.constantFrom(0x3c, 0x26, 0xe1, 0x9e, 0xf0)));
    const reader = new XmlReader();
    let undecodable = 0;
    fc.assert(
      fc.property(arbitraryDocument, fc.array(change, { maxLength: 3 }), (document, changes) => {
        const bytes = [...encoder.encode(document)];
        for (const [at, lost, byte] of changes) bytes.splice(at % (bytes.length + 1), lost, byte);
        const whole = Uint8Array.from(bytes);
        const expected = outcome(() => speanEvents(decodeText(whole, 'utf-8')));
        if (JSON.stringify(expected).includes('undecodable')) undecodable++;
        expect(outcome(() => speanEvents(whole, reader))).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
    expect(undecodable).toBeGreaterThan(500);
  });

  it('holds nothing of a document that it refused', () => {
    const reader = new XmlReader();
    const plain = '<a b="1"><c>x</c></a>';
    for (const refused of ['<p:a xmlns:p="u" xmlns="v"><p:b><c>', '<a b="1&#10;" c=', '<a><b x="1">&n;']) {
      expect(() => speanEvents(refused, reader)).toThrow(DocumentError);
      expect(speanEvents(plain, reader)).toEqual(speanEvents(plain));
    }
  });
});

describe('placeAt()', () => {
  it('counts characters, not bytes, and no byte order mark', () => {
    const text = 'ក\r\n😀é<';
    for (const bytes of [bytesOf(text), bytesOf('\ufeff', text)]) {
      expect(placeAt(bytes, bytes.length - 1)).toEqual({ line: 2, column: 4, offset: 6 });
    }
  });
});

describe('xmlInUtf8()', () => {
  const utf16 = (text: string) =>
    Uint8Array.from(
      Array.from(text, (character) => [character.charCodeAt(0) & 0xff, character.charCodeAt(0) >> 8]).flat(),
    );
  it.each<[string, Uint8Array, (string | undefined)?, string?]>([
    ['UTF-8', bytesOf('<a>ក</a>')],
    ['UTF-8 by another of its names', bytesOf('<a>ក</a>'), ' UTF8 '],
    ['a byte order mark', bytesOf('\ufeff<a>ក</a>')],
    ['a byte order mark and a declaration', bytesOf('\ufeff<?xml version="1.0" encoding="UTF-8"?><a>ក</a>')],
    ['windows-1252 by declaration', bytesOf('<?xml version="1.0" encoding="windows-1252"?><a>', [0xe9], '</a>')],
    ['windows-1252 by HTTP', bytesOf('<a>', [0x80], '</a>'), 'windows-1252'],
    ['windows-1252 by the adapter', bytesOf('<a>', [0x80], '</a>'), undefined, 'windows-1252'],
    ['UTF-16 without a mark', utf16('<a>ក</a>')],
    ['UTF-16 with one', utf16('\ufeff<a>ក</a>')],
  ])('gives the text that decodeXml() gives, of %s', (_, bytes, http, declared) => {
    expect(speanEvents(xmlInUtf8(bytes, http, declared))).toEqual(speanEvents(decodeXml(bytes, http, declared)));
  });

  it.each<[string, Uint8Array, string?]>([
    ['a mark that the declaration contradicts', bytesOf('\ufeff<?xml version="1.0" encoding="windows-1252"?><a/>')],
    ['a charset that nobody knows', bytesOf('<a/>'), 'x-none'],
    ['bytes that are not of their charset', bytesOf('<a>', [0x80], '</a>'), 'shift_jis'],
  ])('refuses %s as decodeXml() does', (_, bytes, http) => {
    expect(() => decodeXml(bytes, http)).toThrow(DocumentError);
    expect(outcome(() => speanEvents(xmlInUtf8(bytes, http)))).toEqual(
      outcome(() => speanEvents(decodeXml(bytes, http))),
    );
  });
});
