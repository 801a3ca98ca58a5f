import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/cli/check/finding.ts';
import type { Draft } from '../../../../src/cli/draft/draft.ts';
import { tellDraft } from '../../../../src/cli/draft/tell-draft.ts';
import type { OperationDefinition } from '../../../../src/model/definition.ts';

const NUMBERS = Array.from({ length: 20 }, (_, index) => index + 1);

const OPERATION: OperationDefinition = {
  method: 'get',
  path: '/persons',
  summary: 'Find a person',
  call: { operation: 'Find' },
  input: {},
  output: { type: 'record', fields: {} },
};

function told(draft: Partial<Draft>, findings: readonly Finding[] = [], paths: readonly string[] = []): string[] {
  const definition = { name: 'persons', title: 'Persons', legacy: {}, operations: { find: OPERATION } };
  const whole = { definition, questions: [], unsupported: [], examples: [], ...draft } as Draft;
  const files = paths.map((path) => ({ path, content: '' }));
  return tellDraft(whole, files, findings, true).map(stripVTControlCharacters);
}

describe('tellDraft()', () => {
  it('asks the first twelve questions and says how many are in the README', () => {
    const questions = NUMBERS.map((number) => ({
      place: `field${number}`,
      question: `Is ${number} right?`,
      guess: 'Yes',
    }));
    const lines = told({ questions });
    expect(lines.filter((line) => line.startsWith('  ? '))).toHaveLength(12);
    expect(lines).toContain('Questions: 20, all in README.md, with what stands now');
    expect(lines).toContain('  and 8 more: see README.md');
  });

  it('says once what is true of several places, and names the first', () => {
    const question = 'What do the codes KG, LB mean?';
    const questions = NUMBERS.map((number) => ({ place: `field${number}`, question, guess: 'As they stand' }));
    const unsupported = [1, 2].map((line) => ({
      place: `a.xsd:${line}`,
      construct: 'xsd:any',
      consequence: 'Left out',
    }));
    const lines = told({ questions, unsupported });
    expect(lines).toContain(`  ? field1 and 19 more places: ${question} → As they stand`);
    expect(lines).toContain('  - a.xsd:1 and 1 more place: xsd:any. Left out');
    expect(lines.filter((line) => /^ {2}and /.test(line))).toEqual([]);
  });

  it('tells mistakes before warnings, as those are what stops the adapter', () => {
    const warnings = NUMBERS.map((number) => ({ severity: 'warning', place: `w${number}`, message: 'long' }) as const);
    const lines = told({}, [...warnings, { severity: 'mistake', place: 'm', message: 'wrong' }]);
    expect(lines).toContain('  ✗ m: wrong');
    expect(lines).toContain('  and 9 more: see npx spean check persons');
  });

  it('has one line for all examples', () => {
    const paths = ['adapter.ts', 'examples/a/case.json', 'examples/a/reply.xml', 'examples/b/case.json'];
    const lines = told(
      {},
      [],
      paths.map((path) => `adapters/persons/${path}`),
    );
    expect(lines.slice(0, 3)).toEqual([
      '✓ adapters/persons/adapter.ts',
      '✓ adapters/persons/examples (2 examples)',
      '',
    ]);
  });
});
