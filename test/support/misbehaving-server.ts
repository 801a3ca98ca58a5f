import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { documentOf, type TestedFormat } from './four-formats.ts';

export interface MisbehavingServer {
  readonly url: string;
  /** Calls that it has had, and answers that are over. */
  readonly calls: () => number;
  readonly closed: () => number;
  /** How the next calls are answered; until then, well in this format. */
  behave(format: TestedFormat, listener?: RequestListener): void;
  close(): void;
}

/** A legacy server on a free port of this machine. */
export async function startMisbehavingServer(): Promise<MisbehavingServer> {
  let calls = 0;
  let closed = 0;
  let answer: RequestListener = (_, response) => response.end();
  const server = createServer((request, response) => {
    calls++;
    response.on('close', () => closed++);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    closed: () => closed,
    behave: (format, listener) => {
      const { good, contentType } = documentOf(format);
      answer = (request, response) => {
        response.setHeader('content-type', contentType);
        if (listener === undefined) response.end(good);
        else listener(request, response);
      };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface WireFault {
  readonly name: string;
  /** The problem's code. */
  readonly code: string;
  readonly listener: RequestListener;
}

const MIB = 1024 * 1024;
const BOMB_BYTES = 32 * MIB;

/** What a server can do wrong on the wire. */
export function wireFaults(format: TestedFormat): readonly WireFault[] {
  const { opening, person } = documentOf(format);
  const bomb = gzipSync(opening + person.repeat(BOMB_BYTES / person.length));
  return [
    {
      name: 'sends a compressed bomb',
      code: 'legacy-too-large',
      listener: (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(bomb);
      },
    },
    {
      name: 'never stops',
      code: 'legacy-too-large',
      listener: (_, response) => {
        response.write(opening);
        const more = (): void => {
          while (!response.destroyed && response.write(person.repeat(1_000)));
        };
        response.on('drain', more);
        more();
      },
    },
    {
      name: 'trickles',
      code: 'legacy-timeout',
      listener: (_, response) => {
        response.write(opening);
        const timer = setInterval(() => response.write(person), 20);
        response.on('close', () => clearInterval(timer));
      },
    },
    {
      name: 'trickles its headers',
      code: 'legacy-timeout',
      listener: ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Filling: ');
        const timer = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => clearInterval(timer));
      },
    },
    { name: 'says nothing', code: 'legacy-timeout', listener: () => {} },
    {
      name: 'closes early',
      code: 'legacy-unreachable',
      listener: (_, response) => {
        response.setHeader('content-length', '10000');
        response.write(opening + person, () => response.destroy());
      },
    },
    {
      name: 'speaks no HTTP',
      code: 'legacy-unreachable',
      listener: ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    },
    {
      name: 'hangs up',
      code: 'legacy-unreachable',
      listener: ({ socket }) => socket.destroy(),
    },
  ];
}
