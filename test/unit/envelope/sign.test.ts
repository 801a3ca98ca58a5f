import { compactVerify, decodeProtectedHeader, type FlattenedJWSInput, flattenedVerify, importJWK } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from '../../../src/envelope/algorithm.ts';
import { importPublicKey } from '../../../src/envelope/public-key.ts';
import { compactLength, flattenedOf, signCompact, signingInputOf } from '../../../src/envelope/sign.ts';
import { createLocalSigner } from '../../../src/envelope/signer.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const STATEMENT = '{"iss":"CAMBODIA/GOV/0001/population","data":{"ឈ្មោះ":"សុខ"}}';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function signerFor(alg: SigningAlgorithm) {
  const { privateJwk, publicJwk } = await generateJwks(alg);
  const publicKey = await importPublicKey(publicJwk);
  return { privateJwk, publicKey, signer: await createLocalSigner(privateJwk, publicKey) };
}

describe('signCompact() with a local signer', () => {
  it.each(SIGNING_ALGORITHM_NAMES)(
    'makes %s envelopes that jose verifies, compact and flattened alike',
    async (alg) => {
      const { publicKey, signer } = await signerFor(alg);
      const input = signingInputOf(signer, bytesOf(STATEMENT), { iat: 1_795_426_000 });
      const compact = await signCompact(signer, input);
      expect(compact).toHaveLength(compactLength(signer, input));
      const flattened = JSON.parse(flattenedOf(compact)) as FlattenedJWSInput & { payload: string };
      expect(Object.keys(flattened)).toEqual(['payload', 'protected', 'signature']);
      expect(`${flattened.protected}.${flattened.payload}.${flattened.signature}`).toBe(compact);

      const key = await importJWK(publicKey.jwk, alg);
      const verified = [await compactVerify(compact, key), await flattenedVerify(flattened, key)];
      for (const { payload, protectedHeader } of verified) {
        expect(new TextDecoder().decode(payload)).toBe(STATEMENT);
        expect(protectedHeader).toEqual({ alg, typ: 'xroad-evidence+jwt', kid: publicKey.kid, iat: 1_795_426_000 });
      }
    },
  );

  it('adds the two parameters of JAdES-B-B and nothing else', async () => {
    const { signer } = await signerFor('ES256');
    const certificate = { thumbprint: 'dGh1bWI', x5c: ['MIIB'] };
    const compact = await signCompact(signer, signingInputOf(signer, bytesOf(STATEMENT), { iat: 1, certificate }));
    expect(Object.keys(decodeProtectedHeader(compact))).toEqual(['alg', 'typ', 'kid', 'iat', 'x5t#S256', 'x5c']);
  });

  it('says of each statement its own time and certificate, not those of the one before', async () => {
    const { signer } = await signerFor('ES256');
    const headers = [
      { iat: 1 },
      { iat: 2 },
      { iat: 2, certificate: { thumbprint: 'b25l' } },
      { iat: 2, certificate: { thumbprint: 'dHdv' } },
      { iat: 2, certificate: { thumbprint: 'dHdv', x5c: ['MIIB'] } },
    ];
    const said = headers.map((header) =>
      decodeProtectedHeader(`${signingInputOf(signer, bytesOf(STATEMENT), header)}.AA`),
    );
    expect(said.map(({ iat, 'x5t#S256': thumbprint, x5c }) => [iat, thumbprint, x5c])).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
      [2, 'b25l', undefined],
      [2, 'dHdv', undefined],
      [2, 'dHdv', ['MIIB']],
    ]);
  });

  it('never mixes statements that are signed at the same time', async () => {
    const { publicKey, signer } = await signerFor('ES256');
    const key = await importJWK(publicKey.jwk, 'ES256');
    const texts = Array.from({ length: 50 }, (_, index) => JSON.stringify({ txn: `t-${index}` }));
    const signed = await Promise.all(
      texts.map((text) => signCompact(signer, signingInputOf(signer, bytesOf(text), { iat: 1 }))),
    );
    const read = await Promise.all(signed.map((compact) => compactVerify(compact, key)));
    expect(read.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(texts);
  });
});

describe('createLocalSigner()', () => {
  it.each(SIGNING_ALGORITHM_NAMES)(
    'imports a private %s key once, for signing only, and never extractable',
    async (alg) => {
      const importKey = vi.spyOn(crypto.subtle, 'importKey');
      const { signer } = await signerFor(alg);
      const imported = importKey.mock.calls.filter(([, key]) => 'd' in key);
      await signCompact(signer, 'a.b');
      await signCompact(signer, 'c.d');
      expect(imported.map(([, , , extractable, usages]) => [extractable, usages])).toEqual([[false, ['sign']]]);
      const keys = (await Promise.all(importKey.mock.results.map(({ value }) => value as Promise<CryptoKey>))).filter(
        ({ type }) => type === 'private',
      );
      expect(keys).toHaveLength(1);
      await expect(crypto.subtle.exportKey('jwk', keys[0]!)).rejects.toThrow();
      importKey.mockRestore();
    },
  );
});
