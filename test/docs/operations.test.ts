/** The metrics that the page, the dashboard and the alert rules name are those that there are. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

async function exposedNames(): Promise<Set<string>> {
  const { app } = await testApp({ legacy: () => new Response('') });
  await app.request('http://spean.test/business-registry/companies?name=ABC', { headers: exchangeHeaders() });
  const text = await (await app.request('http://spean.test/metrics')).text();
  return new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name ?? ''));
}

describe('metrics in the documentation', () => {
  it.each(['docs/operations.md', 'docs/grafana-dashboard.json', 'docs/alert-rules.yaml'])(
    '%s names only those that are exposed',
    async (path) => {
      const exposed = await exposedNames();
      const named = [...readFileSync(path, 'utf8').matchAll(/\bspean_[a-z_]+/g)].map(([name]) =>
        name.replace(/_(bucket|sum|count)$/, ''),
      );
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !exposed.has(name))).toEqual([]);
    },
  );

  it('docs/operations.md names every one of them', async () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    for (const name of await exposedNames()) expect(page).toContain(`\`${name}\``);
  });
});
