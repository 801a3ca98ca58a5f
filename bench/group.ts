import type { Ratios } from './goals.ts';
import type { Table } from './harness/table.ts';

/** What a group of measurements came to. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly ratios: Ratios;
  /** Every figure as it was measured, as JSON can hold it. */
  readonly raw: object;
}

/** Measurements that belong together, run in a process of their own. */
export interface Group {
  readonly title: string;
  readonly measure: () => Promise<Findings>;
}
