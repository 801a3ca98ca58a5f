import type { Report } from '../../model/contracts.ts';
import type { FixedWidthEndpoint } from '../../model/definition.ts';
import type { RecordPlan, SlotPlan } from '../../model/source.ts';
import { compileRecordTypes, type RecordTypes } from './record-types.ts';
import { parseStretch, type Stretch } from './stretch.ts';

/** How a fixed-width document is laid out, all defaults filled in. */
export interface Layout {
  readonly unit: 'byte' | 'character';
  /** Units of every record; undefined: only as many as the columns need. */
  readonly length: number | undefined;
  readonly unseparated: boolean;
  /** The stretch of each slot. */
  readonly columns: readonly Stretch[];
  readonly types: RecordTypes | undefined;
  readonly preamble: number;
  readonly footerRows: number;
  readonly footerStart: string | undefined;
  readonly setAside: boolean;
}

/** The layout that an endpoint declares, for the slots of a call. Reports positions that no record has. */
export function compileLayout(
  endpoint: FixedWidthEndpoint,
  plan: RecordPlan,
  maxBytes: number,
  report: Report,
): Layout {
  const { footer, length } = endpoint;
  const declared = declaredColumns(endpoint, report);
  checkCount(length ?? 1, 1, 'length', report);
  if (length !== undefined && length > maxBytes)
    report('length', `Records of ${length} are longer than the limit rowBytes, ${maxBytes}`);
  if (endpoint.unseparated && length === undefined) report('unseparated', 'Records without line ends need a "length"');
  checkCount(endpoint.preamble ?? 0, 0, 'preamble', report);
  if (typeof footer === 'number') checkCount(footer, 0, 'footer', report);
  if (typeof footer === 'object' && footer.startsWith === '')
    report('footer.startsWith', 'An empty text starts every record');
  if (typeof footer === 'object' && endpoint.unseparated && [...footer.startsWith].length > (length ?? 0))
    report(
      'footer.startsWith',
      `${JSON.stringify(footer.startsWith)} is longer than a record, which is ${length} long`,
    );
  return {
    unit: endpoint.unit ?? 'character',
    length,
    unseparated: endpoint.unseparated ?? false,
    columns: plan.slots.map((slot) => slotStretch(slot, declared, length, report)),
    types: endpoint.records && compileRecordTypes(endpoint.records, length, report),
    preamble: endpoint.preamble ?? 0,
    footerRows: typeof footer === 'number' ? footer : 0,
    footerStart: typeof footer === 'object' ? footer.startsWith : undefined,
    setAside: endpoint.badRows === 'setAside',
  };
}

function declaredColumns(endpoint: FixedWidthEndpoint, report: Report): ReadonlyMap<string, Stretch> {
  return new Map(
    Object.entries(endpoint.columns ?? {}).map(([name, [first, last]]) => [
      name,
      parseStretch(name, first, last, endpoint.length, `columns.${name}`, report),
    ]),
  );
}

const POSITION = /^(\d+)(?:-(\d+))?$/;
const NOWHERE: Stretch = { name: '', first: 1, last: 1 };

function slotStretch(
  slot: SlotPlan,
  declared: ReadonlyMap<string, Stretch>,
  length: number | undefined,
  report: Report,
): Stretch {
  const position = slot.at[0] ?? '';
  const name = JSON.stringify(position);
  if (slot.record !== undefined) report('output', `A fixed-width record holds texts, not a record at ${name}`);
  if (slot.repeats) report('output', `A fixed-width record has no list at ${name}`);
  if (slot.at.length > 1) report('output', `${name} is always there: a further position would never be tried`);
  const column = declared.get(position);
  if (column !== undefined) return column;
  const [, first, last] = POSITION.exec(position) ?? [];
  if (first !== undefined)
    return parseStretch(position, Number(first), Number(last ?? first), length, 'output', report);
  report('output', `${name} is no position: expected first-last such as "10-18", or a name that "columns" declares`);
  return NOWHERE;
}

function checkCount(value: number, least: number, place: string, report: Report): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  report(place, `${value} is no number of records or positions: expected a whole number from ${least}`);
}
