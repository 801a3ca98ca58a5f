import type { LeafField, Presence } from '../../../model/field.ts';
import { camelCase } from '../wsdl/names.ts';
import { holdsSecret } from '../wsdl/routes.ts';
import type { AttributeShape, ElementShape } from './element-shape.ts';
import { leafType } from './leaf-type.ts';
import type { ShapeDrafting } from './shape-drafting.ts';

/** The field for the text of an element; whether the element may be absent is for its owner to say. */
export function textLeaf(shape: ElementShape, at: string, place: string, drafting: ShapeDrafting): LeafField {
  const nullable = shape.nils > 0 ? ({ nullable: true } as const) : {};
  if (shape.included) return { type: 'binary', at, ...nullable };
  if (shape.owned === shape.owners && shape.most === 1) drafting.seen.always.add(place);
  const leaf = typedLeaf(shape.texts, shape, at, place, drafting);
  return { ...leaf, ...nullable, ...emptyOf(leaf, shape) };
}

export function attributeLeaf(
  attribute: AttributeShape,
  at: string,
  place: string,
  drafting: ShapeDrafting,
): LeafField {
  const { values, owners } = attribute;
  const leaf = typedLeaf(values, { types: [], local: attribute.local }, at, place, drafting);
  if (values.length === owners) drafting.seen.always.add(place);
  const isAbsent = values.length < owners || (leaf.type !== 'text' && values.some(isBlank));
  const empty = leaf.type !== 'text' && values.some(isBlank) ? ({ empty: 'absent' } as const) : {};
  return { ...leaf, ...(isAbsent ? { optional: true } : {}), ...empty };
}

/** An XML document, or a piece of one, inside a text. */
const EMBEDDED = /^\s*<(?:\?xml|[A-Za-z_][\w.:-]*[\s/>])[\s\S]*>\s*$/;

function typedLeaf(
  texts: readonly string[],
  { types, local }: Pick<ElementShape, 'types' | 'local'>,
  at: string,
  place: string,
  { seen, direction, attachments }: ShapeDrafting,
): LeafField {
  if (texts.length > 0 && texts.every((text) => attachments.has(attachmentId(text)))) return { type: 'binary', at };
  // a request writes no empty element for a value that is absent, so that only a text can be empty in it
  const mustBeText = direction === 'input' && texts.some(isBlank);
  const { field, question } = mustBeText ? { field: { type: 'text', at } as const } : leafType(texts, types, at);
  if (question !== undefined) {
    const known = seen.typed.get(question.question) ?? { guess: question.guess, values: [] };
    known.values.push({ place, evidence: question.evidence });
    seen.typed.set(question.question, known);
  }
  if (texts.some(isBlank)) seen.empty.add(place);
  if (field.type === 'text' && texts.some((text) => text !== text.trim() && !isBlank(text))) seen.spaced.add(place);
  if (texts.some((text) => EMBEDDED.test(text))) seen.embedded.add(place);
  if (direction === 'input' && holdsSecret({ [camelCase(local)]: field })) seen.secrets.add(place);
  return field;
}

/** A value that is no text cannot be empty; an item of a list that is, keeps its place as null. */
function emptyOf(
  { type }: LeafField,
  { texts, most }: ElementShape,
): Pick<Presence, 'empty' | 'nullable' | 'optional'> {
  if (type === 'text' || !texts.some(isBlank)) return {};
  return most > 1 ? { empty: 'nil', nullable: true } : { empty: 'absent', optional: true };
}

/** RFC 2392: `cid:` and the percent-encoded Content-ID; empty for any other text. */
function attachmentId(text: string): string {
  const id = /^\s*cid:(.+?)\s*$/i.exec(text)?.[1] ?? '';
  return /%[0-9A-F]{2}/i.test(id) ? decodeId(id) : id;
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
