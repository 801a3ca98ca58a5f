/** Inputs that are parts of the X-Road exchange, through the whole app. */
import { describe, expect, it } from 'vitest';
import { csv, defineAdapter, operation, optional, record, rows, soap, text, variable } from '../../src/adapter.ts';
import { openApiDocument } from '../../src/exchange/rest/openapi/document.ts';
import { decodeStatement } from '../support/decode-statement.ts';
import { CLIENT, exchangeHeaders, testApp } from '../support/test-app.ts';

const registry = defineAdapter({
  name: 'registry',
  title: 'Registry',
  legacy: {
    service: soap({ endpoint: variable('BUSINESS_REGISTRY_URL'), namespace: 'urn:r' }),
    exports: csv({ endpoint: variable('TAX_OFFICE_URL') }),
  },
  operations: {
    note: operation({
      post: '/notes',
      via: 'service',
      summary: 'Note',
      call: 'Note',
      input: {
        text: text('Text'),
        operator: text('Operator', { exchange: 'userId', maxLength: 20 }),
        onBehalf: optional(text('OnBehalf', { exchange: 'representedParty' })),
        caller: text('Caller', { exchange: 'client' }),
      },
      output: record({ number: text('No') }),
    }),
    own: operation({
      get: '/own',
      via: 'exports',
      summary: 'Rows of the represented party',
      call: { get: 'own.csv' },
      input: { party: text('OWNER', { exchange: 'representedParty' }) },
      output: rows('items', { name: text('NAME') }),
    }),
  },
});

async function open(environment: Record<string, string> = {}) {
  const sent: string[] = [];
  const { app, log } = await testApp({
    adapters: [registry],
    environment,
    legacy: async (request) => {
      sent.push(await request.text());
      return request.url.endsWith('own.csv')
        ? new Response('OWNER,NAME\nCOM/1,a\nCOM/2,b\nCOM/1,c\n', { headers: { 'content-type': 'text/csv' } })
        : new Response(
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><NoteResponse xmlns="urn:r"><No>1</No></NoteResponse></s:Body></s:Envelope>',
            { headers: { 'content-type': 'text/xml' } },
          );
    },
  });
  const post = (body: object, headers: Record<string, string>) =>
    app.request('http://spean.test/registry/notes', {
      method: 'POST',
      headers: exchangeHeaders({ 'content-type': 'application/json', ...headers }),
      body: JSON.stringify(body),
    });
  return { app, log, sent, post };
}

const USER = { 'X-Road-UserId': 'KH1234567890' };

describe('an input that is a part of the exchange', () => {
  it('goes to the legacy system, and is none that the consumer could give', async () => {
    const { sent, post } = await open();
    expect((await post({ text: 'hi' }, { ...USER, 'X-Road-Represented-Party': 'COM/0042' })).status).toBe(200);
    expect(sent[0]).toContain(
      `<Operator>KH1234567890</Operator><OnBehalf>COM/0042</OnBehalf><Caller>${CLIENT}</Caller>`,
    );
    const { issues } = await (await post({ text: 'hi', operator: 'another' }, USER)).json();
    expect(issues).toEqual([{ field: 'operator', message: 'Expected no member of this name' }]);
  });

  it('is demanded and checked as any input', async () => {
    const { sent, post } = await open();
    const missing = await (await post({ text: 'hi' }, {})).json();
    expect(missing.issues).toEqual([
      { field: 'operator', message: 'Expected the header X-Road-UserId, which this operation needs' },
    ]);
    const long = await (await post({ text: 'hi' }, { 'X-Road-UserId': 'x'.repeat(21) })).json();
    expect(long.issues).toEqual([{ field: 'operator', message: expect.stringContaining('at most 20') }]);
    expect(sent).toEqual([]);
  });

  it('selects rows', async () => {
    const { app } = await open();
    const headers = exchangeHeaders({ 'X-Road-Represented-Party': 'COM/1' });
    const answer = await (await app.request('http://spean.test/registry/own', { headers })).json();
    expect(answer).toEqual({ items: [{ name: 'a' }, { name: 'c' }] });
  });

  it('shows in the description as a header that the operation needs', () => {
    const { paths } = openApiDocument(registry, { serverUrl: 'https://x.test/registry' }) as unknown as {
      paths: Record<string, { post: { parameters: object[]; requestBody: object } }>;
    };
    const { parameters, requestBody } = paths['/notes']?.post ?? { parameters: [], requestBody: {} };
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'X-Road-UserId', required: true }));
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/XRoadRepresentedParty' });
    expect(JSON.stringify(requestBody)).not.toContain('operator');
  });
});

describe('the user of X-Road-UserId', () => {
  it.each([
    ['is not in the statement', {}, undefined],
    ['is in the statement where the settings say so', { SPEAN_STATE_USER_ID: 'yes' }, 'KH1234567890'],
  ])('%s, and never in the log', async (_, environment, expected) => {
    const { post, log } = await open(environment);
    const response = await post({ text: 'hi' }, { ...USER, 'X-Road-Represented-Party': 'COM/0042' });
    expect(decodeStatement(response).uid).toBe(expected);
    expect(decodeStatement(response).rp).toBe('COM/0042');
    expect(log[0]).toMatchObject({ representedPartyClass: 'COM', representedPartyCode: '0042' });
    expect(JSON.stringify(log)).not.toContain('KH1234567890');
  });
});
