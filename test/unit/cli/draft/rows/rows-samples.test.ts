import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { draftFromRows } from '../../../../../src/cli/draft/rows/draft-from-rows.ts';
import type { CsvEndpoint } from '../../../../../src/model/definition.ts';
import { CSV_READ, CSV_REFUSED } from '../../../../support/csv-samples.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft } from '../wsdl/draft-file.ts';

/** Guesses that differ from what the source says, and are asked. */
const ASKED: Readonly<Record<string, Partial<CsvEndpoint>>> = {
  // Greek letters would be Cyrillic ones as well
  'frictionless-table-infer-iso-8859-7.csv': { charset: 'windows-1251' },
  // two lines of title and one of nothing, which the comparison with csv-parse takes for rows
  'messy-mixedGLB.csv': { preamble: 3 },
};

const ASPECTS = ['charset', 'separator', 'comment', 'preamble'] as const;

function draftOf(name: string) {
  const bytes = readFileSync(join(samplesFolder ?? '', 'csv', name));
  return draftFromRows(bytes, { name: 'sample', location: name });
}

describe.skipIf(samplesFolder === undefined)('every CSV file of the samples, which stand beside the project', () => {
  it.each(CSV_READ.map(([name, dialect]) => ({ name, dialect })))(
    '$name drafts with its dialect, reads whole, and becomes an example',
    async ({ name, dialect }) => {
      const draft = await draftOf(name);
      const endpoint = draft.definition.legacy.legacy as CsvEndpoint;
      for (const aspect of ASPECTS) {
        const asked = ASKED[name]?.[aspect];
        expect([aspect, endpoint[aspect]]).toEqual([aspect, asked ?? dialect[aspect]]);
        if (asked !== undefined) expect(draft.questions.map(({ place }) => place)).toContain(`legacy.${aspect}`);
      }
      expect(draft.unsupported).toEqual([]);
      expect(draft.examples.length).toBeGreaterThan(0);
      expect(compileDraft(draft).operations.length).toBeGreaterThan(0);
    },
  );

  it.each(CSV_REFUSED.filter(([, dialect]) => dialect.charset === undefined).slice(0, 6))(
    '%s drafts, and tells where it cannot be read',
    async (name, _, message) => {
      const draft = await draftOf(name);
      expect(draft.unsupported.map(({ construct }) => construct).join()).toContain(message.slice(0, 12));
      expect(draft.examples).toEqual([]);
      expect(compileDraft(draft).operations.length).toBeGreaterThan(0);
    },
  );
});
