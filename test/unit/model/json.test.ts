import { describe, expect, it } from 'vitest';
import { adapters } from '../../../adapters/index.ts';
import { rule, text } from '../../../src/adapter.ts';
import { canonicalJson } from '../../../src/model/json.ts';

describe('canonicalJson()', () => {
  it('writes the examples of RFC 8785, 3.2.2 and 3.2.3', () => {
    const numbers = {
      numbers: [1 / 3, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      literals: [null, true, false],
    };
    expect(canonicalJson(numbers)).toBe(
      '{"literals":[null,true,false],"numbers":[0.3333333333333333,1e+30,4.5,0.002,1e-27]}',
    );
    const sorted = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    expect([...canonicalJson(sorted).matchAll(/"([^"]+)":/g)].map((match) => JSON.parse(`"${match[1]}"`))).toEqual(
      order,
    );
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson([1n])).toThrow(TypeError);
  });

  it('keeps the name and version of a rule and leaves its functions out', () => {
    const field = text('X', { rules: [rule({ name: 'upper', version: '2', decode: (t) => t, encode: (t) => t })] });
    expect(canonicalJson(field)).toBe('{"at":"X","rules":[{"name":"upper","version":"2"}],"type":"text"}');
  });
});

describe('the adapters of this project', () => {
  it.each(adapters.map((adapter) => [adapter.name, adapter] as const))('%s is plain data', (_, adapter) => {
    expect(JSON.parse(JSON.stringify(adapter))).toEqual(adapter);
    expect(canonicalJson(JSON.parse(JSON.stringify(adapter)))).toBe(canonicalJson(adapter));
  });
});
