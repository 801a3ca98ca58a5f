import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { utf8Text } from '../../../src/syntax/utf8.ts';
import {
  Interest,
  placeAt,
  readXmlText,
  type XmlHandler,
  XmlReader,
  type XmlTag,
} from '../../../src/syntax/xml-reader.ts';
import { arbitraryDamagedDocument, arbitraryDocument, compareReaders } from '../../support/xml-differential.ts';
import { speanEvents } from '../../support/xml-events.ts';

function refusal(text: string, limits = {}): DocumentError {
  try {
    readXmlText(text, { open: () => Interest.content, text: () => undefined, close: () => undefined }, limits);
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

/** The text of the root element. */
function textOf(document: string): string {
  let result = '';
  readXmlText(document, {
    open: () => Interest.content,
    text: (bytes, start, end) => {
      result += utf8Text(bytes, start, end);
    },
    close: () => undefined,
  });
  return result;
}

function firstTag<T>(document: string, look: (tag: XmlTag) => T): T | undefined {
  let found: T | undefined;
  const handler: XmlHandler = {
    open(tag) {
      found ??= look(tag);
      return Interest.nothing;
    },
    text: () => undefined,
    close: () => undefined,
  };
  readXmlText(document, handler);
  return found;
}

describe('readXml() reads', () => {
  it.each([
    ['character references, as old systems send Khmer', '<a>&#6017;&#x17d2;&#6040;</a>', 'ខ្ម'],
    ['the five entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', '<>&"\''],
    ['CDATA beside text', '<a>x<![CDATA[<&]] >]]>y</a>', 'x<&]] >y'],
    ['text around comments and processing instructions', '<a>x<!-- - -->y<?pi ?>z</a>', 'xyz'],
    ['every line end as a line feed', '<a>1\r\n2\r3\n4<![CDATA[\r\n5\r6]]></a>', '1\n2\n3\n4\n5\n6'],
    ['a carriage return that is written as a reference', '<a>&#13;&#xD;</a>', '\r\r'],
    ['white space as it stands', '<a>  0123  </a>', '  0123  '],
    ['characters beyond the basic plane', '<a>😀&#x1F600;</a>', '😀😀'],
    [
      'a byte order mark and a declaration',
      '\ufeff<?xml version="1.0" encoding="x-y" standalone=\'yes\'?><a>1</a>',
      '1',
    ],
    ['a version 1.9 as 1.0', "<?xml version='1.9'?><a>1</a>", '1'],
    ['"]]" and ">" in text', '<a>]] > ]]&gt; ></a>', ']] > ]]> >'],
    ['names that are nothing special', '<__proto__><constructor>x</constructor></__proto__>', 'x'],
    ['what stands around the root element', '<!-- a -->\n<?b?><a>1</a> <!-- c -->\n', '1'],
  ])('%s', (_, document, text) => {
    expect(textOf(document)).toBe(text);
  });

  it('attribute values normalised as XML 1.0, 3.3.3 says', () => {
    const document = '<a b="1\t2\r\n3\n4&#10;5&#9;6&#32; &lt;&#6017;" c=\'"\'/>';
    expect(firstTag(document, (tag) => [tag.attribute('b'), tag.attribute('c'), tag.attribute('d')])).toEqual([
      '1 2 3 4\n5\t6  <\u1781',
      '"',
      undefined,
    ]);
  });

  it('namespaces, which end where their element ends', () => {
    const document = '<a xmlns="u" xmlns:p="v"><p:b p:c="1" c="2" xmlns:p="w" xmlns=""><d/></p:b><d/></a>';
    expect(speanEvents(document)).toEqual([
      {
        name: '{u}a',
        attributes: [],
        content: [
          {
            name: '{w}b',
            attributes: ['{w}c=1', '{}c=2'].sort(),
            content: [{ name: '{}d', attributes: [], content: [] }],
          },
          { name: '{u}d', attributes: [], content: [] },
        ],
      },
    ]);
    expect(
      firstTag('<a xmlns:xs="http://www.w3.org/2001/XMLSchema" t="xs:int"/>', (tag) => tag.namespaceOf('xs')),
    ).toBe('http://www.w3.org/2001/XMLSchema');
  });

  it('only what the handler wants, and closes only that', () => {
    const heard: string[] = [];
    readXmlText('<a>t<skip k="1">x<y>z</y></skip><deep>u<only>v</only></deep>w</a>', {
      open(tag) {
        heard.push(`<${tag.local}`);
        return tag.local === 'skip' ? Interest.nothing : tag.local === 'deep' ? Interest.elements : Interest.content;
      },
      text: (bytes, start, end) => heard.push(utf8Text(bytes, start, end)),
      close: () => heard.push('>'),
    });
    expect(heard).toEqual(['<a', 't', '<skip', '<deep', '<only', 'v', '>', '>', 'w', '>']);
  });
});

describe('readXml() refuses', () => {
  it.each([
    ['mismatched tags', '<a></b>'],
    ['an unclosed element', '<a><b></a>'],
    ['a truncated document', '<a><b>te'],
    ['a truncated tag', '<a b="1'],
    ['an undefined entity', '<a>&nbsp;</a>'],
    ['a repeated attribute', '<a b="1" b="2"/>'],
    ['a repeated attribute among many', `<a ${Array.from({ length: 20 }, (_, i) => `b${i}="1"`).join(' ')} b3="2"/>`],
    ['an attribute repeated by two prefixes', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
    ['two roots', '<a/><b/>'],
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix of an attribute', '<a p:b="1"/>'],
    ['a raw "<" in an attribute', '<a b="<"/>'],
    ['a control character', '<a>\x01</a>'],
    ['a control character by reference', '<a>&#1;</a>'],
    ['a NUL by reference', '<a>&#0;</a>'],
    ['a bare "&"', '<a>a & b</a>'],
    ['"]]>" in text', '<a>]]></a>'],
    ['an empty document', ''],
    ['nothing but white space', ' \n'],
    ['junk', 'junk'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['a bad name', '<1a/>'],
    ['"--" in a comment', '<a><!-- -- --></a>'],
    ['a comment that ends in "--->"', '<a><!-- ---></a>'],
    ['a lone surrogate', '<a>\ud83d</a>'],
    ['a noncharacter', '<a>\uffff</a>'],
    ['an undeclared prefix that was undeclared', '<a xmlns:p="u"><b xmlns:p=""/></a>'],
    ['the prefix xmlns', '<a xmlns:xmlns="u"/>'],
    ['another namespace for xml', '<a xmlns:xml="u"/>'],
    ['the namespace of xml for another prefix', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
    ['the namespace of xmlns', '<a xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['an element called xmlns:a', '<xmlns:a/>'],
    ['two colons', '<a:b:c xmlns:a="u"/>'],
    ['a colon in a target', '<a><?p:q?></a>'],
    ['a declaration elsewhere', '<a><?xml version="1.0"?></a>'],
    ['a declaration behind white space', ' <?xml version="1.0"?><a/>'],
    ['a malformed declaration', '<?xml encoding="utf-8"?><a/>'],
    ['a declaration of version 2', '<?xml version="2.0"?><a/>'],
    ['no space between attributes', '<a b="1"c="2"/>'],
    ['an unquoted value', '<a b=1/>'],
    ['an attribute without value', '<a b/>'],
    ['a CDATA section outside', '<![CDATA[]]><a/>'],
    ['an open CDATA section', '<a><![CDATA[</a>'],
    ['a surrogate by reference', '<a>&#xD800;</a>'],
    ['a reference without end', '<a>&#65</a>'],
    ['an uppercase X in a reference', '<a>&#X41;</a>'],
  ])('%s, also inside what nobody wants', (_, document) => {
    expect(refusal(document).failure).toBe('malformed');
    const skipped = (text: string) =>
      readXmlText(text, { open: () => Interest.nothing, text: () => undefined, close: () => undefined });
    expect(() => skipped(document)).toThrow(DocumentError);
  });

  it.each([
    '<!DOCTYPE a><a/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!doctype html><a/>',
    '<a><!DOCTYPE b></a>',
  ])('any DOCTYPE, by name: %s', (document) => {
    expect(refusal(document).message).toContain('DOCTYPE');
  });

  it('with line, column and element path', () => {
    expect(refusal('<a>\r\n <b>\n  <c>&x;</c></b></a>').place).toEqual({
      line: 3,
      column: 6,
      offset: 15,
      path: 'a/b/c',
    });
    expect(placeAt(new TextEncoder().encode('a\rb\r\nc\nd'), 7)).toEqual({ line: 4, column: 1, offset: 7 });
  });

  it('without quoting the text, which may be personal', () => {
    for (const document of ['<a>Sok Dara &secret-name; </a>', '<a b="Sok Dara<"/>', '<a>Sok Dara</b>']) {
      expect(refusal(document).message).not.toMatch(/Sok|Dara|secret/);
    }
  });

  it.each([
    ['depth', '<a><a><a/></a></a>', { maxDepth: 2 }],
    ['elements', '<a><b/><b/></a>', { maxElements: 2 }],
    ['attributes', '<a b="" c="" d=""/>', { maxAttributes: 2 }],
    ['names', '<abc/>', { maxNameLength: 2 }],
    ["namespaces' names", '<a xmlns="abc"/>', { maxNameLength: 2 }],
    ['text', '<a>abc</a>', { maxTextLength: 2 }],
    ['CDATA', '<a><![CDATA[abc]]></a>', { maxTextLength: 2 }],
    ['attribute values', '<a b="abc"/>', { maxTextLength: 2 }],
  ])('what is beyond its limit of %s', (_, document, limits) => {
    expect(refusal(document, limits).failure).toBe('limit');
    expect(() => refusal(document)).toThrow('accepted');
  });
});

describe('readXml() with the names of documents before', () => {
  it('takes none of their namespaces, openings or tags', () => {
    const reader = new XmlReader();
    const documents = [
      '<p:a xmlns:p="urn:1"><b/><p:c q="1">t</p:c></p:a>',
      '<p:a xmlns:p="urn:2"><b x="1"/><p:c p:q="2">t</p:c></p:a>',
      '<p:a xmlns:p="urn:1" xmlns="urn:3"><b /><p:cc>t</p:cc><p:c>t</p:c ></p:a>',
      '<a><b><b/></b><c xmlns="urn:1"><b/></c><b/></a>',
    ];
    for (const document of [...documents, ...documents.toReversed()]) {
      expect(speanEvents(document, reader)).toEqual(speanEvents(document));
    }
    expect(() => speanEvents('<p:a/>', reader)).toThrow('p');
    expect(speanEvents('<a/>', reader)).toEqual(speanEvents('<a/>'));
  });

  it('takes none of them where a document had more than are remembered', () => {
    const reader = new XmlReader();
    const many = `<a>${Array.from({ length: 6_000 }, (_, index) => `<p${index}:b${index} xmlns:p${index}="urn:${index}"/>`).join('')}</a>`;
    for (let round = 0; round < 2; round++) expect(speanEvents(many, reader)).toEqual(speanEvents(many));
  });
});

describe('readXml() beside saxes', () => {
  it('reports the same of generated documents', () => {
    let accepted = 0;
    fc.assert(
      fc.property(arbitraryDocument, (whole) => {
        const { ours, theirs } = compareReaders(whole);
        if (ours !== 'refused') accepted++;
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('refuses and accepts the same damaged documents', () => {
    let refused = 0;
    fc.assert(
      fc.property(arbitraryDamagedDocument, (whole) => {
        const { ours, theirs, excused } = compareReaders(whole);
        if (ours === 'refused') refused++;
        if (!excused) expect(ours).toEqual(theirs);
      }),
      { numRuns: 4_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });
});
