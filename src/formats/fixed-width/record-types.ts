import type { Report } from '../../model/contracts.ts';
import type { FixedWidthEndpoint } from '../../model/definition.ts';
import { parseStretch, type Stretch } from './stretch.ts';

/** Where a record tells its type, and what each type is. */
export interface RecordTypes {
  readonly tag: Stretch;
  readonly kinds: readonly { readonly tag: string; readonly kind: RecordKind }[];
  readonly hasTrailer: boolean;
  /** Where the trailer declares the number of rows. */
  readonly count: Stretch | undefined;
}

export type RecordKind = 'row' | 'skip' | 'trailer';

/** The record types that an endpoint declares. Reports tags of another length than their stretch, and one for two kinds. */
export function compileRecordTypes(
  records: NonNullable<FixedWidthEndpoint['records']>,
  length: number | undefined,
  report: Report,
): RecordTypes {
  const stretch = (name: string, [first, last]: readonly [number, number]): Stretch =>
    parseStretch(name, first, last, length, `records.${name}`, report);
  const tag = stretch('tag', records.tag);
  const { trailer } = records;
  const kinds = [
    ...records.rows.map((text) => ({ tag: text, kind: 'row' as const })),
    ...(records.skip ?? []).map((text) => ({ tag: text, kind: 'skip' as const })),
    ...(trailer === undefined ? [] : [{ tag: trailer.tag, kind: 'trailer' as const }]),
  ];
  if (records.rows.length === 0) report('records.rows', 'No record type is a row: expected at least one tag');
  const width = tag.last - tag.first + 1;
  const seen = new Set<string>();
  for (const { tag: text } of kinds) {
    if ([...text].length !== width) {
      report('records', `The tag ${JSON.stringify(text)} is not ${width} long, as its positions are`);
    }
    if (seen.has(text)) report('records', `The tag ${JSON.stringify(text)} is declared twice`);
    seen.add(text);
  }
  return {
    tag,
    kinds,
    hasTrailer: trailer !== undefined,
    count: trailer?.count && stretch('trailer.count', trailer.count),
  };
}
