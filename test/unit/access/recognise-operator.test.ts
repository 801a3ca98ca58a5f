import { describe, expect, it } from 'vitest';
import { recogniseOperator } from '../../../src/access/recognise-operator.ts';

const TOKEN = 'operations-token';
const ADDRESSES = ['10.0.0.7', '10.0.0.8'];

interface Request {
  readonly authorization?: string;
  readonly address?: string;
}

describe('recogniseOperator()', () => {
  it.each<[string, Request, { token?: string; addresses?: readonly string[] }, boolean]>([
    ['the token', { authorization: `Bearer ${TOKEN}` }, { token: TOKEN }, true],
    ['the token, its scheme in lower case', { authorization: `bearer ${TOKEN}` }, { token: TOKEN }, true],
    ['another token of the same length', { authorization: 'Bearer operations-tokem' }, { token: TOKEN }, false],
    ['the token under another scheme', { authorization: `Basic ${TOKEN}` }, { token: TOKEN }, false],
    ['no token', {}, { token: TOKEN }, false],
    ['an address where a token alone is set', { address: '10.0.0.7' }, { token: TOKEN }, false],
    ['an address', { address: '10.0.0.8' }, { addresses: ADDRESSES }, true],
    ['another address', { address: '10.0.0.9' }, { addresses: ADDRESSES }, false],
    ['no address', {}, { addresses: ADDRESSES }, false],
    ['a token where addresses alone are set', { authorization: `Bearer ${TOKEN}` }, { addresses: ADDRESSES }, false],
    ['the token from elsewhere', { authorization: `Bearer ${TOKEN}` }, { token: TOKEN, addresses: ADDRESSES }, true],
    ['an address without the token', { address: '10.0.0.7' }, { token: TOKEN, addresses: ADDRESSES }, true],
    ['neither of the two', { address: '10.0.0.9' }, { token: TOKEN, addresses: ADDRESSES }, false],
  ])('decides on %s, in development as in production', (_, { authorization, address }, operations, expected) => {
    const headers = new Headers(authorization === undefined ? {} : { authorization });
    for (const production of [true, false]) {
      expect(recogniseOperator(headers, address, { operations, production })).toBe(expected);
    }
  });

  it('takes everybody for one in development, and nobody in production, where nothing is set', () => {
    const given = [new Headers({ authorization: `Bearer ${TOKEN}` }), '10.0.0.7'] as const;
    expect(recogniseOperator(...given, { operations: {}, production: false })).toBe(true);
    expect(recogniseOperator(...given, { operations: {}, production: true })).toBe(false);
  });
});
