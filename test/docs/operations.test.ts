/** The metrics that the page, the dashboard and the alert rules name are those that there are. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '../../src/model/errors.ts';
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

/** One `metric{label="value"}` of an expression. */
interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

function selectorsOf(text: string): Selector[] {
  return [...text.matchAll(/\b(spean_[a-z_]+)\{([^}]*)\}/g)].map(([, metric = '', inside = '']) => ({
    metric: metric.replace(/_(bucket|sum|count)$/, ''),
    matchers: [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
    ),
  }));
}

/** As Prometheus compares: regular expressions are of the whole value. */
function selects({ matchers }: Selector, labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ label, operator, value }) => {
    const found = labels[label] ?? '';
    const fits = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return operator.startsWith('!') ? !fits : fits;
  });
}

/** Expressions of the rules by alert: what stands between `expr:` and the next member. */
const rules = new Map(
  [
    ...readFileSync('docs/alert-rules.yaml', 'utf8').matchAll(
      /- alert: (\w+)\n(?:\s*#.*\n)*\s*expr: ([\s\S]*?)\n\s*(?:for|labels):/g,
    ),
  ].map(([, alert = '', expr = '']): [string, string] => [alert, expr]),
);
const exprOf = (alert: string) => rules.get(alert) ?? '';
const problem = (code: ErrorCode) => ({ outcome: 'problem', owner: ERRORS[code].owner, code });

describe('what dashboard and alert rules ask for', () => {
  const dashboard = JSON.parse(readFileSync('docs/grafana-dashboard.json', 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const asked = [...rules.values()];

  it('is read from every rule', () => {
    expect(rules.size).toBe(readFileSync('docs/alert-rules.yaml', 'utf8').match(/- alert:/g)?.length);
  });

  it('are labels that the page says the metric has, and values that there are', () => {
    const rows = new Map(
      [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| (`spean_.*?) \| (.*) \|$/gm)].flatMap(
        ([, names = '', labels = '']) =>
          [...names.matchAll(/`(\w+)`/g)].map(([, name = '']): [string, string] => [name, labels]),
      ),
    );
    const values: Readonly<Record<string, readonly string[]>> = {
      code: Object.keys(ERRORS),
      owner: Object.values(ERRORS).map(({ owner }) => owner),
      outcome: ['answered', 'problem'],
    };
    const selectors = [...shown, ...asked].flatMap(selectorsOf);
    expect(selectors.length).toBeGreaterThan(10);
    for (const { metric, matchers } of selectors) {
      for (const { label, value } of matchers) {
        expect(rows.get(metric)).toContain(`\`${label}\``);
        const known = values[label];
        if (known !== undefined) for (const one of value.split('|')) expect(known).toContain(one);
      }
    }
  });

  it('wakes nobody for a system that is closed at this hour, nor for calls of strangers, but for one that fails', () => {
    const [failed] = selectorsOf(exprOf('SpeanLegacyFailing'));
    const counted = (code: ErrorCode) => failed !== undefined && selects(failed, problem(code));
    expect((['legacy-closed', 'server-unrecognised', 'input-invalid'] as const).filter(counted)).toEqual([]);
    const failures = ['legacy-unreachable', 'legacy-timeout', 'legacy-unavailable', 'legacy-malformed'] as const;
    expect(failures.filter(counted)).toEqual(failures);
    expect(exprOf('SpeanLegacyLeftAlone')).toContain('spean_legacy_open');
  });

  it('adds nothing to a metric that may have no series yet: the sum would be nothing', () => {
    for (const expr of asked) expect(expr).not.toMatch(/\)\s*[+]\s*sum/);
  });

  it('tells of the first failure of its kind, whose series begins with it', () => {
    expect(exprOf('SpeanOwnFailures')).toMatch(/unless [^\n]* offset 10m/);
  });
});
