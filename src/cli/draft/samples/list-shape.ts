import { plural } from '../wsdl/names.ts';
import { type ElementShape, isAboutTheMessage } from './element-shape.ts';

/** The samples hold several of it, or it is an item of an array of the SOAP encoding. */
export function isList({ most }: ElementShape): boolean {
  return most > 1;
}

/** A text alone, without attributes that say something. */
export function isLeaf(shape: ElementShape): boolean {
  return shape.children.length === 0 && !hasDataAttributes(shape);
}

function hasDataAttributes({ attributes }: ElementShape): boolean {
  return attributes.some((attribute) => !isAboutTheMessage(attribute));
}

/**
 * The repeated element of one that is there for it alone: `Directors` with many `Director`. Where the samples hold one
 * in each, the names or the SOAP encoding must speak for a list.
 */
export function wrappedItem(wrapper: ElementShape): ElementShape | undefined {
  const [item, ...others] = wrapper.children;
  const holdsOnlyItems =
    item !== undefined &&
    others.length === 0 &&
    wrapper.most === 1 &&
    wrapper.mixed === undefined &&
    wrapper.texts.every((text) => text.trim() === '') &&
    wrapper.types.length <= 1 &&
    !hasDataAttributes(wrapper);
  if (!holdsOnlyItems) return undefined;
  return isList(item) || wrapper.array || isPluralOf(wrapper.local, item.local) ? item : undefined;
}

const MANY = /^(?:items|rows|records|results|entries|elements|list|array)$/;
const ONE = /^(?:item|row|record|result|entry|element)$/;

function isPluralOf(wrapper: string, item: string): boolean {
  const [many, one] = [wrapper.toLowerCase(), item.toLowerCase()];
  const forms = [plural(one), `${one}s`, `${one}list`, `${plural(one)}list`, `${one}array`, `${one}collection`];
  return (
    [...forms, `listof${plural(one)}`, `listof${one}`, `arrayof${one}`].includes(many) ||
    (MANY.test(many) && ONE.test(one))
  );
}
