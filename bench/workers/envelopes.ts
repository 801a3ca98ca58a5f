/** Signs and verifies envelopes about a 10 KB answer, so many for each request: `/sign?count=`, `/verify?count=`. */
import { createKeyRing, type KeyRing } from '../../src/envelope/keys.ts';
import { createSealer, EVIDENCE_HEADER } from '../../src/envelope/seal.ts';
import { verifyEnvelope } from '../../src/envelope/verify.ts';
import type { Evidence, SealedAnswer } from '../../src/model/evidence.ts';

const DIGEST = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
const EVIDENCE: Evidence = {
  issuer: 'BENCH/GOV/200/PROVIDER',
  audience: 'BENCH/GOV/100/CONSUMER',
  service: 'BENCH/GOV/200/PROVIDER/company-directory',
  transactionId: '5f9b3b7e-6f0c-4e0a-9a1e-6d2f3c1b0a99',
  request: { method: 'GET', target: '/companies?count=35', digest: DIGEST },
  sources: [
    { system: 'company-directory', operation: 'FindCompanies', at: 0, status: 200, length: 10_000, digest: DIGEST },
  ],
  mapping: { id: 'findCompanies', digest: DIGEST },
  adapterVersion: 'bench',
};
const BODY = {
  companies: Array.from({ length: 35 }, (_, index) => ({
    registrationNumber: `${index}`,
    nameLatin: 'Company & Sons '.repeat(16),
  })),
};

interface Parts {
  readonly ring: KeyRing;
  readonly sign: () => Promise<SealedAnswer>;
  readonly sealed: SealedAnswer;
}
let parts: Promise<Parts> | undefined;

async function prepare(key: string): Promise<Parts> {
  const now = (): number => Date.now();
  const ring = await createKeyRing({ active: JSON.parse(key), next: [], retired: [] }, { fetch, now });
  const seal = createSealer({ ring, platform: { now, random: (bytes) => crypto.getRandomValues(bytes) } });
  const sign = () => seal({ status: 200, headers: [], body: BODY, problem: false }, EVIDENCE, { form: 'header' });
  return { ring, sign, sealed: await sign() };
}

async function verify({ ring, sealed }: Parts): Promise<void> {
  const envelope = new Headers(sealed.headers as [string, string][]).get(EVIDENCE_HEADER);
  const { issuer, audience } = EVIDENCE;
  const options = { keys: ring.publicKeySet, expected: { issuer, audience }, body: sealed.body ?? new Uint8Array() };
  const result = await verifyEnvelope(envelope, options);
  if (!result.verified) throw new Error(`The envelope was refused: ${result.reason}`);
}

export default {
  async fetch(request: Request, environment: { readonly SPEAN_SIGNING_KEY: string }): Promise<Response> {
    parts ??= prepare(environment.SPEAN_SIGNING_KEY);
    const made = await parts;
    const { pathname, searchParams } = new URL(request.url);
    for (let left = Number(searchParams.get('count')); left > 0; left--) {
      await (pathname === '/sign' ? made.sign() : verify(made));
    }
    return new Response('done');
  },
};
