import { describe, expect, it } from 'vitest';
import { LegacyFaultError, SpeanError } from '../../../src/model/errors.ts';
import type { ExchangeRequest } from '../../../src/model/exchange.ts';
import { exchangeRecord } from '../../../src/observe/exchange-record.ts';

const REQUEST: ExchangeRequest = {
  client: 'CAMBODIA/GOV/0002/tax',
  clientParts: ['CAMBODIA', 'GOV', '0002', 'tax'],
  transactionId: 'transaction',
  method: 'GET',
  adapter: 'registry',
  path: '/companies/1',
  query: '',
  body: new Uint8Array(),
  caller: {},
};

/** What the record of a failed exchange tells beyond the code: as it is written, without what is undefined. */
function told(error: SpeanError, request = REQUEST): Record<string, unknown> {
  const facts = { requestInTs: 0, responseOutTs: 1, stages: {}, responseSize: 0, legacy: [], lastGoodAfter: undefined };
  const service = 'CAMBODIA/GOV/0001/population/registry';
  const { status: statusCode } = error;
  const record = exchangeRecord({ ...facts, request, service, operation: 'x', statusCode, error, spanId: undefined });
  const { faultDetail, faultMessages, faultNames, faultStack, traceId } = JSON.parse(JSON.stringify(record));
  return { faultDetail, faultMessages, faultNames, faultStack, traceId };
}

describe('the record of an exchange that failed', () => {
  it('names the legacy fault as a problem rule would, and leaves out what may be a sentence', () => {
    const cause = new LegacyFaultError({
      httpStatus: 500,
      names: ['Server.E42', '1017', 'PersonNotFound', 'Sok Dara is dead', '010123456'],
    });
    expect(told(new SpeanError('legacy-fault', { detail: 'Not declared', cause }))).toEqual({
      faultDetail: 'Not declared',
      faultNames: ['Server.E42', '1017', 'PersonNotFound'],
    });
  });

  it('tells which legacy values were not as declared, and where they stand, ten of them at the most', () => {
    const issues = Array.from({ length: 12 }, (_, index) => ({
      field: `rows.${index}.paid`,
      message: 'Expected a decimal number',
      place: { row: index + 2, columnName: 'PAID' },
    }));
    const { faultMessages } = told(new SpeanError('legacy-value-invalid', { issues }));
    expect(faultMessages).toHaveLength(10);
    expect((faultMessages as unknown[])[0]).toEqual({
      field: 'rows.0.paid',
      message: 'Expected a decimal number',
      place: 'row 2, column "PAID"',
    });
  });

  it('tells of a defect of the adapter its kind and stack, and not its message', () => {
    const { faultStack } = told(new SpeanError('adapter-failed', { cause: new TypeError('secret\n  of Sok Dara') }));
    const [kind, frame] = faultStack as string[];
    expect(kind).toBe('TypeError');
    expect(frame).toMatch(/^at .*exchange-record\.test\.ts/);
    expect(JSON.stringify(faultStack)).not.toMatch(/secret|Sok/);
  });

  it('tells nothing of a mistake of the caller, whose words the problem repeats', () => {
    const issues = [{ field: 'sok-dara', message: 'Unknown member' }];
    expect(told(new SpeanError('input-invalid', { detail: 'sok', issues, cause: new Error('sok') }))).toEqual({});
  });

  it('stands in the trace of the caller', () => {
    const trace = { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), flags: '01' };
    expect(told(new SpeanError('legacy-timeout', { detail: 'Late' }), { ...REQUEST, trace })).toEqual({
      faultDetail: 'Late',
      traceId: trace.traceId,
    });
  });
});
