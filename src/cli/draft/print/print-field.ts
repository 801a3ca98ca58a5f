import type {
  ChoiceCase,
  ChoiceField,
  FieldData,
  Fields,
  PaddingRule,
  Presence,
  RecordField,
  Rule,
} from '../../../model/field.ts';
import type { Builders } from './builders.ts';
import { printBlock, printObject, printValue } from './print-value.ts';

/** Prints a group of fields; several groups that are equal may be one constant. */
export type PrintFields = (fields: Fields) => string;

/** Source that builds this field. Custom rules are functions, which no draft holds: throws a TypeError for one. */
export function printField(field: FieldData, builders: Builders, fieldsOf: PrintFields): string {
  const { optional, nullable, default: fallback, ...data } = field as FieldData & Presence;
  let printed = printPlain(data as FieldData, builders, fieldsOf);
  if (nullable) printed = builders.call('nullable', printed);
  if (fallback !== undefined) printed = builders.call('defaultTo', printed, printValue(fallback));
  if (optional) printed = builders.call('optional', printed);
  return printed;
}

function printPlain(field: FieldData, builders: Builders, fieldsOf: PrintFields): string {
  switch (field.type) {
    case 'constant': {
      const { type, value, at, ...more } = field;
      const printed = builders.call('constant', at === undefined ? undefined : printValue(at), printValue(value));
      return withMore(printed, more);
    }
    case 'record': {
      const { type, at, fields, ...more } = field;
      const printed = builders.call('record', at === undefined ? undefined : printValue(at), fieldsOf(fields));
      return withMore(printed, more);
    }
    case 'list': {
      const { type, at, items, ...options } = field;
      const shape = isPlainRecord(items) ? fieldsOf(items.fields) : printField(items, builders, fieldsOf);
      return builders.call('list', printValue(at), shape, printOptions(options));
    }
    case 'choice':
      return printChoice(field, builders, fieldsOf);
    case 'code': {
      const { type, at, table, ...options } = field;
      return builders.call('code', printValue(at), printValue(table), printOptions(options, builders));
    }
    default: {
      const { type, at, ...options } = field;
      return builders.call(type, printValue(at), printOptions(options, builders));
    }
  }
}

function isPlainRecord(field: FieldData): field is RecordField {
  return field.type === 'record' && Object.keys(field).every((name) => name === 'type' || name === 'fields');
}

function printChoice(field: ChoiceField, builders: Builders, fieldsOf: PrintFields): string {
  const { type, discriminator, by, cases, ...more } = field;
  const printCase = ({ tag, record }: ChoiceCase): string => {
    const printed = printField(record, builders, fieldsOf);
    return by === undefined ? printed : `[${printValue(tag ?? '')}, ${printed}]`;
  };
  const printed = printBlock(Object.entries(cases).map(([name, item]) => [name, printCase(item)]));
  const call =
    by === undefined
      ? builders.call('choice', printValue(discriminator), printed)
      : builders.call('taggedChoice', printValue(by), printValue(discriminator), printed);
  return withMore(call, more);
}

/** What a builder has no parameter for. */
function withMore(printed: string, more: object): string {
  return Object.keys(more).length === 0 ? printed : `{ ...${printed}, ${printValue(more).slice(2)}`;
}

function printOptions(options: object & { readonly rules?: readonly Rule[] }, builders?: Builders): string | undefined {
  const members = Object.entries(options).map(([name, value]): [string, string] => [
    name,
    name === 'rules' && builders ? printRules(value as readonly Rule[], builders) : printValue(value),
  ]);
  return members.length === 0 ? undefined : printObject(members);
}

function printRules(rules: readonly Rule[], builders: Builders): string {
  return `[${rules.map((rule) => (typeof rule === 'string' ? printValue(rule) : printPadding(rule as PaddingRule, builders))).join(', ')}]`;
}

function printPadding({ pad, with: filling, width }: PaddingRule, builders: Builders): string {
  if (pad === undefined) throw new TypeError('A custom rule is a function, which cannot be printed');
  return builders.call(pad === 'left' ? 'padLeft' : 'padRight', printValue(filling), String(width));
}
