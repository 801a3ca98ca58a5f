import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { writeXml, type XmlNode } from '../../../src/syntax/xml-writer.ts';
import { saxesEvents, speanEvents, type XmlElementEvents } from '../../support/xml-events.ts';

describe('writeXml()', () => {
  it('writes elements, attributes and text in the order given', () => {
    const node: XmlNode = {
      name: 'p:a',
      attributes: [
        ['xmlns:p', 'urn:x'],
        ['z', '1'],
        ['b', '2'],
      ],
      content: [{ name: 'p:c', content: 'x' }, { name: 'd' }, { name: 'p:c', content: [] }],
    };
    expect(writeXml(node)).toBe('<p:a xmlns:p="urn:x" z="1" b="2"><p:c>x</p:c><d/><p:c/></p:a>');
  });

  it.each([
    ['text that looks like markup', '<x>&amp;]]>', '<a>&lt;x&gt;&amp;amp;]]&gt;</a>'],
    ['a carriage return, which a reader would fold', '1\r\n2', '<a>1&#13;\n2</a>'],
    ['an injected element', '</a><b>', '<a>&lt;/a&gt;&lt;b&gt;</a>'],
  ])('escapes %s', (_, content, written) => {
    expect(writeXml({ name: 'a', content })).toBe(written);
  });

  it('splits a CDATA section where its end stands in the text', () => {
    const written = writeXml({ name: 'a', content: 'x]]>y', cdata: true });
    expect(written).toBe('<a><![CDATA[x]]]]><![CDATA[>y]]></a>');
    expect(speanEvents(written)).toEqual([{ name: '{}a', attributes: [], content: ['x]]>y'] }]);
  });

  it.each(['\x00', '\x0b', '\ufffe', '\ud800', 'a\udc00'])(
    'refuses a character that XML cannot hold, by its code point',
    (value) => {
      expect(() => writeXml({ name: 'a', content: value })).toThrow(DocumentError);
      expect(() => writeXml({ name: 'a', attributes: [['b', value]] })).toThrow(/attribute b.*U\+/);
    },
  );

  it.each(['', '1a', 'a b', 'a:b:c', 'a>', '<'])('refuses the name %j, which no definition should have', (name) => {
    expect(() => writeXml({ name })).toThrow(TypeError);
  });

  it('refuses an attribute that is there twice', () => {
    const attributes = [
      ['b', '1'],
      ['b', '2'],
    ] as const;
    expect(() => writeXml({ name: 'a', attributes })).toThrow('the attribute b twice');
  });

  const character = fc
    .integer({ min: 0x20, max: 0x10ffff })
    .filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff);
  const value = fc.string({
    unit: fc.oneof(
      character.map((code) => String.fromCodePoint(code)),
      fc.constantFrom('\t', '\n', '\r', '&', '<', ']', '>', '"', "'", ' '),
    ),
  });
  const { node } = fc.letrec<{ node: XmlNode }>((tie) => ({
    node: fc.record(
      {
        name: fc.constantFrom('a', 'b', 'ឈ្មោះ', '__proto__'),
        attributes: fc.uniqueArray(fc.tuple(fc.constantFrom('c', 'd', 'constructor'), value), {
          selector: ([key]) => key,
        }),
        content: fc.oneof(value, fc.array(tie('node') as fc.Arbitrary<XmlNode>, { maxLength: 3 })),
        cdata: fc.boolean(),
      },
      { requiredKeys: ['name'] },
    ),
  }));

  it('writes what the reader reads back exactly, for any tree', () => {
    const expected = ({ name, attributes = [], content = [] }: XmlNode): XmlElementEvents => ({
      name: `{}${name}`,
      attributes: attributes.map(([key, text]) => `{}${key}=${text}`).sort(),
      content: typeof content === 'string' ? [content].filter((text) => text !== '') : content.map(expected),
    });
    const readsBack = fc.property(node, (tree) => {
      const written = writeXml(tree);
      expect(speanEvents(written)).toEqual([expected(tree)]);
      expect(saxesEvents(written)).toEqual([expected(tree)]);
    });
    fc.assert(readsBack, { numRuns: 500 });
  });
});
