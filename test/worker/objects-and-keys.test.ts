/** What Durable Objects decide in workerd, and what a signing key lets be done with it there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { CLIENT, PROVIDER, type Stack, startStack } from '../../examples/stack.ts';
import { createRequestSigner, type RequestSigner } from '../support/signed-request.ts';
import { generateJwks } from '../support/signing-keys.ts';

const PATH = '/taxpayers/001234567/payments';
const SIMULTANEOUS = 20;

let signer: RequestSigner;
let stack: Stack;
beforeAll(async () => {
  signer = await createRequestSigner();
  stack = await startStack({ vars: { SPEAN_CLIENT_KEYS: signer.clientKeys(CLIENT) } });
});
afterAll(() => stack.close());

describe('a signed request through the security server', () => {
  it(`sent ${SIMULTANEOUS} times at once reaches the legacy system once`, async () => {
    const envelope = await signer.sign({
      client: CLIENT,
      service: `${PROVIDER}/tax-payments`,
      method: 'POST',
      target: PATH,
      data: { paidOn: '2024-03-31', amountRiel: '1250.50' },
    });
    const before = stack.taxOffice.received.length;
    const statuses = await Promise.all(
      Array.from({ length: SIMULTANEOUS }, async () => {
        const response = await fetch(stack.consumerUrl('tax-payments', PATH), {
          method: 'POST',
          headers: { 'X-Road-Client': CLIENT, 'Content-Type': 'application/jose' },
          body: envelope,
        });
        return response.status;
      }),
    );
    expect(statuses.sort()).toEqual([201, ...Array.from({ length: SIMULTANEOUS - 1 }, () => 409)]);
    expect(stack.taxOffice.received.length - before).toBe(1);
  });
});

describe('a write with an idempotency key, straight to the adapter', () => {
  it(`sent ${SIMULTANEOUS} times at once reaches the legacy system once, and every repeat gets the one answer`, async () => {
    const post = async () => {
      const response = await fetch(`${stack.serviceUrl('tax-payments')}${PATH}`, {
        method: 'POST',
        headers: { 'X-Road-Client': CLIENT, 'X-Road-Request-Id': 'one-write', 'Content-Type': 'application/json' },
        body: '{"paidOn":"2024-03-31","amountRiel":"77.00"}',
      });
      return { status: response.status, ...((await response.json()) as { code?: string; number?: string }) };
    };
    const before = stack.taxOffice.received.length;
    const answers = await Promise.all(Array.from({ length: SIMULTANEOUS }, post));
    for (const answer of answers) {
      expect(answer.status === 201 || answer.code === 'request-running').toBe(true);
    }
    const last = await post();
    const numbers = new Set([last, ...answers].flatMap(({ number }) => number ?? []));
    expect([last.status, numbers.size, stack.taxOffice.received.length - before]).toEqual([201, 1, 1]);
  });
});

describe('the signing key in workerd', () => {
  it.each(['ES256', 'Ed25519', 'RS256'] as const)('%s cannot be exported once it is imported', async (alg) => {
    const { privateJwk } = await generateJwks(alg);
    const worker = createTestHarness({
      workers: [
        {
          config: {
            name: 'key-export',
            main: 'test/worker/fixtures/key-export.ts',
            compatibility_date: '2026-10-01',
          },
        },
      ],
    });
    const { url } = await worker.listen();
    const answer = await (await fetch(url, { method: 'POST', body: JSON.stringify(privateJwk) })).json();
    await worker.close();
    expect(answer).toEqual({ signing: 1, outcomes: Array.from({ length: 4 }, () => 'InvalidAccessError') });
  });
});
