import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { xmlFormat } from '../../../../src/formats/xml/format.ts';
import { decodeXml } from '../../../../src/syntax/charset.ts';
import { decodeOne, many, plan, reply, type SlotSketch } from '../../../support/format-call.ts';
import { samplesFolder } from '../../../support/samples.ts';
import { outline, textsByPosition } from '../../../support/xml-outline.ts';

const folder = samplesFolder ?? '';
const list = (path: string): string[] =>
  samplesFolder === undefined ? [] : readdirSync(join(folder, path)).filter((file) => /\.\w+$/.test(file));
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)));

/** These have a DOCTYPE, which is refused whatever it holds. */
const WITH_DOCTYPE: ReadonlySet<string> = new Set(['cldr-km-rbnf.xml', 'cldr-km-subdivisions.xml']);

/** Only its HTTP header tells its charset. */
const NEEDS_HEADER = 'feed-http_text_xml_charset_2.xml';

function decode(bytes: Uint8Array, slots: readonly SlotSketch[], contentType = 'application/xml') {
  return decodeOne(xmlFormat, { call: { get: '/' }, response: plan(...slots) }, reply(bytes, { contentType }));
}

async function expectAllTexts(bytes: Uint8Array): Promise<void> {
  const root = outline(decodeXml(bytes));
  const texts = textsByPosition(root);
  const once = (at: string): boolean => at.startsWith('@');
  const expected = Object.fromEntries([...texts].map(([at, all]) => [at, once(at) ? all[0] : all]));
  const ownText = root.children.length === 0 ? ['.'] : [];
  const slots = [...[...texts.keys()].map((at) => (once(at) ? at : many(at))), ...ownText];
  expect(slots.length).toBeGreaterThan(0);
  expect(await decode(bytes, slots)).toEqual({ ...expected, ...(ownText.length > 0 ? { '.': root.text } : {}) });
}

describe.skipIf(samplesFolder === undefined)('a real XML document (skipped without ../shared/samples)', () => {
  test.each(list('xml').filter((file) => !WITH_DOCTYPE.has(file) && file !== NEEDS_HEADER))(
    '%s reads as an independent parser reads it',
    async (file) => {
      await expectAllTexts(read(`xml/${file}`));
    },
  );

  test.each([
    'gus-inner-fullSearchMultipleResponse.xml',
    'gus-inner-searchDataResponseResultSingle.xml',
    'derived/gus-windows-1250.xml',
    'derived/appointment-koi8-r.xml',
  ])('soap/%s reads as an independent parser reads it', async (file) => {
    await expectAllTexts(read(`soap/${file}`));
  });

  test.each([...WITH_DOCTYPE])('%s is refused for its DOCTYPE', async (file) => {
    await expect(decode(read(`xml/${file}`), [])).rejects.toMatchObject({
      code: 'legacy-malformed',
      detail: expect.stringContaining('DOCTYPE'),
    });
  });

  test('one company and many have the same shape, leading zeros kept, in UTF-8 and windows-1250', async () => {
    const companies = many('dane', 'Regon', 'Nazwa');
    const single = await decode(read('soap/gus-inner-searchDataResponseResultSingle.xml'), [companies]);
    const several = await decode(read('soap/gus-inner-fullSearchMultipleResponse.xml'), [companies]);
    expect(single).toMatchObject({ dane: [{ Regon: expect.stringMatching(/^0\d+$/) }] });
    expect(several).toMatchObject({ dane: { length: 3 } });
    expect(await decode(read('soap/derived/gus-windows-1250.xml'), [companies])).toEqual(several);
  });

  test('rates that stand in attributes of nested elements of one name are a list of exact texts', async () => {
    const answer = await decode(read('xml/ecb-rates.xml'), [
      'Cube/Cube/@time',
      many('Cube/Cube/Cube', '@currency', '@rate'),
    ]);
    expect(answer).toMatchObject({
      'Cube/Cube/Cube': expect.arrayContaining([{ '@currency': 'USD', '@rate': expect.any(String) }]),
    });
  });

  test('a charset that only HTTP names is taken, and its absence is a refusal with the offset', async () => {
    const bytes = read(`xml/${NEEDS_HEADER}`);
    const description = 'channel/item/description';
    expect(await decode(bytes, [description], 'text/xml; charset=windows-1252')).toEqual({
      [description]: 'This is a \xa3\u201ctest.\u201d',
    });
    await expect(decode(bytes, [description])).rejects.toMatchObject({
      code: 'legacy-malformed',
      issues: [{ place: { offset: expect.any(Number) } }],
    });
  });

  test('a charset that the declaration names is taken', async () => {
    expect(await decode(read('xml/feed-euc-kr.xml'), ['channel/title'])).toEqual({ 'channel/title': '\ub144' });
  });
});
