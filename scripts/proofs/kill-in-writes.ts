// Kills workerd in the middle of writes, and gives an account of every one of them:
//
//   node scripts/run.mjs scripts/proofs/kill-in-writes.ts [count]
//
// Each round sends one write with its own idempotency key and ends the process without warning at a random moment: before
// the write is claimed, while the legacy system works, before or after the answer is stored. In the end, when no claim
// can still be running, every write is repeated with its key. A write must reach the legacy system at most once whatever
// happened, and what the consumer is told must be true: the first answer, or that the outcome is unknown.
import { serveLegacy } from '../../examples/legacy/server.ts';
import { prepareWorkerd, type RunningWorkerd } from './workerd-under-test.ts';

const DEFAULT_COUNT = 100;
/** The legacy system works so long on a write, and takes so long again to answer, milliseconds at the most. */
const LEGACY_MS = 100;
/** The process is killed so long after the write was sent, milliseconds at the most: some are answered before. */
const KILL_WITHIN_MS = 110;
/** Time budget and margin of a claim, with a little on top, milliseconds (`answer-once.ts`). */
const CLAIM_IS_OVER_MS = 61_000;

const count = Number(process.argv[2] ?? DEFAULT_COUNT);
const carriedOut = new Map<string, number>();
const taxOffice = await serveLegacy(({ body }) => {
  const [, note = ''] = /<Note>([^<]*)<\/Note>/.exec(body) ?? [];
  carriedOut.set(note, (carriedOut.get(note) ?? 0) + 1);
  return {
    status: 200,
    contentType: 'application/xml',
    body: `<Receipt><No>${note}</No></Receipt>`,
    afterMs: Math.random() * LEGACY_MS,
  };
});
const workerd = prepareWorkerd(await settings(taxOffice.url));

interface Told {
  readonly status: number;
  readonly number?: string;
  readonly code?: string;
}

async function settings(taxOfficeUrl: string): Promise<Record<string, string>> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return {
    SPEAN_ENVIRONMENT: 'development',
    SPEAN_PROVIDER: 'CAMBODIA/GOV/0001/registry',
    SPEAN_SIGNING_KEY: JSON.stringify({ kty, crv, x, y, d }),
    BUSINESS_REGISTRY_URL: 'http://127.0.0.1:9',
    BUSINESS_REGISTRY_USER: 'spean',
    BUSINESS_REGISTRY_PASSWORD: 'password',
    TAX_OFFICE_URL: taxOfficeUrl,
    TAX_OFFICE_USER: 'spean',
    TAX_OFFICE_PASSWORD: 'password',
  };
}

/** Sends a write; undefined where no answer came. */
async function send({ url }: RunningWorkerd, key: string): Promise<Told | undefined> {
  try {
    const response = await fetch(`${url}/tax-payments/taxpayers/001234567/payments`, {
      method: 'POST',
      headers: {
        'X-Road-Client': 'CAMBODIA/COM/CAMDEV21231832/CP1_API',
        'X-Road-Request-Id': key,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ paidOn: '2024-03-31', amountRiel: '1250.50', note: key }),
    });
    const { number, code } = (await response.json()) as Omit<Told, 'status'>;
    return { status: response.status, ...(number && { number }), ...(code && { code }) };
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const first = new Map<string, Told | undefined>();
for (let round = 1; round <= count; round++) {
  const running = await workerd.start();
  await fetch(`${running.url}/health`);
  const key = `write-${round}`;
  const sent = send(running, key);
  await pause(Math.random() * KILL_WITHIN_MS);
  await running.kill();
  first.set(key, await sent);
}

await pause(CLAIM_IS_OVER_MS);
const running = await workerd.start();
const account: Record<string, number> = {};
const wrong: string[] = [];
for (const [key, told] of first) {
  const before = carriedOut.get(key) ?? 0;
  const repeat = await send(running, key);
  const after = carriedOut.get(key) ?? 0;
  const line = `${told?.status ?? 'no answer'} at first, carried out ${before}× by then; the repeat: ${repeat?.code ?? repeat?.status}, carried out ${after}× in all`;
  account[line] = (account[line] ?? 0) + 1;
  const isFirstAnswer = repeat?.status === 201 && repeat.number === key && after === 1;
  const isUnknown = repeat?.code === 'outcome-unknown' && told === undefined && after === before;
  if (after > 1 || !(isFirstAnswer || isUnknown)) wrong.push(key);
}
await running.kill();
await taxOffice.close();
for (const [line, writes] of Object.entries(account).sort()) console.log(`${String(writes).padStart(4)}  ${line}`);
console.log(wrong.length === 0 ? `All ${count} writes are accounted for` : `Wrong: ${wrong.join(', ')}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
