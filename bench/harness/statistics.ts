/** What repeated measurements of one thing say. */
export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** (max - min) / median: how far the repetitions lie apart. */
  readonly spread: number;
}

/** Above this spread the machine was not quiet enough to trust the figure beyond its ratio to its neighbours. */
export const NOISY_SPREAD = 0.15;

/** The middle value; of an even number of values, the mean of the middle two. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('The median of no values was asked for');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which the given share of the values lies, by nearest rank; `share` is from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('A percentile of no values was asked for');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export function summarise(values: readonly number[]): Summary {
  const middle = median(values);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { min, median: middle, max, spread: middle === 0 ? 0 : (max - min) / Math.abs(middle) };
}

/**
 * The ratio of two contenders that were measured in turns: of each round's pair first, then the median over the
 * rounds. What slows the whole machine down for a while slows both of a pair, and falls out.
 */
export function pairedRatio(numerators: readonly number[], denominators: readonly number[]): Summary {
  if (numerators.length !== denominators.length) {
    throw new RangeError(`Rounds do not pair up: ${numerators.length} beside ${denominators.length}`);
  }
  return summarise(numerators.map((value, round) => value / denominators[round]!));
}
