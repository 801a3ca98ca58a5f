import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaMismatch } from '../../../src/envelope/schema-mismatch.ts';
import { STATEMENT_SCHEMA } from '../../../src/envelope/statement-schema.ts';
import { verifyEnvelope } from '../../../src/envelope/verify.ts';
import { VERIFY_REASONS } from '../../../src/envelope/verify-reason.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/envelope.md');
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

describe('the page about the envelope', () => {
  it('explains every reason, with its check, in the order of the checks', () => {
    const rows = section('Why it was refused').matchAll(/^\| `([a-z-]+)` \| `([a-z]+)` \|/gm);
    expect([...rows].map(([, reason, check]) => [reason, check])).toEqual(Object.entries(VERIFY_REASONS));
  });

  it('explains every claim of the schema, with the members of each', () => {
    const rows = new Map(
      [...section('What it says').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name, text]) => [name, text]),
    );
    expect([...rows.keys()]).toEqual(Object.keys(STATEMENT_SCHEMA.properties));
    const { req, res, src, map, adp } = STATEMENT_SCHEMA.properties;
    for (const [name, { properties }] of Object.entries({ req, res, src: src.items, map, adp })) {
      for (const member of Object.keys(properties))
        expect(rows.get(name), `${name}.${member}`).toContain(`\`${member}\``);
    }
  });

  it('shows the statement of the vector that it names, which is as the schema says', async () => {
    const shown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '');
    expect(schemaMismatch(STATEMENT_SCHEMA, shown)).toBeUndefined();
    const { envelope, jwks } = JSON.parse(read('test/vectors/envelope/valid/compact.json'));
    expect(await verifyEnvelope(envelope, { keys: jwks })).toMatchObject({ verified: true, statement: shown });
    expect(page).toContain(`on 23 November 2026 at ${new Date(shown.iat * 1000).toISOString().slice(11, 19)} UTC`);
  });
});
