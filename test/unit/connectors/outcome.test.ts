/** What the breaker, the kept answers and the credentials learn from how a call ended. */
import { describe, expect, it } from 'vitest';
import { asRefusal, faultNames, isOutage, outcomeOf } from '../../../src/connectors/http/outcome.ts';
import { type ErrorCode, LegacyFaultError, SpeanError } from '../../../src/model/errors.ts';

const ended = (code: ErrorCode, facts: { declared?: true; cause?: unknown } = {}) =>
  new SpeanError(code, { detail: 'x', ...facts });
const fault = (httpStatus: number, ...names: string[]) =>
  ended('legacy-fault', { cause: new LegacyFaultError({ httpStatus, names }) });
const declared = (httpStatus: number) =>
  ended('legacy-fault', { declared: true, cause: new LegacyFaultError({ httpStatus, names: [] }) });

describe('how a call ended', () => {
  it.each<[string, unknown, 'failed' | 'answered' | 'unknown', boolean]>([
    ['no answer', ended('legacy-unreachable'), 'failed', true],
    ['an answer too late', ended('legacy-timeout'), 'failed', true],
    ['credentials that are not taken', ended('legacy-credentials-refused'), 'failed', true],
    ['HTTP 500 without a fault', fault(500), 'failed', true],
    ['HTTP 599 without a fault', fault(599), 'failed', true],
    ['HTTP 499 without a fault', fault(499), 'answered', false],
    ['HTTP 500 with a fault', fault(500, 'NotFound'), 'answered', false],
    ['HTTP 501 with a fault', fault(501, 'NotFound'), 'answered', false],
    ['HTTP 502 with a fault, of a gateway', fault(502, 'NotFound'), 'failed', true],
    ['HTTP 503 with a fault, of a gateway', fault(503, 'NotFound'), 'failed', true],
    ['HTTP 504 with a fault, of a gateway', fault(504, 'NotFound'), 'failed', true],
    ['HTTP 200 with a fault', fault(200, 'NotFound'), 'answered', false],
    ['a declared HTTP 503', declared(503), 'answered', false],
    ['a document that cannot be read', ended('legacy-malformed'), 'answered', false],
    ['no room for the call', ended('legacy-busy'), 'unknown', true],
    ['an open breaker', ended('legacy-unavailable'), 'unknown', true],
    ['closed hours', ended('legacy-closed'), 'unknown', true],
    ['input that could not be written', ended('input-invalid'), 'unknown', false],
    ['a failure of the adapter', ended('adapter-failed'), 'unknown', false],
    ['a defect', new TypeError('x is undefined'), 'unknown', false],
  ])('with %s', (_, error, outcome, outage) => {
    expect([outcomeOf(error), isOutage(error)]).toEqual([outcome, outage]);
  });

  it.each<[string, unknown, boolean, boolean]>([
    ['HTTP 401', fault(401), false, true],
    ['HTTP 403', fault(403), false, false],
    ['the fault of WS-Security', fault(500, 'Client', 'FailedAuthentication'), false, true],
    ['another fault', fault(500, 'Client'), false, false],
    ['what the credentials know for a refusal', ended('legacy-unexpected'), true, true],
    ['what is declared', declared(401), true, false],
    ['a defect', new TypeError('x is undefined'), true, false],
  ])('tells a refusal of the credentials: %s', (_, error, known, refusal) => {
    const told = asRefusal(error, known);
    if (refusal) expect(told).toMatchObject({ code: 'legacy-credentials-refused', cause: (error as Error).cause });
    else expect(told).toBe(error);
  });

  it('gives the names of its fault, where it is one', () => {
    expect(faultNames(fault(500, 'A', 'B'))).toEqual(['A', 'B']);
    expect([faultNames(ended('legacy-malformed')), faultNames(new TypeError('x'))]).toEqual([[], []]);
  });
});
