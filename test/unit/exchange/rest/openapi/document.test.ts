import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessRegistry } from '../../../../../adapters/business-registry/adapter.ts';
import { taxPayments } from '../../../../../adapters/tax-payments/adapter.ts';
import { printClient } from '../../../../../src/cli/types/print-client.ts';
import { openApiDocument } from '../../../../../src/exchange/rest/openapi/document.ts';
import type { AdapterDefinition, OutputData } from '../../../../../src/model/definition.ts';
import type { Fields } from '../../../../../src/model/field.ts';
import { exchangeHeaders, testApp } from '../../../../support/test-app.ts';
import { arbitraryDefinition } from './arbitrary-definition.ts';
import { importIntoSecurityServer } from './security-server-import.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of arbitrary depth, looked into by path
type Document = any;

const SERVER_URL = 'https://adapter.example.gov.kh/registry';

/** The document as a consumer gets it: through JSON. */
function documentOf(adapter: AdapterDefinition): Document {
  return JSON.parse(JSON.stringify(openApiDocument(adapter, { serverUrl: SERVER_URL })));
}

const validator = new Validator();
const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true, validateSchema: false }));

async function validate(document: Document): Promise<void> {
  const schema = await validator.validate(structuredClone(document));
  expect(schema).toEqual({ valid: true });
  await SwaggerParser.validate(structuredClone(document));
}

/** Every example beside its schema, of parameters, bodies and responses. */
function* examplesIn(node: Document): Generator<{ schema: Document; value: Document }> {
  if (typeof node !== 'object' || node === null) return;
  if ('schema' in node && 'example' in node) yield { schema: node.schema, value: node.example };
  if ('schema' in node && 'examples' in node) {
    for (const { value } of Object.values<Document>(node.examples)) yield { schema: node.schema, value };
  }
  for (const child of Object.values(node)) yield* examplesIn(child);
}

/** Checks examples by Ajv, which knows `nullable` as OpenAPI means it. Gives how many there were. */
function checkExamples(document: Document): number {
  let count = 0;
  for (const { schema, value } of examplesIn({ paths: document.paths, responses: document.components.responses })) {
    const valid = ajv.validate({ ...schema, components: document.components }, value);
    expect({ value, errors: valid ? [] : ajv.errors }).toEqual({ value, errors: [] });
    count += 1;
  }
  return count;
}

function adapterOf(input: Fields, output: Fields, more: Partial<AdapterDefinition> = {}): AdapterDefinition {
  const operation = {
    method: 'post',
    path: '/things/{key}',
    summary: 'Make a thing',
    call: { operation: 'Make' },
    input: { key: { type: 'text', at: 'Key' }, ...input },
    output: { type: 'record', fields: output },
  } as const;
  return {
    name: 'registry',
    title: 'Registry',
    legacy: { main: { format: 'soap', endpoint: { from: 'variable', name: 'URL' }, namespace: 'urn:x' } },
    operations: { makeThing: operation },
    ...more,
  };
}

describe.each([businessRegistry, taxPayments])('the document of $name', (adapter) => {
  const document = documentOf(adapter);

  it('is valid by two validators', () => validate(document));

  it('imports into a security server without a warning', () => {
    const { serviceUrl, endpoints } = importIntoSecurityServer(JSON.stringify(document));
    expect(serviceUrl).toBe(SERVER_URL);
    expect(endpoints).toContain('GET /.well-known/jwks.json');
    expect(endpoints).toContain('GET /openapi.json');
    for (const { method, path } of Object.values(adapter.operations)) {
      expect(endpoints).toContain(`${method.toUpperCase()} ${path.replace(/\{[^/]*\}/g, '*')}`);
    }
  });

  it('has examples that its own schemas take, a whole one for every request body and answer', () => {
    expect(checkExamples(document)).toBeGreaterThan(10);
    for (const [name, { method, path, status = 200 }] of Object.entries(adapter.operations)) {
      const operation = document.paths[path][method];
      expect(operation.operationId).toBe(name);
      expect(operation.responses[status].content['application/json'].example).toBeDefined();
      if (method === 'post') expect(operation.requestBody.content['application/json'].example).toBeDefined();
    }
  });

  it('is the same text each time', () => {
    expect(JSON.stringify(documentOf(adapter))).toBe(JSON.stringify(document));
  });
});

