import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildStatement, type StatedAnswer } from '../../../src/envelope/statement.ts';
import { STATEMENT_SCHEMA } from '../../../src/envelope/statement-schema.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { EMPTY_DIGEST, EVIDENCE } from '../../support/evidence.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const MARK = { iat: 1_795_426_000, jti: '0b9d8b4e-6f0a-4c1e-9d57-2f7c1b6a9e10' };
const JSON_ANSWER: StatedAnswer = { status: 200, contentType: 'application/json', body: { json: bytesOf('{"a":1}') } };
const FULL: Evidence = {
  ...EVIDENCE,
  nonce: 'n-1',
  request: { ...EVIDENCE.request, contentType: 'application/json', jws: EMPTY_DIGEST },
  sources: [
    { ...EVIDENCE.sources[0]!, partial: true },
    { system: 'file', at: 1, length: 5, digest: EMPTY_DIGEST, age: 60 },
  ],
  mapping: { ...EVIDENCE.mapping, schema: 'https://example.gov.kh/person' },
  representedParty: 'GOV/0003',
  userId: 'EE37702211234',
  setAside: 2,
};

const fitsSchema = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(STATEMENT_SCHEMA);

const statementOf = (evidence: Evidence, answer: StatedAnswer) =>
  JSON.parse(textOf(buildStatement(evidence, answer, MARK)));

describe('buildStatement()', () => {
  it('binds all that is known, by the claim names of the profile', () => {
    expect(statementOf(FULL, JSON_ANSWER)).toEqual({
      iss: 'CAMBODIA/GOV/0001/population',
      aud: 'CAMBODIA/GOV/0002/tax%20office',
      svc: 'CAMBODIA/GOV/0001/population/persons',
      iat: 1_795_426_000,
      jti: '0b9d8b4e-6f0a-4c1e-9d57-2f7c1b6a9e10',
      txn: '5f0c2d7e-9f5e-4a7b-8a51-3c2d6b9f0e11',
      nonce: 'n-1',
      req: {
        id: 'call-1',
        method: 'GET',
        target: '/persons/010203040?view=full',
        digest: EMPTY_DIGEST,
        cty: 'application/json',
        jws: EMPTY_DIGEST,
      },
      res: { status: 200, cty: 'application/json', set_aside: 2 },
      src: [
        { sys: 'popdb', op: 'GetPerson', at: 1_795_425_999, status: 200, len: 0, digest: EMPTY_DIGEST, partial: true },
        { sys: 'file', at: 1, len: 5, digest: EMPTY_DIGEST, age: 60 },
      ],
      map: { id: 'getPerson', rev: '12', digest: EMPTY_DIGEST, schema: 'https://example.gov.kh/person' },
      adp: { v: '0.1.0' },
      rp: 'GOV/0003',
      uid: 'EE37702211234',
      data: { a: 1 },
    });
  });

  it('has no claim for what is not known', () => {
    expect(Object.keys(statementOf(EVIDENCE, JSON_ANSWER))).toEqual([
      'iss',
      'aud',
      'svc',
      'iat',
      'jti',
      'txn',
      'req',
      'res',
      'src',
      'map',
      'adp',
      'data',
    ]);
  });

  it('holds what a client sent as it was sent, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a\\"/\u0000\u007f\tក') }), (text) => {
        const evidence = {
          ...EVIDENCE,
          nonce: text,
          userId: `"${text}`,
          request: { ...EVIDENCE.request, id: `${text}\\` },
        };
        expect(statementOf(evidence, JSON_ANSWER)).toMatchObject({
          nonce: text,
          uid: `"${text}`,
          req: { id: `${text}\\` },
        });
      }),
    );
  });

  it('holds the body exactly once: as data, as data_b64 or by digest', () => {
    const places = (answer: StatedAnswer) => {
      const { data, data_b64, res } = statementOf(EVIDENCE, answer);
      return { data, data_b64, digest: res.digest };
    };
    expect(places(JSON_ANSWER)).toEqual({ data: { a: 1 } });
    expect(places({ status: 200, body: { bytes: Uint8Array.of(0xfb, 0xff, 0xfe, 0) } })).toEqual({
      data_b64: '+//+AA==',
    });
    expect(places({ status: 204, body: { digest: EMPTY_DIGEST } })).toEqual({ digest: EMPTY_DIGEST });
  });

  it('takes the very text of a JSON body, whatever the text', () => {
    const text = '{"n":1.50,"big":12345678901234567890,"kh":"\\u17a0","data":null}';
    const answer = { ...JSON_ANSWER, body: { json: bytesOf(text) } };
    expect(textOf(buildStatement(EVIDENCE, answer, MARK))).toContain(`,"data":${text}}`);
    fc.assert(
      fc.property(fc.json(), (json) => {
        const statement = statementOf(EVIDENCE, { ...JSON_ANSWER, body: { json: bytesOf(json) } });
        expect(JSON.stringify(statement.data)).toBe(JSON.stringify(JSON.parse(json)));
        expect(statement.aud).toBe(EVIDENCE.audience);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, Evidence, StatedAnswer]>([
    ['a small one', EVIDENCE, JSON_ANSWER],
    ['a full one', FULL, JSON_ANSWER],
    ['one of bytes', EVIDENCE, { status: 200, contentType: 'text/csv', body: { bytes: Uint8Array.of(1) } }],
    ['one of a digest', EVIDENCE, { status: 204, body: { digest: EMPTY_DIGEST } }],
    [
      'one with its target hidden',
      { ...EVIDENCE, request: { ...EVIDENCE.request, target: EMPTY_DIGEST } },
      JSON_ANSWER,
    ],
    ['one without legacy call', { ...EVIDENCE, sources: [] }, JSON_ANSWER],
  ])('makes statements that fit the schema: %s', (_, evidence, answer) => {
    fitsSchema(statementOf(evidence, answer));
    expect(fitsSchema.errors ?? []).toEqual([]);
  });

  it.each<[string, (statement: Record<string, unknown>) => unknown]>([
    ['two bodies', (statement) => ({ ...statement, data_b64: '' })],
    ['a body and a digest', (statement) => ({ ...statement, res: { status: 200, digest: EMPTY_DIGEST } })],
    ['no body at all', ({ data: _, ...statement }) => statement],
    ['no audience', ({ aud: _, ...statement }) => statement],
    ['a claim of another profile', (statement) => ({ ...statement, exp: 1 })],
    ['a time with a fraction', (statement) => ({ ...statement, iat: 1.5 })],
    ['a digest in hex', (statement) => ({ ...statement, map: { id: 'x', digest: `sha-256=${'0'.repeat(64)}` } })],
  ])('the schema refuses %s', (_, change) => {
    expect(fitsSchema(change(statementOf(EVIDENCE, JSON_ANSWER)))).toBe(false);
  });
});
