import { compileCatalogue } from '../../src/catalogue/compile.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { generatedAdapter } from '../fixtures/generated-adapters.ts';
import {
  deepElements,
  type Grown,
  manyAttributes,
  manyElements,
  manyFields,
  manyItems,
  manyRows,
} from '../fixtures/growing-documents.ts';
import type { Findings, Group } from '../group.ts';
import { compileOperation } from '../harness/compile-operation.ts';
import { runInTurns } from '../harness/in-turns.ts';
import { replyOf } from '../harness/replies.ts';
import { pairedRatio, type Summary, summarise } from '../harness/statistics.ts';
import { figure, type Table } from '../harness/table.ts';

const TIMES = [1, 10, 100] as const;
const TURNS = { rounds: 7, sliceMs: 40 };
/**
 * What a unit may cost among ten times as many and still be called linear: caches that overflow and objects that the
 * engine turns into dictionaries double it once; quadratic growth is tenfold.
 */
const LINEAR_UP_TO = 2;

interface Dimension {
  readonly name: string;
  /** How many of it there are at one time; enough that what a document costs by itself is small beside them. */
  readonly base: number;
  readonly workOf: (count: number) => () => unknown;
}

const DIMENSIONS: readonly Dimension[] = [
  { name: 'fields', base: 10, workOf: (count) => reading(manyFields(count)) },
  { name: 'items of a list', base: 20, workOf: (count) => reading(manyItems(count)) },
  { name: 'elements that no field asks for', base: 50, workOf: (count) => reading(manyElements(count)) },
  { name: 'depth', base: 10, workOf: (count) => reading(deepElements(count)) },
  { name: 'attributes of an element', base: 10, workOf: (count) => reading(manyAttributes(count)) },
  { name: 'rows', base: 100, workOf: (count) => reading(manyRows(count)) },
  { name: 'adapters compiled', base: 1, workOf: compiling },
];

interface Growth {
  readonly name: string;
  readonly base: number;
  /** Microseconds of CPU for each unit, at each of TIMES. */
  readonly unitUs: readonly Summary[];
  /** A unit's cost at 100 times to that at 10 times. */
  readonly growth: Summary;
}

/** What one more of everything costs when there are 1, 10 and 100 times as many. */
export const growthGroup: Group = { title: 'Growth of the cost', measure };

async function measure(): Promise<Findings> {
  const growths: Growth[] = [];
  for (const dimension of DIMENSIONS) growths.push(await grow(dimension));
  return { tables: [table(growths)], ratios: {}, raw: { times: TIMES, growths } };
}

async function grow({ name, base, workOf }: Dimension): Promise<Growth> {
  const works = Object.fromEntries(TIMES.map((times) => [`× ${times}`, workOf(base * times)]));
  const rates = await runInTurns(works, TURNS);
  const unitUs = rates.map(({ perSecond }, at) => perSecond.map((rate) => 1e6 / rate / (base * TIMES[at]!)));
  return { name, base, unitUs: unitUs.map(summarise), growth: pairedRatio(unitUs[2]!, unitUs[1]!) };
}

function reading({ adapter, document, contentType }: Grown): () => Promise<unknown> {
  const { call, mapping } = compileOperation(adapter, 'read');
  const reply = replyOf(contentType, new TextEncoder().encode(document));
  return async () => mapping.mapOut(await call.decode(reply, []));
}

function compiling(count: number): () => unknown {
  const size = { operations: 5, fields: 16 };
  const adapters = Array.from({ length: count }, (_, index) => generatedAdapter(index, size));
  return () => compileCatalogue(adapters, { formats, compileMapping });
}

function table(growths: readonly Growth[]): Table {
  return {
    title: 'Read and mapped in Node: µs of CPU for each unit, at 1, 10 and 100 times as many',
    columns: ['what grows', 'times 1 is', ...TIMES.map((times) => `× ${times}`), '× 100 to × 10', 'verdict'],
    rows: growths.map(({ name, base, unitUs, growth }) => [
      name,
      String(base),
      ...unitUs.map(({ median }) => figure(median)),
      figure(growth.median),
      growth.median <= LINEAR_UP_TO ? 'linear' : 'NOT LINEAR',
    ]),
  };
}
