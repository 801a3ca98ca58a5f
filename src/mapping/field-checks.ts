import type { Report } from '../model/contracts.ts';
import type { ChoiceField, ListField } from '../model/field.ts';

/** The place of a field inside another's. */
export function join(outer: string, inner: string): string {
  return inner === '' ? outer : `${outer}.${inner}`;
}

/** What is nil, empty or a marker in a list is so of its items. */
const OF_ITEMS = ['nullable', 'nil', 'empty', 'missing'] as const;

export function reportListOptions(field: ListField, report: Report): void {
  const { minItems, maxItems, items, separator } = field;
  if (minItems !== undefined && maxItems !== undefined && minItems > maxItems)
    report('minItems', 'minItems is more than maxItems');
  for (const name of OF_ITEMS) if (field[name] !== undefined) report(name, 'A list has none: its items may');
  if (separator === '') report('separator', 'The separator is empty');
  const isElsewhere = separator !== undefined && 'at' in items && items.at !== '.';
  if (isElsewhere || ('or' in items && items.or !== undefined))
    report('items', 'Items have one position, which is "." between separators');
}

export function checkSize(
  { minItems = 0, maxItems = Number.POSITIVE_INFINITY }: ListField,
  size: number,
  refuse: (message: string) => void,
): void {
  if (size < minItems) refuse(`Expected at least ${minItems} items, found ${size}`);
  if (size > maxItems) refuse(`Expected at most ${maxItems} items, found ${size}`);
}

/** The case is told by its name, which another member must not have. */
export function reportDiscriminator({ discriminator, cases }: ChoiceField, report: Report): void {
  for (const [name, { record }] of Object.entries(cases)) {
    if (Object.hasOwn(record.fields, discriminator)) {
      report(`cases.${name}`, `The field ${discriminator} has the name of the discriminator: rename one of them`);
    }
  }
}
