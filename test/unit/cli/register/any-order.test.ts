import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../../../examples/management-api/configuration.ts';
import { type ManagementApiDouble, startManagementApi } from '../../../../examples/management-api.ts';
import type { AdapterDefinition } from '../../../../src/model/definition.ts';
import { spean } from '../../../support/cli-shell.ts';
import { answering, LOCAL_GROUP, OTHER_CLIENT, projectWith } from '../../../support/registering.ts';
import { type ServedApp, serveApp } from '../../../support/serve-app.ts';
import { CLIENT, PROVIDER } from '../../../support/test-app.ts';

/** One call of the command: the adapter's version as the operations that it has, and what is asked for. */
interface Registration {
  readonly kind: 'register';
  readonly operations: readonly string[];
  readonly timeout: string | null;
  readonly access: readonly string[];
  readonly host: string;
}

/** What others do to the service meanwhile. */
type Disturbance =
  | { readonly kind: 'disable' }
  | { readonly kind: 'forget a right' }
  | { readonly kind: 'set the timeout'; readonly timeout: number };

const registration: fc.Arbitrary<Registration> = fc.record({
  kind: fc.constant('register'),
  operations: fc.subarray(['getCompany', 'findCompanies', 'submitFiling'], { minLength: 1 }),
  timeout: fc.option(fc.constantFrom('60', '120', '0')),
  access: fc.uniqueArray(
    fc.constantFrom(CLIENT, OTHER_CLIENT, `${OTHER_CLIENT}#GET /companies`, `local-group:${LOCAL_GROUP}#GET /odd/*`),
  ),
  host: fc.constantFrom('127.0.0.1', 'localhost'),
});
const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.constant({ kind: 'disable' } as const),
  fc.constant({ kind: 'forget a right' } as const),
  fc.record({ kind: fc.constant('set the timeout' as const), timeout: fc.integer({ min: 0, max: 1000 }) }),
);

/** An endpoint that the next version drops, while someone still has access to it by name. */
const DROPPED_AND_ADDED_AGAIN: Registration[] = [['findCompanies'], ['submitFiling']].map((operations) => ({
  kind: 'register',
  operations,
  timeout: null,
  access: [`${OTHER_CLIENT}#GET /companies`],
  host: '127.0.0.1',
}));

let served: ServedApp;
beforeAll(async () => {
  served = await serveApp(await answering());
});
afterAll(() => served.close());

const withOperations = (names: readonly string[]) => (adapter: AdapterDefinition) => ({
  ...adapter,
  operations: Object.fromEntries(Object.entries(adapter.operations).filter(([name]) => names.includes(name))),
});

function disturb(client: Client, change: Disturbance): void {
  const [description] = client.descriptions;
  if (description === undefined) return;
  if (change.kind === 'disable') description.disabled = true;
  else if (change.kind === 'forget a right') client.rights.pop();
  else description.service.timeout = change.timeout;
}

/** Runs the command twice. */
async function registerTwice(api: ManagementApiDouble, { operations, timeout, access, host }: Registration) {
  served.use(await answering(withOperations(operations)));
  const url = `${served.url.replace('127.0.0.1', host)}/business-registry`;
  const words = [
    ...['register', 'business-registry', '--security-server', api.url, '--client', PROVIDER, '--url', url],
    ...['--accept-warnings', ...(timeout === null ? [] : ['--timeout', timeout])],
    ...access.flatMap((who) => ['--access', who]),
  ];
  const env = { SPEAN_API_KEY: api.createApiKey('XROAD_SERVICE_ADMINISTRATOR') };
  const shell = { folder: projectWith(withOperations(operations)), env, fetch };
  return [await spean(words, shell), await spean(words, shell)] as const;
}

function expectRegistered({ descriptions, endpoints }: Client, { operations, timeout }: Registration): void {
  expect(descriptions).toMatchObject([{ disabled: false }]);
  const set = descriptions[0]?.service.timeout ?? -1;
  expect(timeout === null ? set === 0 || set > 50 : set === Number(timeout)).toBe(true);
  const ofOperations = endpoints.filter(({ generated, path }) => generated && path.startsWith('/companies'));
  expect(ofOperations).toHaveLength(operations.length);
}

describe('spean register, whatever was registered before and changed by others', () => {
  it('brings it to what is asked for, and has nothing to do after that', async () => {
    const history = fc.array(fc.oneof(registration, disturbance), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(history, async (moves) => {
        const api = await startManagementApi({
          clients: [{ id: PROVIDER, localGroups: [LOCAL_GROUP] }],
          subsystems: [CLIENT, OTHER_CLIENT],
          rateLimit: { perSecond: 10_000, perMinute: 10_000 },
        });
        const [client = expect.fail('The double has no client')] = api.configuration.clients;
        for (const move of moves) {
          if (move.kind !== 'register') {
            disturb(client, move);
            continue;
          }
          const [first, again] = await registerTwice(api, move);
          expect(first.code).toBe(0);
          expect(again.out).toMatch(/Nothing to do$/);
          expectRegistered(client, move);
        }
        await api.close();
      }),
      { numRuns: 12, examples: [[DROPPED_AND_ADDED_AGAIN]] },
    );
  });
});
