import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type VerifyOptions, verifyEnvelope } from '../../../src/envelope/verify.ts';
import { VERIFY_REASONS } from '../../../src/envelope/verify-reason.ts';
import type { EnvelopeVector } from '../../vectors/envelope/vector.ts';

const folder = fileURLToPath(new URL('../../vectors/envelope', import.meta.url));

function readVectors(kind: 'valid' | 'invalid'): EnvelopeVector[] {
  const names = readdirSync(`${folder}/${kind}`);
  return names.map((name) => JSON.parse(readFileSync(`${folder}/${kind}/${name}`, 'utf8')));
}

const valid = readVectors('valid');
const invalid = readVectors('invalid');
const bytesOf = (text: string) => new TextEncoder().encode(text);

function optionsOf({
  jwks,
  certificate,
  body,
  expected = {},
  now,
  maxAgeSeconds,
  maxBytes,
}: EnvelopeVector): VerifyOptions {
  const { request, ...others } = expected;
  const { body: requestBody, ...call } = request ?? {};
  return {
    keys: certificate === undefined ? (jwks ?? { keys: [] }) : { certificate },
    expected: {
      ...others,
      ...(request && { request: { ...call, ...(requestBody !== undefined && { body: bytesOf(requestBody) }) } }),
    },
    ...(body !== undefined && { body: bytesOf(body) }),
    ...(now !== undefined && { now }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

describe('the vectors', () => {
  it.each([...valid, ...invalid])('$name: $result', async (vector) => {
    const result = await verifyEnvelope(vector.envelope, optionsOf(vector));
    expect(result.verified ? 'verified' : result.reason).toBe(vector.result);
  });

  it('are pairs: each that is refused differs from one that is verified', () => {
    expect(valid.filter(({ result }) => result !== 'verified')).toEqual([]);
    const names = valid.map(({ name }) => name);
    expect(invalid.filter(({ pair }) => !names.includes(pair ?? ''))).toEqual([]);
  });

  it('have every reason for which a statement can be refused', () => {
    const onlyRequests = ['lifetime-too-long'];
    const reasons = Object.keys(VERIFY_REASONS).filter((reason) => !onlyRequests.includes(reason));
    expect([...new Set(invalid.map(({ result }) => result))].sort()).toEqual(reasons.sort());
  });
});
