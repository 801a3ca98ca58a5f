// Minutes of mixed calls at a fixed rate against workerd, one in eight of them made to fail by the legacy side:
//
//   node scripts/run.mjs scripts/proofs/soak.ts [minutes] [calls per second]
//
// In the end every call is accounted for: what the consumers counted by outcome is what the adapter's own metrics say,
// every failure is the problem that its fault must be, and memory in the last quarter is what it was in the one before:
// V8 lets the heap grow for some 20,000 calls before it settles.
import { readFileSync } from 'node:fs';
import { startBusinessRegistry } from '../../examples/legacy/business-registry.ts';
import { startTaxOffice } from '../../examples/legacy/tax-office.ts';
import { prepareWorkerd } from './workerd-under-test.ts';

const DEFAULT_MINUTES = 6;
const DEFAULT_RATE = 100;
/** Memory may grow so much between the last two quarters, as a share: a garbage collector breathes. */
const MEMORY_GROWTH = 0.1;
const CLIENTS = ['CAMBODIA/COM/CAMDEV21231832/CP1_API', 'CAMBODIA/GOV/0002/tax', 'CAMBODIA/NGO/77/portal'];

const [minutes = DEFAULT_MINUTES, rate = DEFAULT_RATE] = process.argv.slice(2).map(Number);
const registry = await startBusinessRegistry({ user: 'spean', password: 'password' });
const taxOffice = await startTaxOffice({ user: 'spean', password: 'password' });
const workerd = prepareWorkerd({
  SPEAN_ENVIRONMENT: 'development',
  SPEAN_PROVIDER: 'CAMBODIA/GOV/0001/registry',
  SPEAN_SIGNING_KEY: await signingKey(),
  BUSINESS_REGISTRY_URL: registry.url,
  BUSINESS_REGISTRY_USER: 'spean',
  BUSINESS_REGISTRY_PASSWORD: 'password',
  TAX_OFFICE_URL: taxOffice.url,
  TAX_OFFICE_USER: 'spean',
  TAX_OFFICE_PASSWORD: 'password',
});
const running = await workerd.start();

/** Calls and what must come of each: `ok`, or the problem's code. */
const company = (number: string): string => `/business-registry/companies/${number}`;
const payments = (year: number): string => `/tax-payments/taxpayers/001234567/payments?year=${year}`;
const CALLS: readonly (readonly [path: string, outcome: string, weight: number])[] = [
  [company('00012345'), 'ok', 30],
  ['/business-registry/companies?name=ABC', 'ok', 10],
  [payments(2024), 'ok', 30],
  [company('00000000'), 'legacy-fault', 3],
  [company('123'), 'input-invalid', 2],
  [company('90000001'), 'ok', 1],
  [company('90000002'), 'legacy-unexpected', 1],
  [company('90000003'), 'legacy-malformed', 1],
  [company('90000004'), 'legacy-value-invalid', 1],
  [company('90000005'), 'legacy-fault', 1],
  [payments(2092), 'legacy-malformed', 1],
  [payments(2094), 'legacy-fault', 1],
];
const bag = CALLS.flatMap(([path, outcome, weight]) => Array.from({ length: weight }, () => ({ path, outcome })));

async function signingKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return JSON.stringify({ kty, crv, x, y, d });
}

const counted = new Map<string, number>();
const surprises = new Map<string, number>();

async function call(index: number): Promise<void> {
  const { path, outcome } = bag[(index * 37) % bag.length] as (typeof bag)[number];
  const response = await fetch(running.url + path, {
    headers: {
      'X-Road-Client': CLIENTS[index % CLIENTS.length] as string,
      'X-Road-Request-Id': crypto.randomUUID(),
    },
  });
  const body = (await response.json()) as { code?: string };
  const became = response.ok ? 'ok' : (body.code ?? `status ${response.status}`);
  counted.set(became, (counted.get(became) ?? 0) + 1);
  if (became !== outcome) surprises.set(`${path}: ${became}`, (surprises.get(`${path}: ${became}`) ?? 0) + 1);
}

/** Resident memory, MiB (proc(5)). */
function memoryMiB(): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}

async function metricCounts(): Promise<Map<string, number>> {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(/^spean_exchanges_total\{(.*)\} (\d+)$/gm)) {
    const [, code = ''] = /\bcode="([^"]*)"/.exec(labels) ?? [];
    const outcome = code === 'none' ? 'ok' : code;
    counts.set(outcome, (counts.get(outcome) ?? 0) + Number(value));
  }
  return counts;
}

const total = Math.round(minutes * 60 * rate);
const memory: number[] = [];
const pending: Promise<void>[] = [];
const startedAt = performance.now();
for (let index = 0; index < total; index++) {
  const wait = startedAt + (index * 1000) / rate - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  pending.push(call(index));
  if (index % (rate * 2) === 0) memory.push(memoryMiB());
}
await Promise.all(pending);

const metrics = await metricCounts();
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const quarter = Math.floor(memory.length / 4);
const [before, last] = [median(memory.slice(2 * quarter, 3 * quarter)), median(memory.slice(3 * quarter))];
console.log(`${total} calls at ${rate} a second`);
for (const [outcome, calls] of [...counted].sort()) {
  console.log(`${String(calls).padStart(7)}  ${outcome} (the adapter's metrics: ${metrics.get(outcome) ?? 0})`);
}
for (const [what, calls] of surprises) console.log(`${String(calls).padStart(7)}  not as expected: ${what}`);
console.log(`Memory by time, MiB: ${memory.filter((_, index) => index % 10 === 0).join(' ')}`);
console.log(`Memory: ${before} MiB in the third quarter, ${last} MiB in the last`);
const isAccounted = [...counted].every(([outcome, calls]) => metrics.get(outcome) === calls);
const isFlat = last <= before * (1 + MEMORY_GROWTH);
console.log(isAccounted && isFlat && surprises.size === 0 ? 'Accounted for, and flat' : 'NOT as it should be');
process.exitCode = isAccounted && isFlat && surprises.size === 0 ? 0 : 1;
await Promise.all([running.kill(), registry.close(), taxOffice.close()]);
