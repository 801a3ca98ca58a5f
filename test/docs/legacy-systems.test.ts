/** Starts every adapter of docs/legacy-systems.md, and compares its limits and problems with what there is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AdapterDefinition } from '../../src/adapter.ts';
import * as builders from '../../src/adapter.ts';
import { ERRORS } from '../../src/model/errors.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import { testApp } from '../support/test-app.ts';

const page = readFileSync('docs/legacy-systems.md', 'utf8');

const adapters = [...page.matchAll(/```ts\n(defineAdapter[\s\S]+?);\n```/g)].map(
  ([, source]) =>
    new Function(...Object.keys(builders), `return ${source}`)(...Object.values(builders)) as AdapterDefinition,
);

/** A value for every setting that an adapter names. */
function environmentOf(adapter: AdapterDefinition): Record<string, string> {
  const names = [...JSON.stringify(adapter).matchAll(/"from":"\w+","name":"(\w+)"/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, name.endsWith('_URL') ? 'http://legacy.test/' : 'value']));
}

/** The cells of the table below a heading row. */
function rowsOf(heading: string): string[][] {
  const [, table = ''] = page.split(`${heading}\n`);
  const [, ...lines] = (table.split('\n\n')[0] ?? '').split('\n');
  return lines.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
      .slice(1, -1),
  );
}

describe('docs/legacy-systems.md', () => {
  it('shows adapters only that are read here', () => {
    expect(adapters).toHaveLength(page.match(/```ts/g)?.length ?? 0);
    expect(adapters.length).toBeGreaterThan(4);
  });

  it.each(adapters.map((adapter) => [adapter.title, adapter] as const))(
    'shows an adapter that starts: %s',
    async (_, adapter) => {
      const { app } = await testApp({
        adapters: [adapter],
        environment: environmentOf(adapter),
        legacy: () => new Response(''),
      });
      const ready = await (await app.request('http://spean.test/ready')).json();
      expect(ready.adapters).toEqual([adapter.name]);
    },
  );

  it('tells the defaults that there are', () => {
    const told = rowsOf('| limit | default | of what |').map(([name, value]) => [name, Number(value)]);
    expect(told.length).toBeGreaterThan(10);
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(told.map(([name]) => [name, DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS]])),
    );
  });

  it('tells every problem of the legacy side with its status', () => {
    const told = rowsOf('| code | status | when | is a write carried out? |').map(([code, status]) => [
      code,
      Number(status),
    ]);
    const there = Object.entries(ERRORS).filter(([code]) => code.startsWith('legacy-'));
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(there.map(([code, { status }]) => [code, status])));
  });
});
