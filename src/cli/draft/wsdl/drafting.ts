import type { Fields } from '../../../model/field.ts';
import type { Content } from './content-model.ts';
import { UnsupportedError } from './notes.ts';
import type { ElementUse, SchemaReading } from './particles.ts';
import type { Component } from './schema-set.ts';
import { clark, type QName, type SourceElement } from './source-element.ts';
import type { StepNames } from './step-names.ts';

/** What goes with the drafting of one message's fields. */
export interface Drafting {
  readonly reading: SchemaReading;
  readonly direction: 'input' | 'output';
  readonly steps: StepNames;
  /** The complex types around, to see where one holds itself. */
  readonly open: readonly SourceElement[];
  readonly budget: { fields: number };
  /** How the fields of a content are drafted: records, choices and their cases hold each other. */
  readonly fieldsOf: (content: Content, holder: Holder, drafting: Drafting) => Fields;
}

/** Fields of one message; types that use each other freely multiply without end. */
export const MAX_FIELDS_PER_MESSAGE = 3_000;

/** Where fields are drafted: the position and the definition's place of what holds them. */
export interface Holder {
  /** The position that the fields' own ones continue; empty: they stand in the record's own element. */
  readonly at: string;
  readonly place: string;
}

export function joinSteps(at: string, step: string): string {
  return at === '' ? step : `${at}/${step}`;
}

/**
 * The drafting inside a complex type. Throws UnsupportedError where it is inside itself already, or where the message
 * has no room left.
 */
export function entered(
  { element }: Component,
  name: QName | undefined,
  use: ElementUse,
  drafting: Drafting,
): Drafting {
  drafting.budget.fields -= 1;
  if (drafting.open.includes(element)) {
    const construct = `recursive type ${name === undefined ? use.local : clark(name)}`;
    throw new UnsupportedError(use.place, construct, `Element ${use.local} is left out from its second level on`);
  }
  if (drafting.budget.fields < 0) {
    const construct = `a message of more than ${MAX_FIELDS_PER_MESSAGE} fields`;
    throw new UnsupportedError(use.place, construct, `Element ${use.local} and what follows it are left out`);
  }
  return { ...drafting, open: [...drafting.open, element] };
}

/** Drafts one element, or leaves it out and tells why, and what that means where a request must have it. */
export function orLeftOut<T>(use: ElementUse, { direction, reading }: Drafting, draft: () => T): T | undefined {
  try {
    return draft();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    const { place, construct, consequence } = error.unsupported;
    const demanded = direction === 'input' && use.min > 0;
    const then = `. Requests must have ${use.local} by the schema and go out without it: the system may refuse them`;
    reading.notes.cannot(place, construct, demanded ? consequence + then : consequence);
    return undefined;
  }
}
