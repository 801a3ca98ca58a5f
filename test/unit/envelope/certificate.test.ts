import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from '../../../src/envelope/algorithm.ts';
import { certificateOf, daysLeft, readCertificateChain, requireValidity } from '../../../src/envelope/certificate.ts';
import { readDerElements, readDerSequence } from '../../../src/envelope/der.ts';
import { importPublicKey, KeyError, type PublicKey } from '../../../src/envelope/public-key.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { der, makeCertificate, pem } from '../../support/certificate-maker.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const FACTS = {
  subject: 'Seal',
  issuer: 'Intermediate',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-06-30T23:59:59Z',
};
const DAY_MS = 86_400_000;
let key: PublicKey;
let publicJwk: JsonObject;
let leaf: string;
let intermediate: string;

beforeAll(async () => {
  ({ publicJwk } = await generateJwks('ES256'));
  key = await importPublicKey(publicJwk);
  leaf = await makeCertificate({ ...FACTS, publicJwk });
  intermediate = await makeCertificate({
    subject: 'Intermediate',
    issuer: 'Root',
    publicJwk: (await generateJwks('RS256')).publicJwk,
    notBefore: '2020-01-01T00:00:00Z',
    notAfter: '2055-01-01T00:00:00Z',
  });
});

/** The leaf with other bytes, as many, in place of some: its signature is not looked at. */
function patched(from: string, to: string): string {
  const bytes = new X509Certificate(leaf).raw.toString('latin1');
  expect([bytes.split(from).length, to.length]).toEqual([2, from.length]);
  return pem(Buffer.from(bytes.replace(from, to), 'latin1'));
}