describe('openApiDocument()', () => {
  it('is valid by both validators, importable and true to its examples for any definition', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(arbitraryDefinition, async (adapter) => {
        const document = documentOf(adapter);
        await validate(document);
        importIntoSecurityServer(JSON.stringify(document));
        checkExamples(document);
      }),
      { numRuns: 25 },
    ),
  );

  it.each<[string, OutputData]>([
    ['record', { type: 'record', at: 'R', optional: true, fields: {} }],
    [
      'choice',
      {
        type: 'choice',
        discriminator: 'kind',
        optional: true,
        cases: { a: { record: { type: 'record', at: 'A', fields: {} } } },
      },
    ],
    ['list', { type: 'list', at: 'L', optional: true, items: { type: 'text', at: '.' } }],
  ])('takes null for a whole answer that may be absent: a %s', async (_, output) => {
    const adapter = adapterOf({}, {});
    const { makeThing } = adapter.operations;
    const absent = { ...adapter, operations: { makeThing: { ...makeThing, output } } } as AdapterDefinition;
    const { app } = await testApp({
      adapters: [absent],
      environment: { URL: 'http://legacy.test' },
      legacy: () =>
        new Response(
          '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><MakeResponse xmlns="urn:x"/></s:Body></s:Envelope>',
          { headers: { 'content-type': 'text/xml' } },
        ),
    });
    const response = await app.request('/registry/things/1', { method: 'POST', headers: exchangeHeaders() });
    const answer = await response.json();
    expect(answer).toBeNull();
    const document = documentOf(absent);
    const { schema } = document.paths['/things/{key}'].post.responses[200].content['application/json'];
    expect(ajv.validate({ ...schema, components: document.components }, answer)).toBe(true);
    expect(printClient(absent)).toContain('| null;\n');
  });

  it('tells path, query and body apart', () => {
    const document = documentOf(taxPayments);
    const { parameters, requestBody } = document.paths['/taxpayers/{tin}/payments'].get;
    const found = parameters.filter((parameter: Document) => parameter.name !== undefined);
    expect(found.map((p: Document) => `${p.in} ${p.name} ${p.required ?? false}`)).toEqual([
      'path tin true',
      'query year true',
      'query from false',
      'query to false',
    ]);
    expect(requestBody).toBeUndefined();
    const body = document.paths['/taxpayers/{tin}/payments'].post.requestBody;
    expect(body.required).toBe(true);
    expect(Object.keys(body.content['application/json'].schema.properties)).toEqual(['paidOn', 'amountRiel', 'note']);
    expect(body.content['application/json'].schema.additionalProperties).toBe(false);
  });

  it('asks for X-Road-Client and never for headers that OpenAPI ignores as parameters', () => {
    const { parameters } = documentOf(businessRegistry).components;
    expect(parameters.XRoadClient).toMatchObject({ name: 'X-Road-Client', in: 'header', required: true });
    const names = Object.values<Document>(parameters).map(({ name }) => name.toLowerCase());
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(accept|content-type|authorization)$/)]));
    expect(names).toContain('x-evidence-nonce');
    const userId = new RegExp(parameters.XRoadUserId.schema.pattern);
    const taken = ['', 'sok dara', 'a-b.c%2C~'].every((text) => userId.test(text));
    expect([taken, userId.test('Sok, Dara'), userId.test('សុខ')]).toEqual([true, false, false]);
  });

  it('offers in each envelope mode exactly the media types and headers of the mode', () => {
    const offered = (envelope: NonNullable<AdapterDefinition['envelope']>, problem?: 'WriteProblem403') => {
      const document = documentOf(adapterOf({}, {}, { envelope }));
      const answer = document.paths['/things/{key}'].post.responses['200'];
      const { content, headers = {} } = problem === undefined ? answer : document.components.responses[problem];
      return [Object.keys(content), Object.keys(headers)];
    };
    const bodies = ['application/jose+json', 'application/jose', 'application/xroad-evidence+jwt'];
    const headers = ['X-Evidence-JWS', 'Repr-Digest'];
    expect(offered('off')).toEqual([['application/json'], []]);
    expect(offered('header')).toEqual([['application/json'], headers]);
    expect(offered('body')).toEqual([bodies, []]);
    expect(offered('negotiate')).toEqual([['application/json', ...bodies], headers]);
    expect(offered('off', 'WriteProblem403')).toEqual([['application/problem+json'], []]);
    expect(offered('body', 'WriteProblem403')).toEqual([['application/problem+json', ...bodies], headers]);
  });

  it('names the codes of every problem by status, declared ones with their title', () => {
    const document = documentOf(businessRegistry);
    const { responses } = document.paths['/companies/{registrationNumber}'].get;
    const statuses = ['200', '400', '403', '404', '406', '412', '414', '429', '500', '502', '503', '504'];
    expect(Object.keys(responses)).toEqual(statuses);
    expect(responses['404'].description).toBe('No such company (`legacy-fault`)');
    const problems = document.components.responses;
    expect(problems.ReadProblem504.content['application/problem+json'].schema.allOf[1].properties.code.enum).toEqual([
      'legacy-timeout',
    ]);
    expect(Object.keys(document.paths['/companies/{registrationNumber}/filings'].post.responses)).toEqual(
      expect.arrayContaining(['201', '413', '415']),
    );
  });

  it('demands a list in the query only where it may not be empty: it is empty by being left out', () => {
    const list = (more: object) => ({ type: 'list', at: '?t', items: { type: 'text', at: '.' }, ...more });
    const input = {
      any: list({}),
      some: list({ minItems: 1 }),
      maybe: list({ minItems: 1, optional: true }),
    } as Fields;
    const { operations, ...adapter } = adapterOf({}, {});
    const get = { ...operations.makeThing, method: 'get', path: '/things', input } as (typeof operations)[string];
    const { parameters } = documentOf({ ...adapter, operations: { get } }).paths['/things'].get;
    const demanded = parameters.filter((parameter: Document) => parameter.in === 'query' && parameter.required);
    expect(demanded.map(({ name }: Document) => name)).toEqual(['some']);
  });

  it('names for each operation the codes that it can end in, whatever the operations beside it can', () => {
    const post = {
      method: 'post',
      summary: 's',
      call: { operation: 'Make' },
      input: {},
      output: { type: 'record', fields: {} },
    } as const;
    const document = documentOf({
      ...adapterOf({}, {}),
      operations: {
        keyed: { ...post, path: '/keyed', idempotencyKey: 'Idempotency-Key' },
        signed: { ...post, path: '/signed', signedRequest: 'required' },
        plain: { ...post, path: '/plain' },
      },
    });
    const codes = (path: string, status: string): string[] | undefined => {
      const response = document.paths[path].post.responses[status];
      const found = response?.$ref ? document.components.responses[response.$ref.split('/').at(-1)] : response;
      return found?.content['application/problem+json'].schema.allOf[1].properties.code.enum;
    };
    const bad = ['client-missing', 'header-malformed', 'input-invalid', 'body-malformed'];
    const down = ['legacy-busy', 'legacy-unavailable', 'legacy-closed', 'signer-failed'];
    expect(codes('/plain', '400')).toEqual(bad);
    expect(codes('/plain', '409')).toBeUndefined();
    expect(codes('/plain', '503')).toEqual(down);
    expect(codes('/keyed', '400')).toEqual([...bad, 'idempotency-key-missing']);
    expect(codes('/keyed', '409')).toEqual(['idempotency-key-reused', 'request-running', 'outcome-unknown']);
    expect(codes('/keyed', '503')).toEqual([...down, 'adapter-failed']);
    expect(codes('/signed', '400')).toEqual([...bad, 'request-signature-invalid', 'request-unsigned']);
    expect(codes('/signed', '409')).toEqual(['request-replayed']);
    expect(codes('/signed', '503')).toEqual([...down, 'adapter-failed']);
  });

  it('counts rows set aside in the answer only where the endpoint sets them aside', () => {
    const rows = { type: 'rows', name: 'items', fields: {} } as const;
    const [name, list] = [
      'list',
      { method: 'get', path: '/x', summary: 's', call: { get: 'x' }, input: {}, output: rows },
    ] as const;
    const csv = { format: 'csv', endpoint: { from: 'variable', name: 'URL' } } as const;
    const schema = (badRows?: 'refuse' | 'setAside') => {
      const legacy = { main: { ...csv, ...(badRows !== undefined && { badRows }) } };
      const document = documentOf({ name: 'n', title: 't', legacy, operations: { [name]: list } });
      return document.paths['/x'].get.responses['200'].content['application/json'].schema;
    };
    expect(schema().required).toEqual(['items']);
    expect(schema('refuse').properties.setAside).toBeUndefined();
    expect(schema('setAside')).toMatchObject({
      required: ['items', 'setAside'],
      properties: { setAside: { type: 'integer' } },
    });
  });

  it('changes only the operation that changed', () => {
    const fields = { a: { type: 'text', at: 'A' } } as const;
    const before = documentOf(businessRegistry);
    const { getCompany, ...others } = businessRegistry.operations;
    const after = documentOf({
      ...businessRegistry,
      operations: { getCompany: { ...getCompany, output: { type: 'record', fields } }, ...others },
    });
    delete before.paths['/companies/{registrationNumber}'];
    delete after.paths['/companies/{registrationNumber}'];
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });
});
