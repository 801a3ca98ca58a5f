import type { ProblemRule } from '../../../model/definition.ts';
import type { Fields, RecordField } from '../../../model/field.ts';
import { joinSteps } from '../wsdl/drafting.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { Route } from '../wsdl/routes.ts';
import { outputSteps, type PrefixTable } from '../wsdl/step-names.ts';
import { type ElementShape, isAboutTheMessage, shapeOf } from './element-shape.ts';
import { isLeaf, isList, wrappedItem } from './list-shape.ts';
import type { SampleOperation } from './sample-operations.ts';
import { askWhatWasSeen, shapeDrafting } from './shape-drafting.ts';
import { shapeFields, tellNilAttributes } from './shape-fields.ts';

export interface DraftedAnswer {
  readonly output: RecordField;
  /** The record's position, where some sample has nothing there. */
  readonly absentAt: string | undefined;
}

/** The output for an operation's answers: the record inside the wrappers that are there for it alone. */
export function draftAnswer(
  { answers }: SampleOperation,
  place: string,
  { prefixes, notes }: { readonly prefixes: PrefixTable; readonly notes: Notes },
): DraftedAnswer {
  const [first, ...others] = answers;
  const attachments = answers.flatMap(({ message }) => message.attachments);
  const drafting = shapeDrafting('output', outputSteps(prefixes), notes, attachments);
  let shape = shapeOf([first.content, ...others.map(({ content }) => content)]);
  let at = '';
  let isOptional = false;
  let isNullable = false;
  for (let inner = onlyRecord(shape); inner !== undefined; inner = onlyRecord(shape)) {
    at = joinSteps(at, drafting.steps.element(inner));
    isOptional ||= inner.owned < inner.owners;
    isNullable ||= inner.nils > 0;
    shape = inner;
  }
  const fields = named(shapeFields(shape, { at: '', place }, drafting), shape);
  askWhatWasSeen(drafting, place, answers.length);
  if (at === '') tellNilAttributes(shape, notes);
  for (const { soap, message } of answers) {
    if (soap?.header !== undefined && soap.headers.length > 0) {
      const names = soap.headers.map(({ local }) => local).join(', ');
      notes.cannot(soap.header.place, 'SOAP headers of an answer', `They are not read: ${names}`);
    }
    tellAttachments(message.attachments, message.text, first.location, notes);
  }
  const output: RecordField = {
    type: 'record',
    ...(at === '' ? {} : { at }),
    fields,
    ...(isNullable ? { nullable: true } : {}),
  };
  return { output, absentAt: isOptional ? at : undefined };
}

/** The one record that an element holds, and nothing else. */
function onlyRecord(shape: ElementShape): ElementShape | undefined {
  const [inner, ...others] = shape.children;
  const isWrapper =
    inner !== undefined &&
    others.length === 0 &&
    shape.mixed === undefined &&
    shape.texts.every((text) => text.trim() === '') &&
    shape.attributes.every(isAboutTheMessage) &&
    wrappedItem(shape) === undefined;
  if (!isWrapper || isList(inner) || isLeaf(inner) || wrappedItem(inner) !== undefined) return undefined;
  return inner.types.length > 1 || inner.nilAttributesAt !== undefined ? undefined : inner;
}

/** `value` says nothing to a consumer where it is the whole answer. */
function named(fields: Fields, { children }: ElementShape): Fields {
  const { value, ...others } = fields;
  return value === undefined || children.length > 0 || Object.keys(others).length > 0 ? fields : { result: value };
}

function tellAttachments(ids: readonly string[], text: string, location: string, notes: Notes): void {
  for (const id of ids) {
    const isNamed = text.includes(`cid:${id}`) || text.includes(`cid:${encodeURIComponent(id)}`);
    if (!isNamed) notes.cannot(location, `attachment ${id}`, 'Nothing in the document names it: it is not answered');
  }
}

/** An answer whose record may be missing: for a question about one thing, that it was not found. */
export function absenceRule(at: string | undefined, route: Route, place: string, notes: Notes): ProblemRule[] {
  if (at === undefined || route.method !== 'get') return [];
  notes.ask(
    `${place}.problems`,
    `What does it mean when the answer has no ${at}?`,
    'That nothing was found: 404',
    'some samples have none',
  );
  return [{ absent: at, status: 404, title: 'Not found' }];
}
