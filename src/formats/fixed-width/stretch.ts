import type { Report } from '../../model/contracts.ts';

/** Positions of a record, from 1, both included. */
export interface Stretch {
  /** As the definition names it. */
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/** A stretch as the definition writes it. Reports one that runs backwards, or beyond the record where its length is known. */
export function parseStretch(
  name: string,
  first: number,
  last: number,
  length: number | undefined,
  place: string,
  report: Report,
): Stretch {
  const isWhole = Number.isSafeInteger(first) && Number.isSafeInteger(last);
  if (!isWhole || first < 1 || last < first) {
    report(place, `${first}-${last} are no positions: expected whole numbers from 1, the first not behind the last`);
  } else if (length !== undefined && last > length) {
    report(place, `${first}-${last} lies beyond the record, which is ${length} long`);
  }
  return { name, first, last };
}
