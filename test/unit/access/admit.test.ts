import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/access/admit.ts';
import type { Caller, ExchangeRequest } from '../../../src/model/exchange.ts';
import type { SecurityServerMarks } from '../../../src/model/settings.ts';

const CERTIFICATE = 'ab'.repeat(32);

function admits(caller: Caller, marks: SecurityServerMarks): boolean {
  try {
    admit({ caller } as ExchangeRequest, marks);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'server-unrecognised', status: 403 });
    return false;
  }
}

describe('admit()', () => {
  it.each<[string, Caller, SecurityServerMarks, boolean]>([
    ['anyone where nothing is configured', {}, {}, true],
    ['the right address', { address: '10.0.0.5' }, { addresses: ['10.0.0.4', '10.0.0.5'] }, true],
    ['another address', { address: '10.0.0.6' }, { addresses: ['10.0.0.5'] }, false],
    ['no address', {}, { addresses: ['10.0.0.5'] }, false],
    ['the pinned certificate', { certificate: CERTIFICATE }, { certificates: [CERTIFICATE] }, true],
    ['another certificate', { certificate: 'cd'.repeat(32) }, { certificates: [CERTIFICATE] }, false],
    ['no certificate', {}, { certificates: [CERTIFICATE] }, false],
    ['the path secret', { pathSecret: 'open-sesame' }, { pathSecret: 'open-sesame' }, true],
    ['a path secret that only begins right', { pathSecret: 'open' }, { pathSecret: 'open-sesame' }, false],
    ['a path secret with something behind it', { pathSecret: 'open-sesame!' }, { pathSecret: 'open-sesame' }, false],
    ['another path secret of the same length', { pathSecret: 'shut-sesame' }, { pathSecret: 'open-sesame' }, false],
    ['a path secret with another first letter', { pathSecret: 'Open-sesame' }, { pathSecret: 'open-sesame' }, false],
    ['a path secret with another last letter', { pathSecret: 'open-sesamE' }, { pathSecret: 'open-sesame' }, false],
    ['no path secret', {}, { pathSecret: 'open-sesame' }, false],
    ['one mark of two', { address: '10.0.0.5' }, { addresses: ['10.0.0.5'], pathSecret: 'open-sesame' }, false],
    ['both marks', { address: '10.0.0.5', pathSecret: 's' }, { addresses: ['10.0.0.5'], pathSecret: 's' }, true],
  ])('decides on %s', (_, caller, marks, expected) => {
    expect(admits(caller, marks)).toBe(expected);
  });
});
