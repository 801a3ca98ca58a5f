import type { BooleanField } from '../../model/field.ts';
import { trimXmlSpace } from '../rules.ts';
import { type CompileType, refuse } from './value-type.ts';

/**
 * True and false by the declared texts; XML Schema's four where none are declared. White space around them means nothing
 * in a declared text either, so that one of blanks stands for blanks.
 */
export const compileBoolean: CompileType<BooleanField> = (field, report) => {
  const texts = new Map<string, boolean>();
  for (const value of [true, false]) {
    const declared = field[`${value}`] ?? (value ? ['true', '1'] : ['false', '0']);
    if (declared.length === 0) report(`${value}`, 'No text is declared');
    for (const given of declared) {
      const text = trimXmlSpace(given);
      if (texts.has(text)) report(`${value}`, `The text ${JSON.stringify(text)} is declared twice`);
      texts.set(text, value);
    }
  }
  const [yes = 'true'] = field.true ?? [];
  const [no = 'false'] = field.false ?? [];
  return {
    collapses: true,
    decode: (text) => texts.get(text) ?? refuse(`one of ${[...texts.keys()].join(', ')}`),
    encode: (value) => (value === true ? yes : no),
    check: (value) => (typeof value === 'boolean' ? value : refuse('true or false')),
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : refuse('true or false')),
  };
};
