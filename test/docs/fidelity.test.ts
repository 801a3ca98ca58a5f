/** Runs every row of docs/fidelity.md, so that the page cannot come to say what is not so. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as builders from '../../src/adapter.ts';
import { type Field, record } from '../../src/adapter.ts';
import { NAMED_RULES } from '../../src/mapping/rules.ts';
import { VALUE_TYPES } from '../../src/mapping/types/index.ts';
import type { JsonValue } from '../../src/model/json.ts';
import { issuesOf, mapIn, mapOut } from '../support/map-field.ts';

const page = readFileSync('docs/fidelity.md', 'utf8');

/** The rows of the table under a heading: cells without their backquotes. */
function table(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim().replace(/^`|`$/g, '')),
    );
}

/** The field that a builder expression of the page makes. */
function fieldOf(expression: string): Field {
  return new Function(...Object.keys(builders), `return ${expression}`)(...Object.values(builders)) as Field;
}

const read = async (field: Field, legacy: string): Promise<JsonValue> =>
  ((await mapOut(record({ v: field }), { X: legacy })) as { v: JsonValue }).v;

describe('docs/fidelity.md', () => {
  const exact = table('Exact');
  const normalised = table('Normalised');
  const refused = table('Refused');

  it.each(exact)('exact: %s reads %s as %s, and writes it back', async (expression, legacy = '', value = '') => {
    const field = fieldOf(expression ?? '');
    expect(await read(field, JSON.parse(legacy))).toEqual(JSON.parse(value));
    expect(mapIn({ v: field }, { v: JSON.parse(value) })).toEqual({ X: JSON.parse(legacy) });
  });

  it.each(normalised)('normalised: %s reads %s as %s', async (expression, legacy = '', value = '') => {
    expect(await read(fieldOf(expression ?? ''), JSON.parse(legacy))).toEqual(JSON.parse(value));
  });

  it.each(refused)('refused: %s does not read %s', async (expression, legacy = '') => {
    expect(await issuesOf(() => read(fieldOf(expression ?? ''), JSON.parse(legacy)))).toHaveLength(1);
  });

  it('has every type as exact and as refused, and every rule as normalised', () => {
    const typesOf = (rows: string[][]) => new Set(rows.map(([expression = '']) => fieldOf(expression).type));
    for (const type of Object.keys(VALUE_TYPES)) {
      expect([...typesOf(exact)]).toContain(type);
      expect([...typesOf(refused)]).toContain(type);
    }
    for (const rule of Object.keys(NAMED_RULES)) expect(page).toContain(`rule \`${rule}\``);
  });
});
