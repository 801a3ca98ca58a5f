/** What protects the legacy system, in workerd and on real sockets: faults, and credentials that many calls share. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BareWorkerd, startBareWorkerd } from '../support/bare-workerd.ts';
import { documentOf, FORMATS, FOUR_FORMATS_ENVIRONMENT, GOOD_ANSWER } from '../support/four-formats.ts';
import { type MisbehavingServer, startMisbehavingServer, wireFaults } from '../support/misbehaving-server.ts';
import { exchangeHeaders, testEnvironment } from '../support/test-app.ts';

/** A token endpoint whose answers are held back until they are asked for. */
const waiting: ServerResponse[] = [];
let tokenServer: Server;
let legacy: MisbehavingServer;
let worker: BareWorkerd;

beforeAll(async () => {
  legacy = await startMisbehavingServer();
  tokenServer = createServer((_, response) => waiting.push(response));
  await new Promise<void>((resolve) => tokenServer.listen(0, '127.0.0.1', resolve));
  worker = await startBareWorkerd('test/worker/fixtures/guarded.ts', {
    ...(await testEnvironment()),
    ...FOUR_FORMATS_ENVIRONMENT,
    FOUR_FORMATS_URL: legacy.url,
    FOUR_FORMATS_LOGIN_URL: `http://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/token`,
  });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  legacy.close();
  tokenServer.closeAllConnections();
  tokenServer.close();
});

const read = (path: string, init: RequestInit = {}) =>
  fetch(worker.url + path, { headers: exchangeHeaders(), ...init });

const write = (path: string, key: string) => {
  const headers = exchangeHeaders({ 'content-type': 'application/json', 'Idempotency-Key': key });
  return read(path, { method: 'POST', headers, body: '{"id":"1"}' });
};

const matrix = FORMATS.flatMap((format) => wireFaults(format).map((fault) => ({ format, ...fault })));

describe('in workerd', () => {
  it.each(matrix)('a $format server that $name ends in $code: a read, and a write that is sent once', async (fault) => {
    const { format, listener, code, name } = fault;
    const path = `/${code === 'legacy-timeout' ? 'impatient' : 'four-formats'}/${format}`;
    legacy.behave(format, listener);
    const failed = await read(`${path}/1`);
    expect(await failed.json()).toMatchObject({ code });

    const before = legacy.calls();
    const key = `${format} ${name}`;
    const refused = await write(path, key);
    expect(await refused.json()).toMatchObject({ code });
    legacy.behave(format);
    const repeat = (await (await write(path, key)).json()) as { code: string };
    expect(repeat.code).toBe(code === 'legacy-too-large' ? code : 'outcome-unknown');
    expect(legacy.calls() - before).toBe(1);

    expect(await (await read(`/four-formats/${format}/1`)).json()).toEqual(GOOD_ANSWER);
  });
});

describe('a call whose time is up, in workerd', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['before its answer has begun', () => {}],
    ['within its answer', (response) => response.writeHead(200, { 'content-length': '1000' }).write('<a>')],
    ['within an answer of unknown length', (response) => response.writeHead(200).write('<a>')],
  ])('is ended, %s: the legacy system works for nobody', async (_, begin) => {
    for (const format of ['xml', 'csv'] as const) {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      legacy.behave(format, (_request, response) => {
        response.on('close', resolve);
        begin(response);
      });
      const answer = await read(`/impatient/${format}/1`);
      expect(await answer.json()).toMatchObject({ code: 'legacy-timeout' });
      await closed;
    }
  });
});

/** A call on a connection of its own, as a security server makes it, which resets it when it gives up. */
function leave(path: string, { method = 'GET', headers = {}, body = '' } = {}): Socket {
  const { hostname, port } = new URL(worker.url);
  const length = body === '' ? {} : { 'content-length': String(body.length) };
  const lines = Object.entries({ host: hostname, ...exchangeHeaders(headers), ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const socket = connect(Number(port), hostname).on('error', () => {});
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return socket;
}

describe('a client whose connection is reset before it is answered, in workerd', () => {
  it('is counted out all the same, once its call would be over', async () => {
    legacy.behave('xml', () => {});
    const before = legacy.calls();
    const leaving = [leave('/few/xml/1'), leave('/few/xml/2')];
    await expect.poll(() => legacy.calls() - before).toBe(2);
    legacy.behave('xml');
    expect((await read('/few/xml/3')).status).toBe(429);
    for (const socket of leaving) socket.resetAndDestroy();
    await expect.poll(async () => (await read('/few/xml/3')).status, { timeout: 5_000 }).toBe(200);
  });
});

describe('a write whose client resets its connection, in workerd', () => {
  it('is carried to its end: a repeat is given the outcome, and sends nothing', async () => {
    const held: ServerResponse[] = [];
    legacy.behave('xml', (_request, response) => held.push(response));
    const before = legacy.calls();
    const headers = { 'content-type': 'application/json', 'Idempotency-Key': 'left' };
    const socket = leave('/four-formats/xml', { method: 'POST', headers, body: '{"id":"1"}' });
    await expect.poll(() => held.length).toBe(1);
    socket.resetAndDestroy();
    await expect
      .poll(async () => ((await (await write('/four-formats/xml', 'left')).json()) as { code?: string }).code)
      .toBe('request-running');
    held[0]?.writeHead(200, { 'content-type': 'text/xml' }).end(documentOf('xml').good);
    await expect.poll(async () => (await write('/four-formats/xml', 'left')).status, { timeout: 5_000 }).toBe(201);
    expect(legacy.calls() - before).toBe(1);
  });
});

const token = (lifetime: number) =>
  JSON.stringify({ access_token: 'token', token_type: 'Bearer', expires_in: lifetime });

describe('a token in workerd', () => {
  it('outlives the call that asked for it: a client that goes takes nobody else along', async () => {
    legacy.behave('xml');
    const leaving = new AbortController();
    const gone = read('/with-oauth/xml/1', { signal: leaving.signal }).catch(() => 'gone');
    await expect.poll(() => waiting.length).toBe(1);
    const others = [read('/with-oauth/xml/2'), read('/with-oauth/xml/3')];
    await new Promise((resolve) => setTimeout(resolve, 100));
    leaving.abort();
    expect(await gone).toBe('gone');
    await expect.poll(() => waiting.length).toBe(2);
    waiting.at(-1)?.setHeader('content-type', 'application/json').end(token(0));
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is fetched once for calls that come together', async () => {
    const before = waiting.length;
    const calls = Array.from({ length: 10 }, (_, index) => read(`/with-oauth/xml/${index}`));
    await expect.poll(() => waiting.length).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    waiting.at(-1)?.setHeader('content-type', 'application/json').end(token(3_600));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(new Array(10).fill(200));
    expect((await read('/with-oauth/xml/11')).status).toBe(200);
    expect(waiting.length).toBe(before + 1);
  });
});
