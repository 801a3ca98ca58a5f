import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPublicKey } from '../../../src/envelope/public-key.ts';
import { readStrictJws, requireAlgorithm, requireSignature } from '../../../src/envelope/strict-jws.ts';
import { importVerificationKey } from '../../../src/envelope/verification-key.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { samplesFolder } from '../../support/samples.ts';

async function verify(envelope: string, jwk: JsonObject): Promise<string> {
  const jws = readStrictJws(envelope, 1_000_000, []);
  requireAlgorithm(jws.header);
  await requireSignature(jws, await importVerificationKey(jwk));
  return new TextDecoder().decode(jws.payload);
}

const refusedWith = (reason: string) => expect.objectContaining({ reason });

describe('the examples of the RFCs', () => {
  const A3 = {
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    jws:
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290' +
      'Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  };

  it('RFC 7515, A.3 (ES256) is verified', async () => {
    expect(JSON.parse(await verify(A3.jws, A3.key))).toMatchObject({ iss: 'joe' });
  });

  it('RFC 7515, A.3 is refused with one bit of its signature changed', async () => {
    const changed = A3.jws.replace('.DtEh', '.DtEi');
    await expect(verify(changed, A3.key)).rejects.toEqual(refusedWith('signature-invalid'));
  });

  it('RFC 7515, A.5 (none) is refused', async () => {
    const unsecured = `eyJhbGciOiJub25lIn0.${A3.jws.split('.')[1]}.`;
    await expect(verify(unsecured, A3.key)).rejects.toEqual(refusedWith('algorithm-refused'));
  });

  it('RFC 8037, A.3: the thumbprint of the Ed25519 key', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect((await importPublicKey(key)).kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('RFC 8037, A.4 is refused for its name EdDSA, which does not tell the curve', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    const jws =
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.' +
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    await expect(verify(jws, key)).rejects.toEqual(refusedWith('algorithm-refused'));
  });
});

describe.skipIf(samplesFolder === undefined)(
  `the examples of RFC 7520${samplesFolder === undefined ? ' (skipped: the samples are not here)' : ''}`,
  () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(join(samplesFolder ?? '', 'jose/rfc7520', `${name}.json`), 'utf8'));

    it('4.1 (RS256) is verified, compact and flattened', async () => {
      const { input, output } = read('4_1.rsa_v15_signature');
      const { kty, n, e } = input.key;
      for (const form of [output.compact, JSON.stringify(output.json_flat)]) {
        expect(await verify(form, { kty, n, e, alg: 'RS256' })).toBe(input.payload);
      }
    });

    it('4.1 in general form is refused', async () => {
      const { input, output } = read('4_1.rsa_v15_signature');
      await expect(verify(JSON.stringify(output.json), input.key)).rejects.toEqual(refusedWith('envelope-malformed'));
    });

    it('4.3 (ES512) is refused, its algorithm being none of the profile', async () => {
      const { input, output } = read('4_3.ecdsa_signature');
      await expect(verify(output.compact, input.key)).rejects.toEqual(refusedWith('algorithm-refused'));
    });

    it('4.5 (detached) and 4.7 (HMAC, no protected header) are refused', async () => {
      const detached = read('4_5.signature_with_detached_content').output;
      await expect(verify(detached.compact, {})).rejects.toEqual(refusedWith('algorithm-refused'));
      const unprotected = read('4_7.protecting_content_only').output;
      await expect(verify(JSON.stringify(unprotected.json_flat), {})).rejects.toEqual(
        refusedWith('envelope-malformed'),
      );
    });
  },
);
