/** Writes with an idempotency key, through the whole app: carried out once, whatever happens. */
import { beforeEach, describe, expect, it } from 'vitest';
import { taxPayments } from '../../adapters/tax-payments/adapter.ts';
import { answerOnce } from '../../src/answer-once.ts';
import type { App } from '../../src/app.ts';
import type { AdapterDefinition } from '../../src/model/definition.ts';
import { LegacyFaultError, SpeanError } from '../../src/model/errors.ts';
import { createMemoryIdempotencyStore } from '../../src/platform/memory-idempotency.ts';
import { decodeStatement } from '../support/decode-statement.ts';
import { exchangeHeaders, testApp } from '../support/test-app.ts';

const PATH = '/taxpayers/001234567/payments';
const PAYMENT = { paidOn: '2024-03-31', amountRiel: '1250.50' };
const KEY = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
const MINUTE_MS = 60_000;

const { idempotencyKey: _, ...registerPayment } = taxPayments.operations.registerPayment;
const keyed: AdapterDefinition = {
  ...taxPayments,
  operations: { registerPayment: { ...registerPayment, idempotencyKey: 'Idempotency-Key' } },
};

let clock: number;
let answers: (() => Response | Promise<Response>)[];
let legacyCalls: number;
let app: App;

beforeEach(async () => {
  clock = Date.now();
  answers = [];
  legacyCalls = 0;
  const now = () => clock;
  ({ app } = await testApp({
    adapters: [keyed],
    platform: { now, idempotencyStore: createMemoryIdempotencyStore({ now }) },
    legacy: () => {
      legacyCalls++;
      return (answers.shift() ?? receipt)();
    },
  }));
});

const receipt = () =>
  new Response(`<Receipt><No>P-${legacyCalls}</No></Receipt>`, { headers: { 'content-type': 'text/xml' } });
const status = (code: number) => () =>
  new Response('busy', { status: code, headers: { 'content-type': 'text/plain' } });

async function post(body: object = PAYMENT, headers: Record<string, string> = KEY) {
  const response = await app.request(`http://spean.test/tax-payments${PATH}`, {
    method: 'POST',
    headers: exchangeHeaders({ 'content-type': 'application/json', ...headers }),
    body: JSON.stringify(body),
  });
  return { response, answer: await response.json() };
}

