import type { OutputData } from '../../model/definition.ts';
import type { Field, Fields } from '../../model/field.ts';

/** What a definition says of one legacy position. */
export interface PositionFacts {
  /** Public name, dotted. */
  readonly name: string;
  readonly type: Field['type'];
  /** The position may be absent without a problem. */
  readonly optional: boolean;
  /** The position, or one around it, is read as a list. */
  readonly list: boolean;
  /** Legacy codes that are taken, where only some are. */
  readonly codes: readonly string[] | undefined;
}

/** Every legacy position of some fields, from the document's root of the record, without prefixes. */
export function positionsOf(
  output: OutputData | { readonly type: 'record'; readonly fields: Fields },
): Map<string, PositionFacts> {
  const found = new Map<string, PositionFacts>();
  const root = (
    output.type === 'rows' || output.type === 'row' ? { type: 'record', fields: output.fields } : output
  ) as Field;
  walk(root, { path: '', name: '', optional: false, list: false }, found);
  return found;
}

interface Around {
  readonly path: string;
  readonly name: string;
  readonly optional: boolean;
  readonly list: boolean;
}

function walk(field: Field, around: Around, found: Map<string, PositionFacts>): void {
  const optional = around.optional || mayBeAbsent(field);
  switch (field.type) {
    case 'record': {
      const inside = { ...around, optional, path: joined(around.path, field.at) };
      walkAll(field.fields, inside, found);
      return;
    }
    case 'list': {
      // an empty list is no problem: what stands in its items may be absent
      const inside = { ...around, path: joined(around.path, field.at), optional: true, list: true };
      walk(field.items, inside, found);
      return;
    }
    case 'choice':
      for (const { record } of Object.values(field.cases)) walk(record as Field, { ...around, optional: true }, found);
      return;
    case 'constant':
      return;
    default: {
      for (const at of [field.at, ...(field.or ?? [])]) {
        const codes = codesOf(field);
        found.set(joined(around.path, at), { name: around.name, type: field.type, optional, list: around.list, codes });
      }
    }
  }
}

function walkAll(fields: Fields, around: Around, found: Map<string, PositionFacts>): void {
  for (const [name, field] of Object.entries(fields)) {
    walk(field, { ...around, name: around.name === '' ? name : `${around.name}.${name}` }, found);
  }
}

function mayBeAbsent(field: Field): boolean {
  return ('optional' in field && field.optional === true) || ('default' in field && field.default !== undefined);
}

function codesOf(field: Field): readonly string[] | undefined {
  if (field.type === 'code') return field.unknown === undefined ? Object.keys(field.table) : undefined;
  return field.type === 'text' ? field.oneOf : undefined;
}

/** `ws:Directors/ws:Director` and `Directors/Director` are one position: prefixes are each definition's own. */
function joined(outer: string, at: string | undefined): string {
  if (at === undefined || at === '.') return outer;
  const steps = at.split('/').map((step) => step.replace(/^(@?)[^:@]+:/, '$1'));
  return [...(outer === '' ? [] : [outer]), ...steps].join('/');
}
