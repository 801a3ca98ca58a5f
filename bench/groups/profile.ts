import { COMPANY_COUNTS } from '../fixtures/company-documents.ts';
import type { Findings, Group } from '../group.ts';
import { type SelfTime, selfTimes, takeCpuProfile } from '../harness/cpu-profile.ts';
import { startLoadGenerator } from '../harness/load-generator.ts';
import { companiesPath, exchangeRequest, mediationWorker } from '../harness/mediation.ts';
import { startProgram } from '../harness/programs.ts';
import { figure, type Table } from '../harness/table.ts';
import { startWorker } from '../harness/workerd.ts';

const WARM_UP_REQUESTS = 4_000;
const REQUESTS = 4_000;
const CONNECTIONS = 16;
const FUNCTIONS_SHOWN = 20;

/** Where the CPU of a signed 10 KB mediation goes, sampled in workerd. */
export const profileGroup: Group = { title: 'Where the time goes', measure };

async function measure(): Promise<Findings> {
  const upstream = await startProgram('tools', 'upstream');
  const parts = await mediationWorker(upstream.port, { minify: false });
  const server = await startWorker({ ...parts, inspected: true });
  const load = startLoadGenerator();
  const request = exchangeRequest(companiesPath(COMPANY_COUNTS['10k']));
  const send = async (count: number): Promise<void> => {
    await load.send({ port: server.port, request, count, connections: CONNECTIONS });
  };
  await send(WARM_UP_REQUESTS);
  const profile = await takeCpuProfile(server.inspectorPort!, () => send(REQUESTS));
  load.stop();
  await Promise.all([server.stop(), upstream.stop()]);
  const times = selfTimes(profile, parts.code).map((time) => ({ ...time, us: time.us / REQUESTS }));
  const rooms = byRoom(times);
  return {
    tables: [roomTable(rooms, guardingUs(times)), functionTable(times)],
    ratios: {},
    raw: { requests: REQUESTS, rooms, times },
  };
}

/** The log record, metrics and guards, as far as a profile shows them: an abort signal's price inside fetch is not seen. */
const GUARDING =
  /^src\/(observe\/|access\/client-limiter\.ts|connectors\/http\/(guarded-call|call-timer|circuit-breaker|concurrency-gate|legacy-guards|outcome|reply-cache|retry)\.ts)/;

function guardingUs(times: readonly SelfTime[]): number {
  const guarding = times.filter(({ name, file }) => GUARDING.test(file) || isLog(name, file));
  return guarding.reduce((sum, { us }) => sum + us, 0);
}

function isLog(name: string, file: string): boolean {
  return name === 'log' && file === 'src/platform/workers.ts';
}

type RoomTime = readonly [room: string, us: number];

function byRoom(times: readonly SelfTime[]): RoomTime[] {
  const rooms = new Map<string, number>();
  for (const { file, us } of times) rooms.set(roomOf(file), (rooms.get(roomOf(file)) ?? 0) + us);
  return [...rooms].sort(([, a], [, b]) => b - a);
}

/** `src/formats/soap/format.ts` is in `src/formats/soap`, `src/mediate.ts` in `src`, a package's file in the package. */
function roomOf(file: string): string {
  const parts = file.split('/');
  const [top, room, inner] = parts;
  if (top === 'node_modules') return parts.slice(1, room?.startsWith('@') ? 3 : 2).join('/');
  if (top !== 'src' || parts.length < 3) return top ?? file;
  const divided = room === 'formats' || room === 'connectors' || room === 'exchange';
  return divided && parts.length > 3 ? `src/${room}/${inner}` : `src/${room}`;
}

function roomTable(rooms: readonly RoomTime[], guarding: number): Table {
  const total = rooms.reduce((sum, [, us]) => sum + us, 0);
  return {
    title: 'CPU of a signed 10 KB mediation by room, sampled in workerd (profiling itself costs some)',
    columns: ['room', 'µs', 'share'],
    rows: [
      ['all', figure(total), '100 %'],
      ...rooms.map(([room, us]) => [room, figure(us), percent(us / total)]),
      ['of these, log, metrics and guards', figure(guarding), percent(guarding / total)],
    ],
    note: 'Calls into the runtime (fetch, crypto, streams, timers) count for the room that makes them',
  };
}

function functionTable(times: readonly SelfTime[]): Table {
  return {
    title: 'The functions and runtime calls that take most',
    columns: ['function', 'µs', 'file'],
    rows: times.slice(0, FUNCTIONS_SHOWN).map(({ name, file, us }) => [name || '(anonymous)', figure(us), file]),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