describe('readCertificateChain()', () => {
  it('reads what OpenSSL reads: validity and fingerprint', async () => {
    for (const notAfter of [
      '2027-06-30T23:59:59Z',
      '2049-12-31T23:59:59Z',
      '2050-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ]) {
      const text = await makeCertificate({ ...FACTS, publicJwk, notAfter });
      const certificate = await readCertificateChain(text, key);
      const peer = new X509Certificate(text);
      expect(certificate.notBefore).toBe(Date.parse(peer.validFrom));
      expect(certificate.notAfter).toBe(Date.parse(peer.validTo));
      expect(Buffer.from(certificate.thumbprint, 'base64url').toString('hex')).toBe(
        peer.fingerprint256.replaceAll(':', '').toLowerCase(),
      );
      expect(certificate.x5c).toEqual([peer.raw.toString('base64')]);
    }
  });

  it.each(SIGNING_ALGORITHM_NAMES)('finds the %s key in its certificate', async (alg: SigningAlgorithm) => {
    const { publicJwk } = await generateJwks(alg);
    const certificate = await readCertificateChain(
      await makeCertificate({ ...FACTS, publicJwk }),
      await importPublicKey(publicJwk),
    );
    expect(certificate.x5c).toHaveLength(1);
  });

  it('takes a chain, leaf first, with text between its blocks', async () => {
    const certificate = await readCertificateChain(
      `subject=Seal\n${leaf}\nissuer\r\n${intermediate.replaceAll('\n', '\r\n')}`,
      key,
    );
    expect(certificate.x5c).toHaveLength(2);
  });

  it('refuses a chain in the wrong order', async () => {
    await expect(readCertificateChain(intermediate + leaf, key)).rejects.toThrow(
      'is out of order: certificate 1 was not issued by certificate 2',
    );
  });

  it('refuses another key, and the same type of key of another size', async () => {
    const others = await Promise.all([generateJwks('ES256'), generateJwks('ES384'), generateJwks('Ed25519')]);
    for (const { publicJwk } of others) {
      await expect(readCertificateChain(await makeCertificate({ ...FACTS, publicJwk }), key)).rejects.toThrow(
        `does not begin with a certificate of the key ${key.kid}`,
      );
    }
  });

  it('refuses a file that holds a private key, without repeating it', async () => {
    const secret = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg';
    const text = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n${leaf}`;
    const error = await readCertificateChain(text, key).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeyError);
    expect((error as KeyError).message).toBe('holds something other than certificates');
  });

  it('takes eight certificates', async () => {
    const own = await makeCertificate({ ...FACTS, issuer: 'Seal', publicJwk });
    expect((await readCertificateChain(own.repeat(8), key)).x5c).toHaveLength(8);
  });

  it.each<[string, string]>([
    ['in a month that there is not', '261301000000Z'],
    ['with a letter in it', '2601010000x0Z'],
    ['with an offset', '2601010000+0Z'],
    ['with a line break behind', '26010100000Z\n'],
  ])('refuses a certificate with a time %s: it would be valid for ever', async (_, time) => {
    await expect(readCertificateChain(patched('260101000000Z', time), key)).rejects.toThrow(
      'holds something that is no X.509 certificate at position 1',
    );
  });

  it('refuses a certificate with a time of another type, and takes the last century', async () => {
    await expect(readCertificateChain(patched('\x17\r260101', '\x16\r260101'), key)).rejects.toThrow(KeyError);
    for (const [time, iso] of [
      ['500101000000Z', '1950-01-01T00:00:00Z'],
      ['991231235959Z', '1999-12-31T23:59:59Z'],
      ['491231235959Z', '2049-12-31T23:59:59Z'],
    ] as const) {
      const { notBefore } = await readCertificateChain(patched('260101000000Z', time), key);
      expect(notBefore).toBe(Date.parse(iso));
    }
  });

  it('takes a certificate of version 1, which does not say its version, and refuses one without a signature', async () => {
    const [tbs, algorithm, signature] = readDerSequence(new Uint8Array(new X509Certificate(leaf).raw));
    const [version, ...members] = readDerElements(tbs!.content);
    expect(version!.tag).toBe(0xa0);
    const tbsOfVersion1 = der(0x30, ...members.map(({ whole }) => whole));
    const first = await readCertificateChain(pem(der(0x30, tbsOfVersion1, algorithm!.whole, signature!.whole)), key);
    expect(first.notAfter).toBe(Date.parse(FACTS.notAfter));
    await expect(readCertificateChain(pem(der(0x30, tbs!.whole, algorithm!.whole)), key)).rejects.toThrow(KeyError);
  });

  it('refuses nine certificates', async () => {
    await expect(readCertificateChain(leaf.repeat(9), key)).rejects.toThrow(
      'holds 9 certificates: 1 to 8 are expected',
    );
  });

  it('refuses a certificate that is cut short, wherever it is cut', async () => {
    const der = new X509Certificate(leaf).raw;
    for (let length = 0; length < der.length; length++) {
      await expect(readCertificateChain(pem(der.subarray(0, length)), key), `${length} bytes`).rejects.toThrow(
        KeyError,
      );
    }
  });

  it('reads a damaged certificate or refuses it as a mistake of the settings, whatever the damage', async () => {
    const der = new X509Certificate(leaf).raw;
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length - 1), fc.integer({ min: 0, max: 255 }), async (at, value) => {
        const damaged = Buffer.from(der);
        damaged[at] = value;
        const outcome = await readCertificateChain(pem(damaged), key).catch((thrown: unknown) => thrown);
        if (!(outcome instanceof KeyError)) expect(outcome).toMatchObject({ x5c: [damaged.toString('base64')] });
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a certificate with something after it', async () => {
    const raw = new X509Certificate(leaf).raw;
    await expect(certificateOf([Buffer.concat([raw, Buffer.from([0])]).toString('base64')], key)).rejects.toThrow(
      'holds something that is no X.509 certificate at position 1',
    );
  });
});

describe('a certificate in time', () => {
  it('may sign from its first second to its last', async () => {
    const certificate = await readCertificateChain(leaf, key);
    const at = (iso: string) => () => requireValidity(certificate, Date.parse(iso));
    expect(at('2026-01-01T00:00:00Z')).not.toThrow();
    expect(at('2027-06-30T23:59:59Z')).not.toThrow();
    expect(at('2025-12-31T23:59:59Z')).toThrow(
      expect.objectContaining({
        code: 'signer-failed',
        detail: 'The signing certificate is not valid before 2026-01-01T00:00:00.000Z',
      }),
    );
    expect(at('2027-07-01T00:00:00Z')).toThrow(
      expect.objectContaining({
        code: 'signer-failed',
        detail: 'The signing certificate has expired on 2027-06-30T23:59:59.000Z',
      }),
    );
  });

  it('tells the whole days left', async () => {
    const certificate = await readCertificateChain(leaf, key);
    expect(daysLeft(certificate, certificate.notAfter - 30 * DAY_MS)).toBe(30);
    expect(daysLeft(certificate, certificate.notAfter - 30 * DAY_MS + 1)).toBe(29);
    expect(daysLeft(certificate, certificate.notAfter + 1)).toBe(-1);
  });
});
