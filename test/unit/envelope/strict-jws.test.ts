import fc from 'fast-check';
import { compactVerify, flattenedVerify, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeStrictBase64url } from '../../../src/envelope/strict-base64url.ts';
import { verifyEnvelope } from '../../../src/envelope/verify.ts';
import {
  CLAIMS,
  createEnvelopeMaker,
  type EnvelopeMaker,
  encodePart,
  flatten,
  headerFor,
} from '../../support/envelope-maker.ts';
import { malleate } from '../../support/malleate.ts';

let maker: EnvelopeMaker;
let header: ReturnType<typeof headerFor>;
let genuine: string;

beforeAll(async () => {
  maker = await createEnvelopeMaker();
  header = headerFor(maker);
  genuine = await maker.sign(header, CLAIMS);
});

const reasonOf = async (envelope: string | Uint8Array): Promise<string> => {
  const result = await verifyEnvelope(envelope, { keys: maker.keySet() });
  return result.verified ? 'verified' : result.reason;
};

/** jose's own verdict: what the strict front has to add to it. */
async function joseTakes(envelope: string): Promise<boolean> {
  const key = await importJWK(maker.publicJwk as never, 'ES256');
  const verdict = envelope.startsWith('{') ? flattenedVerify(JSON.parse(envelope), key) : compactVerify(envelope, key);
  return verdict.then(() => true).catch(() => false);
}

/** The text of a JSON object with one member more, in front. */
const withFirst = (member: string, object: object) => `{${member},${JSON.stringify(object).slice(1)}`;

/** The last character of a part with one of the bits set that encode nothing. */
function withStrayBit(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)!) | 1];
}

/** ECDSA signs with a nonce: soon one has the character. */
async function signedWith(character: RegExp): Promise<string> {
  for (;;) {
    const envelope = await maker.sign(header, CLAIMS);
    if (character.test(envelope.split('.')[2]!)) return envelope;
  }
}

describe('what jose takes and the strict front refuses', () => {
  it.each<[string, () => Promise<string> | string, string]>([
    ['a header with two alg', () => maker.sign(withFirst('"alg":"none"', header), CLAIMS), 'header-malformed'],
    ['a header with two iat', () => maker.sign(withFirst('"iat":1', header), CLAIMS), 'header-malformed'],
    [
      'a header with two kid, one escaped',
      () => maker.sign(withFirst('"\\u006bid":"x"', header), CLAIMS),
      'header-malformed',
    ],
    [
      'a payload with two of one claim',
      () => maker.sign(header, withFirst('"aud":"a/b/c"', CLAIMS)),
      'claims-malformed',
    ],
    [
      'a payload with two of one member in data',
      () => maker.sign(header, JSON.stringify(CLAIMS).replace('"born"', '"name":"x","born"')),
      'claims-malformed',
    ],
    ['a stray bit in the signature', () => withStrayBit(genuine), 'encoding-malformed'],
    ['a padded signature', () => `${genuine}==`, 'encoding-malformed'],
    ['a line break in the signature', () => genuine.replace(/.{10}$/, '\n$&'), 'encoding-malformed'],
    ['a line break behind', () => `${genuine}\n`, 'encoding-malformed'],
    ['signatures beside the flattened form', () => flatten(genuine, { signatures: [] }), 'envelope-malformed'],
    ['an unprotected kid', () => flatten(genuine, { header: { note: 'x' } }), 'envelope-malformed'],
    [
      'a byte order mark before the header',
      () => maker.sign(`\ufeff${JSON.stringify(header)}`, CLAIMS),
      'header-malformed',
    ],
    ['b64 false without crit', () => maker.sign({ ...header, b64: false }, CLAIMS), 'header-member-refused'],
    [
      'crit that names b64 twice',
      () => maker.sign({ ...header, b64: true, crit: ['b64', 'b64'] }, CLAIMS),
      'header-member-refused',
    ],
    [
      '__proto__ in the header',
      () => maker.sign(withFirst('"__proto__":{"kid":"x"}', header), CLAIMS),
      'header-member-refused',
    ],
    [
      'b64 false with crit',
      () => maker.sign({ ...header, b64: false, crit: ['b64'] }, CLAIMS),
      'header-member-refused',
    ],
    [
      'alg in the unprotected header alone',
      async () => {
        const { alg, ...rest } = header;
        return flatten(await maker.sign(rest, CLAIMS), { header: { alg } });
      },
      'envelope-malformed',
    ],
    ['an embedded jwk', () => maker.sign({ ...header, jwk: maker.publicJwk }, CLAIMS), 'header-member-refused'],
  ])('refuses %s', async (_, make, reason) => {
    const envelope = await make();
    expect(await joseTakes(envelope), 'jose takes it').toBe(true);
    expect(await reasonOf(envelope)).toBe(reason);
  });

  it('takes a malleated ECDSA signature as everyone does, and gives the same id for it', async () => {
    const malleated = malleate(genuine);
    expect(malleated).not.toBe(genuine);
    const results = await Promise.all(
      [genuine, malleated].map((envelope) => verifyEnvelope(envelope, { keys: maker.keySet() })),
    );
    expect(results.map((result) => result.verified && result.statement.jti)).toEqual([CLAIMS.jti, CLAIMS.jti]);
  });
});

