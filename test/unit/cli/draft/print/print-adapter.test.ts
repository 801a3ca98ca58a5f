import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as builders from '../../../../../src/adapter.ts';
import { formatSource } from '../../../../../src/cli/draft/print/format-source.ts';
import { exportName, printAdapter } from '../../../../../src/cli/draft/print/print-adapter.ts';
import type { AdapterDefinition, Auth, Endpoint } from '../../../../../src/model/definition.ts';
import type { Field, FieldData } from '../../../../../src/model/field.ts';
import { temporaryFolder } from '../../../../support/cli-shell.ts';
import { arbitraryDefinition } from '../../../exchange/rest/openapi/arbitrary-definition.ts';

const variable = (name: string) => ({ from: 'variable', name }) as const;
const secret = (name: string) => ({ from: 'secret', name }) as const;

/** Runs the printed file with the builders that it imports. */
function evaluate(source: string): unknown {
  const body = source
    .replace(/^import \{([^}]*)\} from '[^']*';$/m, 'const {$1} = builders;')
    .replace(/^export const \w+ =/m, 'return');
  return new Function('builders', body)(builders);
}

function asData(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const auths: readonly (Auth | undefined)[] = [
  { scheme: 'basic', user: variable('USER'), password: secret('PASSWORD') },
  { scheme: 'bearer', token: secret('TOKEN') },
  { scheme: 'header', header: 'X-Key', value: secret('KEY') },
  { scheme: 'usernameToken', user: variable('USER'), password: secret('PASSWORD'), passwordType: 'digest' },
  undefined,
];

const endpoints: readonly Endpoint[] = [
  { format: 'soap', endpoint: variable('URL'), namespace: "urn:it's", namespaces: { p: 'urn:p' }, version: '1.2' },
  { format: 'xml', endpoint: variable('URL'), headers: { 'X-System': 'A "B"' } },
  { format: 'csv', endpoint: variable('URL'), separator: '\t', quote: null, footer: { startsWith: 'END' } },
  { format: 'fixedWidth', endpoint: variable('URL'), columns: { ID: [1, 8] }, unit: 'byte', length: 8 },
];

function adapterOf(fields: Record<string, FieldData>, endpoint: Endpoint, auth?: Auth): AdapterDefinition {
  return {
    name: 'things',
    title: 'Things',
    legacy: { legacy: { ...endpoint, ...(auth === undefined ? {} : { auth }) } },
    operations: {
      first: {
        method: 'get',
        path: '/things',
        summary: 'First',
        call: { operation: 'First', action: 'urn:first' },
        input: {},
        output: { type: 'record', fields: fields as Record<string, Field> },
        safe: true,
      },
      second: {
        method: 'post',
        path: '/things',
        summary: 'Second',
        call: { operation: 'Second' },
        input: fields as Record<string, Field>,
        output: { type: 'list', at: 'Thing', items: { type: 'record', fields: fields as Record<string, Field> } },
        problems: [{ fault: 'Gone', fields: { why: { type: 'text', at: 'Why' } }, status: 410 }],
        limits: { attempts: 1 },
      },
    },
  };
}

const FIELDS: Record<string, FieldData> = {
  padded: { type: 'text', at: 'P', rules: ['trim', { pad: 'left', with: '0', width: 8 }] },
  filled: { type: 'integer', at: 'F', rules: [{ pad: 'right', with: ' ', width: 4 }], default: 7 },
  awkward: { type: 'text', at: 'A', pattern: '^\'\\d`${\u2028"$', missing: ['—', '\u0000', '\ud800'] },
  __proto__x: { type: 'constant', at: 'C', value: 'v', title: 'A constant' },
  inner: { type: 'record', at: 'I', description: 'Within', fields: { id: { type: 'text', at: 'ID' } }, nullable: true },
  code: {
    type: 'code',
    at: 'K',
    table: Object.fromEntries([
      ['__proto__', 'a'],
      ['1', 'b'],
      ['a-b', 'c'],
    ]) as never,
  },
  kind: {
    type: 'choice',
    discriminator: 'kind',
    by: '@type',
    optional: true,
    cases: { one: { tag: '1', record: { type: 'record', fields: { id: { type: 'text', at: 'ID' } } } } },
  },
};

describe('printAdapter()', () => {
  it('prints what evaluates to the same definition, for any definition', () => {
    fc.assert(
      fc.property(arbitraryDefinition, (definition) => {
        expect(asData(evaluate(printAdapter(definition)))).toEqual(asData(definition));
      }),
      { numRuns: 300 },
    );
  });

  it.each(
    endpoints.flatMap((endpoint) =>
      auths.map((auth) => [endpoint.format, auth?.scheme ?? 'nothing', endpoint, auth] as const),
    ),
  )('prints a %s endpoint with %s to show itself with', (_, __, endpoint, auth) => {
    const definition = adapterOf(FIELDS, endpoint, auth);
    expect(asData(evaluate(printAdapter(definition)))).toEqual(asData(definition));
  });

  it('writes fields that stand several times once, under a name', () => {
    const source = printAdapter(adapterOf(FIELDS, endpoints[0] as Endpoint));
    expect(source.match(/awkward/g)).toHaveLength(1);
    expect(source).toContain('const firstOutput = {');
    expect(source).toContain('input: firstOutput');
  });

  it('prints what the compiler takes, and what the formatter leaves as it is', { timeout: 30_000 }, async () => {
    const folder = temporaryFolder();
    const definitions = [
      ...fc.sample(arbitraryDefinition, { numRuns: 20, seed: 7 }).map(withOneEndpoint),
      ...endpoints.map((endpoint) => adapterOf(FIELDS, endpoint, auths[0])),
    ];
    for (const [index, definition] of definitions.entries()) {
      const path = join(folder, 'adapters', `a${index}`, 'adapter.ts');
      const source = await formatSource(printAdapter(definition));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, source.replace("'../../src/adapter.ts'", `'${resolve('src/adapter.ts')}'`));
      if (index === 0) expect(await formatSource(source)).toBe(source);
    }
    const config = { extends: resolve('tsconfig.json'), include: ['adapters'], exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const said = runCompiler(join(folder, 'tsconfig.json'));
    expect(said).toBe('');
  });
});

/** With several endpoints the compiler asks every operation for its own. */
function withOneEndpoint(definition: AdapterDefinition): AdapterDefinition {
  return { ...definition, legacy: { legacy: Object.values(definition.legacy)[0] as Endpoint } };
}

function runCompiler(config: string): string {
  try {
    return execFileSync(process.execPath, ['scripts/run.mjs', 'tsc', '-p', config], { encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  }
}

describe('exportName()', () => {
  it.each([
    ['business-registry', 'businessRegistry'],
    ['csv', 'csvAdapter'],
    ['delete', 'deleteAdapter'],
    ['text', 'textAdapter'],
  ])('exports %s as %s', (adapter, name) => {
    expect(exportName(adapter)).toBe(name);
  });
});
