import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { InstallationOnDisk } from '../../examples/installation.ts';
import { CLIENT } from '../../examples/stack.ts';

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** A write under its idempotency key; the amount in riel. */
export interface WriteRequest {
  readonly key: string;
  readonly amount: number;
}

/** A write that was answered, and what it was told. */
export interface Write extends WriteRequest {
  readonly answer: Answered;
}

export interface Load {
  readonly reads: number;
  readonly writes: readonly Write[];
  /** Requests that had no answer, or not the expected one, in words. */
  readonly failures: readonly string[];
  /** The longest time that a request took, milliseconds. */
  readonly slowestMs: number;
}

const LEGACY_NUMBER = '00012345';

/** Calls an installation as a security server does; connections are kept, which is harder on a restart than new ones. */
export function createCaller({ url, tls }: InstallationOnDisk) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const files = { ca: readFileSync(tls.ca), cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  const call = (method: string, path: string, requestId: string, body?: string): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const headers = {
        'X-Road-Client': CLIENT,
        'X-Road-Request-Id': requestId,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      };
      const sent = request(`${url}${path}`, { method, agent, headers, ...files }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    read: (requestId: string) => call('GET', `/business-registry/companies/${LEGACY_NUMBER}`, requestId),
    /** The tax office takes no two payments of one amount on one day. */
    write: ({ key, amount }: WriteRequest) =>
      call(
        'POST',
        '/tax-payments/taxpayers/001234567/payments',
        key,
        JSON.stringify({ paidOn: '2024-03-31', amountRiel: `${amount}.50` }),
      ),
    close: () => agent.destroy(),
  };
}

let lastAmount = 0;

export type Caller = ReturnType<typeof createCaller>;

/** Reads and writes in turn on so many connections until told to stop. */
export function startLoad(caller: Caller, name: string, connections: number) {
  const writes: Write[] = [];
  const failures: string[] = [];
  let [reads, slowestMs, stopped] = [0, 0, false];
  const one = async (key: string, writing: boolean): Promise<void> => {
    const began = Date.now();
    const amount = ++lastAmount;
    const answer = await (writing ? caller.write({ key, amount }) : caller.read(key));
    slowestMs = Math.max(slowestMs, Date.now() - began);
    if (answer.status !== (writing ? 201 : 200)) failures.push(`${key}: ${answer.status} ${answer.body}`);
    else if (writing) writes.push({ key, amount, answer });
    else reads++;
  };
  const loop = async (connection: number): Promise<void> => {
    for (let turn = 0; !stopped; turn++) {
      const key = `${name}-${connection}-${turn}`;
      await one(key, turn % 2 === 0).catch((error: unknown) => failures.push(`${key}: ${String(error)}`));
    }
  };
  const loops = Array.from({ length: connections }, (_, connection) => loop(connection));
  return {
    async stop(): Promise<Load> {
      stopped = true;
      await Promise.all(loops);
      return { reads, writes, failures, slowestMs };
    },
  };
}
