import { describe, expect, it } from 'vitest';
import { defineAdapter, operation, record, text, variable, xml } from '../../src/adapter.ts';
import { decodeStatement } from '../support/decode-statement.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const answerBytes = 200;
const adapterWith = (envelope: 'off' | 'header' | 'negotiate') =>
  defineAdapter({
    name: 'texts',
    title: 'Texts',
    envelope,
    limits: { answerBytes },
    legacy: xml({ endpoint: variable('TAX_OFFICE_URL') }),
    operations: {
      read: operation({ get: '/', summary: 'Read', call: { get: 'text' }, output: record({ text: text('Text') }) }),
    },
  });

async function ask(envelope: 'off' | 'header' | 'negotiate', length: number, accept = 'application/json') {
  const { app } = await testApp({
    adapters: [adapterWith(envelope)],
    legacy: () =>
      new Response(`<A><Text>${'ក'.repeat(length)}</Text></A>`, { headers: { 'content-type': 'text/xml' } }),
  });
  return app.request('http://spean.test/texts/', { headers: exchangeHeaders({ accept }) });
}

describe('limits.answerBytes', () => {
  it.each(['off', 'header'] as const)('bounds the bytes of a body: envelope %s', async (envelope) => {
    const overhead = '{"text":""}'.length;
    const fits = await ask(envelope, (answerBytes - overhead) / 3);
    expect([fits.status, (await fits.arrayBuffer()).byteLength]).toEqual([200, answerBytes]);
    const refused = await ask(envelope, (answerBytes - overhead) / 3 + 1);
    expect(refused.status).toBe(502);
    expect(await refused.json()).toMatchObject({ code: 'answer-too-large', owner: 'legacy' });
  });

  it('bounds a body with its envelope', async () => {
    const refused = await ask('negotiate', 1, 'application/jose');
    expect(refused.status).toBe(502);
  });

  it('signs the problem as any other', async () => {
    expect(decodeStatement(await ask('header', 100))).toMatchObject({ res: { status: 502 } });
  });
});
