import { createHash } from 'node:crypto';
import { type CryptoKey, compactVerify, decodeProtectedHeader, flattenedVerify, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SigningAlgorithm } from '../../../src/envelope/algorithm.ts';
import type { Carriage } from '../../../src/envelope/carriage.ts';
import { createKeyRing, type KeyRing } from '../../../src/envelope/keys.ts';
import { type Answer, createSealer, type SealOptions } from '../../../src/envelope/seal.ts';
import type { Statement } from '../../../src/envelope/statement.ts';
import { verifyEnvelope } from '../../../src/envelope/verify.ts';
import { SpeanError } from '../../../src/model/errors.ts';
import type { Evidence, SealedAnswer } from '../../../src/model/evidence.ts';
import { makeCertificate } from '../../support/certificate-maker.ts';
import { EMPTY_DIGEST, EVIDENCE } from '../../support/evidence.ts';
import { generateJwks } from '../../support/signing-keys.ts';

const NOW = Date.parse('2026-11-23T12:00:00.700Z');
const HEADER: Carriage = { form: 'header' };
const FLATTENED: Carriage = { form: 'flattened', mediaType: 'application/jose+json' };
const COMPACT: Carriage = { form: 'compact', mediaType: 'application/jose' };
const PLAIN: Carriage = { form: 'plain' };
const PERSON: Answer = {
  status: 200,
  headers: [],
  body: { name: 'សុខ', born: '1990-01-31', salary: 1.5 },
  problem: false,
};
const PROBLEM: Answer = {
  status: 404,
  headers: [['x-note', 'a']],
  body: { code: 'not-found', status: 404 },
  problem: true,
};
const EMPTY: Answer = { status: 204, headers: [], body: undefined, problem: false };
const CSV: Answer = {
  status: 200,
  headers: [],
  body: Uint8Array.of(0xff, 0xfb, 0),
  contentType: 'text/csv',
  problem: false,
};

let ring: KeyRing;
let certified: KeyRing;
let publicKey: CryptoKey | Uint8Array;

beforeAll(async () => {
  const { privateJwk, publicJwk } = await generateJwks('ES256');
  publicKey = await importJWK(publicJwk, 'ES256');
  const times = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-12-31T00:00:00Z' };
  const leaf = await makeCertificate({ subject: 'Seal', issuer: 'CA', publicJwk, ...times });
  const authority = await makeCertificate({ subject: 'CA', issuer: 'CA', publicJwk, ...times });
  const settings = { active: privateJwk, next: [], retired: [] };
  const platform = { now: () => NOW, fetch: () => Promise.reject(new Error('No network')) };
  ring = await createKeyRing(settings, platform);
  certified = await createKeyRing({ ...settings, certificateChain: leaf + authority }, platform);
});

interface Circumstances {
  readonly ring?: KeyRing;
  readonly options?: Partial<SealOptions>;
  readonly evidence?: Evidence;
  readonly now?: number;
}

function seal(answer: Answer, carriage: Carriage, circumstances: Circumstances = {}): Promise<SealedAnswer> {
  const { options = {}, evidence = EVIDENCE, now = NOW } = circumstances;
  const platform = { now: () => now, random: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) };
  return createSealer({ ring: circumstances.ring ?? ring, platform, options })(answer, evidence, carriage);
}

