import type { AdapterDefinition, OperationDefinition } from '../../../model/definition.ts';
import type { Field, Fields, LeafField } from '../../../model/field.ts';
import { camelCase, kebabCase, UniqueNames } from '../wsdl/names.ts';
import type { Notes } from '../wsdl/notes.ts';
import { valueField } from './value-field.ts';

/** A column of a sample: where it stands, what it is called, and every value. */
export interface Column {
  readonly at: string;
  /** The header's text; undefined where it has none. */
  readonly name: string | undefined;
  readonly values: readonly string[];
  /** What a description of the rows says of it; else its values speak. */
  readonly field?: LeafField;
  readonly isKey?: boolean;
}

const KEY_NAME = /(?:^|[^a-z])(?:id|no|nr|num|number|code|key|ref)(?:$|[^a-z])|(?:Id|No|Nr|Number|Code)$/i;
/** Columns by which consumers may choose rows: so many at most, with so many characters and different values for each. */
const MAX_FILTERS = 5;
const FILTER_CHARACTERS = 40;

/** How the file is asked for. */
export interface RowCall {
  readonly get: string;
  /** Inputs besides those of columns. */
  readonly more?: Fields;
}

/** One operation for all rows that inputs choose, and one for the row of a key where a column is one. */
export function draftRowOperations(
  name: string,
  columns: readonly Column[],
  { get, more = {} }: RowCall,
  notes: Notes,
): AdapterDefinition['operations'] {
  const names = new UniqueNames();
  const fields = columns.map((column, index): readonly [string, Column, LeafField] => {
    const public_ = names.take(publicName(column, index, notes));
    return [public_, column, fieldOf(column, `fields.${public_}`, notes)];
  });
  const key = findKey(fields, notes);
  const rows = Object.fromEntries(fields.map(([public_, , field]) => [public_, field as Field]));
  const plural = camelCase(name, 'rows');
  const route = kebabCase(name) || 'rows';
  const call = { get };
  const list: OperationDefinition = {
    method: 'get',
    path: `/${route}`,
    summary: key === undefined ? 'All rows' : 'Rows, chosen by their values',
    call,
    input: { ...more, ...filters(fields, notes) },
    output: { type: 'rows', name: plural, fields: rows },
  };
  const listName = camelCase(`list ${name}`);
  if (key === undefined) return { [listName]: list };
  const [keyName, , keyField] = key;
  const { optional: _, empty: __, ...required } = keyField;
  const one: OperationDefinition = {
    method: 'get',
    path: `/${route}/{${keyName}}`,
    summary: `One row by ${keyName}`,
    call,
    input: { [keyName]: required as Field, ...more },
    output: { type: 'row', fields: { ...rows, [keyName]: required as Field } },
  };
  return { [listName]: list, [camelCase(`get ${name}`)]: one };
}

function publicName({ name, at }: Column, index: number, notes: Notes): string {
  const camel = camelCase(name ?? '', 'column');
  if (name !== undefined && /[A-Za-z]/.test(name)) return camel;
  const place = `column ${at}`;
  const guess = `column${index + 1}`;
  notes.ask(
    place,
    'What is this column called?',
    guess,
    name === undefined ? 'the file has no name for it' : `the file calls it ${JSON.stringify(name)}`,
  );
  return guess;
}

function fieldOf({ at, values, field }: Column, place: string, notes: Notes): LeafField {
  const typed = field ?? valueField(values, at, place, notes);
  const hasEmpty = values.some((value) => value.trim() === '');
  if (!hasEmpty || typed.missing !== undefined) return typed;
  return { ...typed, optional: true, empty: 'absent' };
}

type Entry = readonly [name: string, column: Column, field: LeafField];

/** A column whose values are all there and all different; one that is named like a key goes first. */
function findKey(fields: readonly Entry[], notes: Notes): Entry | undefined {
  const declared = fields.find(([, { isKey }]) => isKey);
  if (declared !== undefined) return declared;
  const unique = fields.filter(
    ([, { values }, { type, optional }]) =>
      values.length > 1 &&
      new Set(values).size === values.length &&
      !optional &&
      (type === 'text' || type === 'integer'),
  );
  const [first] = fields;
  const found = unique.find(([, { name }]) => KEY_NAME.test(name ?? '')) ?? unique.find((entry) => entry === first);
  if (found === undefined) return undefined;
  const [name, { values }] = found;
  notes.ask(
    'operations',
    `Is ${name} the key of a row, never twice in the file?`,
    'Yes',
    `${values.length} rows, all different`,
  );
  return found;
}

function filters(fields: readonly Entry[], notes: Notes): Fields {
  const chosen = fields
    .filter(([, { values }, { type }]) => {
      const filled = values.filter((value) => value.trim() !== '');
      const isShort = filled.every((value) => value.length <= FILTER_CHARACTERS);
      return (
        filled.length > 0 &&
        isShort &&
        new Set(filled).size <= values.length / 2 &&
        (type === 'text' || type === 'date')
      );
    })
    .slice(0, MAX_FILTERS);
  if (chosen.length > 0) {
    const names = chosen.map(([name]) => name).join(', ');
    notes.ask('operations', 'By which columns may consumers choose rows?', names, 'their values repeat');
  }
  return Object.fromEntries(
    chosen.map(([name, , { empty: _, missing: __, ...field }]) => [name, { ...field, optional: true } as Field]),
  );
}