describe('a write with an idempotency key', () => {
  it('is carried out once; its repeat gets the first answer, with the first legacy call in its statement', async () => {
    const first = await post();
    clock += 5 * MINUTE_MS;
    const second = await post();
    expect([first.response.status, second.response.status]).toEqual([201, 201]);
    expect(second.answer).toEqual(first.answer);
    expect(legacyCalls).toBe(1);
    const [source] = decodeStatement(first.response).src;
    const repeated = decodeStatement(second.response);
    expect(repeated.src).toEqual([{ ...source, age: 300 }]);
    expect(repeated.jti).not.toBe(decodeStatement(first.response).jti);
  });

  it('with another key, or of another client, is another write', async () => {
    await post();
    expect((await post(PAYMENT, { 'idempotency-key': 'other' })).answer).toEqual({ number: 'P-2' });
    expect((await post(PAYMENT, { ...KEY, 'X-Road-Client': 'CAMBODIA/COM/2/OTHER' })).answer).toEqual({
      number: 'P-3',
    });
  });

  it('with the key of another request is refused', async () => {
    await post();
    const { response, answer } = await post({ ...PAYMENT, amountRiel: '9.00' });
    expect([response.status, answer.code]).toEqual([409, 'idempotency-key-reused']);
    expect(legacyCalls).toBe(1);
  });

  it('is refused on behalf of another party, who would be told of a write that is not its own', async () => {
    const party = (code: string) => ({ ...KEY, 'x-road-represented-party': `GOV/${code}` });
    const first = await post(PAYMENT, party('A'));
    expect((await post(PAYMENT, party('A'))).answer).toEqual(first.answer);
    expect((await post(PAYMENT, party('B'))).answer).toMatchObject({ code: 'idempotency-key-reused', status: 409 });
    expect((await post()).answer).toMatchObject({ code: 'idempotency-key-reused' });
    expect(legacyCalls).toBe(1);
  });

  it('is the same request however its JSON is written', async () => {
    await post();
    const { answer } = await post({ amountRiel: '1250.50', paidOn: '2024-03-31' });
    expect(answer).toEqual({ number: 'P-1' });
    expect(legacyCalls).toBe(1);
  });

  it('without a key is refused, and told which header to send', async () => {
    const { response, answer } = await post(PAYMENT, {});
    expect([response.status, answer.code, legacyCalls]).toEqual([400, 'idempotency-key-missing', 0]);
    expect(answer.detail).toContain('Idempotency-Key');
  });

  it('that is still under way is not started again', async () => {
    let finish = (): void => undefined;
    answers.push(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(receipt());
        }),
    );
    const first = post();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await post();
    expect([second.response.status, second.answer.code]).toEqual([409, 'request-running']);
    expect(second.response.headers.get('retry-after')).toBe('5');
    finish();
    expect((await first).answer).toEqual({ number: 'P-1' });
    expect((await post()).answer).toEqual({ number: 'P-1' });
    expect(legacyCalls).toBe(1);
  });

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['a connection that breaks', () => Promise.reject(new TypeError('reset')), 'legacy-unreachable'],
    ['a 503 without a word', status(503), 'legacy-fault'],
  ])('whose outcome %s hides is told so, and never repeated', async (_, answer, code) => {
    answers.push(answer);
    expect((await post()).answer.code).toBe(code);
    const { response, answer: again } = await post();
    expect([response.status, again.code, again.owner]).toEqual([409, 'outcome-unknown', 'legacy']);
    expect(legacyCalls).toBe(1);
  });

  it('that the legacy system did not take may be sent again', async () => {
    answers.push(status(404));
    expect((await post()).answer.code).toBe('legacy-fault');
    expect((await post()).answer).toEqual({ number: 'P-2' });
  });

  it('that was refused, or answered with something unreadable, is not sent again', async () => {
    const rejected = '<Receipt><Status>REJECTED</Status></Receipt>';
    answers.push(() => new Response(rejected, { headers: { 'content-type': 'text/xml' } }));
    const first = await post();
    const second = await post();
    expect(first.answer).toMatchObject({ status: 422, title: 'The tax office rejected the payment' });
    expect(second.answer).toEqual({ ...first.answer, requestId: expect.not.stringMatching(first.answer.requestId) });
    answers.push(() => new Response('<Receipt><No>', { headers: { 'content-type': 'text/xml' } }));
    const broken = await post(PAYMENT, { 'idempotency-key': 'two' });
    expect((await post(PAYMENT, { 'idempotency-key': 'two' })).answer.code).toBe(broken.answer.code);
    expect(legacyCalls).toBe(2);
  });

  it('with input that is wrong leaves its key free', async () => {
    expect((await post({ ...PAYMENT, amountRiel: 'much' })).answer.code).toBe('input-invalid');
    expect((await post({ ...PAYMENT, note: 'a\u0000b' })).answer.code).toBe('input-invalid');
    expect((await post()).answer).toEqual({ number: 'P-1' });
  });

  it('is forgotten after the days that the limits give it, and not before', async () => {
    await post();
    clock += 7 * 24 * 60 * MINUTE_MS - 1;
    expect((await post()).answer).toEqual({ number: 'P-1' });
    clock += 1;
    expect((await post()).answer).toEqual({ number: 'P-2' });
  });

  it('is under way for its time budget and a little longer', async () => {
    answers.push(() => new Promise(() => undefined));
    void post();
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock += 59_999;
    expect((await post()).answer.code).toBe('request-running');
    clock += 1;
    expect((await post()).answer.code).toBe('outcome-unknown');
  });

  it('of another operation or another adapter is another write, under the same key', async () => {
    const addNote = { ...keyed.operations.registerPayment!, path: '/taxpayers/{tin}/notes' };
    ({ app } = await testApp({
      adapters: [
        { ...keyed, operations: { ...keyed.operations, addNote } },
        { ...keyed, name: 'other-payments' },
      ],
      legacy: () => {
        legacyCalls++;
        return receipt();
      },
    }));
    const numbers: unknown[] = [];
    for (const path of [
      '/tax-payments/taxpayers/001234567/payments',
      '/tax-payments/taxpayers/001234567/notes',
      '/other-payments/taxpayers/001234567/payments',
      '/tax-payments/taxpayers/001234567/payments',
    ]) {
      const response = await app.request(`http://spean.test${path}`, {
        method: 'POST',
        headers: exchangeHeaders({ 'content-type': 'application/json', ...KEY }),
        body: JSON.stringify(PAYMENT),
      });
      numbers.push(await response.json());
    }
    expect(numbers).toEqual([{ number: 'P-1' }, { number: 'P-2' }, { number: 'P-3' }, { number: 'P-1' }]);
  });

  it('is answered only once its store knows what came of it', async () => {
    const now = () => clock;
    const store = createMemoryIdempotencyStore({ now });
    const slowly =
      <A extends unknown[]>(step: (...given: A) => Promise<void>) =>
      async (...given: A) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await step(...given);
      };
    const idempotencyStore = {
      ...store,
      settle: slowly(store.settle),
      release: slowly(store.release),
      abandon: slowly(store.abandon),
    };
    ({ app } = await testApp({
      adapters: [keyed],
      platform: { now, idempotencyStore },
      legacy: () => {
        legacyCalls++;
        return (answers.shift() ?? receipt)();
      },
    }));
    const twice = async (key: string, answer: () => Response) => {
      answers = [answer];
      await post(PAYMENT, { 'idempotency-key': key });
      return (await post(PAYMENT, { 'idempotency-key': key })).answer;
    };
    expect(await twice('done', receipt)).toEqual({ number: 'P-1' });
    expect(await twice('not taken', status(404))).toEqual({ number: 'P-3' });
    expect(await twice('unknown', status(503))).toMatchObject({ code: 'outcome-unknown' });
    const rejected = '<Receipt><Status>REJECTED</Status></Receipt>';
    const refuse = () => new Response(rejected, { headers: { 'content-type': 'text/xml' } });
    expect(await twice('refused', refuse)).toMatchObject({ title: 'The tax office rejected the payment' });
  });
});

