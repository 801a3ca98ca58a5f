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
 * The drafting inside a complex type; undefined where it is inside itself already, or where there is no room left. In
 * an input that must be written, either stops the operation.
 */
export function entered(
  { element }: Component,
  name: QName | undefined,
  use: ElementUse,
  drafting: Drafting,
): Drafting | undefined {
  drafting.budget.fields -= 1;
  const recursive = drafting.open.includes(element);
  if (!recursive && drafting.budget.fields > 0) return { ...drafting, open: [...drafting.open, element] };
  const construct = recursive
    ? `recursive type ${name === undefined ? use.local : clark(name)}`
    : `a message of more than ${MAX_FIELDS_PER_MESSAGE} fields`;
  const consequence = `Element ${use.local} is left out from here on`;
  if (drafting.direction === 'input' && use.min > 0) throw new UnsupportedError(use.place, construct, consequence);
  drafting.reading.notes.cannot(use.place, construct, consequence);
  return undefined;
}
