import type { Report } from '../model/contracts.ts';
import type { ChoiceField, ListField } from '../model/field.ts';

/** The place of a field inside another's. */
export function join(outer: string, inner: string): string {
  return inner === '' ? outer : `${outer}.${inner}`;
}

export function reportSizes({ minItems, maxItems }: ListField, report: Report): void {
  if (minItems !== undefined && maxItems !== undefined && minItems > maxItems)
    report('minItems', 'minItems is more than maxItems');
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
