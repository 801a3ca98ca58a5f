/** Legacy servers that misbehave on the wire: each ends in a problem within its limits, and the next call is served. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { documentOf, FORMATS, fourFormats, GOOD_ANSWER, type TestedFormat } from '../../support/four-formats.ts';
import { exchangeHeaders, testApp } from '../../support/test-app.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const LIMITS = { legacyBytes: 200_000, streamedBytes: 200_000, attempts: 1, breakerFailures: 100 };
/** Long enough for a busy machine where the time is not what is tested. */
const budgetOf = (code: string) => (code === 'legacy-timeout' ? 300 : 10_000);

/** Answers `misbehaves` to the first call, and well to every other. */
async function appBefore(format: TestedFormat, timeBudgetMs: number, misbehaves: RequestListener) {
  let calls = 0;
  let closed = 0;
  const { good, contentType } = documentOf(format);
  const server = createServer((request, response) => {
    response.on('close', () => closed++);
    response.setHeader('content-type', contentType);
    if (calls++ === 0) misbehaves(request, response);
    else response.end(good);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { app } = await testApp({
    adapters: [fourFormats({ limits: { ...LIMITS, timeBudgetMs } })],
    environment: { FOUR_FORMATS_URL: `http://127.0.0.1:${port}/base` },
    legacy: (request) => fetch(request),
  });
  const ask = () => app.request(`http://spean.test/four-formats/${format}/1`, { headers: exchangeHeaders() });
  return { ask, closed: () => closed };
}

const MIB = 1024 * 1024;
const bomb = (opening: string, filling: string): Buffer =>
  gzipSync(opening + filling.repeat((32 * MIB) / filling.length));

describe.each(FORMATS)('a legacy server of the format %s', (format) => {
  const { opening, person } = documentOf(format);
  const packed = bomb(opening, person);
  const faults: readonly (readonly [name: string, code: string, listener: RequestListener])[] = [
    [
      'sends a compressed bomb',
      'legacy-too-large',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(packed);
      },
    ],
    [
      'never stops',
      'legacy-too-large',
      (_, response) => {
        response.write(opening);
        const more = (): void => {
          while (!response.destroyed && response.write(person.repeat(1_000)));
        };
        response.on('drain', more);
        more();
      },
    ],
    [
      'trickles',
      'legacy-timeout',
      (_, response) => {
        response.write(opening);
        const timer = setInterval(() => response.write(person), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'trickles its headers',
      'legacy-timeout',
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Filling: ');
        const timer = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'closes early',
      'legacy-unreachable',
      (_, response) => {
        response.setHeader('content-length', '10000');
        response.write(opening + person, () => response.destroy());
      },
    ],
    ['speaks no HTTP', 'legacy-unreachable', ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    [
      'sends endless headers',
      'legacy-unreachable',
      ({ socket }) => {
        socket.on('error', () => {});
        socket.write(`HTTP/1.1 200 OK\r\nX-Filling: ${'x'.repeat(MIB)}\r\n\r\n`);
      },
    ],
  ];

  it.each(faults)('that %s ends in %s, and the next call is served', async (_, code, listener) => {
    const { ask, closed } = await appBefore(format, budgetOf(code), listener);
    const since = performance.now();
    const failed = await ask();
    expect((await failed.json()).code).toBe(code);
    expect(performance.now() - since).toBeLessThan(budgetOf(code) + 2_000);
    await expect.poll(closed).toBeGreaterThanOrEqual(1);
    const next = await ask();
    expect(await next.json()).toEqual(GOOD_ANSWER);
  });
});
