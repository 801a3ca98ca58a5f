import type { JsonObject } from '../../src/model/json.ts';

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly publicJwk: JsonObject;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** A certificate in PEM for any public key, signed with an Ed25519 key that is thrown away. Times are ISO 8601. */
export async function makeCertificate(facts: CertificateFacts): Promise<string> {
  const algorithm = der(0x30, Buffer.from('06032b6570', 'hex'));
  const tbs = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name(facts.issuer),
    der(0x30, time(facts.notBefore), time(facts.notAfter)),
    name(facts.subject),
    await publicKeyInfo(facts.publicJwk),
  );
  const { privateKey } = (await crypto.subtle.generateKey('Ed25519', false, ['sign'])) as CryptoKeyPair;
  const signature = Buffer.from(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(tbs)));
  return pem(der(0x30, tbs, algorithm, der(0x03, Buffer.from([0]), signature)));
}

export function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** An element in DER: tag, length, content. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function name(commonName: string): Buffer {
  const attribute = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(commonName)));
  return der(0x30, der(0x31, attribute));
}

/** RFC 5280, 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050 on. */
function time(iso: string): Buffer {
  const text = `${new Date(iso).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return text < '2050' ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}

async function publicKeyInfo(jwk: JsonObject): Promise<Buffer> {
  const algorithm =
    jwk.kty === 'RSA'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : jwk.kty === 'OKP'
        ? { name: 'Ed25519' }
        : { name: 'ECDSA', namedCurve: String(jwk.crv) };
  const { alg: _, ...material } = jwk;
  const key = await crypto.subtle.importKey('jwk', material as JsonWebKey, algorithm, true, ['verify']);
  return Buffer.from(await crypto.subtle.exportKey('spki', key));
}