describe('the key of a write', () => {
  const numbersOf = async (
    idempotencyKey: 'X-Road-Request-Id' | { input: string },
    requests: Readonly<Record<string, string>>[],
  ) => {
    ({ app } = await testApp({
      adapters: [{ ...keyed, operations: { registerPayment: { ...registerPayment, idempotencyKey } } }],
      legacy: () => {
        legacyCalls++;
        return receipt();
      },
    }));
    const codes: unknown[] = [];
    for (const { paidOn = PAYMENT.paidOn, ...headers } of requests) {
      const { answer } = await post({ ...PAYMENT, paidOn }, headers);
      codes.push(answer.number ?? answer.code);
    }
    return codes;
  };

  it('may be the id of the exchange', async () => {
    const one = { 'x-road-request-id': 'one' };
    expect(await numbersOf('X-Road-Request-Id', [one, one, { 'x-road-request-id': 'two' }])).toEqual([
      'P-1',
      'P-1',
      'P-2',
    ]);
  });

  it('may be an input of the body or of the path', async () => {
    const requests = [{ paidOn: '2024-03-01' }, { paidOn: '2024-03-01' }, { paidOn: '2024-03-02' }];
    expect(await numbersOf({ input: 'paidOn' }, requests)).toEqual(['P-1', 'P-1', 'P-2']);
    expect(await numbersOf({ input: 'tin' }, requests)).toEqual(['P-3', 'P-3', 'idempotency-key-reused']);
  });
});

