import { describe, expect, it } from 'vitest';
import { importsOf, readSourceFiles, violations } from './support/import-rules.ts';

describe('the house', () => {
  const files = readSourceFiles(process.cwd());

  it('is read whole', () => {
    expect(files.map(({ path }) => path)).toContain('src/mediate.ts');
    expect(files.find(({ path }) => path === 'src/mediate.ts')?.imports.length).toBeGreaterThan(5);
  });

  it('keeps every import within the table of rooms, and has no circles', () => {
    expect(violations(files)).toEqual([]);
  });
});

describe('the import rules themselves', () => {
  it.each([
    ['a stage that knows a sibling', 'src/mapping/response.ts', ['../formats/csv/format.ts']],
    ['a model that knows a stage', 'src/model/field.ts', ['../mapping/compile.ts']],
    ['hono outside app.ts', 'src/exchange/rest/read.ts', ['hono']],
    ['jose outside the envelope', 'src/app.ts', ['jose']],
    ['an adapter that reaches behind the authoring face', 'adapters/x/adapter.ts', ['../../src/model/field.ts']],
    ['a Node module in what runs in workerd', 'src/connectors/http/call.ts', ['node:http']],
    ['a package that no room names', 'src/syntax/xml-reader.ts', ['left-pad']],
    ['somebody importing the command line', 'src/app.ts', ['./cli/main.ts']],
  ])('refuse %s', (_, path, imports) => {
    expect(violations([{ path, imports }])).toHaveLength(1);
  });

  it('refuse a circle', () => {
    const circle = violations([
      { path: 'src/model/a.ts', imports: ['./b.ts'] },
      { path: 'src/model/b.ts', imports: ['./a.ts'] },
    ]);
    expect(circle).toEqual(['import circle: src/model/a.ts → src/model/b.ts → src/model/a.ts']);
  });

  it('see type imports, re-exports, side effects and dynamic imports', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import {\n  b,\n} from './b.ts';",
      "export { c } from './c.ts';",
      "import './d.ts';",
      "const e = await import('./e.ts');",
    ].join('\n');
    expect(importsOf(source)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
  });
});
