import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xmlFormat } from '../../../../src/formats/xml/format.ts';
import { compileCall, decodeOne, many, plan, reply } from '../../../support/format-call.ts';
import { outline, textsByPosition } from '../../../support/xml-outline.ts';

const NAME = fc.constantFrom('a', 'b', 'c', 'd');
const TEXT = fc
  .string({
    unit: fc.constantFrom('x', ' ', '0', '\n', 'ក', '&amp;', '&#6016;', '<![CDATA[<]]>', '<!--n-->', '<?p q?>'),
  })
  .filter((text) => text.length < 40);

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      NAME,
      TEXT,
      fc.oneof({ maxDepth: 4 }, fc.constant<string[]>([]), fc.array(tie('element'), { maxLength: 3 })),
      fc.boolean(),
    )
    .map(([name, text, children, attribute]) => {
      const start = attribute ? `${name} id="${children.length}&lt;"` : name;
      return `<${start}>${children.length === 0 ? text : children.join('\n')}</${name}>`;
    }),
}));

describe('the matcher', () => {
  test('fills every position as an independent parser finds it, over generated documents', async () => {
    await fc.assert(
      fc.asyncProperty(element, async (xml) => {
        const texts = textsByPosition(outline(xml));
        const once = (at: string): boolean => at.startsWith('@');
        const response = plan(...[...texts.keys()].map((at) => (once(at) ? at : many(at))));
        const read = await decodeOne(xmlFormat, { call: { get: '/' }, response }, reply(xml));
        expect(read).toEqual(Object.fromEntries([...texts].map(([at, all]) => [at, once(at) ? all[0] : all])));
      }),
      { numRuns: 300 },
    );
  });

  test("keeps an element's own text apart from that of the elements inside it, however both are cut into pieces", async () => {
    const xml = '<r>a<!--n-->b<x>1&amp;<![CDATA[2]]></x>c&lt;<x>3</x>\r\n<y>&#6016;<x>4&amp;5</x>\u1781</y>d</r>';
    const response = plan('text()', many('x'), 'y/text()', 'y/x');
    const read = await decodeOne(xmlFormat, { call: { get: '/' }, response }, reply(xml));
    expect(read).toEqual({ 'text()': 'abc<\nd', x: ['1&2', '3'], 'y/text()': '\u1780\u1781', 'y/x': '4&5' });
  });

  test('does not slow down with the number of fields that the document does not hold', async () => {
    const xml = `<r>${'<x><y>1</y></x>'.repeat(20_000)}</r>`;
    const fields = Array.from({ length: 2_000 }, (_, index) => `f${index}/g${index}`);
    const time = async (positions: readonly string[]): Promise<number> => {
      const call = compileCall(xmlFormat, { call: { get: '/' }, response: plan(many('x/y'), ...positions) });
      await call.decode(reply(xml), []);
      const start = performance.now();
      for (let run = 0; run < 5; run++) await call.decode(reply(xml), []);
      return performance.now() - start;
    };
    const few = await time([]);
    const wide = await time(fields);
    expect(wide).toBeLessThan(few * 10 + 100); // one look at each field for each element would be hundreds of times slower
  });
});
