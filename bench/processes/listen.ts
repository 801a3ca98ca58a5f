import { writeSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTROL_FD } from '../harness/started-process.ts';

/** Listens on a free port of this machine and tells it to whoever started the process. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    writeSync(CONTROL_FD, `${JSON.stringify({ event: 'listen', port })}\n`);
  });
}
