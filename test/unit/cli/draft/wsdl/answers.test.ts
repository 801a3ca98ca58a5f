import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CompiledOperation } from '../../../../../src/catalogue/compile.ts';
import type { JsonValue } from '../../../../../src/model/json.ts';
import { readJson } from '../../../../support/json-bytes.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft, draftFile } from './draft-file.ts';

const REQUIRED = /Expected a value, found none/;
const NIL = /found nil: declare the field nullable/;
const TEXT_BEFORE_ROOT = /Text stands outside the root element/;
const NAMED_AS_THE_REQUEST = /expected MessageResponse/;

/** Answers that break their own WSDL, or XML itself, and what is said of them. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  Dummy__ref_element_should_have_correct_namespace: TEXT_BEFORE_ROOT,
  Dummy__ref_element_should_have_correct_namespace_with_overrideElementKey: TEXT_BEFORE_ROOT,
  Dummy__should_extract_envelope_from_response: TEXT_BEFORE_ROOT,
  Dummy__should_deserialize_basic_types: REQUIRED,
  Dummy__should_escape_xml: NIL,
  Dummy__should_handle_nil: NIL,
  Dummy__should_handle_nil_as_null: NIL,
  Dummy__should_parse_nil: NIL,
  Message__Messages_suffixed_with_In_Out: NAMED_AS_THE_REQUEST,
  Message__Messages_suffixed_with_Input_Output: NAMED_AS_THE_REQUEST,
  Message__Messages_suffixed_with_Request_Response: NAMED_AS_THE_REQUEST,
  Message__overriding_namespace_prefix: NAMED_AS_THE_REQUEST,
  addPrefix__should_add_namespace_on_output_message: REQUIRED,
  createData__should_generate_complex_type_request: REQUIRED,
};

/** Values that node-soap has of its own reading: what it makes of dates, times, embedded XML and what no schema declares. */
const READ_OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  Dummy__should_handle_cdata_xml_in_response: ['1234', 'Dummy Form', 'Dumpty', 'Humpty'],
  Dummy__should_handle_datetime_transformation: ['2026-03-15T09:00:00.000Z'],
  Dummy__should_handle_inline_types: ['150', '240', '2018-07-21T00:00:00.000Z'],
  Dummy__should_handle_nil_false: ['false'],
  GetSubscription__should_handle_ref_minOccurs_and_maxOccurs: ['OK'],
  get__complex_extension_with_explicit_namespace: ['listRel:Contact'],
  get__complex_extension_without_explicit_namespace: ['listRel:Contact'],
};

/** Parts that the draft tells as unsupported: xsd:any, xsd:anyType, types that no document defines. */
const TOLD = [
  'Dummy__should_preserve_leading_and_trailing_whitespace_when_preserveWhitespace_is_true',
  'Dummy__should_remove_leading_and_trailing_whitespace_by_default',
  'GetAccountXml__non_xmlns_attributes_should_be_returned',
  'RetrieveFareQuoteDateRange__should_handle_child_namespaces',
  'multiCall__rpc_stype_request_xsi_attributes',
];

async function answer(operation: CompiledOperation, bytes: Uint8Array<ArrayBuffer>): Promise<JsonValue> {
  const body = {
    bytes: async () => bytes,
    async *chunks() {
      yield bytes;
    },
  };
  const document = await operation.call.decode({ status: 200, contentType: 'text/xml', body }, []);
  return readJson((await operation.mapping.mapOut(document)).body);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsOf);
  return value === null || value === '' ? [] : [String(value).trim()];
}

describe.skipIf(samplesFolder === undefined)('sample exchanges of WSDLs, which stand beside the project', () => {
  const root = join(samplesFolder ?? '', 'peer/node-soap-samples');
  const names = samplesFolder === undefined ? [] : readdirSync(root);
  const withAnswer = names.filter(
    (name) => existsSync(join(root, name, 'response.xml')) && !name.includes('first_level_for_rpc'),
  );

  test.each(withAnswer)('%s answers what its system answered, or says what is wrong', async (name) => {
    const draft = await draftFile(join(root, name, 'soap.wsdl'));
    const [operation, ...others] = compileDraft(draft).operations;
    const bytes = new Uint8Array(readFileSync(join(root, name, 'response.xml')));
    expect(others).toHaveLength(0);
    const answered = answer(operation as CompiledOperation, bytes);
    const refused = REFUSED[name];
    if (refused !== undefined) {
      const error = await answered.catch((thrown: unknown) => thrown);
      expect(JSON.stringify(error)).toMatch(refused);
      return;
    }
    const told = textsOf(await answered);
    const expected = textsOf(JSON.parse(readFileSync(join(root, name, 'response.json'), 'utf8')));
    const lost = expected.filter((text) => !told.includes(text) && !READ_OTHERWISE[name]?.includes(text));
    if (TOLD.includes(name)) expect(draft.unsupported).not.toEqual([]);
    else expect(lost).toEqual([]);
  });
});