const textOf = (sealed: SealedAnswer) => new TextDecoder().decode(sealed.body ?? new Uint8Array());
const headerOf = (sealed: SealedAnswer, name: string) => sealed.headers.find(([header]) => header === name)?.[1];
const digestOf = (bytes: Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

/** The statement of a sealed answer, verified with jose. */
async function verified(sealed: SealedAnswer): Promise<{ statement: Statement; text: string }> {
  const carried = headerOf(sealed, 'x-evidence-jws') ?? textOf(sealed);
  const { payload } = carried.startsWith('{')
    ? await flattenedVerify(JSON.parse(carried), publicKey)
    : await compactVerify(carried, publicKey);
  const text = new TextDecoder().decode(payload);
  return { statement: JSON.parse(text), text };
}

describe('createSealer()', () => {
  it.each<[string, Answer, string]>([
    ['an answer', PERSON, 'application/json'],
    ['a problem', PROBLEM, 'application/problem+json'],
    ['other bytes', CSV, 'text/csv'],
  ])('leaves the body of %s as it is and states its digest in the header', async (_, answer, contentType) => {
    const sealed = await seal(answer, HEADER);
    const body =
      answer.body instanceof Uint8Array ? answer.body : new TextEncoder().encode(JSON.stringify(answer.body));
    expect(sealed.status).toBe(answer.status);
    expect(sealed.body).toEqual(body);
    const { statement } = await verified(sealed);
    expect(statement.res).toEqual({ status: answer.status, cty: contentType, digest: digestOf(body) });
    expect(statement).not.toHaveProperty('data');
    expect(sealed.headers).toEqual([
      ...answer.headers,
      ['content-type', contentType],
      ['x-evidence-jws', expect.any(String)],
      ['repr-digest', digestOf(body)],
      ['vary', 'accept'],
      ['cache-control', 'no-store, no-transform'],
    ]);
  });

  it.each<[string, Carriage]>([
    ['application/jose+json', FLATTENED],
    ['application/jose', COMPACT],
  ])('puts answer and problem into the body as %s', async (mediaType, carriage) => {
    for (const answer of [PERSON, PROBLEM]) {
      const sealed = await seal(answer, carriage);
      const { statement, text } = await verified(sealed);
      expect(statement.data).toEqual(answer.body);
      expect(text.endsWith(`,"data":${JSON.stringify(answer.body)}}`)).toBe(true);
      expect(statement.res).toEqual({
        status: answer.status,
        cty: answer.problem ? 'application/problem+json' : 'application/json',
      });
      expect(textOf(sealed)).toMatch(carriage === FLATTENED ? /^\{"payload":/ : /^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(sealed.headers).toEqual([
        ...answer.headers,
        ['content-type', mediaType],
        ['vary', 'accept'],
        ['cache-control', 'no-store, no-transform'],
      ]);
    }
  });

  it('puts other bytes into the body in base64', async () => {
    const { statement } = await verified(await seal(CSV, COMPACT));
    expect(statement).toMatchObject({ data_b64: '//sA', res: { status: 200, cty: 'text/csv' } });
    expect(statement).not.toHaveProperty('data');
  });

  it('states an answer without body in the header, whatever the carriage', async () => {
    for (const carriage of [HEADER, FLATTENED, COMPACT]) {
      const sealed = await seal(EMPTY, carriage);
      expect(sealed.body).toBeNull();
      expect(headerOf(sealed, 'content-type')).toBeUndefined();
      expect(headerOf(sealed, 'repr-digest')).toBe(EMPTY_DIGEST);
      expect((await verified(sealed)).statement.res).toEqual({ status: 204, digest: EMPTY_DIGEST });
    }
  });

  it('signs nothing where the carriage is plain', async () => {
    const sealed = await seal(PERSON, PLAIN);
    expect(textOf(sealed)).toBe(JSON.stringify(PERSON.body));
    expect(sealed.headers.map(([name]) => name)).toEqual(['content-type', 'vary', 'cache-control']);
    const empty = await seal(EMPTY, PLAIN);
    expect(empty.body).toBeNull();
    expect(empty.headers.map(([name]) => name)).toEqual(['vary', 'cache-control']);
  });

  it('serialises a JSON body once', async () => {
    let times = 0;
    const body = { toJSON: () => ({ times: ++times }) } as unknown as Answer['body'];
    for (const carriage of [HEADER, FLATTENED, COMPACT, PLAIN]) {
      times = 0;
      await seal({ ...PERSON, body }, carriage);
      expect(times).toBe(1);
    }
  });

  it('dates statement and header alike, in seconds, and names each statement anew', async () => {
    const sealed = await Promise.all([seal(PERSON, HEADER), seal(PERSON, HEADER)]);
    const [first, second] = await Promise.all(sealed.map(verified));
    expect(first!.statement.iat).toBe(Math.floor(NOW / 1000));
    expect(decodeProtectedHeader(headerOf(sealed[0]!, 'x-evidence-jws')!).iat).toBe(first!.statement.iat);
    expect(first!.statement.jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first!.statement.jti).not.toBe(second!.statement.jti);
    const later = await seal(PERSON, HEADER, { now: NOW + 1000 });
    expect((await verified(later)).statement.iat).toBe(first!.statement.iat + 1);
    expect(decodeProtectedHeader(headerOf(later, 'x-evidence-jws')!).iat).toBe(first!.statement.iat + 1);
  });

  it('takes the bytes of a JSON text for JSON', async () => {
    const body = new TextEncoder().encode('{"amount":1.50}');
    const { statement, text } = await verified(await seal({ ...PERSON, body }, FLATTENED));
    expect(statement.res).toEqual({ status: 200, cty: 'application/json' });
    expect(text.endsWith(',"data":{"amount":1.50}}')).toBe(true);
    expect(headerOf(await seal({ ...PERSON, body }, PLAIN), 'content-type')).toBe('application/json');
  });

  it('hides the target where that is asked for', async () => {
    const target = digestOf(Buffer.from(EVIDENCE.request.target));
    for (const carriage of [HEADER, FLATTENED]) {
      const { statement, text } = await verified(
        await seal(PERSON, carriage, { options: { requestTarget: 'digest' } }),
      );
      expect(statement.req.target).toBe(target);
      expect(text).not.toContain('010203040');
    }
  });
});

describe('the header envelope', () => {
  it('stays under 2 KiB with every algorithm, and with the longest signature there is', async () => {
    for (const alg of ['ES256', 'ES384', 'Ed25519', 'RS256', 'PS256'] satisfies SigningAlgorithm[]) {
      const { privateJwk } = await generateJwks(alg);
      const platform = { now: () => NOW, fetch: () => Promise.reject(new Error('No network')) };
      const ringOfAlg = await createKeyRing({ active: privateJwk, next: [], retired: [] }, platform);
      const sealed = await seal(PERSON, HEADER, { ring: ringOfAlg });
      expect(headerOf(sealed, 'x-evidence-jws')!.length).toBeLessThan(2048);
    }
    const rsa4096: KeyRing = {
      ...certified,
      signer: { alg: 'RS256', kid: ring.signer.kid, signatureBytes: 512, sign: async () => new Uint8Array(512) },
    };
    const envelope = headerOf(await seal(PERSON, HEADER, { ring: rsa4096 }), 'x-evidence-jws')!;
    expect(envelope.length).toBeLessThan(2048);
    const statement = Buffer.from(envelope.split('.')[1]!, 'base64url').toString();
    expect(statement).toContain(`"target":"${EVIDENCE.request.target}"`);
  });

  it('takes the digest of a target that is too long for it', async () => {
    const target = `/persons?names=${'x'.repeat(1000)}`;
    const evidence = { ...EVIDENCE, request: { ...EVIDENCE.request, target } };
    const sealed = await seal(PERSON, HEADER, { evidence });
    expect(headerOf(sealed, 'x-evidence-jws')!.length).toBeLessThanOrEqual(2048);
    expect((await verified(sealed)).statement.req.target).toBe(digestOf(Buffer.from(target)));
    const inBody = await verified(await seal(PERSON, FLATTENED, { evidence }));
    expect(inBody.statement.req.target).toBe(target);
  });

  it('is exactly as long as was foreseen when it decides', async () => {
    const length = headerOf(await seal(PERSON, HEADER), 'x-evidence-jws')!.length;
    const enough = await verified(await seal(PERSON, HEADER, { options: { headerBytes: length } }));
    expect(enough.statement.req.target).toBe(EVIDENCE.request.target);
    const tooFew = seal(PERSON, HEADER, { options: { headerBytes: length - 1 } });
    await expect(tooFew).rejects.toThrow(`more than the ${length - 1} that fit a header`);
  });

  it('is refused when it stays too long, rather than cut', async () => {
    const evidence = { ...EVIDENCE, nonce: 'n'.repeat(2000) };
    await expect(seal(PERSON, HEADER, { evidence })).rejects.toMatchObject({ code: 'not-acceptable' });
    await expect(seal(PERSON, FLATTENED, { evidence })).resolves.toMatchObject({ status: 200 });
  });
});

describe('the body envelope', () => {
  it('is refused beyond what the security server takes', async () => {
    const body = { text: 'x'.repeat(3000) };
    const sealing = seal({ ...PERSON, body }, FLATTENED, { options: { bodyBytes: 4096 } });
    await expect(sealing).rejects.toMatchObject({ code: 'answer-too-large' });
    await expect(seal({ ...PERSON, body }, HEADER, { options: { bodyBytes: 4096 } })).resolves.toBeDefined();
  });

  it('may be as large as the security server takes, and is then taken by the verifier', async () => {
    const limit = 10 * 1024 * 1024;
    const ofLength = (length: number) => ({ ...PERSON, body: { text: 'x'.repeat(length) } });
    const overhead = (await seal(ofLength(3_000_000), COMPACT)).body!.length - 4_000_000;
    const length = Math.floor(((limit - overhead) / 4) * 3);
    const largest = (await seal(ofLength(length), COMPACT)).body!;
    expect(limit - largest.length).toBeLessThan(4);
    expect(await verifyEnvelope(largest, { keys: ring.publicKeySet })).toMatchObject({ verified: true });
    await expect(seal(ofLength(length + 4), COMPACT)).rejects.toMatchObject({ code: 'answer-too-large' });
  });
});

describe('the JAdES-B-B profile', () => {
  it('carries the chain in the body, and in the header the thumbprint alone', async () => {
    const inBody = decodeProtectedHeader(JSON.parse(textOf(await seal(PERSON, FLATTENED, { ring: certified }))));
    expect(inBody['x5t#S256']).toBe(certified.certificate?.thumbprint);
    expect(inBody.x5c).toHaveLength(2);
    const envelope = headerOf(await seal(PERSON, HEADER, { ring: certified }), 'x-evidence-jws')!;
    expect(decodeProtectedHeader(envelope)['x5t#S256']).toBe(certified.certificate?.thumbprint);
    expect(decodeProtectedHeader(envelope)).not.toHaveProperty('x5c');
    expect(envelope.length).toBeLessThan(2048);
  });

  it('signs nothing once the certificate has expired', async () => {
    const now = Date.parse('2027-01-01T00:00:00Z');
    for (const carriage of [HEADER, FLATTENED]) {
      await expect(seal(PERSON, carriage, { ring: certified, now })).rejects.toMatchObject({ code: 'signer-failed' });
    }
  });
});

describe('when the signer fails', () => {
  const broken = (): KeyRing => ({
    ...ring,
    signer: { ...ring.signer, sign: () => Promise.reject(new SpeanError('signer-failed', { detail: 'down' })) },
  });

  it('refuses by default, problems too: an unsigned problem could stand for any answer', async () => {
    for (const answer of [PERSON, PROBLEM]) {
      for (const carriage of [HEADER, FLATTENED]) {
        await expect(seal(answer, carriage, { ring: broken() })).rejects.toMatchObject({ code: 'signer-failed' });
      }
    }
  });

  it('answers plain, without a trace of an envelope, where that is declared', async () => {
    for (const carriage of [HEADER, FLATTENED, COMPACT]) {
      const sealed = await seal(PERSON, carriage, { ring: broken(), options: { whenSignerFails: 'unsigned' } });
      expect(sealed).toEqual(await seal(PERSON, PLAIN));
    }
  });

  it('excuses nothing else', async () => {
    const sealing = seal(PERSON, FLATTENED, { options: { whenSignerFails: 'unsigned', bodyBytes: 10 } });
    await expect(sealing).rejects.toMatchObject({ code: 'answer-too-large' });
  });
});
