import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1e6;
const KIB = 1024;

/**
 * CPU time that a process has used, all of its threads, milliseconds (proc(5), `schedstat`: nanoseconds where `stat`
 * has ticks of 10 ms). Threads that have ended are not counted; the servers measured here keep theirs.
 */
export function processCpuMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / NANOSECONDS_PER_MS;
}

/** Resident memory now and at its highest, bytes (proc(5), `VmRSS` and `VmHWM`). */
export function processMemory(pid: number): { readonly nowBytes: number; readonly peakBytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * KIB;
  return { nowBytes: read('VmRSS'), peakBytes: read('VmHWM') };
}
