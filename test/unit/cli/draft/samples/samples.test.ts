import { describe, expect, test } from 'vitest';
import { runExample } from '../../../../../src/cli/check/run-example.ts';
import { openWorkbench } from '../../../../../src/cli/check/workbench.ts';
import type { Draft, DraftExample } from '../../../../../src/cli/draft/draft.ts';
import { draftFromXmlSamples } from '../../../../../src/cli/draft/samples/draft-from-xml-samples.ts';
import { readSampleMessage } from '../../../../../src/cli/draft/samples/sample-message.ts';
import { CommandError } from '../../../../../src/cli/shell.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft } from '../wsdl/draft-file.ts';
import { answeredTexts, canonical, contentOf, leafTexts, missingFrom } from './leaf-texts.ts';
import { readXmlSample, xmlSamples } from './sample-table.ts';

const ONLY_FAULTS = /All samples are faults: at least one answer is needed/;
const MULTI_REFERENCE = /:\d+: The answer is rpc\/encoded with multi-reference values/;
const DOCTYPE = /:\d+ cannot be read: The document has a DOCTYPE/;

/** The samples that no adapter can be made of, and the words that tell why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'soap/ar-fault-500-cpe.xml': ONLY_FAULTS,
  'soap/ar-fault-axis-500.xml': ONLY_FAULTS,
  'soap/axis-soap12-part1_soap11-version-mismatch-fault.xml': ONLY_FAULTS,
  'soap/axis-soap12-testcollection_XMLP-1-response.xml': ONLY_FAULTS,
  'soap/axis-soap12_add-test-doc-int_XMLP-19-response.xml': ONLY_FAULTS,
  'soap/cxf-test-soap-12-fault-detail.xml': ONLY_FAULTS,
  'soap/es-ens_presentation_error_99999.xml': ONLY_FAULTS,
  'soap/gus-raw-mtom.txt': /A multipart answer ends within a part/,
  'soap/html-rails-500.html': /:1 cannot be read: The legacy system answered an HTML page/,
  'soap/pear-multiref-forward.xml': MULTI_REFERENCE,
  'soap/savon-another_soap_fault.xml': ONLY_FAULTS,
  'soap/savon-empty_soap_fault.xml': ONLY_FAULTS,
  'soap/savon-multi_ref.xml': MULTI_REFERENCE,
  'soap/savon-no_body.xml': /:1: The SOAP envelope has no Body/,
  'soap/suds-reply-L158.xml': /:3: The SOAP body is empty/,
  'soap/suds-reply-L568.xml': ONLY_FAULTS,
  'soap/xroad-customfault.answer.txt': ONLY_FAULTS,
  'soap/zeep-fault12.xml': ONLY_FAULTS,
  'soap/zeep-multiref-1.xml': MULTI_REFERENCE,
  'xml/cldr-km-rbnf.xml': DOCTYPE,
  'xml/cldr-km-subdivisions.xml': DOCTYPE,
  'xml/feed-http_text_xml_charset_2.xml': /The bytes are not utf-8 text/,
};

/** Its request has items that are a text or elements, which a definition cannot write. */
const NO_EXAMPLE = 'peer/node-soap-samples/multiCall__rpc_stype_request_xsi_attributes/response.xml';

describe.skipIf(samplesFolder === undefined)('every XML sample, which stand beside the project', () => {
  const folder = samplesFolder ?? '';
  const paths = samplesFolder === undefined ? [] : xmlSamples(folder);

  test.each(paths.filter((path) => REFUSED[path] !== undefined))('%s is refused with its reason', async (path) => {
    const error = await draftFromXmlSamples([readXmlSample(folder, path)], { name: 'drafted' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toMatch(REFUSED[path] as RegExp);
    expect(String(error)).toContain(path);
  });

  test.each(paths.filter((path) => REFUSED[path] === undefined))(
    '%s becomes an adapter that answers it',
    async (path) => {
      const sample = readXmlSample(folder, path);
      const draft = await draftFromXmlSamples([sample], { name: 'drafted' });
      expect(compileDraft(draft).operations).toHaveLength(1);
      expect(JSON.parse(JSON.stringify(draft.definition))).toEqual(draft.definition);
      expect(draft.examples).toHaveLength(path === NO_EXAMPLE ? 0 : 1);
      for (const example of draft.examples) {
        expect(await difference(draft, example)).toEqual([]);
        const response = contentOf(readSampleMessage(sample.response, undefined, path).text);
        const { answer } = JSON.parse(String(example.files['case.json']));
        expect(missingFrom(leafTexts(response), answeredTexts(answer.body))).toEqual([]);
        if (sample.request === undefined) continue;
        const request = new TextDecoder().decode(sample.request);
        expect(withoutCredentials(String(example.files['sent.xml']))).toEqual(withoutCredentials(request));
      }
    },
  );
});

/** Runs an example as `spean check` does. */
async function difference({ definition }: Draft, { name, files }: DraftExample): Promise<string[]> {
  const read = (file: string) => Buffer.from(files[file] as string | Uint8Array);
  const example = { ...JSON.parse(read('case.json').toString()), adapter: definition.name, name, read };
  return runExample(example, await openWorkbench(definition));
}

/** Examples have other credentials than the sample; elsewhere they have what it has. */
function withoutCredentials(document: string): unknown {
  const text = document.replace(/(<(\w+:)?\w*(?:Password|pass|sessionid)\w*>)[^<]*/gi, '$1');
  return canonical(contentOf(text));
}
