import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftFromXmlSamples } from '../../../../../src/cli/draft/samples/draft-from-xml-samples.ts';
import { compileDraft } from '../wsdl/draft-file.ts';
import { answeredTexts, canonical, contentOf, leafTexts, missingFrom } from './leaf-texts.ts';

const RUNS = 60;

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const name = fc.constantFrom('Company', 'Companies', 'item', 'p:item', 'p:Note', 'RegNo', 'value', 'text', '__proto__');
/** Texts that types are tempted by, and that a careless guess would change. */
const text = fc.oneof(
  fc.constantFrom(
    '007',
    '7',
    '1.50',
    '-0',
    '1e3',
    'true',
    '0',
    '2024-02-30',
    '2024-02-29',
    '01/02/2024',
    ' x ',
    '12345678901234567890',
  ),
  fc.constantFrom(
    '2024-02-29T10:00:00Z',
    '',
    '   ',
    'ក្រុមហ៊ុន',
    '&lt;b&gt;',
    '<![CDATA[<a>1</a>]]>',
    '+1',
    '1,000',
    'NaN',
  ),
);
const attribute = fc.tuple(
  fc.constantFrom('id', 'p:id', 'xml:lang'),
  fc.constantFrom('1', '01', '', 'km', '2024-01-01'),
);

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, fc.uniqueArray(attribute, { selector: ([key]) => key, maxLength: 2 }), tie('content'))
    .map(([tag, attributes, content]) => write(tag, attributes, content)),
  content: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.constant('xsi:nil'),
    fc.array(tie('element'), { maxLength: 4 }).map((children) => children.join('')),
    fc.tuple(tie('element'), fc.constantFrom(' and ', 'more')).map(([inner, beside]) => inner + beside),
  ),
}));

function write(tag: string, attributes: readonly (readonly [string, string])[], content: string): string {
  const written = attributes.map(([key, value]) => ` ${key}="${value}"`).join('');
  return content === 'xsi:nil' ? `<${tag}${written} xsi:nil="true"/>` : `<${tag}${written}>${content}</${tag}>`;
}

const document = fc.array(element, { minLength: 1, maxLength: 4 }).map((children) => children.join('\n'));

function plain(content: string): string {
  return `<Answer xmlns:p="urn:example:p" ${XSI}>${content}</Answer>`;
}

function soap(content: string): string {
  const body = `<GetResponse xmlns="urn:example:default" xmlns:p="urn:example:p" ${XSI}>${content}</GetResponse>`;
  return `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`;
}

test('any documents become an adapter that answers each of them with every text in it, or tells what is left out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(plain, soap),
      async (all, form) => {
        const samples = all.map((content, index) => ({ name: `sample-${index}.xml`, text: form(content) }));
        const draft = await draftFromXmlSamples(
          samples.map((sample) => ({ name: sample.name, response: new TextEncoder().encode(sample.text) })),
          { name: 'drafted' },
        );
        compileDraft(draft);
        const told = draft.unsupported.filter(({ construct }) => /of a nil element|sample/.test(construct));
        expect(told.filter(({ construct }) => construct === 'sample')).toEqual([]);
        expect(draft.examples).toHaveLength(samples.length);
        for (const [index, { files }] of draft.examples.entries()) {
          const { answer } = JSON.parse(String(files['case.json']));
          const lost = missingFrom(leafTexts(contentOf(samples[index]?.text ?? '')), answeredTexts(answer.body));
          if (told.length === 0) expect(lost).toEqual([]);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('any requests become inputs that send each of them as it was, or tell what cannot be sent', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(plain, soap),
      async (all, form) => {
        // reading tells no namespace apart from others, so that one name is in one namespace here
        const requests = all.map((content) => form(content.replaceAll('p:item', 'p:entry')));
        const response = new TextEncoder().encode(form('<Done>yes</Done>'));
        const draft = await draftFromXmlSamples(
          requests.map((request, index) => ({
            name: `sample-${index}.xml`,
            request: new TextEncoder().encode(request),
            response,
          })),
          { name: 'drafted' },
        );
        compileDraft(draft);
        if (draft.unsupported.some(({ construct }) => construct !== 'request')) return;
        expect(draft.unsupported).toEqual([]);
        expect(draft.examples).toHaveLength(requests.length);
        for (const [index, { files }] of draft.examples.entries()) {
          const sent = files['sent.xml'];
          expect(canonical(contentOf(String(sent)))).toEqual(canonical(contentOf(requests[index] ?? '')));
        }
      },
    ),
    { numRuns: RUNS },
  );
});
