import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { layOut } from '../../examples/installation.ts';
import { type Caller, createCaller, startLoad, type Write } from './load.ts';

export interface ProofOptions {
  readonly program: string;
  readonly home: string;
  readonly exchanges: number;
}

export interface Proof {
  readonly exchanges: number;
  readonly kills: number;
  readonly reads: number;
  readonly writes: number;
  readonly slowestMs: number;
  /** Requests during exchanges that were not answered as they should be. */
  readonly failures: readonly string[];
  /** Keys of writes whose repeat was not answered as the first was, or reached the legacy system again. */
  readonly lostWrites: readonly string[];
  /** Files of stored objects that SQLite finds damaged. */
  readonly unsoundFiles: readonly string[];
}

const CONNECTIONS = 8;
const PAUSE_MS = 60;
/** One `kill -9` after so many exchanges. */
const EXCHANGES_PER_KILL = 10;
/** Repeats that are sent at once: the legacy stand-in lives in this process too. */
const REPEATS_AT_ONCE = 16;

/** Runs an installation under load; see scripts/restart-proof.ts. Killing may cost requests; it may never cost a record. */
export async function proveRestarts({ program, home, exchanges }: ProofOptions): Promise<Proof> {
  const installation = await layOut({ program, home });
  const caller = createCaller(installation);
  const running = await installation.start();
  const [writes, failures]: [Write[], string[]] = [[], []];
  let [kills, reads, slowestMs] = [0, 0, 0];
  const underLoad = async (name: string, act: () => Promise<void>): Promise<readonly string[]> => {
    const load = startLoad(caller, name, CONNECTIONS);
    await act();
    const done = await load.stop();
    writes.push(...done.writes);
    reads += done.reads;
    slowestMs = Math.max(slowestMs, done.slowestMs);
    return done.failures;
  };
  for (let done = 0; done < exchanges; ) {
    const round = Math.min(EXCHANGES_PER_KILL, exchanges - done);
    const failed = await underLoad(`exchange-${done}`, async () => {
      for (let index = 0; index < round; index++) {
        await pause();
        await running.exchangeWorker();
      }
      await pause();
    });
    failures.push(...failed);
    done += round;
    await underLoad(`kill-${done}`, async () => {
      await pause();
      process.kill(running.workerId(), 'SIGKILL');
      await pause();
    });
    kills++;
  }
  const lostWrites = await repeat(writes, caller, () => installation.taxOffice.received.length);
  caller.close();
  await running.stop();
  await installation.closeLegacy();
  const unsoundFiles = unsound(join(home, 'state/objects'));
  return { exchanges, kills, reads, writes: writes.length, slowestMs, failures, lostWrites, unsoundFiles };
}

/** The keys of writes that are not remembered: another answer, or the legacy system was asked again. */
async function repeat(writes: readonly Write[], caller: Caller, asked: () => number): Promise<string[]> {
  const before = asked();
  const lost: string[] = [];
  for (let index = 0; index < writes.length; index += REPEATS_AT_ONCE) {
    await Promise.all(
      writes.slice(index, index + REPEATS_AT_ONCE).map(async ({ key, amount, answer }) => {
        const again = await caller.write({ key, amount });
        if (again.status !== answer.status || again.body !== answer.body)
          lost.push(`${key}: ${again.status} ${again.body}`);
      }),
    );
  }
  return asked() === before ? lost : [...lost, `the legacy system was asked ${asked() - before} times by repeats`];
}

export function unsound(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sqlite'));
  if (files.length === 0) return ['no object was stored'];
  return files.filter((name) => {
    const database = new DatabaseSync(join(folder, name));
    const [row] = database.prepare('PRAGMA integrity_check').all();
    database.close();
    return row?.integrity_check !== 'ok';
  });
}

export function tellProof(proof: Proof): string[] {
  const { exchanges, kills, reads, writes, slowestMs } = proof;
  return [
    `${exchanges} exchanges and ${kills} kills under load: ${reads} reads and ${writes} writes answered, the slowest after ${slowestMs} ms`,
    `requests that an exchange cost: ${proof.failures.length}`,
    ...proof.failures.slice(0, 10).map((line) => `  ${line}`),
    `writes that were not remembered: ${proof.lostWrites.length}`,
    ...proof.lostWrites.slice(0, 10).map((line) => `  ${line}`),
    `files of stored objects that are damaged: ${proof.unsoundFiles.length}`,
    ...proof.unsoundFiles.map((line) => `  ${line}`),
  ];
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
