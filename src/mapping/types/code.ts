import type { CodeField } from '../../model/field.ts';
import type { Utf8 } from '../../model/utf8.ts';
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
    decodeUtf8: compileGlance(meanings),
    decode: (text) =>
      meanings.get(text) ?? unknown ?? refuse(`a code of the table (${[...meanings.keys()].join(', ')})`),
    encode: (value) => codes.get(String(value)) ?? refuse(expected()),
    check: (value) => (codes.has(asText(value, expected())) ? value : refuse(expected())),
    parse: (text) => text,
  };
};

/** With more codes than these, looking one up by its text costs less than comparing it with each. */
const MOST_COMPARED = 16;

function compileGlance(meanings: ReadonlyMap<string, string>): ((text: Utf8) => Utf8 | undefined) | undefined {
  if (meanings.size > MOST_COMPARED) return undefined;
  const encoder = new TextEncoder();
  const known = Array.from(meanings, ([code, meaning]) => {
    const bytes = encoder.encode(meaning);
    return { code: encoder.encode(code), meaning: { bytes, start: 0, end: bytes.length } };
  });
  return (text) => {
    for (let index = 0; index < known.length; index++) {
      const { code, meaning } = known[index]!;
      if (isSame(text, code)) return meaning;
    }
    return undefined;
  };
}

function isSame({ bytes, start, end }: Utf8, other: Uint8Array): boolean {
  if (end - start !== other.length) return false;
  for (let index = 0; index < other.length; index++) if (bytes[start + index] !== other[index]) return false;
  return true;
}
