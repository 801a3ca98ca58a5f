import { compileCatalogue } from '../../src/catalogue/compile.ts';
import { openApiDocument } from '../../src/exchange/rest/openapi/document.ts';
import { formats } from '../../src/formats/index.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { generatedAdapter } from '../fixtures/generated-adapters.ts';
import type { Findings, Group } from '../group.ts';
import { type Rate, runInTurns } from '../harness/in-turns.ts';
import { summarise } from '../harness/statistics.ts';
import { SPREAD_NOTE, SUMMARY_COLUMNS, summaryCells, type Table } from '../harness/table.ts';

const ADAPTERS = 100;
const SIZE = { operations: 50, fields: 16 };
const TURNS = { rounds: 7, sliceMs: 200 };

/** A large deployment compiled as at start, and described. */
export const catalogueGroup: Group = { title: 'Catalogue and OpenAPI descriptions', measure };

async function measure(): Promise<Findings> {
  const adapters = Array.from({ length: ADAPTERS }, (_, index) => generatedAdapter(index, SIZE));
  const rates = await runInTurns(
    {
      'catalogue compiled': () => compileCatalogue(adapters, { formats, compileMapping }),
      'descriptions made': () =>
        adapters.map((adapter) => openApiDocument(adapter, { serverUrl: `https://bench/${adapter.name}` })),
    },
    TURNS,
  );
  return { tables: [table(rates)], ratios: {}, raw: { adapters: ADAPTERS, ...SIZE, rates } };
}

function table(rates: readonly Rate[]): Table {
  return {
    title: `${ADAPTERS} adapters of ${SIZE.operations} operations of ${SIZE.fields} fields, in Node: ms of CPU for all`,
    columns: ['', ...SUMMARY_COLUMNS],
    rows: rates.map(({ name, perSecond }) => [name, ...summaryCells(summarise(perSecond.map((rate) => 1000 / rate)))]),
    note: SPREAD_NOTE,
  };
}
