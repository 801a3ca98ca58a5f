import type { CodeField } from '../../model/field.ts';
import { asText, type CompileType, refuse } from './value-type.ts';

/** A code and its public meaning. Written, a meaning becomes the first code that has it. */
export const compileCode: CompileType<CodeField> = (field, report) => {
  const meanings = new Map(Object.entries(field.table));
  if (meanings.size === 0) report('table', 'The table is empty');
  const codes = new Map<string, string>();
  for (const [code, meaning] of meanings) if (!codes.has(meaning)) codes.set(meaning, code);
  const { unknown } = field;
  const expected = () => `one of ${[...codes.keys()].join(', ')}`;
  return {
    collapses: false,
    decode: (text) =>
      meanings.get(text) ?? unknown ?? refuse(`a code of the table (${[...meanings.keys()].join(', ')})`),
    encode: (value) => codes.get(String(value)) ?? refuse(expected()),
    check: (value) => (codes.has(asText(value, expected())) ? value : refuse(expected())),
    parse: (text) => text,
  };
};
