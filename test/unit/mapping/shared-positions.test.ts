import { describe, expect, it } from 'vitest';
import { choice, constant, type Field, list, record, taggedChoice, text } from '../../../src/adapter.ts';
import type { Fields } from '../../../src/model/field.ts';
import { compileMistakes, mapIn } from '../../support/map-field.ts';

const LOST = 'a is written at "A" too: one of them would be lost';

describe('two inputs at one position', () => {
  it.each<[string, Fields, string]>([
    ['texts', { a: text('A'), b: text('A') }, 'input.b.at'],
    ['a text and a constant', { a: text('A'), b: constant('A', 'k') }, 'input.b.at'],
    ['a text and a list inside one text', { a: text('A'), b: list('A', text('.'), { separator: ',' }) }, 'input.b.at'],
    ['inside a record without a position', { a: text('A'), b: record({ c: text('A') }) }, 'input.b.at'],
    ['inside a record', { r: record('R', { a: text('A'), b: text('A') }) }, 'input.r.b.at'],
    ['a tag and a text', { a: taggedChoice('A', 'kind', { x: ['1', record('X', {})] }), b: text('A') }, 'input.b.at'],
  ])('are a mistake: %s', (_, input, place) => {
    expect(compileMistakes(input, record({}))).toEqual([`${place}: ${LOST}`]);
  });

  it('are none where only one of them is ever written, or each has an element of its own', () => {
    const party: Field = taggedChoice('Kind', 'kind', {
      person: ['P', record({ name: text('Name') })],
      company: ['C', record({ name: text('Name') })],
    });
    const own = choice('which', { x: record('X', { name: text('Name') }), y: record('Y', { name: text('Name') }) });
    expect(compileMistakes({ party, own, r: record('R', { n: text('Name') }) }, record({}))).toEqual([]);
    expect(mapIn({ party }, { party: { kind: 'company', name: 'n' } })).toEqual({ Kind: 'C', Name: 'n' });
  });
});
