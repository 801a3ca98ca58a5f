import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  type AdapterDefinition,
  csv,
  date,
  decimal,
  defineAdapter,
  list,
  operation,
  record,
  row,
  secret,
  soap,
  text,
  usernameToken,
  variable,
  xml,
} from '../../../../src/adapter.ts';
import { madeUpExamples } from '../../../../src/cli/draft/made-up/made-up-examples.ts';
import { samplesFolder } from '../../../support/samples.ts';
import { draftFile } from './wsdl/draft-file.ts';
import { sampleWsdls } from './wsdl/draft-table.ts';

async function filesOf(adapter: AdapterDefinition): Promise<Record<string, string>> {
  const examples = await madeUpExamples(adapter);
  return Object.fromEntries(
    examples.flatMap(({ name, files }) =>
      Object.entries(files).map(([file, content]) => [`${name}/${file}`, Buffer.from(content).toString()]),
    ),
  );
}

const output = record('Person', {
  id: text('@id', { digits: 4 }),
  born: date('Born', { format: 'dd/MM/yyyy' }),
  incomes: list('Income', { amount: decimal('.', { decimalSeparator: ',', fractionDigits: 2 }) }),
});

describe('madeUpExamples()', () => {
  it('makes up a reply that the adapter reads as the types say', async () => {
    const files = await filesOf(
      defineAdapter({
        name: 'people',
        title: 'People',
        legacy: soap({ endpoint: variable('URL'), namespace: 'urn:people' }),
        operations: {
          getPerson: operation({
            get: '/people/{id}',
            summary: 'One person',
            call: 'GetPerson',
            input: { id: text('Id', { digits: 4 }), on: date('On') },
            output,
          }),
        },
      }),
    );
    expect(Object.keys(files)).toEqual([
      'made-up-get-person/case.json',
      'made-up-get-person/reply.xml',
      'made-up-get-person/sent.xml',
    ]);
    expect(files['made-up-get-person/reply.xml']).toContain('<Person id="1234"><Born>31/03/2024</Born>');
    expect(JSON.parse(files['made-up-get-person/case.json'] ?? '')).toMatchObject({
      request: { method: 'GET', path: '/people/1234?on=2024-03-31' },
      answer: { status: 200, body: { id: '1234', born: '2024-03-31' } },
    });
  });

  it('leaves the request out where it differs each time', async () => {
    const files = await filesOf(
      defineAdapter({
        name: 'people',
        title: 'People',
        legacy: soap({
          endpoint: variable('URL'),
          namespace: 'urn:people',
          auth: usernameToken(variable('USER'), secret('PASSWORD')),
        }),
        operations: { all: operation({ get: '/all', summary: 'All', call: 'All', output }) },
      }),
    );
    expect(Object.keys(files)).toEqual(['made-up-all/case.json', 'made-up-all/reply.xml']);
  });

  it('makes none of an answer whose root, rows or values nobody declared', async () => {
    const files = await filesOf(
      defineAdapter({
        name: 'people',
        title: 'People',
        legacy: { documents: xml({ endpoint: variable('URL') }), rows: csv({ endpoint: variable('URL') }) },
        operations: {
          rootless: operation({ get: '/a', summary: 'A', via: 'documents', call: { get: 'a' }, output }),
          one: operation({ get: '/b', summary: 'B', via: 'rows', call: { get: 'b' }, output: row({ id: text('ID') }) }),
          hard: operation({
            get: '/c',
            summary: 'C',
            via: 'documents',
            call: { get: 'c', answers: 'C' },
            output: record({ id: text('Id', { pattern: '^(?=.*x)(?!x).{3}\\p{L}$' }) }),
          }),
        },
      }),
    );
    expect(files).toEqual({});
  });

  test.skipIf(samplesFolder === undefined)(
    'makes one of every operation of the sample WSDLs, which stand beside the project: all drafts read what they write',
    { timeout: 30_000 },
    async () => {
      const folder = samplesFolder ?? '';
      const without: string[] = [];
      let made = 0;
      for (const path of sampleWsdls(folder)) {
        const draft = await draftFile(join(folder, path)).catch(() => undefined);
        if (draft === undefined) continue;
        const names = (await madeUpExamples(draft.definition)).length;
        made += names;
        if (names < Object.keys(draft.definition.operations).length) without.push(path);
      }
      expect(without).toEqual([]);
      expect(made).toBeGreaterThan(150);
    },
  );
});
