import { describe, expect, it } from 'vitest';
import { layOut } from '../../../src/cli/try/lay-out.ts';

describe('layOut()', () => {
  it('gives the elements of a document on one line lines of their own, and nothing else', () => {
    const document =
      '<?xml version="1.0"?><s:E xmlns:s="u"><a b="1 > 2" c=\'3\'>&#6016; &amp; x </a><d /><e></e></s:E>';
    expect(layOut(document)).toBe(
      [
        '<?xml version="1.0"?>',
        '<s:E xmlns:s="u">',
        '  <a b="1 > 2" c="3">&#6016; &amp; x </a>',
        '  <d/>',
        '  <e/>',
        '</s:E>',
      ].join('\n'),
    );
  });

  it.each([
    ['is laid out already', '<a>\n<b/></a>'],
    ['is not well-formed', '<a><b></a></b>'],
    ['has text beside its elements', '<a><b>1</b>text<c/></a>'],
    ['has a text that would not be the same', '<a><b><![CDATA[1]]></b></a>'],
    ['declares a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a><b>&b;</b></a>'],
    ['is no XML', 'REGNO;NAME'],
    ['is empty', ''],
  ])('leaves a document that %s as it stands', (_, document) => {
    expect(layOut(document)).toBe(document);
  });
});
