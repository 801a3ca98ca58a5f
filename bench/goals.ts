/** The goals of the project by the key that `ratios` in results.json tells them under. */
export interface Goal {
  readonly what: string;
  readonly bound: 'at least' | 'under';
  readonly value: number;
}

export const GOALS = {
  'soap10k.signed/passthrough': {
    what: 'signed mediation of a 10 KB SOAP answer, to buffered pass-through',
    bound: 'at least',
    value: 0.7,
  },
  'soap10k.signed/node-soap': {
    what: 'the same, to express + node-soap, which does not sign',
    bound: 'at least',
    value: 3.5,
  },
  'soap1m.signed/node-soap': { what: 'a 1 MB SOAP answer, to node-soap', bound: 'at least', value: 6 },
  'xml.read/fast-xml-parser': {
    what: 'XML reading into declared fields, to fast-xml-parser',
    bound: 'at least',
    value: 8,
  },
  'csv.read/csv-parse': { what: 'CSV reading, strict, to csv-parse', bound: 'at least', value: 6 },
  'csv100m.lookup/passthrough': {
    what: 'one row at the end of a 100 MB CSV answer, to raw pass-through',
    bound: 'at least',
    value: 0.08,
  },
  'soap10k.cpu_ms': { what: 'CPU of a signed mediation of 10 KB, ms', bound: 'under', value: 1 },
  'bundle.gzip_kb': { what: 'bundle with ten adapters, gzip, KB', bound: 'under', value: 100 },
  startup_ms: { what: 'start-up, ms', bound: 'under', value: 20 },
  'guards.cpu_share': { what: "log, metrics and guards, share of a request's CPU", bound: 'under', value: 0.1 },
} as const satisfies Readonly<Record<string, Goal>>;

export type RatioKey = keyof typeof GOALS;
export type Ratios = Partial<Record<RatioKey, number>>;

export function meets(key: RatioKey, value: number): boolean {
  const goal: Goal = GOALS[key];
  return goal.bound === 'at least' ? value >= goal.value : value < goal.value;
}
