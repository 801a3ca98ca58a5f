import { describe, expect, it } from 'vitest';
import { defineAdapter, operation, record, text, variable, xml } from '../../src/adapter.ts';
import { readTraceContext, TRACE_STATE_CHARACTERS } from '../../src/model/trace.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${PARENT}-01`;

function adapterWith(traceContext?: true) {
  return defineAdapter({
    name: 'people',
    title: 'People',
    legacy: xml({ endpoint: variable('TAX_OFFICE_URL'), ...(traceContext && { traceContext }) }),
    operations: {
      first: operation({
        get: '/first',
        summary: 'First',
        call: { get: 'first' },
        output: record({ name: text('Name') }),
      }),
    },
  });
}

async function call(headers: Record<string, string>, traceContext?: true) {
  const sent: Headers[] = [];
  const { app, log } = await testApp({
    adapters: [adapterWith(traceContext)],
    legacy: (request) => {
      sent.push(request.headers);
      const busy = sent.length === 1;
      return new Response(busy ? '' : '<P><Name>Sok</Name></P>', {
        status: busy ? 503 : 200,
        headers: { 'content-type': 'text/xml' },
      });
    },
    platform: {
      after: (ms, act) => {
        const timer = setTimeout(act, ms < 1_000 ? 0 : ms); // the wait before a second attempt is not what is tested
        return () => clearTimeout(timer);
      },
    },
  });
  const response = await app.request('http://spean.test/people/first', { headers: exchangeHeaders(headers) });
  return { response, sent, log };
}

describe('trace context', () => {
  it("stands in the log, with this exchange's span in the caller's trace", async () => {
    const { response, log, sent } = await call({ traceparent, tracestate: 'vendor=1' });
    expect(response.headers.get('traceparent')).toBeNull();
    expect(log.at(-1)).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    expect(log.at(-1)?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(sent[0]?.get('traceparent')).toBeNull();
  });

  it('travels on to the legacy system only where the endpoint says so', async () => {
    const { sent, log } = await call({ traceparent, tracestate: 'vendor=1' }, true);
    expect(sent.map((headers) => headers.get('traceparent'))).toEqual(
      Array(2).fill(`00-${TRACE}-${log.at(-1)?.spanId}-01`),
    );
    expect(sent[1]?.get('tracestate')).toBe('vendor=1');
  });

  it('is nothing where the caller has none', async () => {
    const { sent, log } = await call({}, true);
    expect(sent[0]?.get('traceparent')).toBeNull();
    expect(log.at(-1)).not.toHaveProperty('traceId');
  });

  it.each([
    'garbage',
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
    `ff-${TRACE}-${PARENT}-01`,
    `${traceparent}, ${traceparent}`,
  ])('that is not well-formed does not hinder the call: %s', async (bad) => {
    expect(readTraceContext(bad, undefined)).toBeUndefined();
    const { response, log } = await call({ traceparent: bad });
    expect(response.status).toBe(200);
    expect(log.at(-1)).not.toHaveProperty('traceId');
  });

  it('of a later version is read as far as version 00 goes', () => {
    expect(readTraceContext(`01-${TRACE}-${PARENT}-01-more`, undefined)).toMatchObject({ traceId: TRACE, flags: '01' });
  });

  it('passes no tracestate on that is too long', () => {
    const state = (length: number) => readTraceContext(traceparent, 'v'.repeat(length))?.state;
    expect(state(TRACE_STATE_CHARACTERS)).toHaveLength(TRACE_STATE_CHARACTERS);
    expect(state(TRACE_STATE_CHARACTERS + 1)).toBeUndefined();
  });
});