describe('a write that failed', () => {
  const fault = (httpStatus: number, ...names: string[]) =>
    new SpeanError('legacy-fault', {
      detail: 'A fault',
      cause: new LegacyFaultError({ httpStatus, names }),
    });

  it.each<[string, unknown, string]>([
    ['with a defect of the adapter', new TypeError('x is undefined'), 'unknown'],
    ['with a failure of the adapter', new SpeanError('adapter-failed', { detail: 'Failed' }), 'unknown'],
    ['with a broken connection', new SpeanError('legacy-unreachable', { detail: 'Reset' }), 'unknown'],
    ['when its time was up', new SpeanError('legacy-timeout', { detail: 'Late' }), 'unknown'],
    ['while it waited for its turn', new SpeanError('legacy-busy', { detail: 'Busy' }), 'claimed'],
    ['with its credentials', new SpeanError('legacy-credentials-refused', { detail: 'Refused' }), 'claimed'],
    ['with a status 499 and no fault', fault(499), 'claimed'],
    ['with a status 500 and no fault', fault(500), 'unknown'],
    ['with a status 400 and a fault', fault(400, 'Invalid'), 'answered'],
    ['with a status 500 and a fault', fault(500, 'Invalid'), 'answered'],
    ['after it was read', new SpeanError('legacy-malformed', { detail: 'Cut' }), 'answered'],
  ])('%s is told to its repeat as what it was', async (_, error, state) => {
    const store = createMemoryIdempotencyStore({ now: () => 5 });
    const write = { owner: 'o', key: 'k', fingerprint: 'f', runsUntil: 10, keptUntil: 20 };
    const failed = answerOnce(write, store, {
      carryOut: () => Promise.reject(error),
      explain: () => ({ status: 502, headers: [], body: { status: 502 }, problem: true }),
      again: (first) => first,
      sources: async () => [],
    });
    await expect(failed).rejects.toBe(error);
    expect(await store.claim('o', 'k', write)).toMatchObject({ state });
  });
});

describe('a store that takes a key and then no answer', () => {
  it.each<[string, object]>([
    ['keeps nothing from the consumer', { settle: () => Promise.reject(new Error('too large')) }],
    [
      'or takes nothing any more',
      { settle: () => Promise.reject(new Error('gone')), abandon: () => Promise.reject(new Error('gone')) },
    ],
  ])('%s, and lets no repeat through', async (_, broken) => {
    const now = () => clock;
    const idempotencyStore = { ...createMemoryIdempotencyStore({ now }), ...broken };
    ({ app } = await testApp({
      adapters: [keyed],
      platform: { now, idempotencyStore },
      legacy: () => (answers.shift() ?? receipt)(),
    }));
    expect(await post()).toMatchObject({ response: { status: 201 }, answer: { number: 'P-0' } });
    const rejected = '<Receipt><Status>REJECTED</Status></Receipt>';
    answers.push(() => new Response(rejected, { headers: { 'content-type': 'text/xml' } }));
    expect((await post(PAYMENT, { 'idempotency-key': 'two' })).answer).toMatchObject({ status: 422 });
    clock += 2 * MINUTE_MS;
    expect((await post()).answer).toMatchObject({ code: 'outcome-unknown' });
    expect((await post(PAYMENT, { 'idempotency-key': 'two' })).answer).toMatchObject({ code: 'outcome-unknown' });
  });
});

describe('a process that died between the legacy call and the stored answer', () => {
  it('leaves an unknown outcome behind, once the write can no longer be under way', async () => {
    const now = () => clock;
    const idempotencyStore = createMemoryIdempotencyStore({ now });
    const dying = { ...idempotencyStore, settle: () => new Promise<void>(() => undefined) };
    const start = async (platform: object) =>
      (await testApp({ adapters: [keyed], platform: { now, ...platform }, legacy: receipt })).app;
    app = await start({ idempotencyStore: dying });
    void post();
    await new Promise((resolve) => setTimeout(resolve, 20));
    app = await start({ idempotencyStore });
    expect((await post()).answer.code).toBe('request-running');
    clock += 2 * MINUTE_MS;
    expect((await post()).answer.code).toBe('outcome-unknown');
  });
});
