import { describe, expect, it } from 'vitest';
import { requirePreconditions } from '../../../../src/exchange/rest/precondition.ts';
import { SpeanError } from '../../../../src/model/errors.ts';
import type { ExchangeRequest } from '../../../../src/model/exchange.ts';

function outcome(method: string, headers: Pick<ExchangeRequest, 'ifMatch' | 'ifNoneMatch'>): string {
  try {
    requirePreconditions({ method, ...headers } as ExchangeRequest);
    return 'carried out';
  } catch (error) {
    return (error as SpeanError).code;
  }
}

describe('requirePreconditions()', () => {
  it.each<[string, Pick<ExchangeRequest, 'ifMatch' | 'ifNoneMatch'>, string]>([
    ['GET', {}, 'carried out'],
    ['PUT', {}, 'carried out'],
    ['GET', { ifMatch: '"a"' }, 'precondition-failed'],
    ['PUT', { ifMatch: '"a", W/"b"' }, 'precondition-failed'],
    ['HEAD', { ifMatch: ' * ' }, 'carried out'],
    ['PUT', { ifMatch: '*' }, 'precondition-failed'],
    ['DELETE', { ifMatch: '*' }, 'precondition-failed'],
    ['GET', { ifNoneMatch: '*' }, 'carried out'],
    ['POST', { ifNoneMatch: '*' }, 'precondition-failed'],
    ['PUT', { ifNoneMatch: '"a"' }, 'carried out'],
  ])('a %s with %j is %s', (method, headers, expected) => {
    expect(outcome(method, headers)).toBe(expected);
  });

  it('says which header it was', () => {
    const refused = () => requirePreconditions({ method: 'PUT', ifNoneMatch: '*' } as ExchangeRequest);
    expect(refused).toThrow(SpeanError);
    expect(refused).toThrow(/^If-None-Match cannot be checked/);
  });
});
