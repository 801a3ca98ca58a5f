/** Runs every example of docs/adapters.md: the adapter, the legacy answer, the request, and what the consumer gets. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AdapterDefinition } from '../../src/adapter.ts';
import * as builders from '../../src/adapter.ts';
import { openWorkbench } from '../../src/cli/check/workbench.ts';
import { spean } from '../support/cli-shell.ts';

const page = readFileSync('docs/adapters.md', 'utf8');
const CONTENT_TYPES: Record<string, string> = { xml: 'text/xml', csv: 'text/csv', text: 'text/plain' };

const EXAMPLE =
  /```ts\n(defineAdapter[\s\S]+?);\n```\n\n```(xml|csv|text)\n([\s\S]+?)```\n\n`([A-Z]+) (\S+)` answers(?: (\d+))?\n\n```json\n([\s\S]+?)```/g;
const examples = [...page.matchAll(EXAMPLE)].map(
  ([, source = '', kind = '', reply = '', method = '', path = '', status, answer = '']) => ({
    definition: new Function(...Object.keys(builders), `return ${source}`)(
      ...Object.values(builders),
    ) as AdapterDefinition,
    contentType: CONTENT_TYPES[kind] ?? '',
    reply,
    method,
    path,
    status: Number(status ?? 200),
    answer: JSON.parse(answer) as object,
  }),
);

describe('docs/adapters.md', () => {
  it('has an example in every section about fields', () => {
    expect(examples).toHaveLength(page.match(/```ts\ndefineAdapter/g)?.length ?? 0);
  });

  it.each(examples.map((example) => [example.definition.title, example] as const))(
    'shows what happens: %s',
    async (_, { definition, reply, contentType, method, path, status, answer }) => {
      const call = await openWorkbench(definition);
      const { response } = await call(
        { method, path },
        () => new Response(reply, { headers: { 'content-type': contentType } }),
      );
      const body = await response.json();
      expect(response.status).toBe(status);
      if (status < 400) expect(body).toEqual(answer);
      else expect(body).toMatchObject(answer);
    },
  );

  it('names commands that work', async () => {
    const [, commands = ''] = /```sh\n([\s\S]+?)```/.exec(page) ?? [];
    for (const line of commands.trim().split('\n')) {
      const [npx, name, ...args] = line.split(' ');
      expect([npx, name]).toEqual(['npx', 'spean']);
      expect(await spean(args)).toMatchObject({ code: 0 });
    }
  });
});
