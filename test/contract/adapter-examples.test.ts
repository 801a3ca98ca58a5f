import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { exampleCases } from '../../src/cli/check/example-cases.ts';
import { runExample } from '../../src/cli/check/run-example.ts';
import { openWorkbench } from '../../src/cli/check/workbench.ts';

describe.each(adapters.map((adapter) => [adapter.name, adapter] as const))('the examples of %s', (name, adapter) => {
  const cases = exampleCases('.', name);

  it('are there', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases.map((example) => [example.name, example.title, example] as const))('%s: %s', async (_, __, example) => {
    expect(await runExample(example, await openWorkbench(adapter))).toEqual([]);
  });
});
