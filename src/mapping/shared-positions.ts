import type { Report } from '../model/contracts.ts';
import type { Field, Fields } from '../model/field.ts';
import { join } from './field-checks.ts';

/** Reports inputs whose text is written where another's is: the second would take the place of the first, unseen. */
export function reportSharedPositions(fields: Fields, report: Report): void {
  const written = new Map<string, string>();
  for (const [name, field] of Object.entries(fields)) {
    for (const position of new Set(textPositions(field))) {
      const other = written.get(position);
      if (other === undefined) written.set(position, name);
      else
        report(join(name, 'at'), `${other} is written at ${JSON.stringify(position)} too: one of them would be lost`);
    }
  }
}

/** Where the field writes texts of the record that holds it. Of a choice only one case is ever written. */
function textPositions(field: Field): readonly string[] {
  switch (field.type) {
    case 'record':
      return field.at === undefined ? Object.values(field.fields).flatMap(textPositions) : [];
    case 'list':
      return field.separator === undefined ? [] : [field.at];
    case 'choice':
      return [
        ...(field.by === undefined ? [] : [field.by]),
        ...Object.values(field.cases).flatMap(({ record }) => textPositions(record)),
      ];
    default:
      return field.at === undefined ? [] : [field.at];
  }
}
