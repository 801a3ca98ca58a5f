import {
  createPrivateKey,
  createSign,
  type KeyObject,
  type JsonWebKey as NodeKey,
  sign as signEd25519,
} from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { importPublicKey, type PublicKey } from '../../../src/envelope/public-key.ts';
import { createRemoteSigner } from '../../../src/envelope/remote-signer.ts';
import { signCompact, signingInputOf } from '../../../src/envelope/sign.ts';
import { SpeanError } from '../../../src/model/errors.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const URL = 'https://signer.example/sign';
const TOKEN = 'a-very-secret-token';
let key: PublicKey;
let hsm: KeyObject;

beforeAll(async () => {
  const { privateJwk, publicJwk } = await generateJwks('ES256');
  key = await importPublicKey(publicJwk);
  hsm = createPrivateKey({ key: privateJwk as NodeKey, format: 'jwk' });
});

interface SignRequest {
  readonly alg: string;
  readonly kid: string;
  readonly signingInput: string;
}

/** A signing service that answers in the given format, over what it was sent. */
const bytesOf = (text: string) => new TextEncoder().encode(text);

function service(format: 'jose' | 'der', heard: Request[] = []) {
  return async (request: Request) => {
    heard.push(request.clone());
    const { signingInput } = (await request.json()) as SignRequest;
    const dsaEncoding = format === 'der' ? 'der' : 'ieee-p1363';
    const signature = createSign('sha256')
      .update(Buffer.from(signingInput, 'base64url'))
      .sign({ key: hsm, dsaEncoding }, 'base64url');
    return Response.json({ signature, format });
  };
}

function signWith(fetch: (request: Request) => Promise<Response>, timeoutMs = 1000, publicKey = key): Promise<string> {
  const signer = createRemoteSigner({ url: URL, token: TOKEN, fetch, timeoutMs }, publicKey);
  return signCompact(signer, signingInputOf(signer, bytesOf('{"iss":"a"}'), { iat: 1 }));
}

async function failureOf(
  fetch: (request: Request) => Promise<Response>,
  timeoutMs?: number,
): Promise<string | undefined> {
  const error = (await signWith(fetch, timeoutMs).catch((thrown: unknown) => thrown)) as SpeanError;
  expect(error).toBeInstanceOf(SpeanError);
  expect(error).toMatchObject({ code: 'signer-failed', status: 503 });
  expect(error.detail).not.toContain(TOKEN);
  return error.detail;
}

/** Never answers, but ends with the request's signal as fetch does. */
function silence(request: Request): Promise<never> {
  return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));
}

describe('createRemoteSigner()', () => {
  it.each(['jose', 'der'] as const)(
    'makes an envelope that jose verifies from a signature in format %s',
    async (format) => {
      const compact = await signWith(service(format));
      const { protectedHeader } = await compactVerify(compact, await importJWK(key.jwk, 'ES256'));
      expect(protectedHeader.kid).toBe(key.kid);
    },
  );

  it('sends algorithm, key and signing input, with the token, and follows no redirect', async () => {
    const heard: Request[] = [];
    const compact = await signWith(service('der', heard));
    const [request] = heard;
    expect(heard).toHaveLength(1);
    expect(request!.headers.get('authorization')).toBe(`Bearer ${TOKEN}`);
    expect(request!.redirect).toBe('manual');
    const signingInput = Buffer.from(compact.split('.').slice(0, 2).join('.')).toString('base64url');
    expect(await request!.json()).toEqual({ alg: 'ES256', kid: key.kid, signingInput });
  });

  it('ends a call that takes too long', async () => {
    const started = performance.now();
    expect(await failureOf(silence, 50)).toBe('The remote signer did not answer within 50 ms');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('ends an answer that does not end', async () => {
    const endless = async (request: Request) =>
      new Response(
        new ReadableStream({
          start: (controller) =>
            request.signal.addEventListener('abort', () => controller.error(request.signal.reason)),
        }),
      );
    expect(await failureOf(endless, 50)).toBe('The remote signer did not answer within 50 ms');
  });

  it('refuses a signature by another key', async () => {
    const { publicJwk } = await generateJwks('ES256');
    const another = await importPublicKey(publicJwk);
    await expect(signWith(service('der'), 1000, another)).rejects.toThrow(
      `The remote signer's signature does not verify with the active key ${another.kid}`,
    );
  });

  it('refuses DER where the algorithm has none', async () => {
    const { privateJwk, publicJwk } = await generateJwks('Ed25519');
    const ed25519 = createPrivateKey({ key: privateJwk as NodeKey, format: 'jwk' });
    const answering = (format: string) => async (request: Request) => {
      const { signingInput } = (await request.json()) as SignRequest;
      const signature = signEd25519(null, Buffer.from(signingInput, 'base64url'), ed25519).toString('base64url');
      return Response.json({ signature, format });
    };
    const publicKey = await importPublicKey(publicJwk);
    await expect(signWith(answering('jose'), 1000, publicKey)).resolves.toBeTypeOf('string');
    await expect(signWith(answering('der'), 1000, publicKey)).rejects.toThrow(
      'The remote signer answered in format "der", which Ed25519 does not have',
    );
  });

  it.each<[string, () => Response, string]>([
    ['an error', () => new Response('key 17 of user root', { status: 500 }), 'The remote signer answered HTTP 500'],
    [
      'a redirect',
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
      'The remote signer answered HTTP 307',
    ],
    [
      'no JSON',
      () => new Response('oops'),
      'The remote signer did not answer {"signature": base64url, "format": "jose" or "der"}',
    ],
    [
      'null',
      () => new Response('null'),
      'The remote signer did not answer {"signature": base64url, "format": "jose" or "der"}',
    ],
    [
      'another format',
      () => Response.json({ signature: 'AA', format: 'p1363' }),
      'The remote signer did not answer {"signature": base64url, "format": "jose" or "der"}',
    ],
    [
      'no signature',
      () => Response.json({ format: 'jose' }),
      'The remote signer did not answer {"signature": base64url, "format": "jose" or "der"}',
    ],
    [
      'a signature that is too short',
      () => Response.json({ signature: 'AAAA', format: 'jose' }),
      'The remote signer answered a malformed signature for ES256 in format "jose"',
    ],
    [
      'DER called jose',
      () => Response.json({ signature: 'MAYCAQECAQI', format: 'jose' }),
      'The remote signer answered a malformed signature for ES256 in format "jose"',
    ],
    [
      'broken DER',
      () => Response.json({ signature: 'MAYCAQECAQ', format: 'der' }),
      'The remote signer answered a malformed signature for ES256 in format "der"',
    ],
    [
      'no base64url',
      () => Response.json({ signature: '!!', format: 'der' }),
      'The remote signer answered a malformed signature for ES256 in format "der"',
    ],
    [
      'a signature of zeros',
      () => Response.json({ signature: 'A'.repeat(86), format: 'jose' }),
      "The remote signer's signature does not verify with the active key ",
    ],
    ['too much', () => new Response('x'.repeat(20_000)), 'The remote signer answered more than 16384 bytes'],
  ])('refuses %s', async (_, answer, expected) => {
    const detail = await failureOf(async () => answer());
    expect(detail?.slice(0, expected.length)).toBe(expected);
  });

  it('tells that nobody answers', async () => {
    expect(await failureOf(() => Promise.reject(new TypeError(`connect ECONNREFUSED ${TOKEN}`)))).toBe(
      'The remote signer could not be reached',
    );
  });
});
