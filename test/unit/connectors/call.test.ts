import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { csv, variable } from '../../../src/adapter.ts';
import { basicCredentials } from '../../../src/connectors/http/basic-credentials.ts';
import { callHttp, type SendContext } from '../../../src/connectors/http/call.ts';
import type { LegacyMessage } from '../../../src/model/legacy.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import { nodePlatform } from '../../../src/platform/node.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function legacy(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function context(url: string, limits: Partial<typeof DEFAULT_LIMITS> = {}): SendContext {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const platform = nodePlatform();
  return {
    endpoint: csv({ endpoint: variable('URL') }),
    url,
    credentials: [['authorization', basicCredentials('ministry', 'pâss')]],
    platform,
    limits: all,
    deadline: Date.now() + all.timeBudgetMs,
    keepBytes: 0,
  };
}

const get: LegacyMessage = { method: 'GET', path: '', query: [], headers: [] };
const sha256 = async (text: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');

describe('callHttp()', () => {
  it('appends path and query to the declared URL and shows its credentials', async () => {
    const heard: unknown[] = [];
    const url = await legacy((request, response) => {
      heard.push(request.url, request.headers.authorization, request.headers['accept-encoding']);
      response.end('ok');
    });
    const call = await callHttp(
      {
        ...get,
        path: 'a/b%2Fc.csv',
        query: [
          ['year', '2024'],
          ['q', 'ខ្មែរ & co'],
        ],
      },
      context(`${url}/base/`),
    );
    await call.reply.body.bytes();
    expect(heard).toEqual([
      '/base/a/b%2Fc.csv?year=2024&q=%E1%9E%81%E1%9F%92%E1%9E%98%E1%9F%82%E1%9E%9A%20%26%20co',
      `Basic ${Buffer.from('ministry:pâss').toString('base64')}`,
      'identity',
    ]);
  });

  it.each<[string, string, [string, string][], string]>([
    ['/base', '', [], '/base'],
    ['/base/', '', [], '/base/'],
    ['/base', 'a/b', [], '/base/a/b'],
    ['/base/', '/a/b', [], '/base/a/b'],
    ['/base', '/a//b', [], '/base/a//b'],
    ['/base', '', [['x', '1']], '/base?x=1'],
    ['/base?key=k', '', [], '/base?key=k'],
    ['/base?key=k', '', [['x', '1']], '/base?key=k&x=1'],
    ['/base', 'a?y=2', [['x', '1']], '/base/a?y=2&x=1'],
  ])('calls below %s with the path %j and the query %j', async (base, path, query, target) => {
    let heard: string | undefined;
    const url = await legacy((request, response) => {
      heard = request.url;
      response.end();
    });
    await (await callHttp({ ...get, path, query }, context(`${url}${base}`))).reply.body.bytes();
    expect(heard).toBe(target);
  });

  it('sends the declared headers, those of the message in their place, and credentials in the place of both', async () => {
    let heard: IncomingHttpHeaders = {};
    const url = await legacy((request, response) => {
      heard = request.headers;
      response.end();
    });
    const sent = context(url);
    const endpoint = { ...sent.endpoint, headers: { 'X-One': 'declared', 'X-Two': 'declared', 'X-Three': 'declared' } };
    const headers = [
      ['x-TWO', 'message'],
      ['x-three', 'message'],
    ] as const;
    const credentials = [['X-THREE', 'credentials']] as const;
    for (const [shown, three] of [
      [credentials, 'credentials'],
      [[['X-Three', 'new ones']] as const, 'new ones'],
    ] as const) {
      const call = await callHttp({ ...get, headers }, { ...sent, endpoint, credentials: shown });
      await call.reply.body.bytes();
      expect(heard).toMatchObject({ 'x-one': 'declared', 'x-two': 'message', 'x-three': three });
    }
  });

  it('gives the whole answer and its digest', async () => {
    const url = await legacy((_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end('a;b\r\n'));
    const call = await callHttp(get, context(url));
    expect(new TextDecoder().decode(await call.reply.body.bytes())).toBe('a;b\r\n');
    expect(call.reply).toMatchObject({ status: 200, contentType: 'text/csv' });
    const measured = await call.measure();
    expect({ ...measured, sha256: Buffer.from(measured.sha256).toString('hex') }).toEqual({
      length: 5,
      sha256: await sha256('a;b\r\n'),
      partial: false,
    });
  });

  it('hashes what a reader took of a stream when it stops early, and ends the call', async () => {
    let closed = false;
    const url = await legacy((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => {
        closed = true;
        clearInterval(timer);
      });
    });
    const call = await callHttp(get, context(url));
    let read = '';
    for await (const chunk of call.reply.body.chunks()) {
      read += new TextDecoder().decode(chunk);
      break;
    }
    const measured = await call.measure();
    expect(measured.partial).toBe(true);
    expect(measured.length).toBe(read.length);
    expect(Buffer.from(measured.sha256).toString('hex')).toBe(await sha256(read));
    await expect.poll(() => closed).toBe(true);
  });

  it.each(['bytes', 'chunks'] as const)('stops reading %s beyond the limit', async (way) => {
    const url = await legacy((_, response) => response.end('x'.repeat(100_000)));
    const call = await callHttp(get, context(url, { legacyBytes: 50_000, streamedBytes: 50_000 }));
    const read = async () => {
      if (way === 'bytes') return call.reply.body.bytes();
      for await (const _ of call.reply.body.chunks());
    };
    await expect(read()).rejects.toMatchObject({ code: 'legacy-too-large', status: 502 });
  });

  it('calls an answer that takes longer than the budget a timeout, headers or body', async () => {
    const silent = await legacy(() => undefined);
    await expect(callHttp(get, context(silent, { timeBudgetMs: 50 }))).rejects.toMatchObject({
      code: 'legacy-timeout',
      status: 504,
    });
    const trickling = await legacy((_, response) => response.write('x'));
    const call = await callHttp(get, context(trickling, { timeBudgetMs: 400 }));
    await expect(call.reply.body.bytes()).rejects.toMatchObject({ code: 'legacy-timeout' });
  });

  it('calls a refused connection and an early close unreachable, without the inner message', async () => {
    const unreachable = await callHttp(get, context('http://127.0.0.1:1')).catch((error: unknown) => error);
    expect(unreachable).toMatchObject({ code: 'legacy-unreachable', status: 502 });
    expect(String((unreachable as Error).message)).not.toContain('127.0.0.1');
    const closing = await legacy((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      setTimeout(() => response.destroy(), 20);
    });
    const call = await callHttp(get, context(closing));
    await expect(call.reply.body.bytes()).rejects.toMatchObject({ code: 'legacy-unreachable' });
  });

  it.each([301, 302, 303, 307, 308])('knows the redirect %i', async (status) => {
    const url = await legacy((_, response) => response.writeHead(status, { location: '/elsewhere' }).end());
    const call = await callHttp(get, context(url));
    expect([call.isRedirect, call.reply.status]).toEqual([true, status]);
    await call.end();
  });

  it.each([200, 300, 304, 400])('takes %i for no redirect', async (status) => {
    const url = await legacy((_, response) => response.writeHead(status).end());
    const call = await callHttp(get, context(url));
    expect(call.isRedirect).toBe(false);
    await call.end();
  });

  it('does not follow a redirect, which would carry credentials elsewhere', async () => {
    let elsewhere = 0;
    const other = await legacy((_, response) => {
      elsewhere++;
      response.end();
    });
    const url = await legacy((_, response) => response.writeHead(302, { location: other }).end());
    const call = await callHttp(get, context(url));
    expect([call.isRedirect, call.reply.status, elsewhere]).toEqual([true, 302, 0]);
    await call.end();
  });

  it('ends the call itself when the time is up, so that the legacy system is not kept busy', async () => {
    const closed: string[] = [];
    const url = await legacy((request, response) => {
      response.on('close', () => closed.push(String(request.url)));
      if (request.url === '/slow-body') response.write('x');
    });
    await expect(callHttp({ ...get, path: 'no-answer' }, context(url, { firstByteMs: 60 }))).rejects.toMatchObject({
      code: 'legacy-timeout',
      detail: expect.stringContaining('60 ms'),
    });
    const call = await callHttp({ ...get, path: 'slow-body' }, context(url, { timeBudgetMs: 100, firstByteMs: 60 }));
    await expect(call.reply.body.bytes()).rejects.toMatchObject({ code: 'legacy-timeout' });
    await expect.poll(() => closed).toEqual(['/no-answer', '/slow-body']);
  });

  it('ends a call whose time is up though garbage has been collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const url = await legacy((_, response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    });
    const call = await callHttp(get, context(url, { timeBudgetMs: 300 }));
    const reading = call.reply.body.bytes();
    const collecting = setInterval(collectGarbage, 20);
    await expect(reading).rejects.toMatchObject({ code: 'legacy-timeout' });
    clearInterval(collecting);
  }, 3_000);

  it('lets an answer that has begun in time take the rest of the budget', async () => {
    const url = await legacy((_, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 150);
    });
    const call = await callHttp(get, context(url, { firstByteMs: 60, timeBudgetMs: 5_000 }));
    expect(new TextDecoder().decode(await call.reply.body.bytes())).toBe('ab');
  });

  it('stops a compressed bomb by its decoded size', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const url = await legacy((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const call = await callHttp(get, context(url, { legacyBytes: 1_000_000 }));
    await expect(call.reply.body.bytes()).rejects.toMatchObject({ code: 'legacy-too-large' });
    const { length, partial } = await call.measure();
    expect([length < 2_000_000, partial]).toEqual([true, true]);
  });
});
