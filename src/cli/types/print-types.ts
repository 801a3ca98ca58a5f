import { publicCodes } from '../../exchange/rest/openapi/leaf-schema.ts';
import { asAnswer, isMember, isRequired } from '../../exchange/rest/openapi/schema.ts';
import type { OutputData } from '../../model/definition.ts';
import type { ChoiceField, Field, Fields, Presence } from '../../model/field.ts';
import { printValue } from '../draft/print/print-value.ts';

type Direction = 'input' | 'output';

/** The TypeScript type of a field's public value. */
export function typeOf(field: Field, direction: Direction): string {
  const bare = bareType(field, direction);
  return 'nullable' in field && field.nullable === true ? `${bare} | null` : bare;
}

/** An object type; members that may be left out have a question mark. */
export function objectType(fields: Fields, direction: Direction): string {
  const members = Object.entries(fields).filter(([, field]) => isMember(field, direction));
  if (members.length === 0) return 'Record<never, never>';
  return `{\n${members.map(([name, field]) => member(name, field, direction)).join('')}}`;
}

/** A parameter's text is never null: there is no other way to say nothing in a query than to leave it out. */
export function parameters(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, parameter(field)]));
}

function parameter(field: Field): Field {
  const { nullable: _, ...said } = field as Field & Presence;
  return (said.type === 'list' ? { ...said, items: parameter(said.items) } : said) as Field;
}

/** The type of a whole answer. */
export function outputType(output: OutputData, setAside: boolean): string {
  if (output.type === 'row') return objectType(output.fields, 'output');
  if (output.type !== 'rows') return typeOf(asAnswer(output), 'output');
  const rows = `readonly ${propertyName(output.name)}: readonly ${objectType(output.fields, 'output')}[];\n`;
  return `{\n${rows}${setAside ? 'readonly setAside: number;\n' : ''}}`;
}

function member(name: string, field: Field, direction: Direction): string {
  const words = [field.title, field.description].filter((text) => text !== undefined).join('. ');
  const comment = words === '' ? '' : `/** ${words.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */\n`;
  const mark = isRequired(field, direction) ? '' : '?';
  return `${comment}readonly ${propertyName(name)}${mark}: ${typeOf(field, direction)};\n`;
}

function bareType(field: Field, direction: Direction): string {
  switch (field.type) {
    case 'text':
      return field.oneOf === undefined ? 'string' : union(field.oneOf);
    case 'integer':
      return field.as === 'string' ? 'string' : 'number';
    case 'decimal':
      return field.as === 'number' ? 'number' : 'string';
    case 'boolean':
      return 'boolean';
    case 'code':
      return union(publicCodes(field, direction));
    case 'constant':
      return printValue(field.value);
    case 'record':
      return objectType(field.fields, direction);
    case 'list':
      return `readonly ${grouped(typeOf(field.items, direction))}[]`;
    case 'choice':
      return choiceType(field, direction);
    default:
      return 'string';
  }
}

function choiceType({ discriminator, cases }: ChoiceField, direction: Direction): string {
  const shapes = Object.entries(cases).map(([name, { record }]) => {
    const told = `{ readonly ${propertyName(discriminator)}: ${printValue(name)} }`;
    return `(${told} & ${objectType(record.fields, direction)})`;
  });
  return shapes.join(' | ');
}

function union(values: readonly string[]): string {
  return values.length === 0 ? 'never' : values.map(printValue).join(' | ');
}

function grouped(type: string): string {
  const isAlone = /^\w+$/.test(type) || (type.startsWith('{') && type.endsWith('}'));
  return isAlone ? type : `(${type})`;
}

/** Any name may stand between quotes, `__proto__` too: a type has no prototype. */
function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
