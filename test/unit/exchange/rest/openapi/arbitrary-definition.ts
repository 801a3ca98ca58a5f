import fc from 'fast-check';
import type {
  AdapterDefinition,
  Endpoint,
  OperationDefinition,
  OutputData,
} from '../../../../../src/model/definition.ts';
import type { Field, FieldData, Fields, RecordField } from '../../../../../src/model/field.ts';

/** Without `$ref`: validators take a member of that name in `properties` for a reference. */
const NAMES = ['id', 'name', 'type', 'since', 'constructor', 'ឈ្មោះ', 'with space', 'a.b', 'a_b', 'items', 'x'];
const PATTERNS = [
  '^[A-Z]{2}[0-9]{6}$',
  '^(KH|TH)-\\d+$',
  '^\\p{Script=Khmer}+$',
  '^[^0-9]{3,}$',
  '^(?=.{4})a*$',
  '^.?x$',
];

const described = fc.record(
  { title: fc.constant('A title'), description: fc.constant('A description.') },
  { requiredKeys: [] },
);

/** Optional, with a default where the type has an easy one, nullable, or none of them. */
const presence = fc.constantFrom({}, { optional: true }, { nullable: true }, { optional: true, nullable: true });

const text = fc.oneof(
  fc.constant({}),
  fc.nat(12).chain((minLength) => fc.nat(9).map((more) => ({ minLength, maxLength: minLength + more }))),
  fc.integer({ min: 1, max: 14 }).map((digits) => ({ digits })),
  fc.constantFrom(...PATTERNS).map((pattern) => ({ pattern })),
  fc.constant({ oneOf: ['one', 'two'] }),
);

const integer = fc.oneof(
  fc.constant({}),
  fc.integer().chain((min) => fc.nat(1000).map((more) => ({ min, max: min + more }))),
  fc.constant({ as: 'string', min: '9007199254740993', max: '90071992547409930' }),
  fc.constant({ as: 'string' }),
);

const decimal = fc.record(
  {
    totalDigits: fc.integer({ min: 3, max: 18 }),
    fractionDigits: fc.integer({ min: 0, max: 2 }),
    min: fc.constantFrom('-5', '0', '2'),
    max: fc.constantFrom('3', '99'),
    as: fc.constantFrom('string', 'number'),
  },
  { requiredKeys: [] },
);

const date = fc.constantFrom({}, { min: '2025-01-01' }, { max: '1999-12-31' });
const dateTime = fc.constantFrom(
  {},
  { format: 'dd/MM/yyyy HH:mm:ss' },
  { format: 'yyyyMMddHHmmssSSS', zone: '+07:00' },
  { zone: 'Asia/Phnom_Penh' },
  { zone: '+07:00' },
  { zone: 'UTC' },
);
const code = fc.constantFrom(
  { table: { A: 'active', D: 'dissolved' } },
  { table: { 1: 'x', 2: 'x' }, unknown: 'other' },
);
const binary = fc.record({ maxBytes: fc.nat(9) }, { requiredKeys: [] });

const leafData = fc.oneof(
  text.map((rest) => ({ type: 'text', ...rest })),
  integer.map((rest) => ({ type: 'integer', ...rest })),
  decimal.map((rest) => ({ type: 'decimal', ...rest })),
  fc.constantFrom({ type: 'boolean' }, { type: 'boolean', default: true }),
  date.map((rest) => ({ type: 'date', ...rest })),
  fc.constantFrom({ type: 'time' }, { type: 'time', format: 'HHmm' }, { type: 'time', format: 'HH:mm:ss.SSS' }),
  dateTime.map((rest) => ({ type: 'dateTime', ...rest })),
  code.map((rest) => ({ type: 'code', ...rest })),
  binary.map((rest) => ({ type: 'binary', ...rest })),
);
/** Any one field with a value of its own. */
export const arbitraryLeaf: fc.Arbitrary<Field> = fc
  .tuple(described, presence, leafData)
  .map(([words, present, data]) => ({ at: 'A', ...words, ...present, ...data }) as FieldData as Field);
const leaf = arbitraryLeaf;
const constant = fc.constant({ type: 'constant', value: 'v1' } as FieldData as Field);

function fieldsOf(field: fc.Arbitrary<Field>, minLength = 0): fc.Arbitrary<Fields> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), field), { selector: ([name]) => name, minLength, maxLength: 4 })
    .map((entries) => Object.fromEntries(entries));
}

const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    constant,
    fc
      .tuple(presence, fieldsOf(tie('field')))
      .map(([present, fields]) => ({ type: 'record', fields, ...present }) as FieldData as Field),
    fc
      .tuple(
        presence,
        tie('field'),
        fc.constantFrom({}, { minItems: 2 }, { maxItems: 0 }, { minItems: 1, maxItems: 3 }),
      )
      .map(([present, items, size]) => ({ type: 'list', at: 'L', items, ...size, ...present }) as FieldData as Field),
    fc.tuple(presence, fieldsOf(tie('field')), fieldsOf(tie('field'))).map(([present, one, other]) => {
      const cases = { 'a person': { record: record(one) }, ក្រុមហ៊ុន: { record: record(other) } };
      return { type: 'choice', discriminator: 'kind', cases, ...present } as FieldData as Field;
    }),
  ),
}));

function record(fields: Fields): RecordField {
  return { type: 'record', fields };
}

const output: fc.Arbitrary<OutputData> = fc.oneof(
  field,
  fieldsOf(field).map((fields) => ({ type: 'row', fields }) as const),
  fieldsOf(field).map((fields) => ({ type: 'rows', name: 'payments', fields, maxItems: 5 }) as const),
);

const queryField = fc.oneof(
  leaf,
  leaf.map((items) => ({ type: 'list', at: 'L', items: { ...items, nullable: undefined } }) as unknown as Field),
);

function operation(number: number): fc.Arbitrary<OperationDefinition> {
  const method = fc.constantFrom('get', 'post', 'put', 'patch', 'delete');
  const pathField = leaf.map((data) => ({ ...data, optional: undefined, nullable: undefined }) as unknown as Field);
  return fc.tuple(method, pathField, output).chain(([verb, key, answer]) => {
    const others = fieldsOf(verb === 'get' || verb === 'delete' ? queryField : field);
    return others.map(
      (input) =>
        ({
          method: verb,
          path: `/things${number}/{key}`,
          summary: 'Something',
          call: { operation: 'Do' },
          input: { key, ...input },
          output: answer,
          problems: [{ fault: 'None', status: 404, title: 'No such thing' }],
        }) as OperationDefinition,
    );
  });
}

const endpoint = fc.constantFrom<Endpoint>(
  { format: 'soap', endpoint: { from: 'variable', name: 'URL' }, namespace: 'urn:x' },
  { format: 'csv', endpoint: { from: 'variable', name: 'URL' }, badRows: 'setAside' },
);

/** Definitions with every type of field, in every nesting, as the language allows them. */
export const arbitraryDefinition: fc.Arbitrary<AdapterDefinition> = fc
  .tuple(operation(1), operation(2), endpoint, fc.constantFrom('off', 'header', 'body', 'negotiate', undefined))
  .map(([one, two, legacy, envelope]) => ({
    name: 'registry',
    title: 'Registry',
    legacy: { main: legacy },
    operations: { first: one, 'second-one': two },
    ...(envelope !== undefined && { envelope }),
  }));

/** Any one field. */
export const arbitraryField: fc.Arbitrary<Field> = field;
