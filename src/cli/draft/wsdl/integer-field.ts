import type { IntegerField } from '../../../model/field.ts';
import type { SimpleType } from './simple-type.ts';

/** Value spaces of XML Schema's integer types (part 2, 3.3.13 to 3.3.25); undefined: no bound. */
const RANGES: Readonly<Record<string, readonly [min: bigint | undefined, max: bigint | undefined]>> = {
  integer: [undefined, undefined],
  nonPositiveInteger: [undefined, 0n],
  negativeInteger: [undefined, -1n],
  nonNegativeInteger: [0n, undefined],
  positiveInteger: [1n, undefined],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  byte: [-128n, 127n],
  unsignedLong: [0n, 2n ** 64n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  unsignedShort: [0n, 2n ** 16n - 1n],
  unsignedByte: [0n, 255n],
};

export function isIntegerType(builtIn: string): boolean {
  return Object.hasOwn(RANGES, builtIn);
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** A bound of more digits than this bounds nothing, and would cost memory. */
const MAX_TOTAL_DIGITS = 100;

/**
 * The field for an integer type: a JSON number where every value of the type is exact as one, otherwise a string. In
 * an input the type's own bounds are checked before the legacy system refuses them; an answer is within them already.
 */
export function integerField(simple: SimpleType, at: string, direction: 'input' | 'output'): IntegerField {
  const [lowest, highest] = RANGES[simple.builtIn] ?? [undefined, undefined];
  const { lower, upper } = facetBounds(simple);
  const min = larger(lowest, lower);
  const max = smaller(highest, upper);
  const exact = min !== undefined && max !== undefined && min >= -SAFE && max <= SAFE;
  const bound = (value: bigint): number | string => (exact ? Number(value) : String(value));
  const shown = (own: bigint | undefined, all: bigint | undefined): bigint | undefined =>
    direction === 'input' || own === all ? all : undefined;
  const [shownMin, shownMax] = [shown(lower, min), shown(upper, max)];
  return {
    type: 'integer',
    at,
    ...(exact ? {} : { as: 'string' }),
    ...(shownMin === undefined ? {} : { min: bound(shownMin) }),
    ...(shownMax === undefined ? {} : { max: bound(shownMax) }),
  };
}

function facetBounds({ facets }: SimpleType): { lower: bigint | undefined; upper: bigint | undefined } {
  const { minInclusive, minExclusive, maxInclusive, maxExclusive, totalDigits } = facets;
  const most =
    totalDigits === undefined || totalDigits > MAX_TOTAL_DIGITS ? undefined : 10n ** BigInt(totalDigits) - 1n;
  const above = whole(minExclusive);
  const below = whole(maxExclusive);
  return {
    lower: larger(larger(whole(minInclusive), above === undefined ? undefined : above + 1n), most && -most),
    upper: smaller(smaller(whole(maxInclusive), below === undefined ? undefined : below - 1n), most),
  };
}

function whole(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

function larger(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function smaller(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
