import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../src/model/errors.ts';
import { xmlInUtf8 } from '../../../src/syntax/charset.ts';
import { samplesFolder } from '../../support/samples.ts';
import { speanEvents } from '../../support/xml-events.ts';

const here = samplesFolder ?? '';
const files = (folder: string, pattern = /./): [string, string][] =>
  samplesFolder === undefined
    ? []
    : readdirSync(join(here, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && pattern.test(entry.name))
        .map(({ name }) => [`${folder}/${name}`, join(here, folder, name)]);

/** Charsets that came in a header, which a file does not keep. */
const HTTP_CHARSETS: Readonly<Record<string, string>> = { 'feed-http_text_xml_charset_2.xml': 'windows-1252' };

const read = (path: string) => speanEvents(xmlInUtf8(readFileSync(path), HTTP_CHARSETS[basename(path)]));

/** Well-formed XML: what is wrong with these files is above XML. */
const WELL_FORMED = /attr3\.xml|simple\.xml|schema-include\.xsd$/;

describe.skipIf(samplesFolder === undefined)(
  'XML files from elsewhere (skipped where the samples are not beside the project)',
  () => {
    it.each(files('xmlconf/not-wf', /\.xml$/))('refuses %s of the W3C suite', (_, path) => {
      expect(() => read(path)).toThrow(DocumentError);
    });

    it.each([
      ...files('xmlconf/not-wf-dtd', /\.xml$/),
      ...files('xmlconf/valid-dtd', /^[^/]*\.xml$/),
      ...files('xmlconf/valid', /\.xml$/),
    ])('refuses %s of the W3C suite, which has a DOCTYPE or is not well-formed before it', (_, path) => {
      expect(() => read(path)).toThrow(DocumentError);
    });

    it.each(
      [
        ...files('bad/libxml2-errors', /\.xml$/),
        ...files('bad/defusedxml'),
        ...files('bad/libxml2-recurse', /\.xml$/),
        ...files('bad/xxe-patt'),
        ...files('bad/xxe-payloadbox'),
      ].filter(([name]) => !WELL_FORMED.test(name)),
    )('refuses %s quickly', (_, path) => {
      const started = performance.now();
      expect(() => read(path)).toThrow(DocumentError);
      expect(performance.now() - started).toBeLessThan(1_000);
    });

    it.each([...files('xml', /\.(xml|xbrl)$/)])('reads %s', (name, path) => {
      const doctype = /<!DOCTYPE/.test(readFileSync(path, 'latin1'));
      if (doctype) expect(() => read(path), name).toThrow('DOCTYPE');
      else expect(read(path)).toHaveLength(1);
    });
  },
);