describe('what both refuse', () => {
  it.each<[string, () => Promise<string> | string, string]>([
    [
      'b64 false with a raw payload',
      () => `${encodePart({ ...header, b64: false, crit: ['b64'] })}.a\nb.AAAA`,
      'encoding-malformed',
    ],
    [
      'the standard alphabet',
      async () => {
        const [head, payload, signature] = (await signedWith(/[-_]/)).split('.');
        return `${head}.${payload}.${signature!.replaceAll('-', '+').replaceAll('_', '/')}`;
      },
      'encoding-malformed',
    ],
    ['an unknown crit', () => maker.sign({ ...header, crit: ['x'] }, CLAIMS), 'header-member-refused'],
    ['crit in the unprotected header', () => flatten(genuine, { header: { crit: ['b64'] } }), 'envelope-malformed'],
    [
      'general form',
      () => {
        const { payload, ...signature } = JSON.parse(flatten(genuine));
        return JSON.stringify({ payload, signatures: [signature] });
      },
      'envelope-malformed',
    ],
    ['two parts', () => genuine.split('.').slice(0, 2).join('.'), 'envelope-malformed'],
    ['five parts, a JWE', () => `${genuine}.AAAA.AAAA`, 'envelope-malformed'],
    ['a header that is an array', () => maker.sign([header], CLAIMS), 'header-malformed'],
    ['a header that is null', () => maker.sign('null', CLAIMS), 'header-malformed'],
    ['a header that is a number', () => maker.sign('1', CLAIMS), 'header-malformed'],
    ['a header that is no JSON', () => maker.sign('alg=ES256', CLAIMS), 'header-malformed'],
    ['a header that is not UTF-8', () => maker.sign(Uint8Array.of(0x7b, 0xff, 0x7d), CLAIMS), 'header-malformed'],
    ['an empty header', () => genuine.replace(/^[^.]+/, ''), 'header-malformed'],
    ['a detached payload', () => genuine.replace(/\.[^.]+\./, '..'), 'signature-invalid'],
    ['an empty signature', () => genuine.replace(/[^.]+$/, ''), 'signature-invalid'],
  ])('is %s', async (_, make, reason) => {
    const envelope = await make();
    expect(await joseTakes(envelope)).toBe(false);
    expect(await reasonOf(envelope)).toBe(reason);
  });
});

describe('a header parameter', () => {
  it('that says the content type is taken, as JOSE libraries write it', async () => {
    expect(await reasonOf(await maker.sign({ ...header, cty: 'json' }, CLAIMS))).toBe('verified');
  });

  it.each<[string, object]>([
    ['typ', { typ: 1 }],
    ['typ', { typ: undefined }],
    ['kid', { kid: undefined }],
    ['iat', { iat: undefined }],
    ['iat', { iat: '1795426000' }],
    ['iat', { iat: -1 }],
    ['cty', { cty: 1 }],
    ['x5t#S256', { 'x5t#S256': 1 }],
    ['x5c.0', { x5c: [1] }],
  ])('%s is refused where it is not of its kind: %j', async (name, members) => {
    const envelope = await maker.sign({ ...header, ...members }, CLAIMS);
    expect(await verifyEnvelope(envelope, { keys: maker.keySet() })).toMatchObject({
      reason: 'header-malformed',
      detail: `The header parameter "${name}" is missing or not of its kind`,
    });
  });
});

