import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeyError } from '../../../src/envelope/public-key.ts';
import { readStrictJws, requireAlgorithm, requireSignature, type StrictJws } from '../../../src/envelope/strict-jws.ts';
import { importVerificationKey } from '../../../src/envelope/verification-key.ts';
import { Refusal } from '../../../src/envelope/verify-reason.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { samplesFolder } from '../../support/samples.ts';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: 'valid' | 'invalid';
  readonly jwk: JsonObject;
}

function readVectors(folder: string): Vector[] {
  const { testGroups } = JSON.parse(readFileSync(join(folder, 'jose/wycheproof-jws.json'), 'utf8'));
  return testGroups.flatMap((group: { public?: JsonObject; private?: JsonObject; tests: Vector[] }) =>
    group.tests.map((test) => ({ ...test, jwk: group.public ?? group.private ?? {} })),
  );
}

const vectors = samplesFolder === undefined ? [] : readVectors(samplesFolder);

/** Vectors whose expected result the strict front does not share, and why. Numbers that the samples lack do no harm. */
const QUIRKS: Readonly<Record<number, string>> = {
  346: 'valid, but the token says PS384 and its key PS256',
  350: 'valid, but the token says PS384 and its key PS256',
  347: 'valid, but its key says ES521, an algorithm that does not exist',
  351: 'valid, but its key says ES521, an algorithm that does not exist',
  372: 'valid, but there is a question mark in its base64url',
  373: 'valid, but there is a question mark in its base64url',
  367: 'invalid, but byte for byte the valid 357',
  370: 'invalid, but byte for byte the valid 357',
};

/** The kid of a vector is a name; here it is a thumbprint or nothing. */
const withoutKid = ({ kid: _, ...jwk }: JsonObject): JsonObject => jwk;

/** As this project verifies. */
async function takes({ jws, jwk }: Vector): Promise<boolean> {
  return verdict(async () => {
    const strict = readStrictJws(jws, 1_000_000, []);
    requireAlgorithm(strict.header);
    await requireSignature(strict, await importVerificationKey(withoutKid(jwk)));
  });
}

const OTHER_ALGORITHMS: Readonly<Record<string, HmacImportParams | RsaHashedImportParams>> = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  RS384: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  RS512: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
  PS384: { name: 'RSA-PSS', hash: 'SHA-384' },
  PS512: { name: 'RSA-PSS', hash: 'SHA-512' },
};

/** The same strict reading with algorithms that this project never takes, so that their vectors test the reading too. */
async function takesOther({ jws, jwk }: Vector): Promise<boolean> {
  return verdict(async () => {
    const { header, signature, signingInput }: StrictJws = readStrictJws(jws, 1_000_000, []);
    const algorithm = OTHER_ALGORITHMS[String(jwk.alg)];
    if (algorithm === undefined || header.alg !== jwk.alg) throw new Refusal('algorithm-mismatch', '');
    const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, false, ['verify']);
    const saltLength = Number(/\d+$/.exec(String(jwk.alg))?.[0]) / 8;
    const holds = await crypto.subtle.verify({ name: algorithm.name, saltLength }, key, signature, signingInput);
    if (!holds) throw new Refusal('signature-invalid', '');
  });
}

async function verdict(verify: () => Promise<void>): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch (error) {
    if (error instanceof Refusal || error instanceof KeyError) return false;
    throw error;
  }
}

const ours = ['ES256', 'ES384', 'RS256', 'PS256'];

describe.skipIf(samplesFolder === undefined)(
  `the JWS vectors of Wycheproof${samplesFolder === undefined ? ' (skipped: the samples are not here)' : ''}`,
  () => {
    it('have the expected result, but for the known quirks', async () => {
      const judged = await Promise.all(
        vectors.map(async (vector) => ({
          ...vector,
          taken: String(vector.jwk.alg) in OTHER_ALGORITHMS ? await takesOther(vector) : await takes(vector),
        })),
      );
      const surprises = judged.filter(({ taken, result }) => taken !== (result === 'valid')).map(({ tcId }) => tcId);
      expect(surprises).toEqual(vectors.map(({ tcId }) => tcId).filter((tcId) => tcId in QUIRKS));
      const sound = judged.filter(({ jwk, taken }) => ours.includes(String(jwk.alg)) && taken);
      expect(sound.length, 'valid ones with algorithms of this project').toBeGreaterThan(3);
    });

    it('are refused with every algorithm that this project does not take, valid or not', async () => {
      const others = vectors.filter(({ jwk }) => !ours.includes(String(jwk.alg)));
      expect(others.some(({ result }) => result === 'valid')).toBe(true);
      for (const vector of others) expect([vector.tcId, await takes(vector)]).toEqual([vector.tcId, false]);
    });

    it('are refused for their encoding where jose reads them leniently', () => {
      const lenient = vectors.filter(({ tcId }) => [360, 365, 368, 375].includes(tcId));
      expect(lenient.length).toBeGreaterThan(0);
      for (const { jws } of lenient) {
        expect(() => readStrictJws(jws, 1_000_000, [])).toThrow(
          expect.objectContaining({ reason: 'encoding-malformed' }),
        );
      }
    });
  },
);
