import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../../../../src/cli/shell.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft, draftFile } from './draft-file.ts';
import { sampleWsdls } from './draft-table.ts';

const NODE_SOAP = 'peer/node-soap-samples';
const A_SCHEMA = /found the root element schema/;

/** The files that no adapter can be made of, and the words that tell why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'bad/wsdl-xroad/invalid-servicecode-colon.wsdl': /:77: operation name "xroadGetRandom:aa"/,
  [`${NODE_SOAP}/Dummy__should_use_defined_xml_key_in_first_level_for_rpc/soap.wsdl`]:
    /:20 .*prefix soap12 is not declared/,
  [`${NODE_SOAP}/Dummy__should_work_with_imported_schemas_that_have_aliases/soap.wsdl`]:
    /name\.xsd:4: type .*requestType/,
  [`${NODE_SOAP}/getAvailability__should_not_fail_without_children/imported.wsdl`]: /:19: binding/,
  'wsdl/ms-ews/services.wsdl': /messages\.xsd, imported at \S+services\.wsdl:5, could not be loaded/,
  'wsdl/nodesoap/builtin_types.wsdl': /:126: document style with 44 body parts/,
  'wsdl/nodesoap/marketo.wsdl': /:26: type .*SuccessGetLeadChanges/,
  'wsdl/nodesoap/missing_message_definition.wsdl': /:35: message .*GetWeatherResponse/,
};

function refusalOf(path: string): RegExp | undefined {
  return path.includes('/childs/childxs') ? A_SCHEMA : REFUSED[path];
}

describe.skipIf(samplesFolder === undefined)('every WSDL of the samples, which stand beside the project', () => {
  const folder = samplesFolder ?? '';

  test.each(samplesFolder === undefined ? [] : sampleWsdls(folder))(
    '%s becomes an adapter, or a reason',
    async (path) => {
      const refusal = refusalOf(path);
      if (refusal !== undefined) {
        const error = await draftFile(join(folder, path)).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(CommandError);
        expect(String(error)).toMatch(refusal);
        return;
      }
      const draft = await draftFile(join(folder, path));
      expect(compileDraft(draft).operations.length).toBeGreaterThan(0);
      expect(JSON.parse(JSON.stringify(draft.definition))).toEqual(draft.definition);
      for (const { place } of draft.unsupported) expect(place).toMatch(/:\d+$/);
    },
  );

  test('no operation is left out without being told', async () => {
    for (const path of sampleWsdls(folder).filter((candidate) => refusalOf(candidate) === undefined)) {
      const draft = await draftFile(join(folder, path));
      const told = draft.unsupported.map(({ consequence }) => consequence).join('\n');
      const drafted = Object.values(draft.definition.operations).map(({ call }) =>
        'operation' in call ? call.operation : '',
      );
      for (const name of declaredOperations(join(folder, path))) {
        expect(drafted.includes(name) || told.includes(name) ? name : `${name} of ${path} is lost`).toBe(name);
      }
    }
  });
});

/** Names of the operations of a file with one binding, by their markup alone; none for files with several. */
function declaredOperations(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  const bindings = text.split(/<(?:\w+:)?binding\s+name=/).slice(1);
  const portType = /<(?:\w+:)?portType\b[\s\S]*?<\/(?:\w+:)?portType>/.exec(text)?.[0] ?? '';
  if (bindings.length !== 1) return [];
  return [...portType.matchAll(/<(?:\w+:)?operation\s+name="([^"]+)"/g)].map(([, name]) => name ?? '');
}
