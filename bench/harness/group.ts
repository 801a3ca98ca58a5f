import type { LoadGenerator } from './load-generator.ts';
import type { StartedProcess } from './started-process.ts';
import type { Table } from './table.ts';

/** What groups share: the legacy side and the consumers of every contender. */
export interface Bench {
  readonly generator: LoadGenerator;
  readonly upstream: StartedProcess;
  /** Settings of the adapter under test. */
  readonly settings: Readonly<Record<string, string>>;
  /** Says what is being done, to whoever waits. */
  readonly note: (line: string) => void;
}

export interface GroupResult {
  readonly tables: readonly Table[];
  /** Keys of the goals (docs/performance.md) with what was measured. */
  readonly ratios: Readonly<Record<string, number>>;
  /** The figures behind the tables. */
  readonly figures: object;
}

export type Group = (bench: Bench) => Promise<GroupResult>;