describe('the forms that are taken', () => {
  it('are compact and flattened, as text and as bytes', async () => {
    for (const envelope of [genuine, flatten(genuine)]) {
      expect(await reasonOf(envelope)).toBe('verified');
      expect(await reasonOf(new TextEncoder().encode(envelope))).toBe('verified');
    }
  });

  it('include a flattened one that an archive has added a time stamp to', async () => {
    const etsiU = [encodePart({ sigTst: { tstTokens: [{ val: 'MIIB' }] } })];
    expect(await reasonOf(flatten(genuine, { header: { etsiU } }))).toBe('verified');
    expect(await reasonOf(flatten(genuine, { header: { etsiU, kid: 'x' } }))).toBe('envelope-malformed');
    for (const unprotected of [[], null, 1, 'etsiU']) {
      expect(await reasonOf(flatten(genuine, { header: unprotected }))).toBe('envelope-malformed');
    }
  });

  it('do not include a flattened one with a member twice, in bytes that are not UTF-8, or with parts of another kind', async () => {
    const flattened = flatten(genuine);
    expect(await reasonOf(flattened.replace('{', '{"payload":"",'))).toBe('envelope-malformed');
    expect(await reasonOf(Buffer.concat([Buffer.from(flattened), Buffer.from([0xff])]))).toBe('envelope-malformed');
    expect(await reasonOf(`\ufeff${flattened}`)).toBe('envelope-malformed');
    for (const part of ['protected', 'payload', 'signature']) {
      expect(await reasonOf(flatten(genuine, { [part]: 1 }))).toBe('envelope-malformed');
      expect(await reasonOf(JSON.stringify({ ...JSON.parse(flattened), [part]: undefined }))).toBe(
        'envelope-malformed',
      );
    }
  });

  it('are refused above the limit before anything of them is read', async () => {
    const options = { keys: maker.keySet(), maxBytes: genuine.length };
    expect(await verifyEnvelope(genuine, options)).toMatchObject({ verified: true });
    expect(await verifyEnvelope(`${genuine}A`, options)).toEqual({
      verified: false,
      reason: 'envelope-too-large',
      detail: `The envelope has ${genuine.length + 1} bytes, ${genuine.length} are taken`,
      checks: [{ name: 'size', outcome: 'failed' }],
    });
    expect(await reasonOf('A'.repeat(10 * 1024 * 1024 + 1))).toBe('envelope-too-large');
  });

  it('leave no character that may be changed', async () => {
    const positions = fc.tuple(fc.nat(genuine.length - 1), fc.constantFrom(...'AQgw-_09.=+/ \n'));
    await fc.assert(
      fc.asyncProperty(positions, async ([at, character]) => {
        fc.pre(genuine[at] !== character);
        const changed = genuine.slice(0, at) + character + genuine.slice(at + 1);
        expect(await reasonOf(changed)).not.toBe('verified');
      }),
      { numRuns: 300 },
    );
  });

  it('are never answered with an exception, whatever the bytes', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.uint8Array(),
      fc.json(),
      fc.tuple(fc.json(), fc.json()).map((parts) => `${parts.map(encodePart).join('.')}.AAAA`),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (envelope) => {
        expect(await verifyEnvelope(envelope, { keys: maker.keySet() })).toMatchObject({ verified: false });
      }),
    );
  });
});

describe('strict base64url', () => {
  it('takes exactly what encodes to itself again', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AQgwz-_09=+/ \n') });
    fc.assert(
      fc.property(text, (candidate) => {
        const canonical = Buffer.from(candidate, 'base64url').toString('base64url') === candidate;
        const bytes = decodeStrictBase64url(candidate);
        expect(bytes && Buffer.from(bytes)).toEqual(canonical ? Buffer.from(candidate, 'base64url') : undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
